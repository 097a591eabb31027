// MDL016: routes that Envoy Gateway has written nothing about.
#include "aibrix/gateway.hpp"
#include "base/text.hpp"
#include "checks/common/causes.hpp"
#include "checks/common/routes.hpp"
#include "checks/core/command.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

constexpr auto unseen_needs = routes_and(need::http_routes, need::optional(need::services));

void report_unseen(const Context& context, const aibrix::Route& route,
                   const std::optional<Cause>& cause, Reporter& reporter) {
  const std::string& model = route.model();
  Finding& f = report(reporter, unusable_route(context, model), route.object(),
                      "Envoy Gateway has written no status to " + name_of(route), model);
  f.at_field("status.parents")
      .with_evidence("status.parents", "no entry for Gateway aibrix-eg",
                     "Accepted and ResolvedRefs");
  if (const auto age = context.snapshot.age(route.object().created())) {
    f.with_evidence("created", base::format_age(*age) + " ago");
  }
  f.note(
      "AIBrix's gateway plugin forwards such requests, which fall through to the reserved "
      "HTTPRoute, whose backend does not speak HTTP");
  if (known_nowhere(context, model)) f.caused_by(MDL018, route.object().ref());
  if (cause) {
    f.caused_by(cause->code, cause->object);
    return;
  }
  const kube::ObjectRef envoy_gateway =
      context.cluster.component(aibrix::ComponentRole::envoy_gateway).ref();
  f.remedy(Confidence::manual, "find out from Envoy Gateway's log", log_command(envoy_gateway));
  f.remedy(Confidence::review, "make Envoy Gateway read all objects again",
           restart_command(envoy_gateway));
}

void run_unseen(const Context& context, Reporter& reporter) {
  const std::vector<aibrix::Route>& routes = routes_to_judge(context);
  const std::optional<Cause> cause = gateway_cause(context);
  std::size_t seen = 0;
  for (const aibrix::Route& route : routes) {
    if (route.has_status()) {
      ++seen;
      continue;
    }
    if (!aibrix::from_api_server(route.object())) {  // a manifest: no controller has seen it
      reporter.undetermined(name_of(route) + " comes from a manifest and has no status");
      continue;
    }
    if (!cause && maybe_within(context, route.object().created(), limits::first_look)) {
      reporter.undetermined(name_of(route) + " may not have been processed yet");
      continue;
    }
    report_unseen(context, route, cause, reporter);
  }
  if (routes.empty() && context.snapshot.complete(aibrix::resources::http_routes)) {
    reporter.not_applicable("no model has an HTTPRoute");
  }
  reporter.measured(base::plural(seen, "route") + " with a status");
}

}  // namespace

constinit const Check registry::MDL016{
    codes::MDL016,
    Area::routing,
    "Envoy Gateway has written no status to a model's HTTPRoute",
    unseen_needs,
    run_unseen,
    {"A model's HTTPRoute has no status from the controller of Gateway aibrix-eg. The HTTPRoute is "
     "not in Envoy's configuration, and requests without a routing strategy fail with an "
     "unspecific 500 or 503.",
     "Envoy Gateway is down, the GatewayClass or the Gateway is missing or not accepted.",
     "Fix the gateway; the HTTPRoutes themselves need no change.", "every release"}};

}  // namespace checks
