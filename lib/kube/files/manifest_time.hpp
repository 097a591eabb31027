// When a dump was made, as far as its objects tell.
#pragma once
#include <optional>

#include "base/time.hpp"
#include "kube/object.hpp"

namespace kube {

// The newest moment in the object that a server wrote into it: creation, deletion (when it was
// asked for: deletionTimestamp lies a grace period later), conditions, a Lease's renewal, an
// Event's occurrence. What people write into manifests (a schedule) does not count.
std::optional<base::Time> newest_time(const Object& object);

}  // namespace kube
