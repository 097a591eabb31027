// MDL017, MDL018: routes that lead where the model no longer is, and routes of models that are
// gone.
#include <algorithm>

#include "aibrix/gateway.hpp"
#include "aibrix/names.hpp"
#include "base/text.hpp"
#include "checks/common/causes.hpp"
#include "checks/common/routes.hpp"
#include "checks/core/command.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

using aibrix::BackendRef;
using aibrix::Model;
using aibrix::Route;
using kube::Object;

constexpr auto stale_needs = routes_and(need::http_routes, need::optional(need::services),
                                        need::optional(need::endpointslices));

// Backends as the controller would write them today.
std::vector<BackendRef> expected(const Context& context, const Model& model) {
  std::vector<BackendRef> out;
  for (const Object* source : route_sources(context, model)) {
    BackendRef backend;
    backend.target = {"", "Service", std::string(source->ns()), model.name};
    const std::string_view named = source->annotation(aibrix::names::model_service_name);
    if (!named.empty()) backend.target.name = named;
    backend.port = aibrix::backend_port(*source);
    out.push_back(std::move(backend));
  }
  return out;
}

enum class Reach { works, nowhere, unknown };

// Whether the backend is there at all; only then can what differs be somebody's intention.
Reach reach(const Context& context, const BackendRef& backend) {
  const kube::Lookup service =
      context.snapshot.find(kube::resources::services, backend.target.ns, backend.target.name);
  if (service.missing()) return Reach::nowhere;
  if (!service) return Reach::unknown;
  const auto ports = service->spec()["ports"].items();
  const bool has_port = std::any_of(ports.begin(), ports.end(), [&](const kube::Value& port) {
    return port["port"].integer() == backend.port;
  });
  if (!has_port) return Reach::nowhere;
  const auto ready = context.cluster.ready_endpoints(backend.target.ns, backend.target.name);
  if (!ready) return Reach::unknown;
  return *ready == 0 ? Reach::nowhere : Reach::works;
}

std::string stale_because(const Model& model, const BackendRef& backend,
                          const std::vector<BackendRef>& wanted) {
  if (!lives_in(model, backend.target.ns)) {
    std::vector<std::string> there = model.namespaces();
    if (there.empty() && !model.pods.empty()) there.emplace_back(model.pods.front()->ns());
    return "the model is in " + (there.empty() ? "another namespace" : base::join_and(there));
  }
  // Written by hand for a workload the controller passes over: its Service is people's choice.
  if (wanted.empty()) return {};
  const bool as_wanted = std::any_of(wanted.begin(), wanted.end(), [&](const BackendRef& w) {
    return w.target == backend.target && w.port == backend.port;
  });
  return as_wanted ? std::string() : "its workload expects " + wanted.front().text();
}

void advise(const Context& context, const Route& route, Finding& f, bool again) {
  f.note("nothing shows who created an HTTPRoute: this one may be handwritten");
  f.remedy(Confidence::review, "delete the HTTPRoute",
           kubectl(route.object().ns(), "delete")
               .on("httproutes.gateway.networking.k8s.io", route.object().name()));
  if (again) restart_controller(context, f, "it re-creates the HTTPRoute at startup");
}

void judge_stale(const Context& context, const Route& route, const Model& model,
                 Reporter& reporter) {
  const BackendRef& backend = route.backends().front();
  const std::vector<BackendRef> wanted = expected(context, model);
  const std::string why = stale_because(model, backend, wanted);
  if (why.empty()) return;
  const Reach reached = reach(context, backend);
  if (reached == Reach::works) return;
  if (reached == Reach::unknown) {
    return reporter.undetermined("the backend of " + name_of(route) + " was not read");
  }
  Finding& f = reporter.warning(route.object(),
                                name_of(route) + " points to " + backend.text() + ", but " + why);
  f.model(route.model()).at_field(backend.path);
  f.with_consequence("The controller never changes an existing HTTPRoute.");
  f.with_evidence("backend", backend.text(), wanted.empty() ? "" : wanted.front().text());
  for (const aibrix::Workload& w : model.workloads) f.with_related(*w.object);
  advise(context, route, f, !wanted.empty());
}

void run_stale(const Context& context, Reporter& reporter) {
  std::size_t seen = 0;
  for (const Route& route : routes_to_judge(context)) {
    if (!route.looks_generated() || !aibrix::from_api_server(route.object())) continue;
    ++seen;
    if (const Model* model = context.cluster.model(route.model())) {
      judge_stale(context, route, *model, reporter);
    }
  }
  reporter.measured(base::plural(seen, "route"));
}

void run_orphans(const Context& context, Reporter& reporter) {
  std::size_t seen = 0;
  for (const Route& route : routes_to_judge(context)) {
    if (!route.looks_generated() || !aibrix::from_api_server(route.object())) continue;
    ++seen;
    if (context.cluster.model(route.model()) != nullptr) continue;
    if (!known_nowhere(context, route.model())) {
      reporter.undetermined("whether anything serves model " + route.model() + " was not read");
      continue;
    }
    if (just_made(context, route.object())) {
      reporter.undetermined(name_of(route) + " was created only just now");
      continue;
    }
    Finding& f = reporter.warning(
        route.object(), name_of(route) + " is left over: nothing serves model " + route.model());
    f.with_consequence(
        "It blocks a new model of this name in another namespace, whose HTTPRoute would have the "
        "same name.");
    f.model(route.model());
    f.with_evidence("workloads, adapters, claims and pods of model " + route.model(), "none");
    f.with_evidence("backend", route.backends().front().text());
    f.note(
        "the controller deletes the HTTPRoute with its workload, but not if it was down at that "
        "time");
    advise(context, route, f, false);
  }
  reporter.measured(base::plural(seen, "route"));
}

}  // namespace

constinit const Check registry::MDL017{
    codes::MDL017,
    Area::routing,
    "the HTTPRoute of a model points to the wrong namespace, Service or port",
    stale_needs,
    run_stale,
    {"A model's HTTPRoute points to a namespace, Service or port that does not exist (any more), "
     "while its workload expects another one. The controller never changes an existing HTTPRoute.",
     "The workload was moved to another namespace, or its port or Service name was changed after "
     "the HTTPRoute was created. Or the model name is used in two namespaces, and the HTTPRoute "
     "was created for the first one.",
     "Delete the HTTPRoute and restart aibrix-controller-manager, which re-creates it.",
     "every release"}};

constinit const Check registry::MDL018{
    codes::MDL018,
    Area::routing,
    "an HTTPRoute of a deleted model is left over",
    stale_needs,
    run_orphans,
    {"There is an HTTPRoute as the controller generates it, but no workload, adapter, claim or pod "
     "of that model anywhere.",
     "The workload was deleted while the controller was down, which does not catch up on "
     "deletions. Or the HTTPRoute is handwritten.",
     "Delete the HTTPRoute.", "every release"}};

}  // namespace checks
