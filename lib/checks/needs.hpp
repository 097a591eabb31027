#pragma once
#include "aibrix/resources.hpp"
#include "kube/need.hpp"

// Needs that many checks share; a check lists those it reads, directly or through aibrix::Cluster.
namespace checks::need {

inline constexpr kube::Need namespaces{&kube::resources::namespaces, kube::Scope::everywhere};
inline constexpr kube::Need deployments{&kube::resources::deployments};
inline constexpr kube::Need pods{&kube::resources::pods};

// The same need where the check can do without: it then says less, or says what it could not tell.
constexpr kube::Need optional(kube::Need need) {
  need.required = false;
  return need;
}

}  // namespace checks::need
