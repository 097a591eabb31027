// The finder of a pod's workload and of its container in the template.
#include "checks/common/pod_workload.hpp"

#include <array>

#include "aibrix/names.hpp"
#include "aibrix/pod.hpp"
#include "checks/common/objects.hpp"

namespace checks {
namespace {

using kube::Object;
using kube::Value;

// "spec.template.spec.roles[0].template" as a JSON pointer.
std::string pointer_of(std::string_view path) {
  std::string out = "/";
  for (const char c : path) {
    if (c == '.' || c == '[') {
      out += '/';
    } else if (c != ']') {
      out += c;
    }
  }
  return out;
}

const Object* model_workload(const Context& context, const Object& pod) {
  const aibrix::Model* model =
      context.cluster.model(aibrix::pod_model(pod, context.cluster.release()));
  if (model == nullptr) return nullptr;
  const std::array<const Object*, 1> one = {&pod};
  for (const aibrix::Workload& w : model->workloads) {
    if (!pods_of(w, one).empty()) return w.object;
  }
  return nullptr;
}

// Of several templates of a workload, whether this one makes the pod: roles have names, a fleet's
// workers templates of their own.
bool makes(const Object& workload, const aibrix::PodTemplate& t, std::size_t index,
           const Object& pod) {
  const std::string_view role = pod.label(aibrix::names::role_name);
  const bool storm = workload.kind() == "StormService";
  if (!role.empty() && (storm || workload.kind() == "RoleSet")) {
    const Value roles =
        storm ? workload.spec().at("template", "spec", "roles") : workload.spec()["roles"];
    return roles[index]["name"].text() == role;
  }
  if (workload.kind() != "RayClusterFleet") return true;
  const bool worker = pod.label(aibrix::names::ray_node_type) == "worker";
  return (t.path.find("workerGroupSpecs") != std::string::npos) == worker;
}

}  // namespace

const Object* workload_of(const Context& context, const Object& pod) {
  if (const std::string name = deployment_of(pod); !name.empty()) {
    return context.snapshot.find(kube::resources::deployments, pod.ns(), name).object;
  }
  for (const Value& owner : pod.at("metadata", "ownerReferences").items()) {
    if (owner["kind"].text() != "StatefulSet") continue;
    return context.snapshot.find(kube::resources::statefulsets, pod.ns(), owner["name"].text())
        .object;
  }
  return model_workload(context, pod);
}

std::optional<TemplateContainer> template_container(const Context& context, const Object& pod,
                                                    std::string_view name) {
  const Object* workload = workload_of(context, pod);
  if (workload == nullptr) return std::nullopt;
  const std::vector<aibrix::PodTemplate> templates = aibrix::pod_templates(*workload);
  for (std::size_t i = 0; i < templates.size(); ++i) {
    if (!makes(*workload, templates[i], i, pod)) continue;
    for (const char* list : {"containers", "initContainers"}) {
      const Value containers = templates[i].value["spec"][list];
      for (std::size_t at = 0; at < containers.size(); ++at) {
        if (containers[at]["name"].text() != name) continue;
        return TemplateContainer{
            workload, containers[at],
            pointer_of(templates[i].path) + "/spec/" + list + '/' + std::to_string(at)};
      }
    }
  }
  return std::nullopt;
}

Command set_in_container(const TemplateContainer& place, std::string_view member,
                         const std::string& json) {
  const std::string guard =
      patch_operation("test", place.pointer + "/name", kube::to_json(place.value["name"]));
  return json_patch_command(
      *place.workload,
      guard + ',' + patch_operation("add", place.pointer + '/' + std::string(member), json));
}

}  // namespace checks
