// The finder of workloads in manifests.
#include "checks/common/written.hpp"

#include "aibrix/resources.hpp"

namespace checks {

namespace core = kube::resources;
namespace res = aibrix::resources;

std::vector<const kube::Object*> written_workloads(const Context& context) {
  std::vector<const kube::Object*> out;
  for (const kube::Resource* kind :
       {&core::deployments, &core::statefulsets, &res::ray_fleets, &res::leader_worker_sets,
        &res::storm_services, &res::role_sets}) {
    for (const kube::Object& object : context.snapshot.list(*kind)) {
      if (!from_api_server(object)) out.push_back(&object);
    }
  }
  return out;
}

std::vector<WrittenTemplate> written_templates(const Context& context, std::string_view ns) {
  std::vector<WrittenTemplate> out;
  for (const kube::Object* object : written_workloads(context)) {
    if (object->ns() != ns) continue;
    for (aibrix::PodTemplate& pod : aibrix::pod_templates(*object)) {
      out.push_back({object, std::move(pod)});
    }
  }
  return out;
}

void judge_written(const Context& context, Reporter& reporter,
                   void (*judge)(const kube::Object&, const aibrix::PodTemplate&, Reporter&)) {
  const auto objects = written_workloads(context);
  for (const kube::Object* object : objects) {
    for (const aibrix::PodTemplate& pod : aibrix::pod_templates(*object)) {
      judge(*object, pod, reporter);
    }
  }
  if (objects.empty()) reporter.not_applicable("no manifest of a workload: its pods tell");
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host.starts_with("127.") || host == "::1" || host == "[::1]";
}

}  // namespace checks
