// Tables of what differs by release: routed kinds, CRDs, paths of the reserved route.
#include "aibrix/release_facts.hpp"

#include <array>

#include "aibrix/names.hpp"

namespace aibrix {
namespace {

// Something with a name, and the releases that have it.
struct Named {
  std::string_view name;
  ReleaseSpan releases;
};

// pkg/controller/modelrouter/modelrouter_controller.go at each tag.
constexpr auto routed_kinds = std::to_array<Named>({
    {"Deployment", since(v0_1)},
    {"ModelAdapter", since(v0_1)},
    {"RayClusterFleet", facts::routes_fleets},
    {"LeaderWorkerSet", facts::routes_leader_worker_sets},
});

// config/crd at each tag. rayclusters.ray.io is KubeRay's: since v0.5 the controller skips Ray when
// it is not there. What v0.8 brought is not asked of builds of main: not every one has it.
constexpr auto crds = std::to_array<Named>({
    {"modeladapters.model.aibrix.ai", since(v0_1)},
    {"podautoscalers.autoscaling.aibrix.ai", since(v0_1)},
    {"rayclusterfleets.orchestration.aibrix.ai", since(v0_1)},
    {"rayclusterreplicasets.orchestration.aibrix.ai", since(v0_1)},
    {"rayclusters.ray.io", until(v0_4)},
    {"kvcaches.orchestration.aibrix.ai", since(v0_2)},
    {"stormservices.orchestration.aibrix.ai", since(v0_4)},
    {"rolesets.orchestration.aibrix.ai", since(v0_4)},
    {"podsets.orchestration.aibrix.ai", since(v0_5)},
    {"modelclaims.model.aibrix.ai", facts::has_model_claims},
    {"modelwarmups.model.aibrix.ai", facts::has_model_warmups},
});

// config/gateway/gateway-plugin at each tag. Builds of main are held to what the newest release
// had, since a nightly image may run under manifests older than it.
constexpr auto first_paths = std::to_array<std::string_view>({"/"});
constexpr auto chat_paths =
    std::to_array<std::string_view>({"/v1/chat/completions", "/v1/completions"});
constexpr auto image_paths =
    std::to_array<std::string_view>({"/v1/chat/completions", "/v1/completions", "/v1/embeddings",
                                     "/v1/image/generations", "/v1/video/generations"});
constexpr auto rerank_paths = std::to_array<std::string_view>(
    {"/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/images/generations",
     "/v1/video/generations", "/v1/rerank", "/v1/classify"});
// c54b5455: /v1/responses, which the plugin of v0.7 handles already. Whether /v1/videos and
// /tokenize are in it too is not known.
constexpr auto responses_paths = std::to_array<std::string_view>(
    {"/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/images/generations",
     "/v1/video/generations", "/v1/rerank", "/v1/classify", "/v1/responses"});
struct Paths {
  std::span<const std::string_view> paths;
  ReleaseSpan releases;
};
constexpr auto reserved = std::to_array<Paths>({
    {first_paths, until(v0_2)},
    {chat_paths, between(v0_3, v0_4)},
    {image_paths, only(v0_5)},
    {rerank_paths, between(v0_6, v0_7)},
    {responses_paths, since(v0_8)},
});

// A build of main may be older than what came last, and run under manifests older than itself.
bool asked_of(const Release& release, const ReleaseSpan& span) {
  const bool newest = span == since(v0_8);
  return span.holds(release).value_or(false) &&
         !(newest && release.state() == Release::State::main_branch);
}

}  // namespace

std::optional<bool> gets_route(std::string_view kind, const Release& release) {
  for (const Named& routed : routed_kinds) {
    if (routed.name == kind) return routed.releases.holds(release);
  }
  return false;
}

std::vector<std::string_view> required_crds(const Release& release) {
  std::vector<std::string_view> out;
  if (!release.known()) return out;
  for (const Named& crd : crds) {
    if (asked_of(release, crd.releases)) out.push_back(crd.name);
  }
  return out;
}

bool is_less_certain_crd(std::string_view name) {
  return name == "modelwarmups.model.aibrix.ai";
}

// release-build.yaml at each tag: dependency and core, since v0.7 the CRDs of core apart.
std::string_view manifest_of_crd(std::string_view crd, const Release& release) {
  if (!release.tagged()) return "";
  if (!crd.ends_with(".aibrix.ai")) return "aibrix-dependency";
  const bool in_core = facts::core_manifest_holds_crds.holds(release).value_or(false);
  return in_core ? "aibrix-core" : "aibrix-core-crds";
}

std::string unusable_route_answer(const Release& release) {
  const std::optional<bool> tried = facts::unusable_route_is_tried.holds(release);
  if (!tried) return "503 (500 " + facts::unusable_route_is_tried.text() + ")";
  return *tried ? "500" : "503";
}

std::span<const std::string_view> reserved_paths(const Release& release) {
  if (release.state() == Release::State::main_branch) return rerank_paths;
  for (const Paths& row : reserved) {
    if (row.releases.holds(release).value_or(false)) return row.paths;
  }
  return {};
}

std::optional<std::string_view> metadata_route_name(const Release& release) {
  if (!release.known()) return std::nullopt;
  if (facts::metadata_endpoint_route.holds(release).value_or(false)) return names::metadata_route;
  if (facts::models_endpoint_route.holds(release).value_or(false)) return names::models_route;
  return std::string_view();
}

}  // namespace aibrix
