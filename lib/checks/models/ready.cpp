// MDL006, MDL007: models whose pods cannot take requests, all of them or some.
#include <algorithm>

#include "aibrix/names.hpp"
#include "aibrix/pod.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/causes.hpp"
#include "checks/common/crds.hpp"
#include "checks/common/objects.hpp"
#include "checks/common/orchestration.hpp"
#include "checks/common/pod_needs.hpp"
#include "checks/common/pod_refusal.hpp"
#include "checks/common/pod_trouble.hpp"
#include "checks/common/selectors.hpp"
#include "checks/core/command.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

using aibrix::Model;
using aibrix::Workload;
using kube::Object;
using Pods = std::vector<const Object*>;

constexpr auto ready_needs =
    with(pod_model_lists, need::optional(need::warning_events), need::optional(need::nodes),
         need::optional(need::namespaces), need::optional({&aibrix::resources::pod_sets}),
         need::optional({&aibrix::resources::ray_replicasets}),
         need::optional({&aibrix::resources::ray_clusters}),
         need::optional({&aibrix::resources::pod_groups}));

bool finished(const Object& pod) {
  const std::string_view phase = pod.status()["phase"].text();
  return phase == "Succeeded" || phase == "Failed";
}

// Pods somebody has seen and that are not on their way out.
Pods current(const Pods& pods) {
  Pods out;
  std::copy_if(pods.begin(), pods.end(), std::back_inserter(out),
               [](const Object* pod) { return from_api_server(*pod) && !pod->deleting(); });
  return out;
}

void blame_controllers(const Context& context, const Object& workload, Finding& f) {
  blame_orchestration(workload, f);
  const std::string_view group = workload.resource().group;
  if (workload.kind() == "RayClusterFleet") {
    f.caused_by(RAY001, workload.ref());
    f.caused_by(INS015, context.cluster.component(aibrix::ComponentRole::kuberay_operator).ref());
    f.caused_by(INS015, crd_ref("rayclusters.ray.io"));
  }
  if (!group.ends_with("aibrix.ai")) return;
  if (const auto cause = controller_state(context).cause) f.caused_by(cause->code, cause->object);
}

// "spec.template.spec.containers[0].resources": where the demand that cannot be met is written.
std::string demand_path(const PodTrouble& t, const Object& subject) {
  if (t.demands.empty() || subject.kind() != "Deployment") return "";
  const auto containers = subject.at("spec", "template", "spec", "containers").items();
  for (std::size_t i = 0; i < containers.size(); ++i) {
    const kube::Value resources = containers[i]["resources"];
    const std::string& name = t.demands.front().resource;
    if (resources["requests"][name].exists() || resources["limits"][name].exists()) {
      return "spec.template.spec.containers[" + std::to_string(i) + "].resources";
    }
  }
  return "";
}

// Its containers run or have run, so that they may have called what they need.
bool has_started(PodReason::Kind kind) {
  using Kind = PodReason::Kind;
  return kind == Kind::memory || kind == Kind::probe || kind == Kind::crash ||
         kind == Kind::unready || kind == Kind::other;
}

void blame_what_it_needs(const Object& subject, const PodTrouble& t, Finding& f) {
  const bool started = std::ranges::all_of(
      t.groups, [](const PodTrouble::Group& g) { return has_started(g.reason.kind); });
  blame_needs(subject, started, f);
}

void report_unroutable(const Context& context, const Model& model, const Object& subject, Pods pods,
                       Reporter& reporter) {
  const std::string ns(subject.ns());
  if (still_starting(context, pods)) {
    return reporter.undetermined("the pods of " + model.name + " were created only just now");
  }
  const PodTrouble t = pod_trouble(context, std::move(pods));
  const std::string title = trouble_title(t, t.pods.size(), model.name);
  // Where not every pod was read, others may well take the requests.
  const bool all = context.snapshot.complete(kube::resources::pods, ns);
  if (!all) reporter.undetermined("not all pods of namespace " + ns + " were read");
  Finding& f = all ? reporter.error(subject, title) : reporter.warning(subject, title);
  f.model(model.name).at_field(demand_path(t, subject));
  f.with_consequence("Requests for " + model.name + " get 503 \"error on getting pods for model " +
                     model.name + "\".");
  show_trouble(t, f);
  blame_what_it_needs(subject, t, f);
  if (subject.kind() == "RayClusterFleet") blame_controllers(context, subject, f);
}

