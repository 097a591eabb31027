// Why no node takes a pod: its scheduler, its group, and what its spec demands of nodes.
#pragma once
#include <string_view>
#include <vector>

#include "aibrix/pod.hpp"
#include "checks/common/pod_reason.hpp"

namespace checks {

// Nothing has looked for a node yet: pending, without the condition that every scheduler writes.
bool unseen_by_scheduler(const kube::Object& pod);
// Of a pod without a node. Reads: Nodes, Pods, RoleSets and PodGroups when there.
void explain_unscheduled(const Context& context, const kube::Object& pod,
                         const aibrix::PodState& state, PodReason& reason);

// The scheduler that a pod names and that is not Kubernetes' own; empty: none.
std::string_view own_scheduler(const kube::Object& pod);
// Pods that look like that scheduler; pods that only name it are not.
std::vector<const kube::Object*> scheduler_pods(const Context& context, std::string_view name);
// The first pod that matters, in order of namespace and name, that waits for that scheduler: it
// stands for all of them.
const kube::Object* first_waiting(const Context& context, std::string_view scheduler);

}  // namespace checks
