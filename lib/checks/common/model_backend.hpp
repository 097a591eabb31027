// The backends of a model, and whether its requests go by its HTTPRoute.
#pragma once
#include <optional>
#include <vector>

#include "aibrix/engine/engine.hpp"
#include "checks/common/objects.hpp"

namespace checks {

// Where a model's HTTPRoute leads: read from the route, or, when there is none yet, as the
// controller would write it.
struct Backend {
  kube::ObjectRef service;
  std::int64_t port = 8000;
  bool from_route = false;
  const aibrix::Workload* workload = nullptr;  // of that namespace; nullptr: an adapter, or unknown
};
const std::vector<Backend>& backends_of(const Context& context, const aibrix::Model& model);

// What requests without a strategy of their own do: go by the HTTPRoute, unless a default strategy
// is set. Nothing about the route is an error for users then.
bool goes_by_route(const Context& context, const aibrix::Model& model);
// The gateway's own word on the route's backends, condition ResolvedRefs; not set when it has not
// spoken of the route as it is now.
std::optional<kube::Condition> route_word(const Context& context, const aibrix::Model& model);

// The engine of a workload, from the first of its pod templates for this model that has one.
std::optional<aibrix::Engine> engine_of(const aibrix::Workload& workload, std::string_view model);

}  // namespace checks
