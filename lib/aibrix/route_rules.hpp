#pragma once
#include <optional>
#include <string>

#include "aibrix/release.hpp"

namespace aibrix {

// What the model-route-controller and the gateway plugin do about HTTPRoutes, and since when.
enum class RouteRule {
  routes_fleets,          // RayClusterFleets get a route
  port_is_optional,       // without model.aibrix.ai/port the backend port is 8000; before: no route
  grant_outlives_others,  // the grant goes with the last model Deployment; before: with any model
  status_checked_first,   // the plugin reads the route's status and answers 503 itself; before,
                          // the request went on and failed with 500
  routes_leader_worker_sets,
  names_are_hashed,        // a model name that is no DNS name gets a route with a hashed name
  service_can_be_named,    // annotation model.aibrix.ai/service-name
  annotation_names_model,  // annotation model.aibrix.ai/name counts like the label
};
// nullopt: the release is not known.
std::optional<bool> has(const Release& release, RouteRule rule);
// "v0.6", "the release after v0.7": for messages.
std::string since(RouteRule rule);

// What a request without a routing strategy gets when its route cannot be used: "503", "500", or
// both with their releases.
std::string unusable_route_answer(const Release& release);

}  // namespace aibrix
