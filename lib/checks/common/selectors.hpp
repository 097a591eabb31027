// StormServices that take each other's RoleSets for their own.
#pragma once
#include <vector>

#include "checks/core/check.hpp"

namespace checks {

// StormServices whose spec.selector is the same: the controller lists RoleSets cluster-wide by it
// (pkg/controller/stormservice/rolesetoperations.go), without a namespace or an owner, so each sees
// the others' RoleSets as its own.
struct SameSelector {
  std::vector<const kube::Object*> members;  // ordered by namespace and name; two or more

  // The one findings speak of: the first that is being deleted, else the first.
  const kube::Object& lead() const;
  bool holds(const kube::Object& object) const;
};
std::vector<SameSelector> same_selectors(const Context& context);

}  // namespace checks
