// The table of finalizers that AIBrix, Envoy Gateway, KubeRay and Kubernetes set.
#include "aibrix/finalizers.hpp"

#include <algorithm>
#include <array>

#include "aibrix/controllers.hpp"
#include "aibrix/names.hpp"
#include "aibrix/release_facts.hpp"

namespace aibrix {
namespace {

constexpr std::string_view controller_manager = "aibrix-controller-manager";
constexpr std::string_view garbage_collector = "the garbage collector of Kubernetes";

using Owner = FinalizerOwner;

constexpr std::string_view kuberay_finish =
    "start the KubeRay operator again; it then finishes by itself";
constexpr std::string_view dependents_first =
    "get rid of what it owns first; then kube-controller-manager has to run and every APIService "
    "to answer";

// Sources: AIBrix pkg/controller/{modeladapter,modelclaim,stormservice,roleset,podset}; Envoy
// Gateway internal/provider/kubernetes; KubeRay ray-operator/controllers/ray; Kubernetes.
constexpr auto finalizer_table = std::to_array<Finalizer>({
    {names::adapter_finalizer, Owner::controller_manager, controller_names::model_adapter,
     controller_manager, "the LoRA stays loaded in its engines and occupies a slot there"},
    {names::legacy_adapter_finalizer, Owner::nobody, "",
     "nobody: only v0.1.0-rc.1 and rc.2 used it", "nothing is lost: no program acts on it"},
    {names::claim_finalizer, Owner::controller_manager, controller_names::model_claim,
     controller_manager,
     "the engine keeps running on the claim's warm pods and occupies their GPU memory"},
    {names::storm_service_finalizer, Owner::controller_manager, controller_names::storm_service,
     controller_manager, "its RoleSets are garbage-collected, in no particular order"},
    {names::role_set_finalizer, Owner::controller_manager, controller_names::storm_service,
     controller_manager,
     "PodGroups of a gang scheduler may remain (from v0.6 on they are garbage-collected)"},
    {names::pod_set_finalizer, Owner::controller_manager, controller_names::storm_service,
     controller_manager,
     "PodGroups of a gang scheduler may remain (from v0.6 on they are garbage-collected)"},
    {names::gateway_class_finalizer, Owner::envoy_gateway, "", "Envoy Gateway",
     "Envoy Deployments and Services of existing Gateways may remain"},
    {"ray.io/gcs-ft-redis-cleanup-finalizer", Owner::kuberay, "", "the KubeRay operator",
     "the keys of this cluster remain in the external Redis", kuberay_finish},
    {"ray.io/rayjob-finalizer", Owner::kuberay, "", "the KubeRay operator",
     "the submitted job may keep running", kuberay_finish},
    {"ray.io/rayservice-finalizer", Owner::kuberay, "", "the KubeRay operator",
     "nothing is known to be lost", kuberay_finish},
    {"foregroundDeletion", Owner::kubernetes, "", garbage_collector, "what it owns is orphaned",
     dependents_first},
    {"orphan", Owner::kubernetes, "", garbage_collector, "what it owns keeps a wrong owner",
     "let kube-controller-manager run, and every APIService answer"},
    {"kubernetes.io/pvc-protection", Owner::kubernetes, "", "Kubernetes", "data in use may be lost",
     "end the pods that use the claim"},
    {"kubernetes.io/pv-protection", Owner::kubernetes, "", "Kubernetes", "data in use may be lost",
     "delete the claim that uses the volume"},
    {"batch.kubernetes.io/job-tracking", Owner::kubernetes, "", "the job controller of Kubernetes",
     "the Job's counters will be wrong",
     "let kube-controller-manager run: its job controller removes it once the pod has ended"},
    {"customresourcecleanup.apiextensions.k8s.io", Owner::kubernetes, "", "Kubernetes",
     "the objects stay in etcd, unreachable", "delete the objects of the kind that are left"},
    {"service.kubernetes.io/load-balancer-cleanup", Owner::cloud, "", "the cloud controller",
     "the cloud load balancer remains and continues to cost money",
     "look at the Service's events, and let the cloud controller delete it: it needs its "
     "permissions in the cloud, and to run"},
});

}  // namespace

const Finalizer* find_finalizer(std::string_view name) {
  const auto it = std::find_if(finalizer_table.begin(), finalizer_table.end(),
                               [&](const Finalizer& f) { return f.name == name; });
  return it == finalizer_table.end() ? nullptr : &*it;
}

bool is_aibrix_finalizer(std::string_view name) {
  const Finalizer* known = find_finalizer(name);
  return known != nullptr &&
         (known->owner == Owner::controller_manager || known->owner == Owner::nobody);
}

std::string_view finalizer_domain(std::string_view name) {
  return name.substr(0, name.find('/'));
}

std::optional<UnloadBehaviour> unload_behaviour(const Release& release) {
  const std::optional<bool> timeout = facts::unload_has_timeout.holds(release);
  const std::optional<bool> every_instance = facts::unloads_every_instance.holds(release);
  if (!timeout || !every_instance) return std::nullopt;
  return UnloadBehaviour{*timeout, *every_instance};
}

}  // namespace aibrix
