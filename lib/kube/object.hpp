// Kubernetes objects, references to them, and their conditions.
#pragma once
#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "kube/origin.hpp"
#include "kube/parse/value.hpp"
#include "kube/resource.hpp"

namespace kube {

// Names an object without holding it.
struct ObjectRef {
  std::string group;
  std::string kind;
  std::string ns;  // empty: cluster-scoped
  std::string name;

  auto operator<=>(const ObjectRef&) const = default;
};

// "deployment/aibrix-system/aibrix-controller-manager", "gatewayclass/aibrix-eg".
std::string to_string(const ObjectRef& ref);

// One entry of status.conditions (or of a route's parents[].conditions).
struct Condition {
  Value value;

  bool exists() const { return value.exists(); }
  std::string_view type() const { return value["type"].text(); }
  std::string_view status() const { return value["status"].text(); }  // True, False, Unknown
  std::string_view reason() const { return value["reason"].text(); }
  std::string_view message() const { return value["message"].text(); }
  bool is_true() const { return status() == "True"; }
  bool is_false() const { return status() == "False"; }
  std::optional<base::Time> since() const;  // lastTransitionTime
  // "ResolvedRefs=False RefNotPermitted"
  std::string summary() const;
};

// The entry of `conditions` (an array) with this type; one that does not exist if there is none.
Condition find_condition(const Value& conditions, std::string_view type);

// One Kubernetes object: a view of a parsed document plus what kind it is and which file it came
// from. 120 bytes, cheap to copy; borrows from its Snapshot. What every check asks of every object
// is looked up once.
class Object {
 public:
  Object(const Resource& resource, Value root, const Origin* origin = nullptr);

  const Resource& resource() const { return *resource_; }
  Value root() const { return root_; }
  Value operator[](std::string_view key) const { return root_[key]; }
  template <typename... Keys>
  Value at(Keys... keys) const {
    return root_.at(keys...);
  }
  Value spec() const { return root_["spec"]; }
  Value status() const { return status_; }
  Value metadata() const { return metadata_; }

  std::string_view kind() const { return resource_->kind; }
  std::string_view name() const { return name_; }
  // Empty for a cluster-scoped kind, whatever a manifest says (kustomize sets one on
  // GatewayClasses).
  std::string_view ns() const { return ns_; }
  std::string_view uid() const { return metadata()["uid"].text(); }
  std::int64_t generation() const { return metadata()["generation"].integer_or(0); }
  // Label and annotation values; empty when not set (or not a string).
  std::string_view label(std::string_view key) const { return metadata_.at("labels", key).text(); }
  std::string_view annotation(std::string_view key) const {
    return metadata_.at("annotations", key).text();
  }
  Value labels() const { return metadata_["labels"]; }
  std::optional<base::Time> created() const;
  std::optional<base::Time> deleted() const;  // deletionTimestamp
  bool deleting() const { return deleting_; }
  std::vector<std::string_view> finalizers() const;
  bool has_finalizer(std::string_view finalizer) const;
  bool is_ready() const { return is_ready_; }  // its condition Ready is True
  // status.conditions[type]
  Condition condition(std::string_view type) const;

  ObjectRef ref() const;
  // "team-a/sql-lora", or the bare name when cluster-scoped.
  std::string full_name() const;

  // Both nullptr: not from a file.
  const std::string* file() const { return origin_ == nullptr ? nullptr : &origin_->file->name; }
  const Origin* origin() const { return origin_; }
  std::uint32_t line() const { return root_.line(); }

 private:
  const Resource* resource_;
  Value root_;
  const Origin* origin_;
  Value metadata_;
  Value status_;
  Condition ready_;  // its condition Ready
  std::string_view name_;
  std::string_view ns_;
  bool deleting_;
  bool is_ready_;
};

std::string to_string(const Object& object);  // as of its ref

}  // namespace kube
