// The finder of pods past their grace period, and of why they stay.
#include "checks/common/terminating_pods.hpp"

#include "checks/common/stuck.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

void find_reason(const Context& context, OverduePod& overdue) {
  const kube::Object& pod = *overdue.pod;
  const std::string node_name(pod.spec()["nodeName"].text());
  const kube::Lookup node = context.snapshot.find(kube::resources::nodes, "", node_name);
  overdue.certain = true;
  if (!pod.finalizers().empty()) {
    overdue.why = "finalizer " + std::string(pod.finalizers().front());
  } else if (!node_name.empty() && node.missing()) {
    overdue.why = "node " + node_name + " no longer exists";
  } else if (node && !node->condition("Ready").is_true()) {
    overdue.why = "node " + node_name + " is not Ready";
  } else {
    overdue.certain = false;
    overdue.why = node_name.empty() ? "it was never scheduled"
                                    : "the kubelet of node " + node_name + " has not terminated it";
  }
}

}  // namespace

std::vector<OverduePod> overdue_pods(const Context& context, std::string_view ns) {
  std::vector<OverduePod> out;
  for (const kube::Object& pod : context.snapshot.list(kube::resources::pods, ns)) {
    if (!pod.deleting()) continue;
    OverduePod overdue;
    overdue.pod = &pod;
    const Stage stage = stage_of(context, pod, limits::namespace_slow);
    overdue.slow = stage == Stage::slow || stage == Stage::stuck;
    overdue.stuck = stage == Stage::stuck;
    if (!overdue.slow) continue;
    find_reason(context, overdue);
    out.push_back(std::move(overdue));
  }
  return out;
}

}  // namespace checks
