#pragma once
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "aibrix/model.hpp"
#include "aibrix/release.hpp"
#include "kube/resource.hpp"

// What each release of AIBrix does differently, as far as models and their install care.
namespace aibrix {

// Whether the model-route-controller watches this kind, and so makes a HTTPRoute for it:
// Deployment and ModelAdapter v0.1, RayClusterFleet v0.2.1, LeaderWorkerSet v0.6. Nothing when the
// release is not known and it depends on it.
std::optional<bool> gets_route(std::string_view kind, const Release& release);

// Route names are hashed where the plain one is no DNS name, and the annotations
// model.aibrix.ai/name and model.aibrix.ai/service-name are read: main only.
std::optional<bool> takes_any_model_name(const Release& release);

// The CRDs a release cannot do without, by full name. Its controller does not start before they are
// there (informers never sync). Empty when the release is not known.
std::vector<std::string_view> required_crds(const Release& release);

}  // namespace aibrix
