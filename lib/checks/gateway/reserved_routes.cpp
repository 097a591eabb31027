// GW010: the reserved route takes AI requests; GW011: the route of /v1/models works.
#include <vector>

#include "aibrix/names.hpp"
#include "aibrix/release_facts.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/gateway.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

namespace names = aibrix::names;
namespace resources = aibrix::resources;
using kube::Object;

constexpr kube::Need gw010_own[] = {need::http_routes, need::optional({&resources::ray_fleets})};
constexpr auto gw010_needs = with_gateway(gw010_own);
constexpr kube::Need gw011_own[] = {need::http_routes};
constexpr auto gw011_needs = with_gateway(gw011_own);

kube::ObjectRef route_ref(std::string_view name) {
  return {"gateway.networking.k8s.io", "HTTPRoute", std::string(names::system_namespace),
          std::string(name)};
}

// What every AI request needs of the route, whatever the release.
bool is_core_path(std::string_view path) {
  return path == "/v1/chat/completions" || path == "/v1/completions";
}

void check_paths(const Context& context, Reporter& reporter, const Object& route) {
  const auto expected = aibrix::reserved_paths(context.cluster.release());
  std::vector<std::string> missing;
  bool core = false;
  for (const std::string_view path : expected) {
    if (aibrix::covers(route, path)) continue;
    missing.emplace_back(path);
    core = core || is_core_path(path);
  }
  if (missing.empty()) return;
  // A release that this program does not know may have other paths.
  const bool unknown =
      context.cluster.release().state() == aibrix::Release::State::newer_than_known && !core;
  Finding& f = report(
      reporter,
      core      ? Level::error
      : unknown ? Level::info
                : Level::warning,
      route, "HTTPRoute " + route.full_name() + " has no match for " + base::join_and(missing));
  f.with_consequence("Requests to " + std::string(missing.size() == 1 ? "it" : "them") +
                     " without a routing strategy get 404.");
  f.at_field("spec.rules").with_evidence("release", context.cluster.release().text());
  f.with_evidence("missing paths", base::join(missing, ", "));
  if (manifests_are_newer(context)) {
    const Object* plugins =
        context.cluster.component(aibrix::ComponentRole::gateway_plugins).deployment;
    if (plugins != nullptr) f.caused_by(INS012, plugins->ref());
    f.with_consequence("");  // the cause knows what is answered
    f.remedy(Confidence::review, "run the images of v0.6.0 (or upgrade to v0.7.0 or later)");
    return;
  }
  if (!unknown) reapply_remedy(f, context, "core");
}

// Annotation model.aibrix.ai/model-router-custom-paths (v0.6+) gives a model's own route more
// paths; a request gets there only when the reserved route takes it first.
void check_custom_paths(Reporter& reporter, const Object& route, const Object& workload) {
  const std::string_view model = workload.label(names::model_name);
  if (model.empty() || workload.deleting()) return;
  std::vector<std::string> missing;
  const std::string_view text = workload.annotation("model.aibrix.ai/model-router-custom-paths");
  for (const std::string_view part : base::split(text, ',')) {
    const std::string_view path = base::trim(part);
    if (!path.empty() && !aibrix::covers(route, path)) missing.emplace_back(path);
  }
  if (missing.empty()) return;
  Finding& f = reporter.warning(route, "HTTPRoute " + route.full_name() + " has no match for " +
                                           base::join_and(missing) + ", a custom path of model " +
                                           std::string(model));
  f.with_consequence("Requests to it get 404 unless they have a routing-strategy or model header.");
  f.at_field("spec.rules").with_related(workload).model(std::string(model));
  f.remedy(Confidence::review, "add the path to the route's matches",
           kubectl(route.ns(), "edit").on("httproute", route.name()));
}

// False: a finding (or a reason not to judge) is in `result`, and the paths do not matter yet.
bool attached(const Context& context, Reporter& reporter, const Object& route, bool judge) {
  const aibrix::Route& view = route_view(context, route);
  // A manifest that is not yet in a namespace says nothing of the Gateway's.
  const bool ours =
      view.attached() ||
      (route.ns().empty() && route.spec()["parentRefs"][0]["name"].text() == names::gateway);
  if (!ours) {
    Finding& f = reporter.error(route, "HTTPRoute " + route.full_name() +
                                           " is not attached to Gateway aibrix-system/aibrix-eg");
    f.with_consequence("Every AI request gets 404.").at_field("spec.parentRefs");
    f.with_evidence("parentRefs", kube::to_json(route.spec()["parentRefs"]));
    reapply_remedy(f, context, "core");
    return false;
  }
  const kube::Condition accepted = view.condition("Accepted");
  if (!judge || accepted.is_true()) return true;
  if (maybe_unseen(context, route) || settling(context, accepted) || view.outdated()) {
    reporter.undetermined("HTTPRoute " + route.full_name() +
                          " was created or changed only just now");
    return true;
  }
  const bool refused = accepted.is_false();
  Finding& f = reporter.error(
      route, refused ? "HTTPRoute " + route.full_name() + " is not accepted (" +
                           std::string(accepted.reason()) + ")"
                     : "HTTPRoute " + route.full_name() + " was not processed by any controller");
  f.with_consequence("Every AI request gets 404.");
  show_condition(f, accepted);
  because_of(f, gateway_cause(context));
  f.remedy(Confidence::manual, "fix what its conditions name",
           kubectl(route.ns(), "describe").on("httproute", route.name()));
  return false;
}

