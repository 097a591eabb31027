#include "checks/causes.hpp"

#include <algorithm>

#include "aibrix/controllers.hpp"
#include "aibrix/gateway.hpp"
#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "checks/commands.hpp"

namespace checks {
namespace {

using aibrix::Part;

PartState part_state(const Context& context, aibrix::Role role, std::string_view code) {
  PartState out;
  const Part& part = context.cluster.part(role);
  out.known = part.state != Part::State::unknown;
  out.down = part.down();
  if (!out.down) return out;
  const kube::ObjectRef ref = part.ref();
  out.why = ref.name + (part.state == Part::State::not_ready ? " has " : " is ") + part.describe();
  const kube::Lookup ns = context.snapshot.find(kube::resources::namespaces, "", ref.ns);
  // No pod can be made there any more, even while the Deployment itself is still waiting for its turn.
  out.can_return = !ns || !ns->deleting();
  if (out.can_return) out.cause = Cause{std::string(code), ref};
  return out;
}

}  // namespace

PartState controller_state(const Context& context) {
  return part_state(context, aibrix::Role::controller_manager, "INS005");
}

bool controller_runs(const Context& context, std::string_view controller) {
  const auto processes = aibrix::controller_processes(context.cluster);
  return processes.empty() || std::any_of(processes.begin(), processes.end(),
                                          [&](const aibrix::ControllerProcess& p) { return p.runs(controller); });
}

std::optional<Cause> controller_cause(const Context& context, std::string_view controller) {
  if (const PartState state = controller_state(context); state.down) return state.cause;
  if (controller_runs(context, controller)) return std::nullopt;
  return Cause{"INS007", aibrix::controller_processes(context.cluster).front().deployment->ref()};
}

PartState gateway_plugins_state(const Context& context) {
  return part_state(context, aibrix::Role::gateway_plugins, "INS010");
}

PartState envoy_gateway_state(const Context& context) {
  PartState out = part_state(context, aibrix::Role::envoy_gateway, "GW001");
  const Part& part = context.cluster.part(aibrix::Role::envoy_gateway);
  if (part.state != Part::State::missing) return out;
  const kube::Lookup gateway = context.cluster.gateway();
  const bool written = gateway && aibrix::judged(gateway->condition("Accepted"));
  if (gateway.unknown() || (written && !context.cluster.gateway_services().empty())) {
    return PartState{};
  }
  return out;
}

std::optional<Cause> gateway_cause(const Context& context) {
  using aibrix::names::gateway;
  if (const PartState controller = envoy_gateway_state(context); controller.down) {
    return controller.cause;
  }
  const kube::Lookup gateway_class = context.cluster.gateway_class();
  const kube::Lookup gw = context.cluster.gateway();
  if (gateway_class.missing()) {
    const std::string_view name =
        gw ? gw->spec()["gatewayClassName"].text(gateway) : std::string_view(gateway);
    return Cause{"GW003", {"gateway.networking.k8s.io", "GatewayClass", "", std::string(name)}};
  }
  if (gateway_class && aibrix::recorded(*gateway_class) &&
      !gateway_class->condition("Accepted").is_true()) {
    return Cause{"GW003", gateway_class->ref()};
  }
  if (gw.missing()) return Cause{"GW005", aibrix::gateway_ref()};
  if (gw && aibrix::recorded(*gw) && !gw->condition("Accepted").is_true()) {
    return Cause{"GW006", gw->ref()};
  }
  return std::nullopt;
}

std::string scale_up_command(const kube::ObjectRef& deployment) {
  return "kubectl -n " + deployment.ns + " scale deployment/" + deployment.name + " --replicas=1";
}

std::string restart_command(const kube::ObjectRef& deployment) {
  return "kubectl -n " + deployment.ns + " rollout restart deployment/" + deployment.name;
}

std::string controller_log_command(const Context& context) {
  const kube::ObjectRef deployment = context.cluster.part(aibrix::Role::controller_manager).ref();
  return kubectl(deployment.ns) + " logs deployment/" + shell_word(deployment.name);
}

bool settling(const Context& context, const kube::Condition& condition) {
  if (!context.snapshot.live()) return false;
  const auto since = condition.since();
  const auto now = context.snapshot.now();
  if (!since || !now) return false;
  // Clocks differ by seconds; a condition from far in the future says nothing about being new.
  return *now - *since < std::chrono::seconds(10) && *since - *now < std::chrono::minutes(1);
}

}  // namespace checks
