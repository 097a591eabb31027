// The reader of an HTTPRoute's matches, backends, parents and conditions.
#include "aibrix/route.hpp"

#include <algorithm>

#include "aibrix/gateway.hpp"
#include "aibrix/model.hpp"
#include "aibrix/names.hpp"
#include "base/text.hpp"

namespace aibrix {
namespace {

using kube::Condition;
using kube::Value;

std::string index(std::string_view name, std::size_t i) {
  return std::string(name) + '[' + std::to_string(i) + ']';
}

// A field with its CRD default. An empty string is a value: the core group is written as one.
std::string field(const Value& ref, std::string_view key, std::string_view fallback) {
  return std::string(ref[key].is_string() ? ref[key].text() : fallback);
}

BackendRef make_backend(const Value& ref, std::string_view route_ns, std::string path) {
  BackendRef out;
  out.target.group = field(ref, "group", "");
  out.target.kind = field(ref, "kind", "Service");
  out.target.ns = field(ref, "namespace", route_ns);
  out.target.name = ref["name"].text();
  out.port = ref["port"].integer();
  out.weight = ref["weight"].integer_or(1);
  out.path = std::move(path);
  return out;
}

void add_mirrors(std::vector<BackendRef>& out, const Value& filters, std::string_view route_ns,
                 const std::string& path) {
  for (std::size_t i = 0; i < filters.size(); ++i) {
    const Value ref = filters[i].at("requestMirror", "backendRef");
    if (!ref.exists()) continue;
    out.push_back(make_backend(ref, route_ns,
                               path + '.' + index("filters", i) + ".requestMirror.backendRef"));
    out.back().mirror = true;
  }
}

std::vector<BackendRef> find_backends(const kube::Object& route) {
  std::vector<BackendRef> out;
  const Value rules = route.spec()["rules"];
  for (std::size_t r = 0; r < rules.size(); ++r) {
    const std::string rule = index("spec.rules", r);
    const Value refs = rules[r]["backendRefs"];
    for (std::size_t b = 0; b < refs.size(); ++b) {
      const std::string path = rule + '.' + index("backendRefs", b);
      out.push_back(make_backend(refs[b], route.ns(), path));
      add_mirrors(out, refs[b]["filters"], route.ns(), path);
    }
    add_mirrors(out, rules[r]["filters"], route.ns(), rule);
  }
  return out;
}

// The value of the exact header match `model`; header names are compared without case (RFC 9110).
std::string_view model_of_match(const Value& match) {
  for (const Value& header : match["headers"].items()) {
    if (base::lower(header["name"].text()) == "model" &&
        field(header, "type", "Exact") == "Exact") {
      return header["value"].text();
    }
  }
  return {};
}

// Empty when a match asks for no model, or two ask for different ones.
std::string find_model(const kube::Object& route) {
  std::string_view model;
  for (const Value& rule : route.spec()["rules"].items()) {
    if (rule["matches"].empty()) return {};
    for (const Value& match : rule["matches"].items()) {
      const std::string_view found = model_of_match(match);
      if (found.empty() || (!model.empty() && found != model)) return {};
      model = found;
    }
  }
  return std::string(model);
}

bool generated_match(const Value& match) {
  return match["headers"].size() == 1 && match.at("path", "type").text() == "PathPrefix" &&
         !match["method"].exists() && match["queryParams"].empty();
}

bool has_prefix(std::string_view path, std::string_view prefix) {
  while (!prefix.empty() && prefix.back() == '/') prefix.remove_suffix(1);
  return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

}  // namespace

std::string BackendRef::text() const {
  std::string out = target.kind + ' ' + target.ns + '/' + target.name;
  if (port) out += ", port " + std::to_string(*port);
  return out;
}

bool match_covers(const Value& match, std::string_view path) {
  const std::string_view type = match.at("path", "type").text("PathPrefix");
  const std::string_view value = match.at("path", "value").text("/");
  if (type == "RegularExpression") return true;
  return type == "Exact" ? value == path : has_prefix(path, value);
}

Route::Route(const kube::Object& object, std::string_view controller)
    : object_(&object), model_(find_model(object)), backends_(find_backends(object)) {
  for (const Value& parent : object.spec()["parentRefs"].items()) {
    attached_ = attached_ || is_our_gateway(parent, object.ns());
  }
  for (const Value& parent : object.status()["parents"].items()) {
    if (parent["controllerName"].text() == controller &&
        is_our_gateway(parent["parentRef"], object.ns()) && !parent["conditions"].empty()) {
      conditions_.push_back(parent["conditions"]);
    }
  }
}

bool Route::looks_generated() const {
  if (model_.empty() || object_->ns() != names::system_namespace) return false;
  // Before main the name was never hashed.
  if (object_->name() != route_name(model_) && object_->name() != model_ + "-router") return false;
  const Value rules = object_->spec()["rules"];
  if (rules.size() != 1 || backends_.size() != 1 || !backends_.front().is_service()) return false;
  const auto matches = rules[std::size_t{0}]["matches"].items();
  return std::all_of(matches.begin(), matches.end(), generated_match);
}

Reference Route::reference(const BackendRef& backend) const {
  return {std::string(gateway_group), std::string(object_->kind()), std::string(object_->ns()),
          backend.target};
}

Condition Route::condition(std::string_view type) const {
  Condition found;
  for (const Value& conditions : conditions_) {
    const Condition c = kube::find_condition(conditions, type);
    if (!c.exists() || stale(*object_, c)) continue;
    if (!found.exists() || (c.is_false() && !found.is_false())) found = c;
  }
  return found;
}

bool Route::outdated() const {
  return has_status() &&
         std::none_of(conditions_.begin(), conditions_.end(), [&](const Value& conditions) {
           const auto items = conditions.items();
           return std::any_of(items.begin(), items.end(),
                              [&](const Value& c) { return !stale(*object_, Condition{c}); });
         });
}

bool covers(const kube::Object& route, std::string_view path) {
  for (const Value& rule : route.spec()["rules"].items()) {
    const auto matches = rule["matches"].items();
    if (matches.empty()) return true;  // a rule without matches takes everything
    if (std::any_of(matches.begin(), matches.end(),
                    [&](const Value& match) { return match_covers(match, path); })) {
      return true;
    }
  }
  return false;
}

}  // namespace aibrix
