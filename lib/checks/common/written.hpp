// What a person wrote: workloads in files that no API server has seen, judged by their templates.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "checks/common/objects.hpp"

namespace checks {

// Workloads of every kind that runs models and that comes from a manifest, ordered by kind.
std::vector<const kube::Object*> written_workloads(const Context& context);
// Has each of their pod templates judged; without any, the check is not applicable.
void judge_written(const Context& context, Reporter& reporter,
                   void (*judge)(const kube::Object&, const aibrix::PodTemplate&, Reporter&));
// The pod templates of those in one namespace.
struct WrittenTemplate {
  const kube::Object* object = nullptr;
  aibrix::PodTemplate pod;
};
std::vector<WrittenTemplate> written_templates(const Context& context, std::string_view ns);

// An address that only the pod itself reaches.
bool is_loopback(std::string_view host);

}  // namespace checks
