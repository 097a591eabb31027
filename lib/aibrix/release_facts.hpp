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
// Same: prefill and decode pod of a request are of one RoleSet.
inline constexpr ReleaseSpan pd_stays_in_one_set = since(v0_7);

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

// config/gateway: the HTTPRoute to the metadata service is aibrix-reserved-router-models-endpoint,
// later aibrix-reserved-router-metadata-endpoint; before, there was none.
inline constexpr ReleaseSpan models_endpoint_route = between(v0_3, v0_4);
inline constexpr ReleaseSpan metadata_endpoint_route = since(v0_5);

// config/default: the core manifest holds the CRDs; later they are a manifest of their own.
inline constexpr ReleaseSpan core_manifest_holds_crds = until(v0_6);

// .github/workflows/release-build.yaml at v0.6.0 and v0.7.0: images for amd64 and arm64; issues 996
// and 1089 are of earlier ones.
inline constexpr ReleaseSpan images_for_arm64 = since(v0_6);

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

// What a request without a routing strategy gets when its route cannot be used: "503", "500", or
// both with their releases.
std::string unusable_route_answer(const Release& release);

// Paths the release's aibrix-reserved-router takes. Empty when the release is unknown.
std::span<const std::string_view> reserved_paths(const Release& release);
// The HTTPRoute to the metadata service; empty: the release has none. nullopt when the release is
// unknown.
std::optional<std::string_view> metadata_route_name(const Release& release);

}  // namespace aibrix
