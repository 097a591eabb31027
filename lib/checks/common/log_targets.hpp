// The containers whose logs may say why something is wrong: those that do not do well, of pods that
// findings speak of.
#pragma once
#include <vector>

#include "checks/core/check.hpp"
#include "kube/pod_log.hpp"

namespace checks {

// A container that does not do well.
struct AilingContainer {
  const kube::Object* pod = nullptr;
  kube::ContainerRef ref;
  bool ended = false;     // it has ended, or does so again and again
  bool previous = false;  // the run before the one that is there now tells why
  bool killed = false;    // from outside: out of memory, a probe, a signal
};

// Those of one pod, first what ended; none of what has not run yet, nothing of a pod that goes.
std::vector<AilingContainer> ailing_containers(const kube::Object& pod);

// The pods that a finding speaks of: its object's own, and those it names. Folded or not.
// Reads: Pods.
std::vector<const kube::Object*> pods_spoken_of(const Context& context, const Finding& finding);

// Whose absence of ready pods this code tells: its findings are about pods and nothing else.
bool tells_of_pods(Code code);

// At most one pod for each workload and eight containers in all, first what matters most: under
// errors, and under what says that a part of the install is down.
std::vector<AilingContainer> log_targets(const Context& context,
                                         const std::vector<Finding>& findings);

}  // namespace checks
