// GW020: one Envoy Gateway answers to the GatewayClass.
#include <vector>

#include "aibrix/envoy_gateway.hpp"
#include "aibrix/names.hpp"
#include "checks/common/gateway.hpp"

namespace checks {
namespace {

namespace names = aibrix::names;

constexpr kube::Need own_two_controllers_needs[] = {need::deployments,
                                                    need::optional(need::envoy_gateway_config)};
constexpr auto gw020_needs = with_gateway(own_two_controllers_needs);

bool runs_envoy_gateway(const kube::Object& d) {
  const bool named =
      d.name() == names::envoy_gateway || d.label("control-plane") == "envoy-gateway";
  return named && !d.deleting() && d.spec()["replicas"].integer_or(1) > 0;
}

struct Controller {
  const kube::Object* deployment = nullptr;
  aibrix::EnvoyGatewayConfig config;
};

void run_two_controllers(const Context& context, Reporter& reporter) {
  if (!gateway_expected(context, reporter)) return;
  std::vector<Controller> all;
  for (const kube::Object& d : context.snapshot.list(kube::resources::deployments)) {
    if (!runs_envoy_gateway(d)) continue;
    all.push_back({&d, aibrix::envoy_gateway_config(context.snapshot.find(
                           kube::resources::configmaps, d.ns(), names::envoy_gateway_config))});
  }
  for (std::size_t i = 1; i < all.size(); ++i) {
    const Controller& a = all[0];
    const Controller& b = all[i];
    if (!a.config.read() || !b.config.read()) {
      reporter.undetermined(
          "several Deployments run Envoy Gateway, and not all of their ConfigMaps were read");
      continue;
    }
    const bool same = a.config.controller_name == b.config.controller_name;
    if (!same || a.config.watches_some || b.config.watches_some) continue;
    Finding& f =
        reporter.warning(*b.deployment, "Deployments " + a.deployment->full_name() + " and " +
                                            b.deployment->full_name() +
                                            " both run Envoy Gateway with the same controllerName");
    f.with_consequence(
        "They overwrite each other's statuses, and each runs an Envoy for Gateway aibrix-eg.");
    f.with_related(*a.deployment).with_evidence("gateway.controllerName", a.config.controller_name);
    f.remedy(Confidence::manual,
             "keep one of them, or give the other its own gateway.controllerName in its "
             "envoy-gateway-config and restart it");
  }
  if (all.size() == 1) reporter.measured("one: " + all[0].deployment->full_name());
  // Another one could be in a namespace that was not read.
  if (!context.snapshot.complete(kube::resources::deployments)) {
    reporter.undetermined("Deployments of some namespaces were not read");
  }
}

}  // namespace

constinit const Check registry::GW020{
    codes::GW020,
    Area::gateway,
    "two Envoy Gateways have the same controllerName",
    gw020_needs,
    run_two_controllers,
    {"Two installations of Envoy Gateway have the same controllerName, so both reconcile Gateway "
     "aibrix-eg: two sets of Envoy, and statuses that change back and forth.",
     "AIBrix's dependency manifest was applied to a cluster that already had Envoy Gateway, or "
     "Envoy Gateway was moved to another namespace and the old one was left.",
     "Remove one of them, or give one its own gateway.controllerName.", "every release"}};

}  // namespace checks
