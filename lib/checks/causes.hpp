#pragma once
#include <optional>
#include <string>

#include "checks/check.hpp"

namespace checks {

// Whether AIBrix's controller-manager can do its work: remove finalizers, make routes and grants,
// load LoRAs. Shared by every check whose finding follows from it.
struct ControllerState {
  bool known = false;       // Deployments were read
  bool down = false;        // it certainly does nothing now
  bool can_return = true;   // false: its namespace is being deleted, nothing can be created in it
  std::string why;          // "aibrix-controller-manager is scaled to 0"
  std::optional<Cause> cause;  // the finding that says so (INS005); not set when it cannot return:
                               // then the stuck object itself is the root
};
// Reads: Deployments; Namespaces and Pods when there.
ControllerState controller_state(const Context& context);

// The command that brings a scaled-down Deployment back.
std::string scale_up_command(const kube::ObjectRef& deployment);
std::string restart_command(const kube::ObjectRef& deployment);

// Live only: a condition younger than 10 s may still be moving, and is then no error yet. Files are
// judged as they are.
bool settling(const Context& context, const kube::Condition& condition);

}  // namespace checks
