// What AIBrix's releases do differently, each fact once, with where it was read: paths are those of
// AIBrix's repository at the tags. What stands in a table of its own (routing strategies, answers
// of the gateway, the roles) has its releases there.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aibrix/releases.hpp"

namespace aibrix::facts {

// pkg/controller/modelrouter: RayClusterFleets get a route.
inline constexpr ReleaseSpan routes_fleets = since(v0_2_1);
// Same: LeaderWorkerSets get one, when their CRD is there at the controller's start.
inline constexpr ReleaseSpan routes_leader_worker_sets = since(v0_6);
// Same: without model.aibrix.ai/port the backend's port is 8000; before, there was no route.
inline constexpr ReleaseSpan port_is_optional = since(v0_2_1);
// Same: the ReferenceGrant goes with the last model Deployment of the namespace; before, with any
// model.
inline constexpr ReleaseSpan grant_outlives_others = since(v0_3);
// Same: a model name that is no DNS name gets a route with a hashed name.
inline constexpr ReleaseSpan names_are_hashed = after(v0_7);
// Same: the annotation model.aibrix.ai/name counts like the label.
inline constexpr ReleaseSpan annotation_names_model = after(v0_7);

// pkg/plugins/gateway: a request whose route cannot be used goes on and fails with 500; later the
// plugin reads the route's status first, and answers 503 itself.
inline constexpr ReleaseSpan unusable_route_is_tried = until(v0_3);
// Same: the pods' annotation model.aibrix.ai/config is read.
inline constexpr ReleaseSpan reads_model_config = since(v0_6);
// Same: lockedRoutingStrategy of that annotation.
inline constexpr ReleaseSpan reads_locked_strategy = after(v0_7);
// Same: with AIBRIX_AUTH_BEARER_TOKEN set it asks for that token.
inline constexpr ReleaseSpan plugin_asks_for_token = after(v0_7);
// pkg/plugins/gateway/algorithms: "prefix-cache:2,least-request" is a list, not a name.
inline constexpr ReleaseSpan strategy_lists = since(v0_7);
// Same: prefill and decode pod of a request are of one RoleSet (pd_disaggregation.go:158-176 at
// v0.4.1); before, the label role-name alone makes a pod one or the other, whatever its set.
inline constexpr ReleaseSpan pd_stays_in_one_set = since(v0_4_1);
// pkg/plugins/gateway/gateway.go: the only routable pod of a model gets its requests, whatever the
// strategy; later not with pd (e6539a5a).
inline constexpr ReleaseSpan single_pod_passes_pd = until(v0_7);
// pkg/utils/pod.go: Ray workers are no engines; followers of a pod group (pod-group-index > 0)
// only later (isWorkerPod), before that the strategy pd alone leaves them out.
inline constexpr ReleaseSpan ignores_ray_workers = since(v0_2_1);
inline constexpr ReleaseSpan ignores_group_followers = since(v0_7);
inline constexpr ReleaseSpan pd_ignores_group_followers = since(v0_5);
// pkg/cache/informers.go: a pod's annotation model.aibrix.ai/name names its model like the label.
inline constexpr ReleaseSpan pod_annotation_names_model = since(v0_6);
// pkg/plugins/gateway: AIBRIX_GRPC_MAX_MESSAGE_SIZE_BYTES is read.
inline constexpr ReleaseSpan reads_message_size = since(v0_7);

// pkg/controller/modeladapter: a ModelAdapter that goes is unloaded from every instance, not only
// from status.instances[0].
inline constexpr ReleaseSpan unloads_every_instance = since(v0_5);
// Same: the request to unload has a time limit; before, it hung on a pod address that drops
// packets.
inline constexpr ReleaseSpan unload_has_timeout = since(v0_6);

// pkg/controller/kvcache, pkg/controller/podautoscaler: not when they began, but as far back as
// they were read: the labels of a KVCache's pods, and that a PodAutoscaler's controller writes
// conditions first of all.
inline constexpr ReleaseSpan kv_cache_labels_known = since(v0_6);
inline constexpr ReleaseSpan autoscaler_conditions_known = since(v0_6);
// pkg/controller/podautoscaler/podautoscaler_controller.go: of two PodAutoscalers with one target
// only the first acts (condition MultiPodAutoscalerConflict); as far back as it was read.
inline constexpr ReleaseSpan one_autoscaler_acts = since(v0_6);
// pkg/controller/podautoscaler/metrics/fetcher.go: a metric that cannot be read counts as 0.
inline constexpr ReleaseSpan unread_metric_is_zero = between(v0_6, v0_7);
// pkg/controller/podautoscaler/workload_scale.go: of a StormService only pods with the label
// pod-group-index count, which pods of roles without podGroupSize do not have.
inline constexpr ReleaseSpan autoscaler_wants_pod_groups = only(v0_5);
// pkg/controller/roleset/utils.go: the name of a stateful role's pod is put together from RoleSet,
// role, hash and index and is its hostname; later it is shortened to fit.
inline constexpr ReleaseSpan stateful_names_unbounded = until(v0_7);
// pkg/controller/roleset/rolesyncer.go: with maxSurge and without maxUnavailable, scaling deletes
// the pod that the rollout has made, until it is ready.
inline constexpr ReleaseSpan surge_is_taken_back = until(v0_7);

// pkg/controller/modelrouter: AIBRIX_GATEWAY_TIMEOUT_SECONDS (120) is written into a new route.
inline constexpr ReleaseSpan timeout_variable = since(v0_4);

// config/gateway: the HTTPRoute to the metadata service is aibrix-reserved-router-models-endpoint,
// later aibrix-reserved-router-metadata-endpoint; before, there was none.
inline constexpr ReleaseSpan models_endpoint_route = between(v0_3, v0_4);
inline constexpr ReleaseSpan metadata_endpoint_route = since(v0_5);

// .github/workflows/release-build.yaml: linux/amd64 and linux/arm64. Read of v0.6.0 and v0.7.0;
// when it began is not known, so that earlier images are not spoken for.
inline constexpr ReleaseSpan images_for_arm64 = since(v0_6);

// config/default: the core manifest holds the CRDs; later they are a manifest of their own.
inline constexpr ReleaseSpan core_manifest_holds_crds = until(v0_6);

// pkg/controller: the kinds ModelClaim and ModelWarmup, both experimental.
inline constexpr ReleaseSpan has_model_claims = since(v0_8);
inline constexpr ReleaseSpan has_model_warmups = since(v0_8);

// pkg/webhook: PodAutoscalers and StormServices are looked at more closely, also on their next
// update.
inline constexpr ReleaseSpan refuses_more = after(v0_7);
// ModelClaim needs spec.perGPU; archived CRD of the chart, not proved for the tag.
inline constexpr ReleaseSpan claims_need_numbers = after(v0_7);
// python/aibrix/aibrix/storage/redis_upgrade.py: batch data in Redis is rewritten at start.
inline constexpr ReleaseSpan rewrites_batch_data = after(v0_7);
// dist/chart/values.yaml: AIBRIX_PREFIX_CACHE_POD_RUNNING_REQUEST_IMBALANCE_ABS_COUNT is called
// AIBRIX_LOAD_BALANCE_IMBALANCE_MIN_GAP; pkg/metrics: gateway_request_success_total and its like
// are gone.
inline constexpr ReleaseSpan renames_settings = after(v0_7);

}  // namespace aibrix::facts

