// MDL020: models of kinds that never get an HTTPRoute need a routing strategy.
#include <algorithm>

#include "aibrix/model_config.hpp"
#include "aibrix/names.hpp"
#include "aibrix/release_facts.hpp"
#include "aibrix/resources.hpp"
#include "checks/common/causes.hpp"
#include "checks/common/objects.hpp"
#include "checks/core/command.hpp"

namespace checks {
namespace {

using aibrix::DefaultStrategy;
using aibrix::Model;
using aibrix::Workload;
using kube::Object;

// A route is made for it, or would be but for a label: MDL003, REF002 and LOR003 speak of those.
bool may_have_route(const Context& context, const Model& model) {
  if (model.adapter != nullptr) return true;
  return std::any_of(model.workloads.begin(), model.workloads.end(), [&](const Workload& w) {
    return aibrix::gets_route(w.object->kind(), context.cluster.release()).value_or(true);
  });
}

const Object* subject_of(const Context& context, const Model& model) {
  if (!model.workloads.empty()) return model.workloads.front().object;
  if (model.claim != nullptr) return model.claim;
  for (const Object* pod : model.pods) {
    if (!pod->deleting() && !owner_deleting(context, *pod)) return pod;
  }
  return nullptr;
}

// Prefill and decode in pods of their own are served by the strategy pd alone
// (docs/source/features/pd-disaggregation.rst at v0.7.0).
bool has_roles(const Model& model) {
  bool prefill = false;
  bool decode = false;
  const auto see = [&](std::string_view role) {
    prefill = prefill || role == "prefill";
    decode = decode || role == "decode";
  };
  for (const Object* pod : model.pods) see(pod->label(aibrix::names::role_name));
  for (const Workload& w : model.workloads) {
    const kube::Value spec = w.object->spec();
    const bool storm = w.object->kind() == "StormService";
    for (const kube::Value& role :
         (storm ? spec.at("template", "spec", "roles") : spec["roles"]).items()) {
      see(role["name"].text());
    }
  }
  return prefill && decode;
}

// For this model alone: what changes every model's requests is no remedy for one.
void advise(const Context& context, const Model& model, const Object& object, Finding& f) {
  const std::string strategy = has_roles(model) ? "pd" : "least-request";
  f.remedy(Confidence::safe, "send the header routing-strategy: " + strategy);
  if (!aibrix::facts::reads_model_config.holds(context.cluster.release()).value_or(true)) {
    f.remedy(Confidence::manual,
             "set ROUTING_ALGORITHM of aibrix-gateway-plugins, which changes every model's "
             "requests: they then use no HTTPRoute");
    return;
  }
  const std::string key(aibrix::names::model_config);
  const std::string config =
      R"({"profiles":{"default":{"routingStrategy":")" + strategy + R"("}}})";
  Command annotate;
  Command undo;
  if (!model.pods.empty()) {
    const auto pods = [&] {
      return kubectl(object.ns(), "annotate", "pods", "-l",
                     std::string(aibrix::names::model_name) + '=' + model.name);
    };
    annotate = pods().with(operand(key + '=' + config));
    undo = pods().with(operand(key + '-'));
  }
  f.remedy(Confidence::review,
           "set a default for this model: on its pods now, and in the pod template's annotation " +
               key + " for pods to come",
           std::move(annotate));
  f.remedies.back().undo = std::move(undo);
}

void report(const Context& context, const Model& model, const Object& object, Reporter& reporter) {
  // Whoever deploys prefill and decode is told to send pd with every request.
  const std::string title = kind_and_name(object) + " gets no HTTPRoute from AIBrix";
  Finding& f = has_roles(model) ? reporter.info(object, title) : reporter.warning(object, title);
  f.model(model.name);
  f.with_consequence("Requests for " + model.name +
                     " without the routing-strategy header get 503.");
  f.with_evidence("HTTPRoute " + aibrix::route_name(model.name), "not found");
  f.with_evidence("default strategy", "none in ROUTING_ALGORITHM or the pods' " +
                                          std::string(aibrix::names::model_config));
  if (model.routable_pods == 0) {
    f.note(
        "no pod of the model is routable at the moment, which a strategy does not change (MDL006)");
  }
  advise(context, model, object, f);
}

void run_strategy_only(const Context& context, Reporter& reporter) {
  for (const Model& model : models_to_judge(context, reporter)) {
    if (model.route || may_have_route(context, model)) continue;
    if (model.pods.empty() && model.claim == nullptr) {  // MDL004, MDL005, MDL006
      if (!context.snapshot.complete(kube::resources::pods)) {
        reporter.undetermined("no pod of " + model.name + " was read");
      }
      continue;
    }
    const Object* object = subject_of(context, model);
    if (object == nullptr) continue;
    const DefaultStrategy strategy = aibrix::default_strategy(context.cluster, model);
    if (strategy.source != DefaultStrategy::Source::none) continue;
    if (model.route.unknown()) {
      reporter.undetermined("HTTPRoute " + aibrix::route_name(model.name) + " was not read");
    } else if (!strategy.known) {
      reporter.undetermined("whether a default routing strategy is set was not read");
    } else {
      report(context, model, *object, reporter);
    }
  }
}

}  // namespace

constinit const Check registry::MDL020{
    codes::MDL020,
    Area::models,
    "a model without an HTTPRoute has no default routing strategy",
    model_lists,
    run_strategy_only,
    {"The controller creates HTTPRoutes for Deployments, ModelAdapters, RayClusterFleets and "
     "LeaderWorkerSets. A StormService, RoleSet, StatefulSet, bare pod or ModelClaim never gets "
     "one: requests without a routing strategy get 503 \"httproutes … not found\". Requests with a "
     "strategy work, and need neither a Service nor a ReferenceGrant.",
     "The kind of the workload; nothing is broken.",
     "Send the header routing-strategy, or set a default: in the pods' model.aibrix.ai/config "
     "(v0.6 and later) or ROUTING_ALGORITHM of aibrix-gateway-plugins.",
     "every release; RayClusterFleet has routes since v0.2.1, LeaderWorkerSet since v0.6"}};

}  // namespace checks
