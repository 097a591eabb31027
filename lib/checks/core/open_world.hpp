// What files that hold only a part of a cluster leave open.
#pragma once
#include "checks/core/runner.hpp"

namespace checks {

// Manifests hold what one person wrote, not a cluster: a check whose subject is not among them, or
// that would need the cluster beside it, has nothing to judge there. It becomes "not applicable to
// these files". One that counted nothing is no "ok" either.
void set_aside_what_is_elsewhere(Outcomes& outcomes);

}  // namespace checks
