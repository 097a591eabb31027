// Containers that their own probes kill, and those that a readiness probe keeps out.
#pragma once
#include <chrono>
#include <optional>
#include <string>

#include "checks/common/pod_container.hpp"
#include "checks/common/pod_reason.hpp"

namespace checks {

// How long a probe looks on: https://kubernetes.io/docs/concepts/workloads/pods/probes/
struct ProbeBudget {
  std::chrono::seconds delay{};
  std::chrono::seconds period{};
  std::int64_t failures = 0;

  std::chrono::seconds total() const { return delay + period * failures; }
  std::string text() const;  // "35s (5s + 3 × 10s)"
};
ProbeBudget budget_of(const kube::Value& probe);

// The container's last run was ended by a probe.
struct ProbeKill {
  std::string_view probe;               // "liveness", "startup"
  const kube::Object* event = nullptr;  // that says so; nullptr: told by how long it lived
  bool while_starting = false;  // it had no longer than the probe gives a container to come up
};
// Reads: Events when there.
std::optional<ProbeKill> probe_kill(const Context& context, const kube::Object& pod,
                                    const Container& container, const Ending& ending);
// Tells of it, with the startupProbe that would leave the container the time it needs.
void explain_kill(const Context& context, const kube::Object& pod, const Container& container,
                  const ProbeKill& kill, PodReason& reason);

// Of a container that runs and is not ready: its probe's last words, and for AIBrix's sidecar
// whether it asks the engine at the port where that listens.
void explain_unready(const Context& context, const kube::Object& pod, const Container& container,
                     PodReason& reason);

}  // namespace checks