// The same, asked about one thing.
namespace aibrix {

// Whether the model-route-controller watches this kind, and so makes a HTTPRoute for it. nullopt:
// the release is not known and it depends on it.
std::optional<bool> gets_route(std::string_view kind, const Release& release);

// The CRDs a release cannot do without, by full name. Its controller does not start before they are
// there (informers never sync). Empty when the release is not known.
std::vector<std::string_view> required_crds(const Release& release);
// A CRD whose absence is not proved to stop the release's controller: what is known of
// modelwarmups was read beside the tag.
bool is_less_certain_crd(std::string_view name);
// The manifest of this release that holds a CRD: "aibrix-core-crds", "aibrix-core",
// "aibrix-dependency"; empty: the release has no such file (builds of main), or it is not known.
std::string_view manifest_of_crd(std::string_view crd, const Release& release);

// What a request without a routing strategy gets when its route cannot be used: "503", "500", or
// both with their releases.
std::string unusable_route_answer(const Release& release);

// Paths the release's aibrix-reserved-router takes. Empty when the release is unknown.
std::span<const std::string_view> reserved_paths(const Release& release);
// The HTTPRoute to the metadata service; empty: the release has none. nullopt when the release is
// unknown.
std::optional<std::string_view> metadata_route_name(const Release& release);

}  // namespace aibrix
