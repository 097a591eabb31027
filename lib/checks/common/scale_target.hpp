// What an autoscaler scales, as its checks see it.
#pragma once
#include <string>
#include <vector>

#include "aibrix/cluster.hpp"
#include "aibrix/resources.hpp"
#include "checks/common/objects.hpp"

namespace checks::scaling {

inline constexpr auto autoscaler_needs = with(
    model_lists, kube::Need{&aibrix::resources::pod_autoscalers}, need::optional(need::namespaces));

// What is scaled, and how it is called.
struct Target {
  const kube::Resource* kind = nullptr;  // of those that can be looked up
  kube::Lookup found;
  std::string role;  // of a StormService; empty: all of it
  std::string text;  // "Deployment chat", "role prefill of StormService chat"

  bool storm() const { return kind == &aibrix::resources::storm_services; }
};
Target target_of_autoscaler(const Context& context, const kube::Object& autoscaler);
// Annotation autoscaling.aibrix.ai/storm-service-mode: of a StormService spec.replicas is scaled,
// whatever role is named.
bool in_replica_mode(const kube::Object& autoscaler);
// Both name one object, by spec.scaleTargetRef.
bool same_workload(const kube::Object& a, const kube::Object& b);

// A warning "PodAutoscaler NAME" + what, about the models that it scales.
Finding& tell(const Context& context, const kube::Object& autoscaler, const Target& target,
              const std::string& what, Reporter& reporter);

}  // namespace checks::scaling
