// MDL014, MDL015: what Envoy Gateway says of a model's route.
#include <algorithm>

#include "aibrix/gateway.hpp"
#include "base/text.hpp"
#include "checks/common/adapters.hpp"
#include "checks/common/causes.hpp"
#include "checks/common/references.hpp"
#include "checks/core/command.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

using aibrix::BackendRef;
using aibrix::Route;
using kube::Condition;

constexpr auto status_needs = references_and(need::http_routes);
constexpr auto mixed_needs = routes_and(need::http_routes);

// ResolvedRefs=False with the reason of a True one: Envoy Gateway 1.2's "Mixed endpointslice
// address type". AIBrix's plugin looks at the reason alone and lets requests pass.
bool is_mixed(const Condition& c) {
  return c.type() == "ResolvedRefs" && c.is_false() && c.reason() == "ResolvedRefs";
}

void blame_adapter(const kube::Object& adapter, Finding& f) {
  for (const Code code : {LOR001, LOR002, LOR004}) f.caused_by(code, adapter.ref());
}

void blame_backend(const Context& context, const BackendRef& backend, Finding& f) {
  if (!backend.is_service()) return;
  const kube::Lookup service =
      context.snapshot.find(kube::resources::services, backend.target.ns, backend.target.name);
  if (service.missing()) f.caused_by(MDL010, backend.target);
  if (!service) return;
  const auto ports = service->spec()["ports"].items();
  const bool has_port = std::any_of(ports.begin(), ports.end(), [&](const kube::Value& port) {
    return !backend.port || port["port"].integer() == backend.port;
  });
  if (!has_port) {
    f.caused_by(MDL009, backend.target);
    f.caused_by(MDL009, f.subject.ref);
  }
}

// The backend of this route is the Service of an adapter that is being loaded.
bool awaits_adapter(const Context& context, const Route& route) {
  const aibrix::Model* model = context.cluster.model(route.model());
  return model != nullptr && model->adapter != nullptr && may_still_load(context, *model->adapter);
}

// The finding behind a refused reference, found by looking ourselves: reasons are an open set, and
// differ between releases of Envoy Gateway.
void blame_references(const Context& context, const JudgedRoute& judged, Finding& f) {
  const kube::ObjectRef route = judged.route.object().ref();
  f.caused_by(MDL017, route);
  if (judged.denied()) {
    f.caused_by(REF001, route);
    return;  // permission is asked for first: what comes after is not what the condition says
  }
  if (judged.refused_though_permitted()) f.caused_by(REF006, route);
  const aibrix::Model* model = context.cluster.model(judged.route.model());
  if (model != nullptr && model->adapter != nullptr) {
    blame_adapter(*model->adapter, f);  // its Service comes with the loaded LoRA
  }
  for (const BackendRef& backend : judged.route.backends()) blame_backend(context, backend, f);
}

void blame_attachment(const Context& context, const Route& route, const Condition& accepted,
                      Finding& f) {
  const kube::ObjectRef gateway = aibrix::gateway_ref();
  if (accepted.reason() == "NotAllowedByListeners") f.caused_by(GW019, route.object().ref());
  if (const auto cause = gateway_cause(context)) {
    f.caused_by(cause->code, cause->object);
  } else if (accepted.reason() != "NotAllowedByListeners") {
    f.caused_by(GW009, gateway);
  }
  f.with_related(gateway);
}

void report_bad(const Context& context, const JudgedRoute& judged, const Condition& condition,
                Reporter& reporter) {
  const Route& route = judged.route;
  const std::string title = name_of(route) + " has " + condition.summary();
  Finding& f = report(reporter, unusable_route(context, route.model()), route.object(), title,
                      route.model());
  f.at_field("status.parents").with_evidence("status", describe(context, route, condition));
  f.with_evidence("gateway says", std::string(condition.message()));
  f.since = condition.since();
  if (known_nowhere(context, route.model())) f.caused_by(MDL018, route.object().ref());
  if (condition.type() == "ResolvedRefs") {
    blame_references(context, judged, f);
  } else {
    blame_attachment(context, route, condition, f);
  }
}

