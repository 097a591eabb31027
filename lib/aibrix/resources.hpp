// The kinds this program reads beyond Kubernetes' own. Sources: AIBrix v0.1–v0.8
// (config/crd), Gateway API 1.1–1.6 CRDs, Envoy Gateway 1.1–1.9 CRDs, KubeRay 1.2, LWS v1.
#pragma once
#include <span>

#include "kube/resource.hpp"

namespace aibrix::resources {

using kube::Resource;

inline constexpr Resource model_adapters{"model.aibrix.ai", "modeladapters", "ModelAdapter", true,
                                         "v1alpha1"};
inline constexpr Resource model_claims{"model.aibrix.ai", "modelclaims", "ModelClaim", true,
                                       "v1alpha1"};
inline constexpr Resource model_warmups{"model.aibrix.ai", "modelwarmups", "ModelWarmup", true,
                                        "v1alpha1"};
inline constexpr Resource pod_autoscalers{"autoscaling.aibrix.ai", "podautoscalers",
                                          "PodAutoscaler", true, "v1alpha1"};
inline constexpr Resource ray_fleets{"orchestration.aibrix.ai", "rayclusterfleets",
                                     "RayClusterFleet", true, "v1alpha1"};
inline constexpr Resource ray_replicasets{"orchestration.aibrix.ai", "rayclusterreplicasets",
                                          "RayClusterReplicaSet", true, "v1alpha1"};
inline constexpr Resource kv_caches{"orchestration.aibrix.ai", "kvcaches", "KVCache", true,
                                    "v1alpha1"};
inline constexpr Resource storm_services{"orchestration.aibrix.ai", "stormservices", "StormService",
                                         true, "v1alpha1"};
inline constexpr Resource role_sets{"orchestration.aibrix.ai", "rolesets", "RoleSet", true,
                                    "v1alpha1"};
inline constexpr Resource pod_sets{"orchestration.aibrix.ai", "podsets", "PodSet", true,
                                   "v1alpha1"};

inline constexpr Resource gateway_classes{
    "gateway.networking.k8s.io", "gatewayclasses", "GatewayClass", false, "v1", "v1beta1"};
inline constexpr Resource gateways{
    "gateway.networking.k8s.io", "gateways", "Gateway", true, "v1", "v1beta1"};
inline constexpr Resource http_routes{
    "gateway.networking.k8s.io", "httproutes", "HTTPRoute", true, "v1", "v1beta1"};
// v1beta1 is what every bundle so far serves; v1 came with Gateway API 1.5.
inline constexpr Resource reference_grants{
    "gateway.networking.k8s.io", "referencegrants", "ReferenceGrant", true, "v1beta1", "v1"};

inline constexpr Resource envoy_proxies{"gateway.envoyproxy.io", "envoyproxies", "EnvoyProxy", true,
                                        "v1alpha1"};
inline constexpr Resource envoy_patch_policies{"gateway.envoyproxy.io", "envoypatchpolicies",
                                               "EnvoyPatchPolicy", true, "v1alpha1"};
inline constexpr Resource envoy_extension_policies{
    "gateway.envoyproxy.io", "envoyextensionpolicies", "EnvoyExtensionPolicy", true, "v1alpha1"};
inline constexpr Resource client_traffic_policies{"gateway.envoyproxy.io", "clienttrafficpolicies",
                                                  "ClientTrafficPolicy", true, "v1alpha1"};
inline constexpr Resource security_policies{"gateway.envoyproxy.io", "securitypolicies",
                                            "SecurityPolicy", true, "v1alpha1"};

inline constexpr Resource ray_clusters{"ray.io", "rayclusters", "RayCluster",
                                       true,     "v1",          "v1alpha1"};
inline constexpr Resource ray_jobs{"ray.io", "rayjobs", "RayJob", true, "v1", "v1alpha1"};
inline constexpr Resource ray_services{"ray.io", "rayservices", "RayService",
                                       true,     "v1",          "v1alpha1"};
// The gangs of Volcano's scheduler, which AIBrix makes for RoleSets.
inline constexpr Resource pod_groups{"scheduling.volcano.sh", "podgroups", "PodGroup", true,
                                     "v1beta1"};
inline constexpr Resource leader_worker_sets{"leaderworkerset.x-k8s.io", "leaderworkersets",
                                             "LeaderWorkerSet", true, "v1"};

// Every kind any part of this program reads, Kubernetes' own included: what the file reader keeps.
std::span<const Resource* const> all();

}  // namespace aibrix::resources
