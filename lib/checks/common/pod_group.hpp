// Pods that a gang scheduler holds back until all of their group can start.
#pragma once
#include <string_view>

#include "checks/common/pod_reason.hpp"

namespace checks {

// The group's demands against what its RoleSet makes; false: the pod is held back by no group.
// Reads: RoleSets and PodGroups when there.
bool explain_gang(const Context& context, const kube::Object& pod, std::string_view message,
                  PodReason& reason);

}  // namespace checks
