// What an uninstall of AIBrix would run into, told before anything is deleted.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "checks/core/check.hpp"
#include "fix/plan.hpp"

namespace fix {

struct Preflight {
  std::vector<Advice> in_the_way;  // would get stuck, or is: must go first
  std::vector<Advice> order;       // what to delete, in this order, with commands
  std::vector<std::string> lost;   // what goes for good
  std::vector<std::string> not_looked_at;

  bool clear() const { return in_the_way.empty() && not_looked_at.empty(); }
};
Preflight preflight_uninstall(const checks::Context& context);
// The lists it reads.
std::vector<kube::Need> preflight_needs();

}  // namespace fix
