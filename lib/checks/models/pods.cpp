// MDL004, MDL005: models the gateway sees no engine of at all.
#include <algorithm>

#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "checks/common/objects.hpp"

namespace checks {
namespace {

using aibrix::Model;
using aibrix::Workload;
using kube::Object;

constexpr auto scaled_needs =
    with(model_lists, need::optional({&aibrix::resources::pod_autoscalers}));

const Object* autoscaler_of(const Context& context, const Object& workload) {
  for (const Object& scaler :
       context.snapshot.list(aibrix::resources::pod_autoscalers, workload.ns())) {
    const kube::Value target = scaler.spec()["scaleTargetRef"];
    const bool ours =
        target["kind"].text() == workload.kind() && target["name"].text() == workload.name();
    if (ours && !scaler.deleting()) return &scaler;
  }
  return nullptr;
}

bool asked_for(const Context& context, const std::string& model) {
  return std::find(context.models.begin(), context.models.end(), model) != context.models.end();
}

void report_scaled(const Context& context, const Model& model, Reporter& reporter) {
  const Object& object = *model.workloads.front().object;
  const Object* scaler = autoscaler_of(context, object);
  const std::string title = kind_and_name(object) + " is scaled to 0 replicas";
  // Replicas 0 is what somebody wrote: only who asks about the model, or leaves it to an
  // autoscaler that no request can reach, is surprised by it.
  Finding& f = asked_for(context, model.name) || scaler != nullptr ? reporter.warning(object, title)
                                                                   : reporter.info(object, title);
  f.model(model.name).at_field("spec.replicas").with_evidence("replicas", "0", "1 or more");
  f.with_consequence("Requests for " + model.name + " get 400 \"model " + model.name +
                     " does not exist\".");
  if (scaler != nullptr) {
    f.with_related(*scaler);
    f.with_evidence("PodAutoscaler " + std::string(scaler->name()),
                    "minReplicas " + std::to_string(scaler->spec()["minReplicas"].integer_or(1)));
    f.note(
        "the gateway rejects requests for a model without pods, so no metric changes and no "
        "autoscaler scales it up again");
  }
  f.remedy(Confidence::review, "scale it up (needs GPUs)",
           kubectl(object.ns(), "scale", target_of(object), "--replicas=1"));
}

void run_scaled(const Context& context, Reporter& reporter) {
  for (const Model& model : models_to_judge(context, reporter)) {
    if (model.workloads.empty() || !model.pods.empty() || !model.ignored_pods.empty()) continue;
    if (model.adapter != nullptr || model.claim != nullptr) continue;
    const bool none = std::all_of(model.workloads.begin(), model.workloads.end(),
                                  [](const Workload& w) { return w.replicas == 0; });
    if (none) report_scaled(context, model, reporter);
  }
}

std::string why_ignored(const Object& pod) {
  if (pod.label(aibrix::names::ray_node_type) == "worker") return "ray.io/node-type=worker";
  return std::string(aibrix::names::pod_group_index) + '=' +
         std::string(pod.label(aibrix::names::pod_group_index));
}

void report_ignored(const Model& model, Reporter& reporter) {
  const Object& pod = *model.ignored_pods.front();
  const Workload* owner = nullptr;
  for (const Workload& w : model.workloads) {
    if (!pods_of(w, model.ignored_pods).empty()) owner = &w;
  }
  Finding& f = reporter.error(owner != nullptr ? *owner->object : pod,
                              "only worker pods have the model label of " + model.name);
  f.model(model.name);
  f.with_consequence("Requests for " + model.name + " get 400 \"model " + model.name +
                     " does not exist\".");
  f.with_evidence("pods with the label",
                  std::to_string(model.ignored_pods.size()) + ", all with " + why_ignored(pod),
                  "at least one head or leader pod");
  f.with_related(pod);
  f.note("the gateway does not count Ray workers and followers of a pod group as engines");
  if (owner != nullptr && owner->object->kind() == "RayClusterFleet") {
    f.caused_by(RAY001, owner->object->ref());
    f.at_field("spec.template.spec.headGroupSpec.template.metadata.labels");
  }
  f.remedy(Confidence::review, "add to the head (or leader) pod template the label " +
                                   std::string(aibrix::names::model_name) + ": " + model.name);
}

void run_ignored(const Context& context, Reporter& reporter) {
  for (const Model& model : models_to_judge(context, reporter)) {
    if (!model.pods.empty() || model.ignored_pods.empty()) continue;
    const std::string ns(model.ignored_pods.front()->ns());
    if (!context.snapshot.complete(kube::resources::pods, ns)) {
      reporter.undetermined("not all pods of namespace " + ns + " were read");
      continue;
    }
    report_ignored(model, reporter);
  }
}

}  // namespace

constinit const Check registry::MDL004{
    codes::MDL004,
    Area::models,
    "a model is scaled to 0 replicas",
    scaled_needs,
    run_scaled,
    {"All workloads of a model are scaled to 0 replicas. The gateway drops a model together with "
     "its last pod: requests get 400 \"model … does not exist\", as for an unknown name.",
     "Somebody (or an autoscaler with minReplicas 0) scaled it down. Requests are rejected before "
     "any metric changes, so nothing scales it up again automatically.",
     "Scale it to 1 or more replicas, or delete it.", "every release"}};

constinit const Check registry::MDL005{
    codes::MDL005,
    Area::models,
    "all pods of a model are workers or followers, which the gateway ignores",
    pod_model_lists,
    run_ignored,
    {"Pods have the model's label, but all of them are Ray workers (ray.io/node-type=worker) or "
     "followers of a pod group, which the gateway ignores: requests get 400 \"model … does not "
     "exist\".",
     "The label is missing on the head's or leader's pod template, or that pod was never created.",
     "Label the head's (leader's) pod template; the label on workers does no harm.",
     "every release"}};

}  // namespace checks
