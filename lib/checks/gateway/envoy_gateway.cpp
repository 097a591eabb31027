#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "checks/common/gateway.hpp"

namespace checks {
namespace {

using aibrix::Component;
using aibrix::ComponentRole;

constexpr kube::Need gw001_needs[] = {need::deployments,
                                      need::optional(need::pods),
                                      need::optional(need::namespaces),
                                      need::optional(need::services),
                                      need::optional(need::gateways),
                                      need::optional(need::gateway_classes),
                                      need::optional(need::envoy_proxies)};

bool wants_envoy_gateway(const Context& context, Reporter& reporter) {
  switch (aibrix::gateway_mode(context.cluster)) {
    case aibrix::GatewayMode::none:
      reporter.not_applicable("this install has no gateway");
      return false;
    case aibrix::GatewayMode::side_car:
      reporter.not_applicable("Envoy runs as a side-car of the gateway plugin");
      return false;
    case aibrix::GatewayMode::envoy_gateway: break;
  }
  return true;
}

void add_remedy(Finding& f, const Context& context, const Component& part,
                const ComponentHealth& state) {
  const kube::ObjectRef ref = part.ref();
  if (!state.can_return) {
    f.caused_by(NS002, {"", "Namespace", "", ref.ns});
    return;
  }
  if (part.state == Component::State::scaled_to_zero) {
    f.remedy(Confidence::review, "scale Envoy Gateway up: it then takes up what waits for it",
             scale_up_command(ref));
  } else if (part.state == Component::State::missing) {
    reapply_remedy(f, context, "dependency");
  } else {
    f.remedy(Confidence::manual, "repair what its pods report",
             "kubectl -n " + ref.ns + " describe pods -l control-plane=envoy-gateway");
  }
}

// Envoy goes on with the configuration it has: nothing fails the moment Envoy Gateway stops. What
// does wait (a new route, a deletion, an Envoy that was never made) names this finding as its
// cause.
void run_envoy_gateway(const Context& context, Reporter& reporter) {
  if (!wants_envoy_gateway(context, reporter)) return;
  const Component& part = context.cluster.component(ComponentRole::envoy_gateway);
  if (part.state == Component::State::unknown) {
    reporter.undetermined("no status of Deployment envoy-gateway was read");
    return;
  }
  if (part.up()) {
    reporter.measured(part.describe());
    return;
  }
  if (part.deployment != nullptr && part.deployment->deleting()) {
    reporter.not_applicable("Deployment envoy-gateway is being deleted");
    return;
  }
  const ComponentHealth state = envoy_gateway_state(context);
  if (!state.known) {
    reporter.undetermined(
        "Deployment envoy-gateway was not found, but the Gateway carries its status: it may run "
        "elsewhere or under another name");
    return;
  }
  Finding& f = reporter.warning(
      part.deployment != nullptr ? Subject(*part.deployment) : Subject(part.ref()), state.why);
  f.with_consequence("no change to routes, policies or the Gateway is taken up");
  f.at_field(part.state == Component::State::scaled_to_zero ? "spec.replicas" : "");
  f.with_evidence(
      "replicas",
      std::to_string(part.ready) + " ready, " + std::to_string(part.desired) + " wanted",
      "at least 1 ready");
  if (!part.why.empty()) f.with_evidence("pods", part.why);
  // It watches EnvoyProxies and ends when that kind is not there.
  if (context.snapshot.state(aibrix::resources::envoy_proxies) == kube::ListState::absent) {
    const std::string crd = kube::full_name(aibrix::resources::envoy_proxies);
    f.with_evidence("CRD " + crd, "not installed", "installed");
  }
  add_remedy(f, context, part, state);
}

}  // namespace

constinit const Check registry::GW001{
    codes::GW001,
    Area::gateway,
    "Envoy Gateway is running",
    gw001_needs,
    run_envoy_gateway,
    {"Envoy Gateway has no ready replica. It creates Envoy and its Service from Gateway aibrix-eg, "
     "turns routes and policies into Envoy's configuration and writes their status. Envoy itself "
     "goes on with the configuration it has; new models get no route, and a GatewayClass being "
     "deleted keeps its finalizer.",
     "Scaled to 0, never installed (it comes with the dependency manifest, not with AIBrix's "
     "chart), "
     "or crash-looping: a CRD missing because a client-side apply was too large for it, or a "
     "broken "
     "envoy-gateway-config.",
     "Scale it up or install it; for a crash loop read the log of its pod.",
     "every release (not with the chart's envoyAsSideCar)"}};

}  // namespace checks
