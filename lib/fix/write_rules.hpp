// What fixes write, and so what an undo of one may take back. A plan that comes from a file is held
// against it.
#pragma once
#include <string>

#include "fix/plan.hpp"

namespace fix {

// The step names one object the API server can have: a version like v1beta1, names without a
// character that would lead a path elsewhere. Throws std::runtime_error.
void require_address(const Step& step);
// Every step is one that the plan's fix makes, and so is its undo: kinds and verbs it has rights
// for, fields it sets, each patch with a test on the object's uid. Throws std::runtime_error.
void require_writable(const Plan& plan);

}  // namespace fix
