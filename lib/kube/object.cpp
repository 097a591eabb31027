// The reader of metadata and conditions of objects.
#include "kube/object.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace kube {

std::string to_string(const ObjectRef& ref) {
  std::string out = base::lower(ref.kind) + '/';
  if (!ref.ns.empty()) out += ref.ns + '/';
  return out + ref.name;
}

std::string to_string(const Object& object) {
  return to_string(object.ref());
}

std::optional<base::Time> Condition::since() const {
  return base::parse_time(value["lastTransitionTime"].text());
}

std::string Condition::summary() const {
  if (!exists()) return "not set";
  std::string out(type());
  out.append("=").append(status());
  if (!reason().empty() && reason() != type()) out.append(" ").append(reason());
  return out;
}

Condition find_condition(const Value& conditions, std::string_view type) {
  for (const Value& condition : conditions.items()) {
    if (condition["type"].text() == type) return {condition};
  }
  return {};
}

Object::Object(const Resource& resource, Value root, const Origin* origin)
    : resource_(&resource),
      root_(root),
      origin_(origin),
      metadata_(root["metadata"]),
      status_(root["status"]),
      ready_(find_condition(status_["conditions"], "Ready")),
      name_(metadata_["name"].text()),
      ns_(resource.namespaced ? metadata_["namespace"].text() : std::string_view()),
      deleting_(metadata_["deletionTimestamp"].exists()),
      is_ready_(ready_.is_true()) {}

std::optional<base::Time> Object::created() const {
  return base::parse_time(metadata()["creationTimestamp"].text());
}

std::optional<base::Time> Object::deleted() const {
  return base::parse_time(metadata()["deletionTimestamp"].text());
}

std::vector<std::string_view> Object::finalizers() const {
  std::vector<std::string_view> out;
  for (const Value& finalizer : metadata()["finalizers"].items()) out.push_back(finalizer.text());
  return out;
}

bool Object::has_finalizer(std::string_view finalizer) const {
  const auto all = finalizers();
  return std::find(all.begin(), all.end(), finalizer) != all.end();
}

Condition Object::condition(std::string_view type) const {
  return type == "Ready" ? ready_ : find_condition(status_["conditions"], type);
}

ObjectRef Object::ref() const {
  return {std::string(resource_->group), std::string(resource_->kind), std::string(ns()),
          std::string(name())};
}

std::string Object::full_name() const {
  return ns().empty() ? std::string(name()) : std::string(ns()) + '/' + std::string(name());
}

}  // namespace kube
