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
    reporter.undetermined("whether Gateway aibrix-eg allows HTTPRoute " + route.full_name() +
                          " is unknown");
    return;
  }
  Finding& f =
      reporter.error(route, "HTTPRoute " + route.full_name() +
                                " is not permitted to attach to Gateway aibrix-system/aibrix-eg");
  f.with_consequence("It receives no requests.").at_field("metadata.namespace");
  f.with_evidence("namespace", std::string(route.ns()), "aibrix-system");
  show_condition(f, accepted);
  if (gw) {
    f.with_evidence(
        "Gateway spec.listeners[0].allowedRoutes.namespaces.from",
        std::string(
            gw->spec()["listeners"][0].at("allowedRoutes", "namespaces", "from").text("Same")));
  }
  if (!view.model().empty()) f.model(view.model());
  f.remedy(
      Confidence::review,
      "create the HTTPRoute in namespace aibrix-system instead, with the Service's namespace in "
      "its backendRef and a ReferenceGrant in that namespace; AIBrix creates both for a workload "
      "that has the label model.aibrix.ai/name in its own metadata");
}

void run_foreign_routes(const Context& context, Reporter& reporter) {
  if (!gateway_expected(context, reporter)) return;
  std::size_t judged = 0;
  for (const Object& route : context.snapshot.list(aibrix::resources::http_routes)) {
    if (route.deleting() || route.ns() == names::system_namespace) continue;
    const aibrix::Route& view = route_view(context, route);
    if (!view.attached()) continue;
    ++judged;
    if (!maybe_unseen(context, route)) check_route(context, reporter, view);
  }
  if (judged == 0 && !context.snapshot.complete(aibrix::resources::http_routes)) {
    reporter.undetermined("not all HTTPRoutes of other namespaces were read");
  }
}

}  // namespace

constinit const Check registry::GW019{
    codes::GW019,
    Area::gateway,
    "an HTTPRoute in another namespace is not permitted to attach to Gateway aibrix-eg",
    gw019_needs,
    run_foreign_routes,
    {"An HTTPRoute outside namespace aibrix-system has Gateway aibrix-eg as its parent. The "
     "Gateway allows only HTTPRoutes of its own namespace (allowedRoutes is Same by default), so "
     "this one receives no requests. Its status says NotAllowedByListeners.",
     "An HTTPRoute was written by hand, often from a sample, and applied to the model's namespace.",
     "Move the HTTPRoute to aibrix-system, with a ReferenceGrant in the Service's namespace, or "
     "label the workload's own metadata so that AIBrix creates both.",
     "every release"}};

}  // namespace checks
