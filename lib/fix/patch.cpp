// The maker of JSON Patches, and the prediction of what one does to an object.
#include "fix/patch.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/chars.hpp"
#include "base/text.hpp"

namespace fix {
namespace {

using Json = nlohmann::ordered_json;

Operation make(Operation::Op op, std::string path, std::string json) {
  return {op, std::move(path), std::move(json)};
}

std::string unescaped(std::string_view step) {
  std::string out;
  for (std::size_t i = 0; i < step.size(); ++i) {
    if (step[i] == '~' && i + 1 < step.size()) {
      out += step[++i] == '1' ? '/' : '~';
    } else {
      out += step[i];
    }
  }
  return out;
}

// "metadata.finalizers[0]" for "/metadata/finalizers/0".
std::string field(std::string_view pointer) {
  std::string out;
  for (const std::string_view raw :
       base::split(pointer.substr(std::min<std::size_t>(1, pointer.size())), '/')) {
    const std::string step = unescaped(raw);
    if (base::all_digits(step)) {
      out += '[' + step + ']';
    } else {
      out += (out.empty() ? "" : ".") + step;
    }
  }
  return out;
}

using Pointer = Json::json_pointer;

std::string shown(const Json& value) {
  return base::shorten(base::printable(value.dump()), 120);
}

// A finalizer that was removed leaves its place to the next one, or to none: what counts is that
// the list no longer holds it.
bool removed(const Patch& patch, const Operation& op, const Json& object) {
  const Pointer pointer(op.path);
  const Json* list =
      object.contains(pointer.parent_pointer()) ? &object.at(pointer.parent_pointer()) : nullptr;
  if (list == nullptr) return true;
  if (!list->is_array()) return !object.contains(pointer);
  const auto was = std::find_if(patch.begin(), patch.end(), [&](const Operation& o) {
    return o.op == Operation::Op::test && o.path == op.path;
  });
  if (was == patch.end()) return false;
  const Json value = Json::parse(was->value);
  return std::find(list->begin(), list->end(), value) == list->end();
}

bool wanted_holds(const Patch& patch, const Json& object) {
  return std::all_of(patch.begin(), patch.end(), [&](const Operation& op) {
    const Pointer pointer(op.path);
    switch (op.op) {
      case Operation::Op::test:
        return op.path != "/metadata/uid" ||
               (object.contains(pointer) && object.at(pointer) == Json::parse(op.value));
      case Operation::Op::remove: return removed(patch, op, object);
      case Operation::Op::add:
      case Operation::Op::replace: {
        if (!object.contains(pointer)) return false;
        const Json wanted = Json::parse(op.value);
        // A folder that was made to put something into.
        return object.at(pointer) == wanted ||
               (wanted == Json::object() && object.at(pointer).is_object());
      }
    }
    return false;
  });
}

// As the server applies it, one after the other. False: this one cannot be, and `why` says so.
bool apply_one(const Operation& op, Json& object, std::string& why) {
  const Pointer pointer(op.path);
  const bool there = object.contains(pointer);
  const auto expected = [&](const std::string& what) {
    why = field(op.path) + " is " + (there ? shown(object.at(pointer)) : "missing") +
          ", expected " + what;
    return false;
  };
  switch (op.op) {
    case Operation::Op::test: {
      const Json wanted = Json::parse(op.value);
      if (there ? object.at(pointer) == wanted : wanted.is_null()) return true;
      return expected(wanted.is_null() ? "nothing" : shown(wanted));
    }
    case Operation::Op::remove: {
      if (!there) return expected("something");
      Json& parent = object.at(pointer.parent_pointer());
      if (parent.is_array()) {
        parent.erase(std::stoul(pointer.back()));
      } else {
        parent.erase(pointer.back());
      }
      return true;
    }
    case Operation::Op::add:
    case Operation::Op::replace:
      if (!object.contains(pointer.parent_pointer())) return expected("a parent for it");
      if (op.op == Operation::Op::replace && !there) return expected("a value");
      object[pointer] = Json::parse(op.value);  // lists are only replaced as a whole
      return true;
  }
  return false;
}

}  // namespace

Operation test(std::string path, std::string json) {
  return make(Operation::Op::test, std::move(path), std::move(json));
}
Operation add(std::string path, std::string json) {
  return make(Operation::Op::add, std::move(path), std::move(json));
}
Operation replace(std::string path, std::string json) {
  return make(Operation::Op::replace, std::move(path), std::move(json));
}
Operation remove(std::string path) {
  return make(Operation::Op::remove, std::move(path), {});
}

std::string_view to_string(Operation::Op op) {
  switch (op) {
    case Operation::Op::test: return "test";
    case Operation::Op::add: return "add";
    case Operation::Op::replace: return "replace";
    case Operation::Op::remove: return "remove";
  }
  return "test";
}

std::string to_json(const Patch& patch) {
  Json out = Json::array();
  for (const Operation& op : patch) {
    Json entry = {{"op", to_string(op.op)}, {"path", op.path}};
    if (op.op != Operation::Op::remove) entry["value"] = Json::parse(op.value);
    out.push_back(std::move(entry));
  }
  return out.dump();
}

std::string pointer_step(std::string_view key) {
  std::string out;
  for (const char c : key) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

Effect effect_of(const Patch& patch, const kube::Value& object, std::string* why) {
  const Json live = Json::parse(kube::to_json(object));
  if (wanted_holds(patch, live)) return Effect::done;
  Json then = live;
  std::string reason;
  for (const Operation& op : patch) {
    if (apply_one(op, then, reason)) continue;
    if (why != nullptr) *why = reason;
    return Effect::moved;
  }
  return Effect::pending;
}

Patch strip_patch(const kube::Value& object, const std::vector<std::string>& finalizers) {
  const kube::Value list = object.at("metadata", "finalizers");
  Patch patch = {test("/metadata/uid", kube::to_json(object.at("metadata", "uid")))};
  // From the end, so that the places of those before stay what they are.
  for (std::size_t i = list.size(); i-- > 0;) {
    const std::string name(list[i].text());
    if (std::find(finalizers.begin(), finalizers.end(), name) == finalizers.end()) continue;
    const std::string path = "/metadata/finalizers/" + std::to_string(i);
    patch.push_back(test(path, json_string(name)));
    patch.push_back(remove(path));
  }
  return patch.size() == 1 ? Patch{} : patch;
}

std::vector<std::string> stripped_finalizers(const Patch& patch) {
  constexpr std::string_view list = "/metadata/finalizers/";
  std::vector<std::string> out;
  for (const Operation& op : patch) {
    const bool on_list = op.path.starts_with(list);
    if (op.op == Operation::Op::add || op.op == Operation::Op::replace) return {};
    if (op.op == Operation::Op::remove && !on_list) return {};
    if (op.op == Operation::Op::test && on_list)
      out.push_back(Json::parse(op.value).get<std::string>());
  }
  return out;
}

}  // namespace fix
