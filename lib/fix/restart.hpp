#pragma once
#include "checks/core/check.hpp"
#include "fix/plan.hpp"

namespace fix {

// The plan that brings AIBrix's controller-manager back, and what has to happen then (plan.watch).
// Says in `blockers` why it cannot come back.
void plan_restart(const checks::Context& context, Plan& plan);

}  // namespace fix
