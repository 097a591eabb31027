// RayClusterFleets that serve models, for the checks of grants and of Ray.
#pragma once
#include <string>
#include <vector>

#include "checks/common/objects.hpp"

namespace checks {

// A RayClusterFleet that serves a model, and what there is of it.
struct Fleet {
  const kube::Object* object = nullptr;
  std::string model;       // as its template names it
  std::string model_path;  // where: "spec.template.metadata.labels"
  std::int64_t replicas = 1;
  std::vector<const kube::Object*> heads;  // pods with the model's label in its namespace
  std::vector<const kube::Object*> workers;
  std::vector<const kube::Object*> clusters;  // its RayClusters
};
// Those that are not being deleted. A fleet whose templates name no model is not AIBrix's concern.
std::vector<Fleet> fleets(const Context& context);

}  // namespace checks
