// FIN008: RayClusters being deleted have cleaned up their Redis; FIN009: RayJobs and RayServices
// being deleted go.
#include "aibrix/cluster.hpp"
#include "aibrix/pod.hpp"
#include "aibrix/resources.hpp"
#include "checks/common/deletion_needs.hpp"
#include "checks/common/deletion_text.hpp"

namespace checks {
namespace {

namespace kinds = aibrix::resources;

constexpr kube::Need cluster_needs[] = {{&kinds::ray_clusters},
                                        need::deployments,
                                        need::optional(need::pods),
                                        need::optional(need::namespaces)};
constexpr kube::Need job_needs[] = {{&kinds::ray_jobs},
                                    need::optional({&kinds::ray_services}),
                                    need::deployments,
                                    need::optional(need::pods),
                                    need::optional(need::namespaces)};

// KubeRay's clean-up Job labels its pod so (ray-operator/controllers/ray/raycluster_controller.go).
void report_cleanup(const Context& context, const kube::Object& cluster, Finding& f) {
  for (const kube::Object& pod : context.snapshot.list(kube::resources::pods, cluster.ns())) {
    if (pod.label("ray.io/node-type") != "redis-cleanup" ||
        pod.label("ray.io/cluster") != cluster.name()) {
      continue;
    }
    const aibrix::PodState state = aibrix::pod_state(pod);
    f.with_evidence("cleanup pod " + std::string(pod.name()),
                    state.reason.empty() ? "running" : state.reason, "finished");
    f.note("the finalizer is removed when the cleanup Job ends, even if it fails");
  }
}

void run_cluster(const Context& context, Reporter& reporter) {
  FinalizerIndex deletions(context);
  for (const BlockingFinalizer& hold : deletions.found(reporter, FIN008, kinds::ray_clusters)) {
    const Owner& owner = deletions.owner(*hold.known);
    Finding& f = report_hold(context, reporter, hold, owner);
    report_cleanup(context, *hold.object, f);
    if (*hold.level == Level::error) add_strip(f, hold, &owner);
  }
}

void run_jobs(const Context& context, Reporter& reporter) {
  FinalizerIndex deletions(context);
  for (const kube::Resource* kind : {&kinds::ray_jobs, &kinds::ray_services}) {
    for (const BlockingFinalizer& hold : deletions.found(reporter, FIN009, *kind)) {
      const Owner& owner = deletions.owner(*hold.known);
      Finding& f = report_hold(context, reporter, hold, owner);
      if (*hold.level == Level::error) add_strip(f, hold, &owner);
    }
  }
}

}  // namespace

constinit const Check registry::FIN008{
    codes::FIN008,
    Area::deletion,
    "a RayCluster is stuck in Terminating because of its Redis cleanup",
    cluster_needs,
    run_cluster,
    {"A RayCluster with fault tolerance is Terminating and keeps "
     "ray.io/gcs-ft-redis-cleanup-finalizer. KubeRay first runs a Job that deletes the cluster's "
     "keys from the external Redis.",
     "The KubeRay operator is down or was uninstalled, or the Job cannot run (image, scheduling) "
     "or cannot reach Redis.",
     "Bring the operator back and check the cleanup pod. Otherwise remove the finalizer; the keys "
     "then stay in Redis.",
     "every release with KubeRay"}};

constinit const Check registry::FIN009{
    codes::FIN009,
    Area::deletion,
    "a RayJob or RayService is stuck in Terminating",
    job_needs,
    run_jobs,
    {"A RayJob or RayService is Terminating and keeps KubeRay's finalizer.",
     "The KubeRay operator is down or was uninstalled before its objects.",
     "Bring the operator back. Otherwise remove the finalizer; a submitted job may keep running.",
     "every release with KubeRay"}};

}  // namespace checks