// Another StormService's RoleSets count for this one's, wherever they are.
bool blame_selector(const Context& context, const Object& object, Finding& f) {
  if (object.kind() != "StormService") return false;
  for (const SameSelector& group : same_selectors(context)) {
    if (!group.holds(object)) continue;
    f.caused_by(FIN007, group.lead().ref());
    f.remedy(Confidence::manual, "give it its own selector and template labels (FIN007)");
    return true;
  }
  return false;
}

void blame_missing_needs(const Object& workload, const std::vector<Failure>& failures, Finding& f) {
  for (const PodNeed& need : pod_needs(workload)) {
    if (std::ranges::any_of(failures, [&](const Failure& failure) {
          return says_missing(failure.message, need.ref);
        }))
      f.caused_by(DEP001, need.ref);
  }
}

// Replicas are wanted and not one pod exists: quota, admission, or a controller that does nothing.
void report_podless(const Context& context, const Model& model, const Workload& w,
                    Reporter& reporter) {
  const Object& object = *w.object;
  Finding& f = reporter.error(object, kind_and_name(object) + " has no pods");
  const std::vector<Failure> failures = failures_of(context, object);
  f.model(model.name);
  f.with_consequence("Requests for " + model.name + " get 400 \"model " + model.name +
                     " does not exist\".");
  f.with_evidence("pods", "0",
                  std::to_string(w.replicas) + (w.replicas == 1 ? " replica" : " replicas"));
  if (!failures.empty()) {
    f.title += " (" + explain_failures(failures, object, f) + ')';
    blame_missing_needs(object, failures, f);
    return blame_controllers(context, object, f);
  }
  for (const std::string_view type : {"Available", "Progressing"}) {
    const kube::Condition condition = object.condition(type);
    if (condition.is_false())
      f.with_evidence("status", condition.summary() + " " + std::string(condition.message()));
  }
  blame_controllers(context, object, f);
  blame_needs(object, false, f);
  if (blame_selector(context, object, f)) return;
  f.remedy(Confidence::manual, "find out why its controller creates no pods",
           kubectl(object.ns(), "describe", target_of(object)));
}

void judge_workload(const Context& context, const Model& model, const Workload& w,
                    Reporter& reporter) {
  const Object& object = *w.object;
  if (w.replicas == 0) return;
  if (!from_api_server(object)) {
    return reporter.undetermined(kind_and_name(object) +
                                 " comes from a manifest, so whether it has pods is unknown");
  }
  Pods pods = current(pods_of(w, model.pods));
  if (!pods.empty()) return report_unroutable(context, model, object, std::move(pods), reporter);
  const auto& named = w.template_models;
  // A template that lacks the label is MDL002's; workers without a head are MDL005's.
  if (std::find(named.begin(), named.end(), model.name) == named.end()) return;
  if (!model.ignored_pods.empty() || just_made(context, object)) return;
  if (!context.snapshot.complete(kube::resources::pods, object.ns())) {
    return reporter.undetermined("not all pods of namespace " + std::string(object.ns()) +
                                 " were read");
  }
  report_podless(context, model, w, reporter);
}

void run_none_ready(const Context& context, Reporter& reporter) {
  for (const Model& model : models_to_judge(context, reporter)) {
    if (model.routable_pods != 0) continue;
    Pods left = current(model.pods);
    for (const Workload& w : model.workloads) {
      judge_workload(context, model, w, reporter);
      for (const Object* pod : pods_of(w, model.pods)) {
        left.erase(std::remove(left.begin(), left.end(), pod), left.end());
      }
    }
    left.erase(std::remove_if(left.begin(), left.end(),
                              [&](const Object* pod) { return owner_deleting(context, *pod); }),
               left.end());
    if (!left.empty()) report_unroutable(context, model, *left.front(), left, reporter);
  }
}

