// RAY001: fleets whose Ray cluster does not stand.
#include <algorithm>

#include "aibrix/pod.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/causes.hpp"
#include "checks/common/pod_refusal.hpp"
#include "checks/common/pod_trouble.hpp"
#include "checks/common/ray_fleet.hpp"
#include "checks/core/command.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

using kube::Object;
using kube::Value;

constexpr auto ready_needs =
    with(model_lists, kube::Need{&aibrix::resources::ray_fleets},
         need::optional({&aibrix::resources::ray_clusters}),
         need::optional({&aibrix::resources::ray_replicasets}), need::optional(need::namespaces),
         need::optional(need::nodes), need::optional(need::warning_events));

bool any_routable(const std::vector<const Object*>& pods) {
  return std::any_of(pods.begin(), pods.end(), aibrix::is_routable);
}

bool all_ready(const std::vector<const Object*>& pods) {
  return std::all_of(pods.begin(), pods.end(),
                     [](const Object* pod) { return aibrix::pod_state(*pod).ready; });
}

void show_status(const Fleet& fleet, Finding& f) {
  for (const std::string_view type : {"ReplicaFailure", "Available", "Progressing"}) {
    const kube::Condition c = fleet.object->condition(type);
    const bool bad = type == "ReplicaFailure" ? c.is_true() : c.is_false();
    if (bad) f.with_evidence("fleet status", c.summary() + ": " + std::string(c.message()));
  }
  if (fleet.clusters.empty())
    f.with_evidence("RayClusters", "none", std::to_string(fleet.replicas));
  for (const Object* cluster : fleet.clusters) {
    const Value status = cluster->status();
    std::string text = "no status: not reconciled by the KubeRay operator";
    if (status.size() != 0) {
      text = "state " + std::string(status["state"].text("not set")) + ", workers " +
             std::to_string(status["readyWorkerReplicas"].integer_or(0)) + " of " +
             std::to_string(status["desiredWorkerReplicas"].integer_or(0));
      if (!status["reason"].text().empty()) text += ", " + std::string(status["reason"].text());
    }
    f.with_evidence("RayCluster " + std::string(cluster->name()), text);
    f.with_related(*cluster);
  }
}

// Who has to act: AIBrix makes RayClusters, KubeRay's operator makes their pods.
void blame(const Context& context, const Fleet& fleet, Finding& f) {
  const aibrix::Component& kuberay =
      context.cluster.component(aibrix::ComponentRole::kuberay_operator);
  f.caused_by(INS015, kuberay.ref());
  if (kuberay.down()) f.note(kuberay.ref().name + ": " + kuberay.describe());
  if (!fleet.clusters.empty()) return;
  if (const auto cause = controller_state(context).cause) f.caused_by(cause->code, cause->object);
}

void judge_podless(const Context& context, const Fleet& fleet, Reporter& reporter) {
  const Object& object = *fleet.object;
  const std::string ns(object.ns());
  if (!context.snapshot.complete(kube::resources::pods, ns)) {
    return reporter.undetermined("not all pods of namespace " + ns + " were read");
  }
  const bool nobody_acts =
      context.cluster.component(aibrix::ComponentRole::kuberay_operator).down();
  if (!nobody_acts && maybe_within(context, object.created(), limits::ray_cluster_appears)) {
    return reporter.undetermined("RayClusterFleet " + object.full_name() +
                                 " may still be starting");
  }
  const bool unseen = std::any_of(fleet.clusters.begin(), fleet.clusters.end(),
                                  [](const Object* c) { return c->status().size() == 0; });
  Finding& f = reporter.error(object, "RayClusterFleet " + object.full_name() +
                                          (fleet.clusters.empty() ? " has no RayCluster"
                                           : unseen ? " has a RayCluster not reconciled by KubeRay"
                                                    : " has no pods"));
  f.model(fleet.model);
  f.with_consequence("Requests for " + fleet.model + " get 400 \"model " + fleet.model +
                     " does not exist\".");
  f.with_evidence("pods", "0", base::plural(static_cast<std::size_t>(fleet.replicas), "head"));
  show_status(fleet, f);
  blame(context, fleet, f);
  if (const auto failures = failures_of(context, object); !failures.empty()) {
    f.title += " (" + explain_failures(failures, object, f) + ')';
    return;
  }
  const aibrix::Component& kuberay =
      context.cluster.component(aibrix::ComponentRole::kuberay_operator);
  if (unseen) {
    f.remedy(Confidence::manual, "check whether the KubeRay operator is running, and its log",
             log_command(kuberay.ref()));
  } else {
    f.remedy(Confidence::manual, "find out why no pod is created",
             kubectl(ns, "describe", "rayclusters.ray.io"));
  }
}

