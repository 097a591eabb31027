// StormServices, RoleSets and their roles, as the checks of orchestration see them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/core/check.hpp"

namespace checks {

// One role of a StormService or RoleSet.
struct Role {
  kube::Value value;
  std::string path;  // "spec.template.spec.roles[0]"
  std::string_view name;
  std::int64_t replicas = 0;  // one that is not set is none (getRoleReplicas)
  std::int64_t group_size = 1;
  bool stateful = false;
};
std::vector<Role> roles_of(const kube::Object& object);

// The RoleSets that a StormService made.
std::vector<const kube::Object*> role_sets_of(const Context& context, const kube::Object& storm);
// Some owner is named that controls this object.
bool has_controller(const kube::Object& object);
// Its condition ReplicaFailure, when True: the API server's own words.
kube::Condition replica_failure(const kube::Object& object);

// Why a StormService, RoleSet or fleet has no pods, where that is a finding of its own.
void blame_orchestration(const kube::Object& workload, Finding& finding);

}  // namespace checks
