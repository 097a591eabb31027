// What the checks of models share: which lists they read, and who is to be judged.
#pragma once
#include <array>
#include <span>
#include <string>
#include <vector>

#include "aibrix/cluster.hpp"
#include "checks/core/check.hpp"
#include "checks/core/needs.hpp"

namespace checks {

// What aibrix::find_models() reads, and the Deployments that tell the release. None is required:
// kinds whose CRD is not installed have no models, and files rarely hold all of them.
inline constexpr auto model_lists = std::to_array<kube::Need>({
    need::optional(need::deployments),
    need::optional(need::pods),
    need::optional({&kube::resources::statefulsets}),
    need::optional({&aibrix::resources::ray_fleets}),
    need::optional({&aibrix::resources::leader_worker_sets}),
    need::optional({&aibrix::resources::storm_services}),
    need::optional({&aibrix::resources::role_sets}),
    need::optional({&aibrix::resources::model_adapters}),
    need::optional({&aibrix::resources::model_claims}),
    need::optional({&aibrix::resources::http_routes}),
});

// The same for a check that says nothing without this one of them.
constexpr auto model_lists_with(const kube::Resource& required) {
  auto lists = model_lists;
  for (kube::Need& need : lists) {
    // By name: g++ 12 with -fsanitize=undefined takes no comparison of addresses for a constant.
    need.required =
        need.resource->group == required.group && need.resource->plural == required.plural;
  }
  return lists;
}
inline constexpr auto pod_model_lists = model_lists_with(kube::resources::pods);

// The lists of models and some more.
template <std::size_t N, typename... Needs>
constexpr auto with(const std::array<kube::Need, N>& lists, Needs... more) {
  std::array<kube::Need, N + sizeof...(Needs)> out{};
  std::copy(lists.begin(), lists.end(), out.begin());
  std::size_t at = N;
  ((out[at++] = more), ...);
  return out;
}

// Every model there is. Says in the result what kept it from seeing all, and when there is none.
std::span<const aibrix::Model> models_to_judge(const Context& context, Reporter& reporter);

// The objects of a kind that are not being deleted. Says in the result when there is none to judge.
std::vector<const kube::Object*> objects_to_judge(const Context& context,
                                                  const kube::Resource& kind, Reporter& reporter);
// Evidence: what a condition says, "Scheduled  NoMatchingPods: no warm pod …". Nothing for one that
// does not exist.
void show_condition(const kube::Condition& condition, Finding& finding);

// The object is in a cluster. A manifest is not: nothing about it fails now.
bool from_api_server(const kube::Object& object);

// The pod only waits for the end of the Deployment, StormService or RoleSet it belongs to: what
// holds that one up is for the deletion checks to say.
bool owner_deleting(const Context& context, const kube::Object& pod);

// How a request gets round a route that cannot be used; empty when no pod would answer it.
std::string way_round_route(const aibrix::Model& model);

// The Deployment whose ReplicaSet made the pod; empty when none did.
std::string deployment_of(const kube::Object& pod);
// The pods of a model that one of its workloads made.
std::vector<const kube::Object*> pods_of(const aibrix::Workload& workload,
                                         std::span<const kube::Object* const> pods);
// "Deployment big-model"
std::string kind_and_name(const kube::Object& object);
}  // namespace checks
