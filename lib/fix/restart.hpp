// A controller-manager brought back, so that it removes its finalizers itself.
#pragma once
#include "checks/core/check.hpp"
#include "fix/plan.hpp"

namespace fix {

// What a restart sets in the Deployment.
inline constexpr std::string_view restart_fields[] = {
    "/spec/replicas", "/spec/template/metadata", "/spec/template/metadata/annotations",
    "/spec/template/metadata/annotations/kubectl.kubernetes.io~1restartedAt"};

// The plan that brings AIBrix's controller-manager back, and what has to happen then (plan.watch).
// Says in `blockers` why it cannot come back.
void plan_restart(const checks::Context& context, Plan& plan);

}  // namespace fix
