// GW007: Gateway aibrix-eg has an address.
#include "aibrix/names.hpp"
#include "checks/common/gateway.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

constexpr kube::Need own_programmed_needs[] = {need::gateways};
constexpr auto programmed_needs = with_gateway(own_programmed_needs);

// Load balancers that are still being made: the address check waits as long as they may take.
std::vector<const kube::Object*> pending_balancers(const Context& context) {
  std::vector<const kube::Object*> out;
  for (const kube::Object* service : context.cluster.gateway_services()) {
    const bool empty = service->status().at("loadBalancer", "ingress").empty();
    if (service->spec()["type"].text() == "LoadBalancer" && empty) out.push_back(service);
  }
  return out;
}

bool has_address(const Context& context) {
  for (const kube::Object* service : context.cluster.gateway_services()) {
    if (!service->status().at("loadBalancer", "ingress").empty()) return true;
  }
  return false;
}

void run_address(const Context& context, Reporter& reporter) {
  if (!gateway_expected(context, reporter)) return;
  const kube::Object* gw = judgeable_gateway(context, reporter);
  if (gw == nullptr) return;
  const kube::Condition programmed = gw->condition("Programmed");
  if (programmed.is_true()) {
    reporter.measured(std::string(programmed.message()));
    return;
  }
  // Not accepted and no replicas are other checks' business.
  if (!aibrix::reconciled(programmed) || programmed.reason() == "NoResources") {
    reporter.undetermined("the Gateway is not accepted or has no resources yet: " +
                          programmed.summary());
    return;
  }
  const auto pending = pending_balancers(context);
  const bool no_address = programmed.reason() == "AddressNotAssigned";
  if (settling(context, programmed) || (no_address && has_address(context))) {
    reporter.undetermined("the Gateway's status is about to change: " + programmed.summary());
    return;
  }
  if (no_address && !pending.empty() &&
      surely_within(context, pending.front()->created(), limits::load_balancer_made)) {
    reporter.undetermined("the load balancer is being created");
    return;
  }
  Finding& f =
      reporter.warning(*gw, no_address ? "Gateway aibrix-system/aibrix-eg has no address"
                                       : "Gateway aibrix-system/aibrix-eg is not programmed (" +
                                             std::string(programmed.reason()) + ")");
  f.at_field("status.conditions");
  show_condition(f, programmed);
  if (no_address) {
    for (const kube::Object* service : pending) f.caused_by(SVC002, service->ref());
    f.note("routing still works through the ClusterIP or a port-forward");
  }
  if (pending.empty()) f.with_consequence("Clients outside the cluster have no address to use.");
}

}  // namespace

constinit const Check registry::GW007{
    codes::GW007,
    Area::gateway,
    "Gateway aibrix-eg has no address",
    programmed_needs,
    run_address,
    {"The Gateway is programmed but has no address, so clients outside the cluster have nothing to "
     "connect to. Envoy works and is reachable through its ClusterIP or a port-forward.",
     "The Service is of type LoadBalancer and nothing in the cluster provisions load balancers "
     "(kind, minikube, bare metal), or the cloud failed to provision one.",
     "Use a port-forward, set the Service type to NodePort in the EnvoyProxy, or install a load "
     "balancer such as MetalLB.",
     "every release (not with the chart's envoyAsSideCar)"}};

}  // namespace checks
