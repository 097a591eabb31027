// The health of the install's components, and the kubectl commands that repair them.
#include "checks/common/causes.hpp"

#include <algorithm>

#include "aibrix/controllers.hpp"
#include "aibrix/gateway.hpp"
#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "checks/core/command.hpp"

namespace checks {
namespace {

using aibrix::Component;

ComponentHealth by_deployment(const Context& context, aibrix::ComponentRole role) {
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
  if (out.can_return) out.cause = Cause{aibrix::facts_of(role).code, ref};
  return out;
}

}  // namespace

ComponentHealth component_health(const Context& context, aibrix::ComponentRole role) {
  ComponentHealth out = by_deployment(context, role);
  const bool gone = context.cluster.component(role).state == Component::State::missing;
  if (role != aibrix::ComponentRole::envoy_gateway || !gone) return out;
  const kube::Lookup gateway = context.cluster.gateway();
  const bool written = gateway && aibrix::reconciled(gateway->condition("Accepted"));
  if (gateway.unknown() || (written && !context.cluster.gateway_services().empty())) {
    return ComponentHealth{};
  }
  return out;
}

ComponentHealth controller_state(const Context& context) {
  return component_health(context, aibrix::ComponentRole::controller_manager);
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
  return component_health(context, aibrix::ComponentRole::gateway_plugins);
}

ComponentHealth envoy_gateway_state(const Context& context) {
  return component_health(context, aibrix::ComponentRole::envoy_gateway);
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

Command scale_up_command(const kube::ObjectRef& deployment) {
  return kubectl(deployment.ns, "scale").on_one("deployment", deployment.name).with("--replicas=1");
}

Command restart_command(const kube::ObjectRef& deployment) {
  return kubectl(deployment.ns, "rollout", "restart").on_one("deployment", deployment.name);
}

Command log_command(const kube::ObjectRef& deployment) {
  return kubectl(deployment.ns, "logs").on_one("deployment", deployment.name);
}

Command recent_log_command(const kube::ObjectRef& deployment) {
  return log_command(deployment).with("--tail=100");
}

Command set_env_command(const kube::ObjectRef& deployment, std::string variable) {
  return kubectl(deployment.ns, "set", "env")
      .on_one("deployment", deployment.name)
      .with(std::move(variable));
}

Command controller_log_command(const Context& context) {
  const kube::ObjectRef deployment =
      context.cluster.component(aibrix::ComponentRole::controller_manager).ref();
  return log_command(deployment);
}

}  // namespace checks
