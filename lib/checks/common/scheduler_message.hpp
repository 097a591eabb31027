// What the scheduler's message about a pod asks of people.
#pragma once
#include <string>
#include <string_view>

namespace checks {

// "add nodes, or relax podAntiAffinity": what would let a node take the pod, for each reason that
// the message (of PodScheduled or FailedScheduling, Kubernetes 1.27 to 1.36) gives for refusing
// nodes; any one of them is enough where another node has that reason alone. A message with none of
// the known reasons: to look at what it names.
std::string advice_on(std::string_view scheduler_message);

}  // namespace checks