// Workers keep the head from becoming ready: the engine starts once all its GPUs are there. A head
// with troubles of its own is MDL006's.
void judge_workers(const Context& context, const Fleet& fleet, Reporter& reporter) {
  const bool head_waits =
      std::all_of(fleet.heads.begin(), fleet.heads.end(),
                  [](const Object* pod) { return !aibrix::pod_state(*pod).terminal; });
  if (!head_waits || fleet.workers.empty() || all_ready(fleet.workers)) return;
  const Object& object = *fleet.object;
  Finding& f = reporter.error(
      object, "the Ray workers of RayClusterFleet " + object.full_name() + " are unready");
  f.model(fleet.model);
  f.with_consequence("Requests for " + fleet.model + " get 503 \"error on getting pods for model " +
                     fleet.model + "\".");
  f.with_evidence("workers", aibrix::describe_pods(fleet.workers));
  show_status(fleet, f);
  if (explain_workload(context, object, fleet.workers, f)) return;
  for (const Object* pod : fleet.workers) {
    if (!aibrix::pod_state(*pod).ready) f.with_related(*pod);
  }
  f.remedy(Confidence::manual, "fix what keeps the workers from starting",
           kubectl(object.ns(), "describe", "pods", "-l", "ray.io/node-type=worker"));
}

void judge_unavailable(const Fleet& fleet, Reporter& reporter) {
  const Object& object = *fleet.object;
  const std::int64_t available = object.status()["availableReplicas"].integer_or(0);
  if (available >= fleet.replicas) return;
  Finding& f = reporter.warning(object, "RayClusterFleet " + object.full_name() + " reports " +
                                            std::to_string(available) + " of " +
                                            std::to_string(fleet.replicas) + " replicas available");
  f.model(fleet.model);
  f.with_consequence("Its head still receives requests.");
  f.at_field("status.availableReplicas");
  if (!fleet.workers.empty() && !all_ready(fleet.workers)) {
    f.with_evidence("workers", aibrix::describe_pods(fleet.workers));
  }
  show_status(fleet, f);
}

void run_ready(const Context& context, Reporter& reporter) {
  std::size_t seen = 0;
  for (const Fleet& fleet : fleets(context)) {
    if (fleet.replicas == 0 || !from_api_server(*fleet.object)) continue;
    ++seen;
    if (fleet.heads.empty() && fleet.workers.empty()) {
      judge_podless(context, fleet, reporter);
    } else if (any_routable(fleet.heads)) {
      judge_unavailable(fleet, reporter);
    } else {
      judge_workers(context, fleet, reporter);
    }
  }
  if (seen == 0 && context.snapshot.complete(aibrix::resources::ray_fleets)) {
    reporter.not_applicable("no RayClusterFleet serves a model");
  } else if (seen == 0) {
    reporter.undetermined("no running RayClusterFleet of a model was read");
  }
  reporter.measured(base::plural(seen, "fleet"));
}

}  // namespace

constinit const Check registry::RAY001{
    codes::RAY001,
    Area::grants,
    "a RayClusterFleet has no working Ray cluster",
    ready_needs,
    run_ready,
    {"A RayClusterFleet that serves a model has no RayCluster, a RayCluster that KubeRay does not "
     "reconcile, no pods, or workers that do not start. The engine runs in the head and waits for "
     "the workers' GPUs.",
     "The KubeRay operator is missing, down or runs without the feature gate "
     "RayClusterStatusConditions, there are too few GPUs for the workers, or AIBrix's controller "
     "is down.",
     "Fix KubeRay first, then what its pods report.", "v0.2 and later"}};

}  // namespace checks