void report_some_unready(const Context& context, const Model& model, Pods lame,
                         Reporter& reporter) {
  const Workload* owner = nullptr;
  for (const Workload& w : model.workloads) {
    if (owner == nullptr && !pods_of(w, lame).empty()) owner = &w;
  }
  const std::size_t total = lame.size() + model.routable_pods;
  const Object& subject = owner != nullptr ? *owner->object : *lame.front();
  const PodTrouble t = pod_trouble(context, std::move(lame));
  Finding& f = reporter.warning(subject, trouble_title(t, total, model.name));
  f.model(model.name).with_consequence("The other pods receive all of its requests.");
  show_trouble(t, f);
  blame_what_it_needs(subject, t, f);
}

// A Deployment has fewer pods than it wants, and somebody says that they are refused: quota,
// admission. A condition ReplicaFailure is of now, also of a rollout with as many old pods; an
// event may be of a fault that is over.
void report_refused(const Context& context, const Model& model, const Workload& w,
                    Reporter& reporter) {
  const Object& object = *w.object;
  if (object.kind() != "Deployment" || w.replicas <= 0 || !from_api_server(object)) return;
  if (!context.snapshot.complete(kube::resources::pods, object.ns())) return;
  const Pods pods = current(pods_of(w, model.pods));
  const auto there = std::ranges::count_if(pods, [](const Object* pod) { return !finished(*pod); });
  const auto missing = w.replicas - there;
  if (missing <= 0 && !object.condition("ReplicaFailure").is_true()) return;
  const std::vector<Failure> failures = failures_of(context, object);
  if (failures.empty()) return;
  const std::string what =
      missing > 0 ? std::to_string(missing) + " of " +
                        base::plural(static_cast<std::size_t>(w.replicas), "pod") + " of "
                  : "new pods of ";
  Finding& f = reporter.warning(object, what + model.name + " cannot be created");
  f.model(model.name).with_consequence("The other pods receive all of its requests.");
  f.with_evidence("pods", std::to_string(there),
                  base::plural(static_cast<std::size_t>(w.replicas), "replica"));
  f.title += " (" + explain_failures(failures, object, f) + ')';
  blame_missing_needs(object, failures, f);
}

void run_some_ready(const Context& context, Reporter& reporter) {
  for (const Model& model : models_to_judge(context, reporter)) {
    if (model.routable_pods == 0) continue;
    Pods lame;
    for (const Object* pod : current(model.pods)) {
      const bool counts = !finished(*pod) && !just_made(context, *pod);
      if (counts && !aibrix::is_routable(pod)) lame.push_back(pod);
    }
    if (!lame.empty()) {
      report_some_unready(context, model, std::move(lame), reporter);
      continue;
    }
    for (const Workload& w : model.workloads) report_refused(context, model, w, reporter);
  }
}

}  // namespace

constinit const Check registry::MDL006{
    codes::MDL006,
    Area::models,
    "a model has no routable pod",
    ready_needs,
    run_none_ready,
    {"A model is deployed, but none of its pods is routable: running, Ready, with an IP and not "
     "Terminating. Requests get 503 \"error on getting pods for model …\" (400 \"model … does not "
     "exist\" if there is no pod at all), with and without a routing strategy.",
     "No node offers what the pods demand (GPUs, labels, tolerations), the gang scheduler holds them "
     "back, an image cannot be pulled, a container crashes, is killed by its liveness probe while it "
     "loads or for want of memory, a sidecar is not ready, a Secret is missing, or pods are refused "
     "(quota, Pod Security, names that are too long).",
     "The reason stands in the finding's first line, with the container it is about. Only readiness "
     "counts; nothing else in AIBrix has to be restarted afterwards.",
     "every release; the error texts are those of v0.2 and later"}};

constinit const Check registry::MDL007{
    codes::MDL007,
    Area::models,
    "some pods of a model are unready",
    ready_needs,
    run_some_ready,
    {"Some pods of a model are not routable, or are refused by the API server. Requests go to the other pods.",
     "The same as for MDL006, or a rollout in progress.", "The same as for MDL006.",
     "every release"}};

}  // namespace checks
