// Findings that follow from one another, made into one.
#pragma once
#include <vector>

#include "checks/core/finding.hpp"

namespace checks {

// One cause, one finding. A finding whose cause is itself among the findings moves under it, into
// also[]; the root takes the highest level of what follows from it, the consequence of the farthest
// symptom that weighs as much as the root, and the models, evidence and remedies only the symptoms
// can tell, those nearest to the root first. What is left is ordered:
// errors first, then by what to repair first (Area), then code, then object.
std::vector<Finding> fold(std::vector<Finding> findings);

}  // namespace checks
