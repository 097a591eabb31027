// The finder of fleets' models, RayClusters, head and worker pods.
#include "checks/common/ray_fleet.hpp"

#include "aibrix/names.hpp"
#include "aibrix/pod.hpp"
#include "aibrix/resources.hpp"

namespace checks {
namespace {

using kube::Object;

// The model a fleet's template names, at any of the places people put it.
void find_model(Fleet& fleet) {
  const auto label = [](const kube::Value& metadata) {
    return std::string(metadata.at("labels", aibrix::names::model_name).text());
  };
  for (const aibrix::PodTemplate& t : aibrix::pod_templates(*fleet.object)) {
    fleet.model = label(t.value["metadata"]);
    fleet.model_path = t.path + ".metadata.labels";
    if (!fleet.model.empty()) return;
  }
  fleet.model = label(fleet.object->at("spec", "template", "metadata"));
  fleet.model_path = "spec.template.metadata.labels";
}

// A RayCluster belongs to the fleet through a RayClusterReplicaSet named <fleet>-<hash>.
bool made_by(const Object& cluster, const Object& fleet) {
  for (const kube::Value& owner : cluster.at("metadata", "ownerReferences").items()) {
    if (owner["kind"].text() != "RayClusterReplicaSet") continue;
    const std::string_view name = owner["name"].text();
    const std::size_t dash = name.rfind('-');
    if (dash != std::string_view::npos && name.substr(0, dash) == fleet.name()) return true;
  }
  return false;
}

void find_components(const Context& context, Fleet& fleet) {
  const std::string_view ns = fleet.object->ns();
  for (const Object& cluster : context.snapshot.list(aibrix::resources::ray_clusters, ns)) {
    if (!cluster.deleting() && made_by(cluster, *fleet.object)) fleet.clusters.push_back(&cluster);
  }
  const aibrix::Model* model = context.cluster.model(fleet.model);
  if (model == nullptr) return;
  for (const auto* pods : {&model->pods, &model->ignored_pods}) {
    for (const Object* pod : *pods) {
      const std::string_view type = pod->label(aibrix::names::ray_node_type);
      if (pod->ns() != ns || pod->deleting() || type.empty()) continue;
      (type == "worker" ? fleet.workers : fleet.heads).push_back(pod);
    }
  }
}

}  // namespace

std::vector<Fleet> fleets(const Context& context) {
  std::vector<Fleet> out;
  for (const Object& object : context.snapshot.list(aibrix::resources::ray_fleets)) {
    if (object.deleting()) continue;
    Fleet fleet;
    fleet.object = &object;
    fleet.replicas = object.spec()["replicas"].integer_or(1);
    find_model(fleet);
    if (fleet.model.empty()) continue;
    find_components(context, fleet);
    out.push_back(std::move(fleet));
  }
  return out;
}

}  // namespace checks
