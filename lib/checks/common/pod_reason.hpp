// Why one pod takes no requests, with what shows it and what helps: one explanation for models,
// AIBrix's parts, Envoy Gateway, Envoy, KubeRay, Redis and caches.
#pragma once
#include <string>
#include <vector>

#include "checks/core/check.hpp"
#include "checks/core/needs.hpp"

namespace checks {

struct PodReason {
  // Roughly in the order in which a pod meets them.
  enum class Kind {
    no_scheduler,  // nothing has looked at it: the scheduler that it names does not run
    gang,          // held back until all of its group can start
    unscheduled,
    image,
    architecture,   // the image is built for other nodes
    configuration,  // a Secret, a ConfigMap, or a command that cannot be run
    volume,
    memory,  // killed at its memory limit
    probe,   // killed by its liveness or startup probe
    crash,   // ends by itself
    initialising,
    unready,  // runs, and its readiness probe fails
    other,
  };
  Kind kind = Kind::other;
  std::string state;      // pods are counted by it: "CrashLoopBackOff", "Pending"
  std::string why;        // "container engine ends with exit code 1"; empty: the state says it all
  std::string container;  // the one to look at; empty: the pod as a whole
  std::vector<Evidence> evidence;
  std::vector<std::string> notes;
  std::vector<Remedy> remedies;
  std::optional<Cause> cause;  // a finding of its own that says it for several workloads

  void show(std::string key, std::string value, std::string want = {});
  void advise(Confidence confidence, std::string text, Command command = {});
};

// What kubectl tells of the pod, its events among it.
Command describe_pod(const kube::Object& pod);

// What explain_pod() reads when it is there.
inline constexpr kube::Need pod_reason_lists[] = {
    need::optional(need::pods), need::optional(need::nodes), need::optional(need::warning_events)};

// Of a pod that is not routable (aibrix::pod_state()).
PodReason explain_pod(const Context& context, const kube::Object& pod);

// The pods whose trouble is AIBrix's: of its components, of models (workers too), of KVCaches.
const std::vector<const kube::Object*>& pods_that_matter(const Context& context);

}  // namespace checks
