// The lists the checks on deletion share.
#pragma once
#include <array>
#include <cstddef>

#include "checks/core/needs.hpp"

namespace checks::need {

// Joins lists of needs: a required one and the shared ones.
template <std::size_t A, std::size_t B>
constexpr std::array<kube::Need, A + B> joined(const std::array<kube::Need, A>& a,
                                               const std::array<kube::Need, B>& b) {
  std::array<kube::Need, A + B> out{};
  for (std::size_t i = 0; i < A; ++i) out[i] = a[i];
  for (std::size_t i = 0; i < B; ++i) out[A + i] = b[i];
  return out;
}

// What find_owner() reads for AIBrix's own finalizers.
inline constexpr auto controller_owner = std::to_array<kube::Need>(
    {optional(deployments), optional(pods), optional(namespaces), optional(leases)});

// What FinalizerIndex::holds_in() reads: every kind of held_kinds() and what tells of their owners.
inline constexpr auto held =
    std::to_array<kube::Need>({optional(model_adapters),
                               optional({&aibrix::resources::model_claims}),
                               optional({&aibrix::resources::model_warmups}),
                               optional({&aibrix::resources::storm_services}),
                               optional({&aibrix::resources::role_sets}),
                               optional({&aibrix::resources::pod_sets}),
                               optional({&aibrix::resources::kv_caches}),
                               optional({&aibrix::resources::pod_autoscalers}),
                               optional({&aibrix::resources::ray_fleets}),
                               optional({&aibrix::resources::ray_replicasets}),
                               optional({&aibrix::resources::ray_clusters}),
                               optional({&aibrix::resources::ray_jobs}),
                               optional({&aibrix::resources::ray_services}),
                               optional(gateway_classes),
                               optional(gateways),
                               optional(http_routes),
                               optional(services),
                               optional(deployments),
                               optional(pods),
                               optional(namespaces),
                               optional(leases)});

// What TerminatingNamespaces reads.
inline constexpr kube::Need api_services{&kube::resources::apiservices, kube::Scope::everywhere};
inline constexpr kube::Need pvcs{&kube::resources::pvcs};

inline constexpr auto ns_content =
    joined(std::to_array<kube::Need>({namespaces, optional(api_services), optional(nodes),
                                      optional(pvcs), optional({&kube::resources::statefulsets})}),
           held);

}  // namespace checks::need
