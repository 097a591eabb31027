// What the logs of containers say, put into the findings that speak of them.
#pragma once
#include <vector>

#include "checks/core/check.hpp"

namespace checks {

// Quotes in each finding the lines that say why its containers end or are not ready. Where the
// catalogue of answers knows the line, the finding names that cause, and follows from the findings
// that prove it. Before findings are folded; without a log nothing changes.
void tell_from_logs(const Context& context, std::vector<Finding>& findings);

}  // namespace checks
