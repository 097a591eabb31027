// The small part of kubectl that remedies use, on JSON documents.
#include "support/kubectl.hpp"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "support/snapshot.hpp"

namespace support {
namespace {

using kube::Json;

// Of an object as Kubernetes writes it.
kube::ObjectRef ref_to(const Json& object) {
  const std::string version = object.value("apiVersion", "");
  const std::size_t slash = version.find('/');
  const Json metadata = object.value("metadata", Json::object());
  return {slash == std::string::npos ? "" : version.substr(0, slash), object.value("kind", ""),
          metadata.value("namespace", ""), metadata.value("name", "")};
}

std::string key_of(const Json& object) {
  return kube::to_string(ref_to(object));
}

Json json_of(const kube::Object& object) {
  return Json::parse(kube::to_json(object.root()));
}

std::vector<Json> read_yaml(std::string_view yaml) {
  Cluster cluster;
  cluster.yaml(yaml);
  std::vector<Json> out;
  const kube::Snapshot snapshot = cluster.snapshot();
  for (const kube::Resource* kind : aibrix::resources::all()) {
    for (const kube::Object& object : snapshot.list(*kind)) out.push_back(json_of(object));
  }
  return out;
}

// A command's words without flags, and the flags with their values.
struct Words {
  std::vector<std::string> plain;
  std::map<std::string, std::string> flags;  // "-n", "--type"

  std::string flag(const std::string& name) const {
    const auto it = flags.find(name);
    return it == flags.end() ? std::string() : it->second;
  }
};

Words read_words(const checks::Command& command) {
  Words out;
  const auto& words = command.words;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& text = words[i].text;
    if (!text.starts_with('-') || words[i].kind == checks::Word::Kind::operand) {
      out.plain.push_back(text);
      continue;
    }
    const std::size_t equals = text.find('=');
    if (equals != std::string::npos) {
      out.flags[text.substr(0, equals)] = text.substr(equals + 1);
    } else if ((text == "-n" || text == "-p" || text == "-l" || text == "-f") &&
               i + 1 < words.size()) {
      out.flags[text] = words[++i].text;
    } else {
      out.flags[text] = "true";
    }
  }
  return out;
}

// "deployment", "deployments", "deployments.apps"
bool is_type(std::string_view type, const kube::Resource& kind) {
  return type == kind.plural || type == kube::full_name(kind) || type == base::lower(kind.kind);
}

const kube::Resource* kind_of(std::string_view type) {
  for (const kube::Resource* kind : aibrix::resources::all()) {
    if (is_type(type, *kind)) return kind;
  }
  return nullptr;
}

// "key=value" sets, "key-" takes away.
void set_words(const std::vector<std::string>& words, std::size_t from, Json& map) {
  for (std::size_t i = from; i < words.size(); ++i) {
    const std::size_t equals = words[i].find('=');
    if (equals != std::string::npos) {
      map[words[i].substr(0, equals)] = words[i].substr(equals + 1);
    } else if (words[i].ends_with('-')) {
      map.erase(words[i].substr(0, words[i].size() - 1));
    }
  }
}

void set_env(const std::vector<std::string>& words, std::size_t from, Json& object) {
  for (Json& container : object["spec"]["template"]["spec"]["containers"]) {
    for (std::size_t i = from; i < words.size(); ++i) {
      const std::size_t equals = words[i].find('=');
      const std::string name =
          words[i].substr(0, equals == std::string::npos ? words[i].size() - 1 : equals);
      Json kept = Json::array();
      for (const Json& env : container.value("env", Json::array())) {
        if (env.value("name", "") != name) kept.push_back(env);
      }
      if (equals != std::string::npos) {
        kept.push_back({{"name", name}, {"value", words[i].substr(equals + 1)}});
      }
      container["env"] = kept;
    }
  }
}

void set_image(const std::vector<std::string>& words, std::size_t from, Json& object) {
  Json& spec = object["spec"]["template"]["spec"];
  for (std::size_t i = from; i < words.size(); ++i) {
    const std::size_t equals = words[i].find('=');
    if (equals == std::string::npos) continue;
    for (const char* list : {"initContainers", "containers"}) {
      if (!spec.contains(list)) continue;
      for (Json& container : spec[list]) {
        if (container.value("name", "") == words[i].substr(0, equals)) {
          container["image"] = words[i].substr(equals + 1);
        }
      }
    }
  }
}

bool has_labels(const Json& object, const std::string& selector) {
  for (const std::string_view part : base::split(selector, ',')) {
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) return false;
    const Json labels = object["metadata"].value("labels", Json::object());
    if (labels.value(std::string(part.substr(0, equals)), "") != part.substr(equals + 1)) {
      return false;
    }
  }
  return true;
}

