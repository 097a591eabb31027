// Prefill and decode on pods of their own, as the routing strategy "pd" sees them (AIBrix
// pkg/plugins/gateway/algorithms/pd_disaggregation.go, v0.4 and later).
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "aibrix/cluster.hpp"

namespace aibrix {

// The pods of one RoleSet that have a part in it: label roleset-name, and role-name prefill or
// decode. v0.4.0 asks for the role only: there the name of the set may be empty.
struct RolePods {
  std::string role_set;
  std::vector<const kube::Object*> prefill;
  std::vector<const kube::Object*> decode;
};
std::vector<RolePods> role_pods(const Model& model, const Release& release);

// A routable prefill pod and the routable decode pod that would go on; both of one RoleSet since
// v0.4.1. nullopt: the strategy answers 503.
using PdPair = std::pair<const kube::Object*, const kube::Object*>;
std::optional<PdPair> pd_pair(const std::vector<RolePods>& sets, const Release& release);

// The strategy, or the member of a list that decides, is "pd".
bool is_pd(std::string_view strategy);

}  // namespace aibrix