void run_reserved(const Context& context, Reporter& reporter) {
  if (!gateway_expected(context, reporter)) return;
  const kube::Lookup route = aibrix::reserved_route(context.cluster);
  if (route.unknown()) {
    reporter.undetermined("HTTPRoutes of namespace aibrix-system were not read");
    return;
  }
  if (route.missing()) {
    Finding& f = reporter.error(route_ref(names::reserved_route),
                                "HTTPRoute aibrix-system/aibrix-reserved-router does not exist");
    f.with_consequence("AI requests without a routing strategy get 404.");
    reapply_remedy(f, context, "core");
    return;
  }
  if (route->deleting()) {
    reporter.not_applicable("HTTPRoute " + route->full_name() + " is being deleted");
    return;
  }
  const bool judge = aibrix::from_api_server(*route);
  if (!judge)
    reporter.undetermined("HTTPRoute " + route->full_name() +
                          " comes from a manifest and has no status");
  if (!attached(context, reporter, *route, judge)) return;
  const kube::Condition resolved = route_view(context, *route).condition("ResolvedRefs");
  if (judge && resolved.is_false() && !settling(context, resolved)) {
    Finding& f =
        reporter.error(*route, "the backend of HTTPRoute " + route->full_name() +
                                   " is not resolved (" + std::string(resolved.reason()) + ")");
    f.with_consequence("Every AI request fails.").at_field("spec.rules[0].backendRefs[0]");
    show_condition(f, resolved);
    const kube::Value backend = route->spec()["rules"][0]["backendRefs"][0];
    f.caused_by(GW018, {"", "Service", std::string(backend["namespace"].text(route->ns())),
                        std::string(backend["name"].text())});
    reapply_remedy(f, context, "core");
  }
  check_paths(context, reporter, *route);
  for (const aibrix::Model& model : context.cluster.models()) {
    for (const aibrix::Workload& w : model.workloads)
      check_custom_paths(reporter, *route, *w.object);
  }
}

void run_metadata(const Context& context, Reporter& reporter) {
  if (!gateway_expected(context, reporter)) return;
  const auto& snapshot = context.snapshot;
  const auto expected = aibrix::metadata_route_name(context.cluster.release());
  kube::Lookup route =
      snapshot.find(resources::http_routes, names::system_namespace, names::metadata_route);
  if (!route) {
    const kube::Lookup older =
        snapshot.find(resources::http_routes, names::system_namespace, names::models_route);
    if (older) route = older;
  }
  if (expected && expected->empty()) {
    reporter.not_applicable("releases before v0.3 have no such HTTPRoute");
    return;
  }
  if (route.unknown() || (!route && !expected)) {
    reporter.undetermined(
        route.unknown()
            ? "HTTPRoutes of namespace aibrix-system were not read"
            : "AIBrix's release, which decides whether there is such an HTTPRoute, is unknown");
    return;
  }
  if (route.missing()) {
    Finding& f =
        reporter.warning(route_ref(*expected),
                         "HTTPRoute aibrix-system/" + std::string(*expected) + " does not exist");
    f.with_consequence("Requests to /v1/models get 404.");
    reapply_remedy(f, context, "core");
    return;
  }
  for (const std::string_view type : {"Accepted", "ResolvedRefs"}) {
    const kube::Condition condition = route_view(context, *route).condition(type);
    if (route->deleting() || !condition.is_false() || settling(context, condition)) continue;
    Finding& f = reporter.warning(*route, "HTTPRoute " + route->full_name() + " does not work (" +
                                              std::string(condition.reason()) + ")");
    f.with_consequence("Requests to /v1/models fail.");
    show_condition(f, condition);
    because_of(f, gateway_cause(context));
    reapply_remedy(f, context, "core");
  }
  if (!aibrix::from_api_server(*route)) {
    reporter.undetermined("HTTPRoute " + route->full_name() +
                          " comes from a manifest and has no status");
  }
}

}  // namespace

constinit const Check registry::GW010{
    codes::GW010,
    Area::gateway,
    "the reserved HTTPRoute for AI requests is missing or not usable",
    gw010_needs,
    run_reserved,
    {"HTTPRoute aibrix-reserved-router receives every AI request before its model is known. It is "
     "missing, not attached to the Gateway, or has no match for a path that this release serves. "
     "Such requests get 404 (Envoy logs route_not_found).",
     "The core manifest was applied only in part, an older one was left by an upgrade, the "
     "HTTPRoute was edited, or Envoy Gateway is down. AIBrix itself leaves some paths out: "
     "/v1/messages and /v1/audio work only with a routing-strategy header.",
     "Reapply the release's core manifest or chart.",
     "every release (not with the chart's envoyAsSideCar)"}};

constinit const Check registry::GW011{
    codes::GW011,
    Area::gateway,
    "the HTTPRoute for /v1/models is missing or not usable",
    gw011_needs,
    run_metadata,
    {"The HTTPRoute that sends /v1/models (from v0.5 on also /v1/files and /v1/batches) to "
     "AIBrix's metadata service is missing, or its backend is not found. Inference is not "
     "affected.",
     "The metadata service was disabled or removed, or an upgrade left the older HTTPRoute "
     "(…-models-endpoint of v0.3 and v0.4) in place.",
     "Reapply the release's core manifest or chart.", "v0.3.0 and later"}};

}  // namespace checks
