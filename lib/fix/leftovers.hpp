// What AIBrix's controller would have cleaned up, had it removed the finalizer itself.
#pragma once
#include <vector>

#include "checks/common/stuck.hpp"
#include "fix/plan.hpp"

namespace fix {

// Says in the plan what stays behind once `ours` are taken off their object. A route that provably
// is the adapter's becomes a step of its own with --delete-routes; what only people can do is said
// with the command (plan.by_hand). `others`: finalizers that keep the object all the same.
void plan_leftovers(const checks::Context& context, const Options& options,
                    const std::vector<checks::BlockingFinalizer>& ours,
                    const std::vector<checks::BlockingFinalizer>& others, Plan& plan);

}  // namespace fix
