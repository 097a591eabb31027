// The HTTPRoutes that checks judge, and what a broken one means to users.
#include "checks/common/routes.hpp"
#include "aibrix/release_facts.hpp"

#include <algorithm>
#include <set>

#include "aibrix/gateway.hpp"
#include "aibrix/model_config.hpp"
#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/causes.hpp"
#include "checks/common/gateway.hpp"

namespace checks {
namespace {

using aibrix::Model;
using aibrix::Route;
using kube::Object;

bool of_the_install(const Object& route) {
  return route.name() == aibrix::names::reserved_route ||
         route.name() == aibrix::names::metadata_route ||
         route.name() == aibrix::names::models_route;
}

bool namespace_deleting(const Context& context, std::string_view ns) {
  const kube::Lookup found = context.snapshot.find(kube::resources::namespaces, "", ns);
  return found && found->deleting();
}

// Models whose workload or adapter is being deleted; the controller takes the route away with it.
std::set<std::string_view> leaving_models(const Context& context) {
  std::set<std::string_view> out;
  for (const kube::Resource* kind :
       {&kube::resources::deployments, &aibrix::resources::ray_fleets,
        &aibrix::resources::leader_worker_sets, &aibrix::resources::model_adapters}) {
    for (const Object& object : context.snapshot.list(*kind)) {
      if (object.deleting()) out.insert(object.label(aibrix::names::model_name));
    }
  }
  out.erase(std::string_view());
  return out;
}

// Kinds whose objects serve a model, or have a route made. StatefulSets are not among them: the
// controller passes them over, and their pods tell.
constexpr const kube::Resource* serving_kinds[] = {
    &kube::resources::pods,           &kube::resources::deployments,
    &aibrix::resources::ray_fleets,   &aibrix::resources::leader_worker_sets,
    &aibrix::resources::role_sets,    &aibrix::resources::storm_services,
    &aibrix::resources::model_claims, &aibrix::resources::model_adapters};

bool all_known(const kube::Snapshot& snapshot, const kube::Resource& kind) {
  return snapshot.complete(kind) ||
         (kind.group.find('.') != std::string_view::npos &&
          snapshot.find(kube::resources::crds, "", kube::full_name(kind)).missing());
}

std::vector<Route> find_routes(const Context& context) {
  const std::set<std::string_view> leaving = leaving_models(context);
  std::vector<Route> out;
  for (const Object& object : context.snapshot.list(aibrix::resources::http_routes)) {
    if (object.deleting() || of_the_install(object) || namespace_deleting(context, object.ns())) {
      continue;
    }
    const Route& route = route_view(context, object);
    const auto& backends = route.backends();
    if (!route.attached() ||
        std::any_of(backends.begin(), backends.end(), [&](const aibrix::BackendRef& b) {
          return namespace_deleting(context, b.target.ns);
        })) {
      continue;
    }
    const bool served = context.cluster.model(route.model()) != nullptr;
    if (!served && leaving.count(route.model()) != 0) continue;
    out.push_back(route);
  }
  return out;
}

struct ToJudge {
  std::vector<Route> routes;
};

}  // namespace

const std::vector<Route>& routes_to_judge(const Context& context) {
  return context.memo->once<ToJudge>([&] { return ToJudge{find_routes(context)}; }).routes;
}

bool known_nowhere(const Context& context, const std::string& model) {
  if (context.cluster.model(model) != nullptr) return false;
  const auto adapters = context.snapshot.list(aibrix::resources::model_adapters);
  const bool labelled = std::any_of(adapters.begin(), adapters.end(), [&](const Object& adapter) {
    return adapter.label(aibrix::names::model_name) == model;
  });
  return !labelled && std::all_of(std::begin(serving_kinds), std::end(serving_kinds),
                                  [&](const kube::Resource* kind) {
                                    return all_known(context.snapshot, *kind);
                                  });
}

bool lives_in(const Model& model, std::string_view ns) {
  const auto here = [&](const Object* object) { return object != nullptr && object->ns() == ns; };
  return here(model.adapter) || here(model.claim) ||
         std::any_of(model.pods.begin(), model.pods.end(), here) ||
         std::any_of(model.ignored_pods.begin(), model.ignored_pods.end(), here) ||
         std::any_of(model.workloads.begin(), model.workloads.end(),
                     [&](const aibrix::Workload& w) { return here(w.object); });
}

Impact unusable_route(const Context& context, const std::string& model) {
  Impact out;
  if (model.empty()) {
    // Envoy Gateway answers itself where no backend of a rule is valid
    // (internal/gatewayapi/route.go).
    out.consequence = "Requests that match it get 500.";
    return out;
  }
  out.consequence = "Requests for model " + model + " without the routing-strategy header get " +
                    aibrix::unusable_route_answer(context.cluster.release()) + '.';
  const Model* known = context.cluster.model(model);
  if (known == nullptr) {
    if (!known_nowhere(context, model)) return out;
    out.level = Level::warning;
    out.consequence.clear();  // whoever asks for it gets 400 whatever its route does: MDL018
    return out;
  }
  const auto strategy = aibrix::default_strategy(context.cluster, *known);
  if (strategy.source != aibrix::DefaultStrategy::Source::none) {
    out.level = Level::info;
    out.consequence = "Requests for model " + model + " use the default strategy " +
                      strategy.strategy + " and bypass the HTTPRoute.";
    return out;
  }
  out.note = way_round_route(*known);
  if (out.note.empty() && known->adapter != nullptr) {
    out.note = "requests with the routing-strategy header bypass the HTTPRoute";
  }
  return out;
}

Finding& report(Reporter& reporter, const Impact& impact, Subject subject, std::string title,
                const std::string& model) {
  Finding& f = impact.level == Level::error ? reporter.error(std::move(subject), std::move(title))
               : impact.level == Level::warning
                   ? reporter.warning(std::move(subject), std::move(title))
                   : reporter.info(std::move(subject), std::move(title));
  f.with_consequence(impact.consequence);
  if (!impact.note.empty()) f.note(impact.note);
  if (!model.empty()) f.model(model);
  return f;
}

std::string describe(const Context& context, const Route& route, const kube::Condition& condition) {
  std::string out = condition.summary();
  if (const auto age = context.snapshot.age(condition.since())) {
    out += " for " + base::format_age(*age);
  }
  const auto observed = condition.value["observedGeneration"].integer();
  if (observed) {
    out += ", observed generation " + std::to_string(*observed) + " of " +
           std::to_string(route.object().generation());
  }
  return out;
}

std::string name_of(const Route& route) {
  return "HTTPRoute " + route.object().full_name();
}

std::vector<const Object*> route_sources(const Context& context, const Model& model) {
  std::vector<const Object*> out;
  for (const aibrix::Workload& w : model.workloads) {
    const bool watched =
        aibrix::gets_route(w.object->kind(), context.cluster.release()).value_or(true);
    if (w.routed && watched && w.metadata_model == model.name && from_api_server(*w.object)) {
      out.push_back(w.object);
    }
  }
  if (model.adapter != nullptr && from_api_server(*model.adapter) &&
      model.adapter->label(aibrix::names::model_name) == model.name) {
    out.push_back(model.adapter);
  }
  return out;
}

void restart_controller(const Context& context, Finding& finding, const std::string& why) {
  const aibrix::Component& part =
      context.cluster.component(aibrix::ComponentRole::controller_manager);
  const bool zero = part.state == aibrix::Component::State::scaled_to_zero;
  finding.remedy(Confidence::review,
                 (zero ? "scale up the controller; " : "restart the controller; ") + why,
                 zero ? scale_up_command(part.ref()) : restart_command(part.ref()));
}

}  // namespace checks
