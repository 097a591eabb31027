// What keeps a Terminating namespace, as its own conditions tell.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kube/object.hpp"

namespace kube {

// "modeladapters.model.aibrix.ai has 2 resource instances"; the core group prints "pods.".
struct RemainingKind {
  std::string_view plural;
  std::string_view group;
  std::int64_t count = 0;
};

// "backup.example.com/archive in 1 resource instances"
struct RemainingFinalizer {
  std::string_view name;
  std::int64_t count = 0;
};

// What the namespace controller says in status.conditions of a namespace that is being deleted
// (Kubernetes pkg/controller/namespace/deletion/status_condition_utils.go). It refreshes them about
// every 15 s while something remains. All borrow from the namespace.
struct NamespaceStatus {
  bool begun = false;  // any of the conditions is there: the controller has looked at it
  // Each exists only when it is True, that is, when it reports a problem.
  Condition discovery;   // some API groups could not be listed
  Condition parsing;     // a group/version could not be read
  Condition content;     // deleting some kind failed
  Condition remaining;   // objects are left
  Condition finalizers;  // finalizers are left
  std::vector<RemainingKind> kinds;
  std::vector<RemainingFinalizer> finalizer_counts;
  // "metrics.k8s.io/v1beta1", out of the messages of discovery and parsing; each once.
  std::vector<std::string> failed_groups;
};

NamespaceStatus namespace_status(const Object& ns);

}  // namespace kube
