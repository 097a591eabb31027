// Needs that many checks share; a check lists those it reads, directly or through aibrix::Cluster.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>

#include "aibrix/resources.hpp"
#include "kube/read/need.hpp"

namespace checks::need {

inline constexpr kube::Need namespaces{&kube::resources::namespaces, kube::Scope::everywhere};
inline constexpr kube::Need deployments{&kube::resources::deployments};
inline constexpr kube::Need pods{&kube::resources::pods};
inline constexpr kube::Need services{&kube::resources::services};
inline constexpr kube::Need endpointslices{&kube::resources::endpointslices};
inline constexpr kube::Need nodes{&kube::resources::nodes, kube::Scope::everywhere};
inline constexpr kube::Need warning_events{&kube::resources::events, kube::Scope::workloads, true,
                                           "type!=Normal"};

inline constexpr kube::Need gateway_classes{&aibrix::resources::gateway_classes,
                                            kube::Scope::everywhere};
inline constexpr kube::Need gateways{&aibrix::resources::gateways};
inline constexpr kube::Need http_routes{&aibrix::resources::http_routes};
inline constexpr kube::Need envoy_proxies{&aibrix::resources::envoy_proxies};
inline constexpr kube::Need envoy_patch_policies{&aibrix::resources::envoy_patch_policies};
inline constexpr kube::Need envoy_extension_policies{&aibrix::resources::envoy_extension_policies};
inline constexpr kube::Need client_traffic_policies{&aibrix::resources::client_traffic_policies};
inline constexpr kube::Need security_policies{&aibrix::resources::security_policies};
// Envoy Gateway's own configuration, wherever it is installed.
inline constexpr kube::Need envoy_gateway_config{&kube::resources::configmaps,
                                                 kube::Scope::everywhere, true,
                                                 "metadata.name=envoy-gateway-config"};

inline constexpr kube::Need model_adapters{&aibrix::resources::model_adapters};
inline constexpr kube::Need leases{&kube::resources::leases, kube::Scope::install};
inline constexpr kube::Need mutating_webhooks{&kube::resources::mutating_webhooks,
                                              kube::Scope::everywhere};
inline constexpr kube::Need validating_webhooks{&kube::resources::validating_webhooks,
                                                kube::Scope::everywhere};

// The same need where the check can do without: it then says less, or says what it could not tell.
constexpr kube::Need optional(kube::Need need) {
  need.required = false;
  return need;
}

// Every kind of AIBrix that its webhooks and controllers look after, where the check can do
// without.
inline constexpr kube::Need aibrix_kinds[] = {optional(model_adapters),
                                              optional({&aibrix::resources::model_claims}),
                                              optional({&aibrix::resources::kv_caches}),
                                              optional({&aibrix::resources::pod_autoscalers}),
                                              optional({&aibrix::resources::ray_fleets}),
                                              optional({&aibrix::resources::ray_replicasets}),
                                              optional({&aibrix::resources::storm_services}),
                                              optional({&aibrix::resources::role_sets}),
                                              optional({&aibrix::resources::pod_sets})};

// Two lists of needs as one.
template <std::size_t A, std::size_t B>
constexpr std::array<kube::Need, A + B> joined(const kube::Need (&first)[A],
                                               const kube::Need (&second)[B]) {
  std::array<kube::Need, A + B> out{};
  std::copy_n(second, B, std::copy_n(first, A, out.begin()));
  return out;
}

}  // namespace checks::need
