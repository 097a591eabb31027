// The models and objects that checks judge, and the pods of a workload.
#include "checks/common/objects.hpp"

#include <algorithm>

#include "aibrix/gateway.hpp"
#include "aibrix/names.hpp"
#include "aibrix/pod.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/core/command.hpp"
#include "kube/selector.hpp"

namespace checks {
namespace {

using aibrix::Workload;
using kube::Object;

// The label by which the pods of a workload are told from those of another, where its kind has no
// selector over pods: StormService and RoleSet controllers, LeaderWorkerSet.
std::string_view owner_label(std::string_view kind) {
  if (kind == "StormService") return aibrix::names::storm_service_name;
  if (kind == "RoleSet") return aibrix::names::roleset_name;
  if (kind == "LeaderWorkerSet") return "leaderworkerset.sigs.k8s.io/name";
  return {};
}

bool belongs(const Object& pod, const Workload& workload) {
  const Object& owner = *workload.object;
  if (pod.ns() != owner.ns()) return false;
  const std::string_view kind = owner.kind();
  if (kind == "Deployment" || kind == "StatefulSet") {
    return owner.spec()["selector"].exists() &&
           kube::matches_selector(owner.spec()["selector"], pod.labels());
  }
  if (kind == "RayClusterFleet") return !pod.label(aibrix::names::ray_node_type).empty();
  return pod.label(owner_label(kind)) == owner.name();
}

}  // namespace

std::span<const aibrix::Model> models_to_judge(const Context& context, Reporter& reporter) {
  const kube::Snapshot& snapshot = context.snapshot;
  for (const kube::Need& need : model_lists) {
    const kube::ListState state = snapshot.state(*need.resource);
    const std::string name = kube::full_name(*need.resource);
    if (state == kube::ListState::forbidden) reporter.undetermined("may not list " + name);
    if (state == kube::ListState::failed) {
      reporter.undetermined("could not read " + name + ": " +
                            std::string(snapshot.detail(*need.resource)));
    }
  }
  const std::vector<aibrix::Model>& models = context.cluster.models();
  if (models.empty()) {
    const bool all =
        snapshot.complete(kube::resources::pods) && snapshot.complete(kube::resources::deployments);
    if (all) {
      reporter.not_applicable("no model is deployed");
    } else {
      reporter.undetermined("no pod, workload or ModelAdapter of a model was read");
    }
  }
  return models;
}

std::vector<const Object*> objects_to_judge(const Context& context, const kube::Resource& kind,
                                            Reporter& reporter) {
  std::vector<const Object*> out;
  for (const Object& object : context.snapshot.list(kind)) {
    if (!object.deleting()) out.push_back(&object);
  }
  if (!out.empty()) return out;
  if (context.snapshot.complete(kind)) {
    reporter.not_applicable("there is no " + std::string(kind.kind));
  } else {
    reporter.undetermined("no " + std::string(kind.kind) + " was read");
  }
  return out;
}

void show_condition(const kube::Condition& condition, Finding& finding) {
  if (!condition.exists()) return;
  finding.with_evidence(std::string(condition.type()),
                        std::string(condition.reason()) + ": " + std::string(condition.message()));
}

bool from_api_server(const Object& object) {
  return object.status().size() != 0 || aibrix::from_api_server(object);
}

// The Deployment that made the pod's ReplicaSet, which is named after it and the pod's template.
// Once that is gone the garbage collector takes the pods, seconds later.
std::string deployment_of(const Object& pod) {
  const std::string hash = '-' + std::string(pod.label("pod-template-hash"));
  for (const kube::Value& owner : pod.at("metadata", "ownerReferences").items()) {
    const std::string_view name = owner["name"].text();
    if (owner["kind"].text() == "ReplicaSet" && hash.size() > 1 && name.ends_with(hash)) {
      return std::string(name.substr(0, name.size() - hash.size()));
    }
  }
  return {};
}

bool owner_deleting(const Context& context, const Object& pod) {
  if (const std::string name = deployment_of(pod); !name.empty()) {
    const kube::Lookup owner = context.snapshot.find(kube::resources::deployments, pod.ns(), name);
    return owner.missing() || (owner && owner->deleting());
  }
  const auto gone = [&](const kube::Resource& resource, std::string_view label) {
    const std::string_view name = pod.label(label);
    if (name.empty()) return false;
    const kube::Lookup owner = context.snapshot.find(resource, pod.ns(), name);
    return owner.missing() || (owner && owner->deleting());
  };
  return gone(aibrix::resources::storm_services, aibrix::names::storm_service_name) ||
         gone(aibrix::resources::role_sets, aibrix::names::roleset_name);
}

std::string way_round_route(const aibrix::Model& model) {
  const std::size_t ready = model.routable_pods;
  if (ready == 0) return {};
  return "requests with the routing-strategy header bypass the HTTPRoute and are answered (" +
         base::plural(ready, "pod") + " ready)";
}

std::vector<const Object*> pods_of(const Workload& workload, std::span<const Object* const> pods) {
  std::vector<const Object*> out;
  std::copy_if(pods.begin(), pods.end(), std::back_inserter(out),
               [&](const Object* pod) { return belongs(*pod, workload); });
  return out;
}

std::string kind_and_name(const Object& object) {
  return std::string(object.kind()) + ' ' + std::string(object.name());
}

}  // namespace checks
