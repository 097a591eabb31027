#include "checks/common/causes.hpp"

#include <algorithm>

#include "aibrix/controllers.hpp"
#include "aibrix/gateway.hpp"
#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "checks/core/commands.hpp"

namespace checks {
namespace {

using aibrix::Component;

ComponentHealth part_state(const Context& context, aibrix::ComponentRole role, Code code) {
  ComponentHealth out;
  const Component& part = context.cluster.component(role);
  out.known = part.state != Component::State::unknown;
  out.down = part.down();
  if (!out.down) return out;
  const kube::ObjectRef ref = part.ref();
  out.why =
      ref.name + (part.state == Component::State::not_ready ? " has " : " is ") + part.describe();
  const kube::Lookup ns = context.snapshot.find(kube::resources::namespaces, "", ref.ns);
  // No pod can be made there any more, even while the Deployment itself is still waiting for its
  // turn.
  out.can_return = !ns || !ns->deleting();
  if (out.can_return) out.cause = Cause{code, ref};
  return out;
}

}  // namespace

ComponentHealth controller_state(const Context& context) {
  return part_state(context, aibrix::ComponentRole::controller_manager, INS005);
}

bool controller_runs(const Context& context, std::string_view controller) {
  const auto processes = aibrix::controller_processes(context.cluster);
  return processes.empty() ||
         std::any_of(processes.begin(), processes.end(),
                     [&](const aibrix::ControllerProcess& p) { return p.runs(controller); });
}

std::optional<Cause> controller_cause(const Context& context, std::string_view controller) {
  if (const ComponentHealth state = controller_state(context); state.down) return state.cause;
  if (controller_runs(context, controller)) return std::nullopt;
  return Cause{INS007, aibrix::controller_processes(context.cluster).front().deployment->ref()};
}

ComponentHealth gateway_plugins_state(const Context& context) {
  return part_state(context, aibrix::ComponentRole::gateway_plugins, INS010);
}

ComponentHealth envoy_gateway_state(const Context& context) {
  ComponentHealth out = part_state(context, aibrix::ComponentRole::envoy_gateway, GW001);
  const Component& part = context.cluster.component(aibrix::ComponentRole::envoy_gateway);
  if (part.state != Component::State::missing) return out;
  const kube::Lookup gateway = context.cluster.gateway();
  const bool written = gateway && aibrix::reconciled(gateway->condition("Accepted"));
  if (gateway.unknown() || (written && !context.cluster.gateway_services().empty())) {
    return ComponentHealth{};
  }
  return out;
}

std::optional<Cause> gateway_cause(const Context& context) {
  using aibrix::names::gateway;
  if (const ComponentHealth controller = envoy_gateway_state(context); controller.down) {
    return controller.cause;
  }
  const kube::Lookup gateway_class = context.cluster.gateway_class();
  const kube::Lookup gw = context.cluster.gateway();
  if (gateway_class.missing()) {
    const std::string_view name =
        gw ? gw->spec()["gatewayClassName"].text(gateway) : std::string_view(gateway);
    return Cause{GW003, {"gateway.networking.k8s.io", "GatewayClass", "", std::string(name)}};
  }
  if (gateway_class && aibrix::from_api_server(*gateway_class) &&
      !gateway_class->condition("Accepted").is_true()) {
    return Cause{GW003, gateway_class->ref()};
  }
  if (gw.missing()) return Cause{GW005, aibrix::gateway_ref()};
  if (gw && aibrix::from_api_server(*gw) && !gw->condition("Accepted").is_true()) {
    return Cause{GW006, gw->ref()};
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
  const kube::ObjectRef deployment =
      context.cluster.component(aibrix::ComponentRole::controller_manager).ref();
  return kubectl(deployment.ns) + " logs deployment/" + shell_word(deployment.name);
}

}  // namespace checks
