// Who would remove a finalizer, and why that does not happen.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "aibrix/finalizers.hpp"
#include "checks/core/check.hpp"

namespace checks {

// The program that removes a finalizer, and whether it can.
struct Owner {
  bool known = false;  // enough was read to tell
  bool acts = false;   // it can remove the finalizer now
  bool certain =
      false;  // it cannot, and waiting changes nothing: scaled to 0, missing, switched off
  bool can_return = true;   // false: nobody can bring it back, only stripping helps
  bool by_restart = false;  // its Deployment is there: scaling up or restarting it may be enough
  bool scaled_to_zero = false;
  bool switched_off = false;     // its Deployment runs without this controller
  std::string name;              // "aibrix-controller-manager"
  std::string why;               // "aibrix-controller-manager is scaled to 0"
  std::vector<Cause> causes;     // the findings that say so
  std::optional<Remedy> repair;  // what brings it back; not set when nothing can

  bool unable() const { return known && !acts; }
  // Scaling it up or restarting it is all that is needed.
  bool returns_by_restart() const { return unable() && can_return && certain && by_restart; }
  // It runs, may run, or runs again once a person has repaired it.
  bool comes_back_otherwise() const {
    return !known || acts || (can_return && (switched_off || (by_restart && !certain)));
  }
};

// Reads: Deployments; Pods, Namespaces and Leases when there.
Owner find_owner(const Context& context, const aibrix::Finalizer& finalizer);

// Evidence: how old the controller-manager's Lease is and who holds it, when it was read.
void show_lease(const Context& context, Finding& finding);

}  // namespace checks
