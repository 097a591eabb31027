// One mistake in a manifest, told once.
#pragma once
#include <vector>

#include "checks/core/finding.hpp"

namespace checks {

// A field that its schema refuses is also missed, or misread, by the checks that know what it is
// for: what they say of that field, or of the field that was meant, follows from the mistake. A
// label that is wrong in the same way in several maps of one object is one mistake, too. Before
// findings are folded.
void tie_to_mistakes(std::vector<Finding>& findings);

}  // namespace checks