void patch(const Words& words, Json& object) {
  const Json change = Json::parse(words.flag("-p"));
  if (words.flag("--type") == "json") {
    object = object.patch(change);
  } else {
    object.merge_patch(change);
  }
}

}  // namespace

Objects::Objects(const kube::Snapshot& snapshot) {
  for (const kube::Resource* kind : aibrix::resources::all()) {
    for (const kube::Object& object : snapshot.list(*kind)) {
      Json json = json_of(object);
      // Json's assignment takes its right side by value, and so before the left is looked at.
      const std::string key = key_of(json);
      objects_[key] = std::move(json);
    }
  }
}

std::string Objects::run(const checks::Command& command) {
  try {
    std::string why = run_one(command);
    collect();
    for (const checks::Command& next : command.next) {
      if (why.empty()) why = run(next);
    }
    return why;
  } catch (const std::exception& error) {
    return error.what();
  }
}

std::string Objects::run_one(const checks::Command& command) {
  const std::string shown = checks::to_shell(command);
  if (command.program != "kubectl") return "no stand-in for: " + shown;
  const Words words = read_words(command);
  std::size_t at = 0;
  std::string verb = words.plain.empty() ? "" : words.plain[at++];
  if (verb == "set" || verb == "rollout") verb += ' ' + words.plain.at(at++);
  if (verb == "apply") {
    if (!command.input.empty()) return apply(command.input);
    return words.flag("-f").find("://") != std::string::npos ? "" : "no manifest: " + shown;
  }
  std::string type = words.plain.at(at++);
  std::string name;
  if (const std::size_t slash = type.find('/'); slash != std::string::npos) {
    name = type.substr(slash + 1);
    type.resize(slash);
  } else if (words.flag("-l").empty()) {
    name = words.plain.at(at++);
  }
  const kube::Resource* kind = kind_of(type);
  if (kind == nullptr) return "nobody knows the type of: " + shown;
  std::vector<std::string> meant;
  for (const auto& [key, object] : objects_) {
    const kube::ObjectRef ref = ref_to(object);
    const bool mine = ref.kind == kind->kind && ref.group == kind->group &&
                      (!kind->namespaced || ref.ns == words.flag("-n"));
    if (mine && (name.empty() ? has_labels(object, words.flag("-l")) : ref.name == name)) {
      meant.push_back(key);
    }
  }
  if (meant.empty()) return "no object for: " + shown;
  for (const std::string& key : meant) {
    Json& object = objects_[key];
    if (verb == "patch") {
      patch(words, object);
    } else if (verb == "label") {
      set_words(words.plain, at, object["metadata"]["labels"]);
    } else if (verb == "annotate") {
      set_words(words.plain, at, object["metadata"]["annotations"]);
    } else if (verb == "scale") {
      object["spec"]["replicas"] = std::stoi(words.flag("--replicas"));
    } else if (verb == "set env") {
      set_env(words.plain, at, object);
    } else if (verb == "set image") {
      set_image(words.plain, at, object);
    } else if (verb == "delete") {
      objects_.erase(key);
    } else if (verb != "rollout restart") {
      return "no stand-in for: " + shown;
    }
  }
  return {};
}

std::string Objects::apply(std::string_view yaml) {
  for (Json& wanted : read_yaml(yaml)) {
    Json& object = objects_[key_of(wanted)];
    if (object.is_null()) {
      object = std::move(wanted);
    } else {
      object.merge_patch(wanted);
    }
  }
  return {};
}

void Objects::collect() {
  std::erase_if(objects_, [](const auto& entry) {
    const Json& metadata = entry.second.at("metadata");
    if (entry.second.value("kind", "") == "Namespace" || entry.second.value("kind", "") == "Pod") {
      return false;  // their controllers remove them
    }
    return metadata.contains("deletionTimestamp") &&
           metadata.value("finalizers", Json::array()).empty();
  });
}

void Objects::follow(std::string_view yaml) {
  if (base::trim(yaml).empty()) return;
  for (Json& left : read_yaml(yaml)) {
    const std::string key = key_of(left);
    if (left.value("gone", false)) {
      objects_.erase(key);
      continue;
    }
    Json& object = objects_[key];
    if (object.is_null()) {
      object = std::move(left);
    } else {
      object.merge_patch(left);
    }
  }
}

std::string Objects::text() const {
  std::string out;
  for (const auto& [key, object] : objects_) out += "---\n" + object.dump() + '\n';
  return out;
}

}  // namespace support
