// What files that hold only a part of a cluster leave open.
#pragma once
#include "checks/core/runner.hpp"

namespace checks {

// No object of it has been at an API server: none has a uid.
bool is_unapplied(const kube::Snapshot& snapshot);

// Manifests hold what one person wrote, not a cluster: a check whose subject is not among them, or
// that would need the cluster beside it, has nothing to judge there. It becomes "not applicable to
// these files". One that counted nothing is no "ok" either; of manifests that no cluster has seen
// (`unapplied`), neither is one about what only a cluster writes.
void set_aside_what_is_elsewhere(Outcomes& outcomes, bool unapplied);

}  // namespace checks
