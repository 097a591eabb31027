// INS007: a controller somebody needs is switched off.
#include "aibrix/controllers.hpp"

#include <algorithm>
#include <array>

#include "aibrix/cluster.hpp"
#include "aibrix/gateway.hpp"
#include "aibrix/names.hpp"
#include "aibrix/release_facts.hpp"
#include "checks/core/check.hpp"
#include "checks/core/needs.hpp"

namespace checks {
namespace {

using aibrix::ControllerProcess;
using kube::Object;
namespace res = aibrix::resources;

constexpr kube::Need controllers_needs[] = {need::deployments,
                                            need::optional({&res::model_adapters}),
                                            need::optional({&res::model_claims}),
                                            need::optional({&res::model_warmups}),
                                            need::optional({&res::pod_autoscalers}),
                                            need::optional({&res::ray_fleets}),
                                            need::optional({&res::kv_caches}),
                                            need::optional({&res::storm_services}),
                                            need::optional({&res::role_sets}),
                                            need::optional({&res::leader_worker_sets}),
                                            need::optional({&kube::resources::statefulsets}),
                                            need::optional(need::pods),
                                            need::optional(need::http_routes),
                                            need::optional(need::gateways),
                                            need::optional(need::gateway_classes),
                                            need::optional(need::services)};

// Who looks after which kinds (pkg/controller/controller.go).
struct Duty {
  std::string_view controller;
  const kube::Resource* kind;
  std::string_view without;  // what users see
};
constexpr auto duties = std::to_array<Duty>({
    {aibrix::controller_names::model_adapter, &res::model_adapters,
     "LoRA adapters are not loaded."},
    {aibrix::controller_names::model_claim, &res::model_claims, "ModelClaims get no engine."},
    {aibrix::controller_names::model_warmup, &res::model_warmups, "ModelWarmups are not run."},
    {aibrix::controller_names::pod_autoscaler, &res::pod_autoscalers, "No model is scaled."},
    {aibrix::controller_names::distributed_inference, &res::ray_fleets,
     "RayClusterFleets get no pods."},
    {aibrix::controller_names::kv_cache, &res::kv_caches, "KVCaches get no pods."},
    {aibrix::controller_names::storm_service, &res::storm_services, "StormServices get no pods."},
    {aibrix::controller_names::storm_service, &res::role_sets, "RoleSets get no pods."},
});

const Object* first_alive(const kube::Snapshot& snapshot, const kube::Resource& kind) {
  for (const Object& object : snapshot.list(kind)) {
    if (!object.deleting()) return &object;
  }
  return nullptr;
}

// A workload or adapter whose HTTPRoute the route controller would make.
const Object* wants_route(const Context& context) {
  if (aibrix::gateway_mode(context.cluster) != aibrix::GatewayMode::envoy_gateway) return nullptr;
  for (const aibrix::Model& model : context.cluster.models()) {
    for (const aibrix::Workload& w : model.workloads) {
      const bool watched =
          aibrix::gets_route(w.object->kind(), context.cluster.release()).value_or(false);
      if (watched && !w.metadata_model.empty()) return w.object;
    }
    if (model.adapter != nullptr && !model.adapter->label(aibrix::names::model_name).empty()) {
      return model.adapter;
    }
  }
  return nullptr;
}

void report(const std::vector<ControllerProcess>& processes, std::string_view controller,
            const Object& user, std::string_view without, Reporter& reporter) {
  const Object& deployment = *processes.front().deployment;
  Finding& f = reporter.warning(deployment, std::string(controller) + " is disabled");
  f.with_consequence(std::string(without)).at_field("spec.template.spec.containers");
  for (const ControllerProcess& p : processes) {
    f.with_evidence("--controllers of " + std::string(p.deployment->name()), p.controllers,
                    "including " + std::string(controller));
  }
  f.with_evidence("needed by", kube::to_string(user.ref()));
  f.remedy(Confidence::review,
           "add " + std::string(controller) +
               " to --controllers, or remove the flag (the default is all controllers)");
}

void run_controllers(const Context& context, Reporter& reporter) {
  const auto processes = aibrix::controller_processes(context.cluster);
  if (processes.empty()) {
    const bool all = context.snapshot.complete(kube::resources::deployments);
    return all ? reporter.not_applicable("no controller-manager is installed")
               : reporter.undetermined("no controller-manager was read");
  }
  const auto runs = [&](std::string_view controller) {
    return std::any_of(processes.begin(), processes.end(),
                       [&](const ControllerProcess& p) { return p.runs(controller); });
  };
  std::vector<std::string_view> told;
  const auto judge = [&](std::string_view controller, const Object* user,
                         std::string_view without) {
    if (user == nullptr || runs(controller)) return;
    if (std::find(told.begin(), told.end(), controller) != told.end()) return;
    told.push_back(controller);
    report(processes, controller, *user, without, reporter);
  };
  judge(aibrix::controller_names::model_route, wants_route(context),
        "New models get no HTTPRoute and no ReferenceGrant.");
  for (const Duty& duty : duties) {
    judge(duty.controller, first_alive(context.snapshot, *duty.kind), duty.without);
  }
  reporter.measured("--controllers=" + processes.front().controllers);
}

}  // namespace

constinit const Check registry::INS007{
    codes::INS007,
    Area::install,
    "a controller whose objects are in use is disabled",
    controllers_needs,
    run_controllers,
    {"The controller-manager's --controllers flag leaves out a controller whose objects are in "
     "use. Neither log nor status says so: these objects are simply not reconciled.",
     "The installation guide's example of a short list leaves out model-route-controller. With "
     "that list, new models get no HTTPRoute and no ReferenceGrant.",
     "Add the controller to the flag, or remove the flag.", "v0.2 and later"}};

}  // namespace checks
