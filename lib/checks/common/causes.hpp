// Components that are down as causes of other findings.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "aibrix/cluster.hpp"
#include "checks/core/check.hpp"

namespace checks {

// Whether a part of the install can do its work, and which finding says that it cannot. Shared by
// every check whose finding follows from it, so that all name the same root.
struct ComponentHealth {
  bool known = false;      // Deployments were read
  bool down = false;       // it certainly does nothing now
  bool can_return = true;  // false: its namespace is being deleted, nothing can be created in it
  std::string why;         // "aibrix-controller-manager is scaled to 0"
  std::optional<Cause> cause;  // the finding that says so (INS005); not set when it cannot return:
                               // then the stuck object itself is the root
};

// Of any component. Reads: Deployments; Namespaces and Pods when there.
ComponentHealth component_health(const Context& context, aibrix::ComponentRole role);
// AIBrix's controller-manager: removes finalizers, makes routes and grants, loads LoRAs (INS005).
// Reads: Deployments; Namespaces and Pods when there.
ComponentHealth controller_state(const Context& context);
// Some process runs this one of its controllers (aibrix::features), or none was read.
bool controller_runs(const Context& context, std::string_view controller);
// Why nothing looks after the objects of that controller: the controller-manager is down (INS005),
// or runs without it (INS007). Not set when nothing is known to keep it.
std::optional<Cause> controller_cause(const Context& context, std::string_view controller);
// The gateway plugin, which Envoy asks about every AI request (INS010). Reads as above.
ComponentHealth gateway_plugins_state(const Context& context);
// Envoy Gateway: creates Envoy and its Service, programs routes and policies, writes their status
// (GW001). A Deployment that was not found is no proof while the Gateway carries a status and its
// Service exists: it may run elsewhere, and `known` is then false. Reads also: Gateways, Services.
ComponentHealth envoy_gateway_state(const Context& context);
// Why Envoy Gateway takes up nothing that hangs on Gateway aibrix-eg (routes, policies, listeners,
// the Service): GW001, else GW003 (its class), GW005 (it is missing) or GW006 (it is not accepted).
// Not set when nothing is known to keep it. Reads also: GatewayClasses.
std::optional<Cause> gateway_cause(const Context& context);

// The command that brings a scaled-down Deployment back.
Command scale_up_command(const kube::ObjectRef& deployment);
Command restart_command(const kube::ObjectRef& deployment);
// What a Deployment logs; the newest 100 lines of it.
Command log_command(const kube::ObjectRef& deployment);
Command recent_log_command(const kube::ObjectRef& deployment);
// Sets one of its environment variables ("NAME=value"), or takes it away ("NAME-").
Command set_env_command(const kube::ObjectRef& deployment, std::string variable);
// Shows what the controller-manager logs, wherever it is installed.
Command controller_log_command(const Context& context);

}  // namespace checks
