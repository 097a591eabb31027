// Pods that the API server refuses to make: what the workload, its children and events say of it.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "checks/core/check.hpp"
#include "checks/core/needs.hpp"

namespace checks {

// What child_failures() reads beside models when it is there.
inline constexpr kube::Need children_lists[] = {
    need::optional({&aibrix::resources::role_sets}), need::optional({&aibrix::resources::pod_sets}),
    need::optional({&aibrix::resources::ray_replicasets}),
    need::optional({&aibrix::resources::ray_clusters}), need::optional(need::warning_events)};

// One object that says that something could not be made for it.
struct Failure {
  const kube::Object* object = nullptr;  // the workload, or one that it made
  std::string reason;                    // "FailedCreateHeadPod"
  std::string message;
  bool of_event = false;
};
// Of a workload and of everything that was made for it: conditions first, those nearest to the pods
// before others; each message once.
std::vector<Failure> failures_of(const Context& context, const kube::Object& workload);

// Evidence for each of them, and for the first what it means: returns that as a clause
// ("ResourceQuota gpu-quota is used up"), empty without failures; adds what helps.
std::string explain_failures(const std::vector<Failure>& failures, const kube::Object& workload,
                             Finding& finding);

}  // namespace checks
