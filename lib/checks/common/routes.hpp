// What the checks of routes and of grants share.
#pragma once
#include <string>
#include <vector>

#include "aibrix/route.hpp"
#include "checks/common/objects.hpp"

namespace checks {

// What routes_to_judge() and the other functions here read, beside the lists of models.
template <typename... Needs>
constexpr auto routes_and(Needs... more) {
  return with(model_lists, need::optional(need::namespaces), need::optional(need::gateways),
              need::optional(need::gateway_classes), need::optional({&kube::resources::crds}),
              more...);
}

// The HTTPRoutes on AIBrix's gateway, without the install's own (GW010 and GW011 judge those) and
// without what is on its way out: routes being deleted, and those whose model or whose backend's
// namespace is. Made once per context.
const std::vector<aibrix::Route>& routes_to_judge(const Context& context);

// Nothing in the cluster serves this model, or could when scaled up: every list in which it would
// be was read completely, or is of a kind whose CRD is not installed.
bool known_nowhere(const Context& context, const std::string& model);

// A workload, adapter, claim or pod of the model is in this namespace.
bool lives_in(const aibrix::Model& model, std::string_view ns);

// What it means to users that a route cannot be used.
struct Impact {
  Level level = Level::error;
  std::string consequence;
  std::string note;  // how to get round it; empty when there is no way
};
// `model` is empty for a route that is no model's.
Impact unusable_route(const Context& context, const std::string& model);
// Adds a finding of that level, with the consequence, the note and the model.
Finding& report(Reporter& reporter, const Impact& impact, Subject subject, std::string title,
                const std::string& model);

// "ResolvedRefs=False RefNotPermitted, since 12m, generation 1 of 1"
std::string describe(const Context& context, const aibrix::Route& route,
                     const kube::Condition& condition);
// "HTTPRoute aibrix-system/llama-router"
std::string name_of(const aibrix::Route& route);

// Which objects the model-route-controller makes a model's route from: workloads of the kinds it
// watches and the adapter, labelled on their metadata, not being deleted, seen by an API server.
std::vector<const kube::Object*> route_sources(const Context& context, const aibrix::Model& model);
// Restarting replays every object as new, which is the only way to have a route or grant made
// again.
void restart_controller(const Context& context, Finding& finding, const std::string& why);

}  // namespace checks
