// The place in a workload from which a pod's container comes: what a remedy has to change.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "checks/core/check.hpp"

namespace checks {

struct TemplateContainer {
  const kube::Object* workload = nullptr;
  kube::Value value;    // the container there
  std::string pointer;  // JSON pointer to it: "/spec/template/spec/containers/0"
};

// The Deployment, StatefulSet, fleet, StormService, … that the pod comes from; nullptr when it was
// not read.
const kube::Object* workload_of(const Context& context, const kube::Object& pod);
// Nothing for a container that the workload's template does not have (one that a webhook added).
std::optional<TemplateContainer> template_container(const Context& context, const kube::Object& pod,
                                                    std::string_view name);
// A patch that sets a member of the container ("startupProbe") to this JSON, and is refused when
// another container has come to stand there.
Command set_in_container(const TemplateContainer& place, std::string_view member,
                         const std::string& json);

}  // namespace checks
