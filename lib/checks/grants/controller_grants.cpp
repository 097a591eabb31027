// REF002, REF003: why AIBrix's controller wrote no grant, or took it away.
#include <algorithm>
#include <map>

#include "aibrix/gateway.hpp"
#include "aibrix/grant_manifest.hpp"
#include "aibrix/names.hpp"
#include "aibrix/release_facts.hpp"
#include "base/text.hpp"
#include "checks/common/ray_fleet.hpp"
#include "checks/common/references.hpp"
#include "checks/core/command.hpp"

namespace checks {
namespace {

using kube::Object;

constexpr auto fleet_needs = references_and(kube::Need{&aibrix::resources::ray_fleets});
constexpr auto lost_needs = references_and(need::http_routes, reference_grants);

// Older controllers read the label only; main takes the annotation too.
bool names_model(const Context& context, const Object& fleet) {
  if (!fleet.label(aibrix::names::model_name).empty()) return true;
  const bool annotation = !fleet.annotation(aibrix::names::model_name).empty();
  return annotation &&
         aibrix::facts::annotation_names_model.holds(context.cluster.release()).value_or(true);
}

void report_unlabelled(const Context& context, const std::vector<JudgedRoute>& routes,
                       const Fleet& serving, Reporter& reporter) {
  const Object& fleet = *serving.object;
  const std::string key(aibrix::names::model_name);
  Finding& f = reporter.warning(fleet, "RayClusterFleet " + fleet.full_name() +
                                           " has the model label only on its pod template");
  f.model(serving.model).at_field("metadata.labels");
  f.with_evidence("metadata.labels", "no " + key, key + ": " + serving.model);
  f.with_evidence(serving.model_path, key + ": " + serving.model);
  const auto denied = denied_routes(routes, fleet.ns(), serving.model);
  for (const kube::ObjectRef& route : denied) f.caused_by(REF001, route);
  const Impact impact = unusable_route(context, serving.model);
  const aibrix::Model* model = context.cluster.model(serving.model);
  if (!denied.empty()) {
    f.with_consequence(impact.consequence);
  } else {
    f.with_consequence(
        "AIBrix's controller ignores it and creates neither an HTTPRoute nor a ReferenceGrant for "
        "it.");
    if (model != nullptr && model->route.missing())
      f.note("it has no HTTPRoute. " + impact.consequence);
  }
  if (aibrix::gets_route("RayClusterFleet", context.cluster.release()) == false) {
    f.note("AIBrix " + context.cluster.release().text() +
           " creates no HTTPRoutes for fleets; this starts with " +
           aibrix::facts::routes_fleets.start());
  }
  if (!from_api_server(fleet)) {
    f.remedy(Confidence::safe, "add " + key + ": " + serving.model + " to its metadata.labels");
    return;
  }
  f.remedy(Confidence::safe, "label the fleet itself",
           kubectl(fleet.ns(), "label", target_of(fleet), key + '=' + serving.model));
  restart_controller(context, f, "it then also processes existing objects");
}

void run_fleet_labels(const Context& context, Reporter& reporter) {
  const std::vector<JudgedRoute>& routes = judge_references(context);
  const std::vector<Fleet> all = fleets(context);
  for (const Fleet& fleet : all) {
    if (!names_model(context, *fleet.object)) report_unlabelled(context, routes, fleet, reporter);
  }
  if (!all.empty()) {
    reporter.measured(base::plural(all.size(), "fleet") + " labelled in their own metadata");
  } else if (context.snapshot.complete(aibrix::resources::ray_fleets)) {
    reporter.not_applicable("no RayClusterFleet serves a model");
  } else {
    reporter.undetermined("no RayClusterFleet of a model was read");
  }
}

// The objects of one namespace for which the controller once wrote the grant.
using ByNamespace = std::map<std::string, std::vector<std::pair<const Object*, std::string>>>;

ByNamespace labelled_by_namespace(const Context& context) {
  ByNamespace out;
  for (const aibrix::Model& model : context.cluster.models()) {
    for (const Object* source : route_sources(context, model)) {
      // It makes none for its own namespace.
      if (source->ns() == aibrix::names::system_namespace) continue;
      out[std::string(source->ns())].emplace_back(source, model.name);
    }
  }
  return out;
}

void report_lost(const Context& context, const std::vector<JudgedRoute>& routes,
                 const ByNamespace::value_type& entry, Reporter& reporter) {
  const auto& [ns, sources] = entry;
  const std::string name = aibrix::controller_grant_name(ns);
  std::vector<kube::ObjectRef> denied;
  std::vector<std::string> models;
  bool deployment = false;
  for (const auto& [source, model] : sources) {
    deployment = deployment || source->kind() == "Deployment";
    const auto routes_of_model = denied_routes(routes, ns, model);
    if (!routes_of_model.empty()) models.push_back(model);
    denied.insert(denied.end(), routes_of_model.begin(), routes_of_model.end());
  }
  if (denied.empty()) return;  // another grant does, or there is no route yet (MDL013)
  Finding& f = reporter.warning(
      kube::ObjectRef{std::string(aibrix::gateway_group), "ReferenceGrant", ns, name},
      "the controller's ReferenceGrant " + ns + '/' + name + " is missing");
  for (const kube::ObjectRef& route : denied) f.caused_by(REF001, route);
  for (const std::string& model : models) f.model(model);
  f.with_consequence(unusable_route(context, models.front()).consequence);
  f.with_evidence("ReferenceGrant " + name, "not found",
                  "created for every namespace with labelled models");
  for (const auto& [source, model] : sources) f.with_related(*source);
  const bool all_deployments = context.snapshot.complete(kube::resources::deployments, ns);
  const bool spares =
      aibrix::facts::grant_outlives_others.holds(context.cluster.release()).value_or(true);
  if (!spares) {
    f.note("before " + aibrix::facts::grant_outlives_others.start() +
           " the controller deletes it together with any model of the namespace");
  } else if (!deployment && all_deployments) {
    f.note(
        "the controller deletes it together with the last model Deployment of the namespace, "
        "although fleets, adapters and LeaderWorkerSets still need it (vllm-project/aibrix#1504)");
  } else {
    f.note("it was deleted manually, or the controller failed to create it and does not retry");
  }
  restart_controller(context, f,
                     "it re-creates its grants at startup, until it deletes them again");
}

void run_controller_grants(const Context& context, Reporter& reporter) {
  const ByNamespace labelled = labelled_by_namespace(context);
  const std::vector<JudgedRoute>& routes = judge_references(context);
  std::size_t present = 0;
  for (const auto& entry : labelled) {
    const kube::Lookup grant =
        context.snapshot.find(aibrix::resources::reference_grants, entry.first,
                              aibrix::controller_grant_name(entry.first));
    if (grant) ++present;
    if (grant.unknown()) {
      reporter.undetermined("not all ReferenceGrants of namespace " + entry.first + " were read");
    }
    if (grant.missing()) report_lost(context, routes, entry, reporter);
  }
  reporter.measured(base::plural(present, "namespace") + " with the controller's grant");
}

}  // namespace

constinit const Check registry::REF002{
    codes::REF002,
    Area::grants,
    "a RayClusterFleet that serves a model has no model label of its own",
    fleet_needs,
    run_fleet_labels,
    {"A RayClusterFleet has the label model.aibrix.ai/name only on its pod template, not in its "
     "own metadata. The controller reads the metadata, so it creates neither the HTTPRoute nor the "
     "ReferenceGrant. With a handwritten HTTPRoute, requests without a routing strategy get 503 "
     "RefNotPermitted unless something else has created a grant in the namespace.",
     "The sample samples/distributed/fleet-two-node.yaml has this fault.",
     "Label the fleet (also with model.aibrix.ai/port if the port is not 8000), then restart the "
     "controller, which only processes new objects. Or create a ReferenceGrant yourself.",
     "every release; HTTPRoutes for fleets since v0.2.1"}};

constinit const Check registry::REF003{
    codes::REF003,
    Area::grants,
    "a ReferenceGrant of the controller is missing",
    lost_needs,
    run_controller_grants,
    {"The models of a namespace are labelled correctly, but the ReferenceGrant that the controller "
     "creates for them is missing, and no other grant permits their HTTPRoutes.",
     "The controller deletes its grant together with the last model Deployment of the namespace "
     "(before v0.3 with any model), without checking whether fleets, ModelAdapters or "
     "LeaderWorkerSets still need it. It re-creates the grant only when it restarts.",
     "Create a grant under another name, which the controller does not touch (REF001 shows it), or "
     "restart the controller.",
     "every release"}};

}  // namespace checks
