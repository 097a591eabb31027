#pragma once
#include <vector>

#include "checks/finding.hpp"

namespace checks {

// One cause, one finding. A finding whose cause is itself among the findings moves under it, into
// also[]; the root takes the highest level of what follows from it, the consequence of the farthest
// symptom, and the models, evidence and remedies only the symptom can tell. What is left is ordered:
// errors first, then by what to repair first (Area), then code, then object.
std::vector<Finding> fold(std::vector<Finding> findings);

}  // namespace checks