// No ready endpoint: a symptom of the pods (or of a Service that picks none), never a cause.
void report_no_endpoints(const Context& context, const JudgedRoute& judged,
                         const Condition& condition, Reporter& reporter) {
  const Route& route = judged.route;
  const aibrix::Model* model = context.cluster.model(route.model());
  if (model == nullptr) return;
  const auto& workloads = model->workloads;
  const bool asleep = !workloads.empty() && model->adapter == nullptr &&
                      std::all_of(workloads.begin(), workloads.end(),
                                  [](const aibrix::Workload& w) { return w.replicas == 0; });
  if (asleep) return;  // MDL004
  Impact impact = unusable_route(context, route.model());
  impact.level = std::min(impact.level, Level::warning);
  impact.consequence.clear();  // the cause knows better: no pod means that no request is answered
  Finding& f = report(reporter, impact, route.object(),
                      name_of(route) + " has a backend without ready endpoints", route.model());
  f.at_field("status.parents").with_evidence("status", describe(context, route, condition));
  for (const aibrix::Workload& w : workloads) {
    for (const Code code : {RAY001, MDL006, MDL005, MDL002}) {
      f.caused_by(code, w.object->ref());
    }
  }
  for (const kube::Object* pod : model->pods) f.caused_by(MDL006, pod->ref());
  if (model->adapter != nullptr) blame_adapter(*model->adapter, f);
  for (const BackendRef& backend : route.backends()) f.caused_by(MDL011, backend.target);
}

void run_status(const Context& context, Reporter& reporter) {
  std::size_t good = 0;
  std::size_t silent = 0;
  for (const JudgedRoute& judged : judge_references(context)) {
    const Route& route = judged.route;
    if (!route.has_status()) ++silent;
    if (route.outdated()) {
      reporter.undetermined("the status of " + name_of(route) + " belongs to an older spec");
    }
    bool bad = false;
    for (const char* type : {"Accepted", "ResolvedRefs"}) {
      const Condition condition = route.condition(type);
      if (!condition.is_false() || is_mixed(condition)) continue;
      bad = true;
      if (settling(context, condition)) {
        reporter.undetermined(name_of(route) + " changed only just now");
      } else if (condition.type() == "ResolvedRefs" && awaits_adapter(context, route)) {
        reporter.undetermined(name_of(route) + " leads to an adapter that is being loaded");
      } else {
        report_bad(context, judged, condition, reporter);
      }
    }
    // Of the types Envoy Gateway adds, this one alone is read; others have another polarity
    // (RouteRulesOverlap=True is a warning) or are not known here.
    const Condition endpoints = route.condition("BackendsAvailable");
    if (!bad && endpoints.is_false() && !settling(context, endpoints)) {
      bad = true;
      report_no_endpoints(context, judged, endpoints, reporter);
    }
    if (!bad && route.has_status()) ++good;
  }
  if (silent != 0) {
    reporter.undetermined(base::plural(silent, "route") + " without a status from Envoy Gateway");
  }
  reporter.measured(base::plural(good, "route") + " accepted and resolved");
}

void run_mixed(const Context& context, Reporter& reporter) {
  for (const Route& route : routes_to_judge(context)) {
    const Condition condition = route.condition("ResolvedRefs");
    if (!is_mixed(condition)) continue;
    Finding& f = reporter.warning(route.object(),
                                  name_of(route) + " has endpoints of more than one address type");
    f.with_consequence(
        "Envoy Gateway may drop some of them, and AIBrix's gateway does not notice.");
    if (!route.model().empty()) f.model(route.model());
    f.at_field("status.parents").with_evidence("status", describe(context, route, condition));
    f.with_evidence("gateway says", std::string(condition.message()));
    for (const BackendRef& backend : route.backends()) f.with_related(backend.target);
    f.remedy(Confidence::manual,
             "give the Service one address family (spec.ipFamilyPolicy: "
             "SingleStack)");
  }
}

}  // namespace

constinit const Check registry::MDL014{
    codes::MDL014,
    Area::routing,
    "Envoy Gateway does not accept a model's HTTPRoute or cannot resolve its backends",
    status_needs,
    run_status,
    {"Envoy Gateway sets Accepted=False or ResolvedRefs=False on a model's HTTPRoute. AIBrix's "
     "gateway plugin reads this (v0.4 and later) and answers requests without a routing strategy "
     "with 503 and the reason.",
     "RefNotPermitted: no ReferenceGrant (REF001). BackendNotFound, PortNotFound: the Service or "
     "its port (MDL010, MDL009). NotAllowedByListeners: the HTTPRoute is not in aibrix-system. "
     "BackendsAvailable=False: no ready pod behind the Service (MDL006).",
     "Fix the named cause. RefNotPermitted hides whether the Service exists, so check again after "
     "adding a grant.",
     "every release; BackendsAvailable since Envoy Gateway 1.9"}};

constinit const Check registry::MDL015{
    codes::MDL015,
    Area::routing,
    "a model's Service has endpoints of several address types",
    mixed_needs,
    run_mixed,
    {"Envoy Gateway sets ResolvedRefs=False with the reason ResolvedRefs: the Service has IPv4 and "
     "IPv6 (or FQDN) EndpointSlices at the same time. AIBrix's gateway plugin checks only the "
     "reason and forwards the requests.",
     "A dual-stack Service.", "Make the Service single-stack.", "Envoy Gateway 1.1 and later"}};

}  // namespace checks
