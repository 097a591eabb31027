// Which HTTPRoute belongs to a ModelAdapter.
#pragma once
#include <string>

#include "checks/core/check.hpp"

namespace checks {

// The HTTPRoute that AIBrix's router made for a ModelAdapter, told by the adapter's label
// model.aibrix.ai/name, as the router's own deletion does it (pkg/controller/modelrouter).
struct AdapterRoute {
  kube::Lookup route;   // not found also where the adapter has no such label
  std::string foreign;  // why the route found is not the adapter's: "it leads to namespace team-b"

  bool own() const { return route && foreign.empty(); }
};
// Reads: HTTPRoutes, Services.
AdapterRoute adapter_route(const Context& context, const kube::Object& adapter);

}  // namespace checks
