// The models of a cluster: workloads, pods, adapters and routes by model name.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aibrix/releases.hpp"
#include "kube/snapshot.hpp"

namespace aibrix {

class Cluster;

// A Deployment, RayClusterFleet, LeaderWorkerSet, StormService, RoleSet or StatefulSet that runs a
// model. AIBrix reads the label model.aibrix.ai/name at two places: on the workload's own metadata
// (HTTPRoute, ReferenceGrant) and on the pod template (the gateway's pod cache).
struct Workload {
  const kube::Object* object = nullptr;
  std::string metadata_model;                // label (main: or annotation) of its own metadata
  std::vector<std::string> template_models;  // of its pod template(s), each once
  bool routed = false;  // a kind the model-route-controller watches (it gets a <model>-router)
  std::int64_t replicas = 1;  // desired

  // The name it serves under: that of the template, else of the metadata.
  std::string_view model() const;
};

// Everything in the cluster that carries one model name.
struct Model {
  std::string name;
  std::vector<Workload> workloads;                // not those being deleted
  std::vector<const kube::Object*> pods;          // engines the gateway counts
  std::vector<const kube::Object*> ignored_pods;  // Ray workers, pod-group followers
  const kube::Object* adapter = nullptr;          // ModelAdapter of this name (a LoRA)
  const kube::Object* claim = nullptr;            // ModelClaim of this model
  kube::Lookup route;                             // HTTPRoute <model>-router in aibrix-system

  std::size_t routable_pods = 0;  // of `pods`: those that the gateway sends requests to
  // A HTTPRoute is expected: an adapter, or a workload of a watched kind labelled on its metadata.
  bool wants_route() const;
  // Where its Service must be: namespaces of workloads and adapter, each once.
  std::vector<std::string> namespaces() const;
};

// As the release sees them; an unknown one as the newest does.
std::vector<Model> find_models(const kube::Snapshot& snapshot, const Release& release = {});

// What a ModelClaim serves: spec.modelName, else its own name (modelclaim_types.go).
std::string_view claimed_model(const kube::Object& claim);

// Name of the HTTPRoute the controller makes for a model (modelrouter_controller.go): main hashes
// names that are no DNS-1123 subdomain, earlier releases always write "<model>-router".
std::string route_name(std::string_view model);
// The Service a workload's route points to: annotation model.aibrix.ai/service-name (main), else
// the model's name.
std::string backend_service_name(const Workload& workload);
// Port of that backend: label model.aibrix.ai/port on the workload's metadata, else 8000.
std::int64_t backend_port(const kube::Object& workload);

// Pod templates of a workload: Deployment and StatefulSet one, a fleet its head and worker groups,
// a LeaderWorkerSet leader and worker, a StormService or RoleSet one per role. `path` as shown to
// people: "spec.template".
struct PodTemplate {
  kube::Value value;  // has metadata and spec
  std::string path;
};
std::vector<PodTemplate> pod_templates(const kube::Object& workload);

}  // namespace aibrix
