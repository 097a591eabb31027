// A saved plan, read back.
#pragma once
#include <string>
#include <string_view>

#include "fix/plan.hpp"

namespace fix {

// As far as it is needed to apply, compare, undo. `file` is for messages. Throws
// base::Error(usage, "BadPlan").
Plan read_plan(std::string_view json, const std::string& file);

}  // namespace fix
