// MDL013: the controller should have made a model's HTTPRoute, and there is none.
#include <algorithm>

#include "aibrix/controllers.hpp"
#include "aibrix/gateway.hpp"
#include "aibrix/names.hpp"
#include "aibrix/release_facts.hpp"
#include "base/text.hpp"
#include "checks/common/causes.hpp"
#include "checks/common/routes.hpp"
#include "checks/core/timing.hpp"
#include "kube/name_rules.hpp"

namespace checks {
namespace {

using kube::Object;

constexpr auto missing_needs =
    routes_and(need::optional(need::services), need::optional(need::envoy_proxies));

bool may_still_come(const Context& context, const std::vector<const Object*>& sources) {
  return std::all_of(sources.begin(), sources.end(), [&](const Object* source) {
    return maybe_within(context, source->created(), limits::route_appears);
  });
}

// The findings that say why the controller made none, most fundamental first.
bool explain(const Context& context, const aibrix::Model& model,
             const std::vector<const Object*>& sources, Finding& f) {
  const aibrix::Release& release = context.cluster.release();
  const ComponentHealth controller = controller_state(context);
  const kube::ObjectRef deployment =
      context.cluster.component(aibrix::ComponentRole::controller_manager).ref();
  if (controller.down) {
    f.caused_by(INS005, deployment);
    f.note(controller.why);
    return true;
  }
  if (!controller_runs(context, aibrix::controller_names::model_route)) {
    f.caused_by(INS007, deployment);
    f.note("--controllers does not include " + std::string(aibrix::controller_names::model_route));
    return true;
  }
  if (!kube::is_subdomain(model.name + "-router") &&
      aibrix::facts::names_are_hashed.holds(release) != true) {
    for (const Object* source : sources) f.caused_by(MDL021, source->ref());
    f.note("\"" + model.name + "-router\" is not a valid object name, and releases before " +
           aibrix::facts::names_are_hashed.start() + " cannot create the HTTPRoute");
    return true;
  }
  const bool portless = std::any_of(sources.begin(), sources.end(), [](const Object* source) {
    return source->label(aibrix::names::model_port).empty();
  });
  if (portless && aibrix::facts::port_is_optional.holds(release) == false) {
    f.with_evidence("label " + std::string(aibrix::names::model_port), "not set",
                    "set: required before " + aibrix::facts::port_is_optional.start());
    return true;
  }
  return false;
}

void report_missing(const Context& context, const aibrix::Model& model,
                    const std::vector<const Object*>& sources, Reporter& reporter) {
  const std::string name = aibrix::route_name(model.name);
  Impact impact = unusable_route(context, model.name);
  // Until a pod takes requests something else is wrong, and says so.
  const bool served = model.routable_pods != 0 || model.adapter != nullptr;
  if (!served && context.snapshot.complete(kube::resources::pods)) {
    impact.level = std::min(impact.level, Level::warning);
  }
  Finding& f = report(reporter, impact,
                      kube::ObjectRef{std::string(aibrix::gateway_group), "HTTPRoute",
                                      std::string(aibrix::names::system_namespace), name},
                      "HTTPRoute " + name + " of model " + model.name + " is missing", model.name);
  for (const Object* source : sources) {
    f.with_related(*source);
    f.with_evidence(
        std::string(source->kind()) + ' ' + source->full_name(),
        std::string(aibrix::names::model_name) + ": " + model.name + " in its metadata");
  }
  f.with_evidence("HTTPRoute", "not found", name + " in aibrix-system");
  const bool explained = explain(context, model, sources, f);
  if (explained) return;
  f.note(
      "it was deleted, the label was added after the workload, or the controller could not create "
      "it: the controller acts only when a workload is created or deleted, and does not retry");
  restart_controller(context, f, "it creates every missing HTTPRoute at startup");
}

void run_missing(const Context& context, Reporter& reporter) {
  if (aibrix::gateway_mode(context.cluster) == aibrix::GatewayMode::side_car) {
    return reporter.not_applicable(
        "Envoy runs as a sidecar of the gateway plugin and uses no HTTPRoutes");
  }
  const kube::Lookup ns =
      context.snapshot.find(kube::resources::namespaces, "", aibrix::names::system_namespace);
  if (ns.missing() || (ns && ns->deleting())) {
    return reporter.not_applicable("AIBrix is not installed, or is being removed");
  }
  if (context.snapshot.state(aibrix::resources::http_routes) == kube::ListState::absent) {
    return reporter.not_applicable("the cluster does not serve HTTPRoutes");
  }
  std::size_t present = 0;
  for (const aibrix::Model& model : models_to_judge(context, reporter)) {
    const std::vector<const Object*> sources = route_sources(context, model);
    if (model.route) ++present;
    if (sources.empty() || model.route) continue;
    if (model.route.unknown()) {
      reporter.undetermined("HTTPRoute " + aibrix::route_name(model.name) + " was not read");
      continue;
    }
    const bool nobody_acts = controller_state(context).down ||
                             !controller_runs(context, aibrix::controller_names::model_route);
    if (!nobody_acts && may_still_come(context, sources)) {
      reporter.undetermined("HTTPRoute " + aibrix::route_name(model.name) +
                            " may still be created");
      continue;
    }
    report_missing(context, model, sources, reporter);
  }
  reporter.measured(base::plural(present, "route"));
}

}  // namespace

constinit const Check registry::MDL013{
    codes::MDL013,
    Area::routing,
    "a model has no HTTPRoute",
    missing_needs,
    run_missing,
    {"A Deployment, ModelAdapter, RayClusterFleet or LeaderWorkerSet has the label "
     "model.aibrix.ai/name in its metadata, but aibrix-system has no HTTPRoute for the model. "
     "Requests without a routing strategy get 503 \"httproutes … not found\" (before v0.4 they "
     "fall through to the reserved HTTPRoute and fail there).",
     "The controller was down or its model-route-controller disabled, the HTTPRoute was deleted "
     "manually, the label was added to an existing workload, the model name is not valid for an "
     "HTTPRoute (before v0.8), or there is no port label (before v0.2.1).",
     "Bring the controller back, or restart it: at startup it processes every workload.",
     "every release; RayClusterFleet since v0.2.1, LeaderWorkerSet since v0.6"}};

}  // namespace checks
