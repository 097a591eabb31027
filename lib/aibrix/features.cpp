#include "aibrix/features.hpp"

#include <array>

namespace aibrix {
namespace {

constexpr int forever = 99;

struct Since {
  std::string_view name;
  int minor;
  int patch;
  int until = forever;  // the first minor release that can do without
};

// pkg/controller/modelrouter/modelrouter_controller.go at each tag.
constexpr auto routed_kinds = std::to_array<Since>({
    {"Deployment", 1, 0},
    {"ModelAdapter", 1, 0},
    {"RayClusterFleet", 2, 1},
    {"LeaderWorkerSet", 6, 0},
});

// config/crd at each tag. rayclusters.ray.io is KubeRay's: since v0.5 the controller skips Ray when
// it is not there. ModelClaim is left out: only builds of main know it, and not every one.
constexpr auto crds = std::to_array<Since>({
    {"modeladapters.model.aibrix.ai", 1, 0},
    {"podautoscalers.autoscaling.aibrix.ai", 1, 0},
    {"rayclusterfleets.orchestration.aibrix.ai", 1, 0},
    {"rayclusterreplicasets.orchestration.aibrix.ai", 1, 0},
    {"rayclusters.ray.io", 1, 0, 5},
    {"kvcaches.orchestration.aibrix.ai", 2, 0},
    {"stormservices.orchestration.aibrix.ai", 4, 0},
    {"rolesets.orchestration.aibrix.ai", 4, 0},
    {"podsets.orchestration.aibrix.ai", 5, 0},
});

}  // namespace

std::optional<bool> gets_route(std::string_view kind, const Release& release) {
  for (const Since& entry : routed_kinds) {
    if (entry.name != kind) continue;
    if (entry.minor == 1) return true;
    return release.at_least(0, entry.minor, entry.patch);
  }
  return false;
}

std::optional<bool> takes_any_model_name(const Release& release) {
  return release.at_least(0, 8);
}

std::vector<std::string_view> required_crds(const Release& release) {
  std::vector<std::string_view> out;
  for (const Since& entry : crds) {
    const bool from = release.at_least(0, entry.minor, entry.patch).value_or(false);
    const bool past = release.at_least(0, entry.until).value_or(true) && entry.until != forever;
    if (from && !past) out.push_back(entry.name);
  }
  return out;
}

}  // namespace aibrix
