// Pods that do not end although they were deleted.
#pragma once
#include <string>
#include <vector>

#include "checks/core/check.hpp"

namespace checks {

// A pod that should be gone: its deletionTimestamp (which already counts the grace period) is past.
struct OverduePod {
  const kube::Object* pod = nullptr;
  std::string why;  // "node node-3 is not Ready", "finalizer x/y", "its kubelet has not ended it"
  bool certain = false;  // it cannot go by itself: its node is lost, or a finalizer holds it
  bool slow = false;     // more than 60 s overdue
  bool stuck = false;    // more than 5 minutes overdue
};
// Pods of one namespace; reads Nodes when there. Without a clock none is overdue.
std::vector<OverduePod> overdue_pods(const Context& context, std::string_view ns);

}  // namespace checks
