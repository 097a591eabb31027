// The list of all kinds that this program reads.
#include "aibrix/resources.hpp"

#include <array>

namespace aibrix::resources {

std::span<const Resource* const> all() {
  namespace core = kube::resources;
  static constexpr auto table = std::to_array<const Resource*>({&core::namespaces,
                                                                &core::nodes,
                                                                &core::pods,
                                                                &core::services,
                                                                &core::configmaps,
                                                                &core::secrets,
                                                                &core::events,
                                                                &core::pvcs,
                                                                &core::deployments,
                                                                &core::statefulsets,
                                                                &core::endpointslices,
                                                                &core::horizontal_pod_autoscalers,
                                                                &core::leases,
                                                                &core::clusterroles,
                                                                &core::clusterrolebindings,
                                                                &core::apiservices,
                                                                &core::mutating_webhooks,
                                                                &core::validating_webhooks,
                                                                &core::storage_classes,
                                                                &core::admission_policies,
                                                                &core::crds,
                                                                &model_adapters,
                                                                &model_claims,
                                                                &model_warmups,
                                                                &pod_autoscalers,
                                                                &ray_fleets,
                                                                &ray_replicasets,
                                                                &kv_caches,
                                                                &storm_services,
                                                                &role_sets,
                                                                &pod_sets,
                                                                &gateway_classes,
                                                                &gateways,
                                                                &http_routes,
                                                                &reference_grants,
                                                                &envoy_proxies,
                                                                &envoy_patch_policies,
                                                                &envoy_extension_policies,
                                                                &client_traffic_policies,
                                                                &security_policies,
                                                                &ray_clusters,
                                                                &ray_jobs,
                                                                &ray_services,
                                                                &leader_worker_sets,
                                                                &pod_groups});
  return table;
}

}  // namespace aibrix::resources
