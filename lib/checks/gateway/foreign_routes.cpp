// GW019: no route in another namespace is refused by Gateway aibrix-eg.
#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "checks/common/gateway.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

namespace names = aibrix::names;
using kube::Object;

constexpr kube::Need own_foreign_routes_needs[] = {need::http_routes};
constexpr auto gw019_needs = with_gateway(own_foreign_routes_needs);

enum class Allowed { yes, no, unknown };

// What the Gateway's listeners say of other namespaces. Nothing means Same.
Allowed allows_others(const Object& gateway) {
  Allowed out = Allowed::no;
  for (const kube::Value& listener : gateway.spec()["listeners"].items()) {
    const std::string_view from = listener.at("allowedRoutes", "namespaces", "from").text("Same");
    if (from == "All") return Allowed::yes;
    if (from == "Selector") out = Allowed::unknown;
  }
  return out;
}

void check_route(const Context& context, Reporter& reporter, const aibrix::Route& view) {
  const Object& route = view.object();
  const kube::Condition accepted = view.condition("Accepted");
  if (accepted.is_true()) return;
  const kube::Lookup gw = context.cluster.gateway();
  bool refused = accepted.is_false() && !settling(context, accepted);
  if (!aibrix::reconciled(accepted) && gw) {
    const Allowed allowed = allows_others(*gw);
    if (allowed == Allowed::yes) return;
    refused = allowed == Allowed::no;
  }
  if (!refused) {
    reporter.undetermined("whether Gateway aibrix-eg lets in HTTPRoute " + route.full_name());
    return;
  }
  Finding& f = reporter.error(route, "HTTPRoute " + route.full_name() +
                                         " is not allowed to use Gateway aibrix-system/aibrix-eg");
  f.with_consequence("it takes no request").at_field("metadata.namespace");
  f.with_evidence("namespace", std::string(route.ns()), "aibrix-system");
  show_condition(f, accepted);
  if (gw) {
    f.with_evidence(
        "Gateway spec.listeners[0].allowedRoutes.namespaces.from",
        std::string(
            gw->spec()["listeners"][0].at("allowedRoutes", "namespaces", "from").text("Same")));
  }
  if (!view.model().empty()) f.model(view.model());
  f.remedy(Confidence::review,
           "create the route in namespace aibrix-system instead, its backendRef with the Service's "
           "namespace and a ReferenceGrant there; AIBrix makes both by itself for a workload with "
           "label model.aibrix.ai/name on its own metadata");
}

void run_foreign_routes(const Context& context, Reporter& reporter) {
  if (!gateway_expected(context, reporter)) return;
  std::size_t judged = 0;
  for (const Object& route : context.snapshot.list(aibrix::resources::http_routes)) {
    const aibrix::Route view = route_view(context, route);
    if (!view.attached() || route.deleting() || route.ns() == names::system_namespace) continue;
    ++judged;
    if (!maybe_unseen(context, route)) check_route(context, reporter, view);
  }
  if (judged == 0 && !context.snapshot.complete(aibrix::resources::http_routes)) {
    reporter.undetermined("HTTPRoutes of other namespaces were not all read");
  }
}

}  // namespace

constinit const Check registry::GW019{
    codes::GW019,
    Area::gateway,
    "no route in another namespace is refused by Gateway aibrix-eg",
    gw019_needs,
    run_foreign_routes,
    {"A HTTPRoute outside namespace aibrix-system names Gateway aibrix-eg as its parent. The "
     "Gateway lets in routes of its own namespace only (allowedRoutes is Same by default), so the "
     "route takes no request; its status says NotAllowedByListeners.",
     "A hand-written route, often copied from a sample, applied to the model's namespace.",
     "Put the route into aibrix-system with a ReferenceGrant in the Service's namespace, or label "
     "the workload's own metadata so that AIBrix makes both.",
     "every release"}};

}  // namespace checks
