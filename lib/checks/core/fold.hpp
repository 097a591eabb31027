// Findings that follow from one another, made into one.
#pragma once
#include <functional>
#include <vector>

#include "checks/core/finding.hpp"

namespace checks {

// Whom a single finding, before anything is folded, concerns.
enum class Concern {
  others,     // not what the user asked for
  everybody,  // the whole gateway or install, and so what was asked for too
  focus,      // what the user asked for
};

// What was found beyond the focus, by level.
struct Elsewhere {
  std::size_t error = 0, warning = 0, info = 0;
  bool any() const { return error + warning + info != 0; }
  void add(Level level);
};

struct Folded {
  std::vector<Finding> findings;
  Elsewhere elsewhere;
};

// One cause, one finding. A finding whose cause is itself among the findings moves under it, into
// also[]; the root takes the highest level of what follows from it, the consequence of the farthest
// symptom that weighs as much as the root, and the models, evidence and remedies only the symptoms
// can tell, those nearest to the root first. What is left is ordered:
// errors first, then by what to repair first (Area), then code, then object.
//
// `concern`: of what concerns others only the number is kept. A root stays where it, or anything
// folded under it, concerns more than others; of its symptoms those stay that do, and it has the
// level and consequence that they give it.
Folded fold(std::vector<Finding> findings, const std::function<Concern(const Finding&)>& concern);
std::vector<Finding> fold(std::vector<Finding> findings);

}  // namespace checks
