#include "aibrix/names.hpp"
#include "checks/common/gateway.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

using aibrix::Component;

constexpr kube::Need own_needs[] = {need::gateways};
constexpr auto programmed_needs = with_gateway(own_needs);

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
    reporter.undetermined("the Gateway is not that far: " + programmed.summary());
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
    reporter.undetermined("the load balancer is being made");
    return;
  }
  Finding& f =
      reporter.warning(*gw, no_address ? "no address is assigned to Gateway aibrix-system/aibrix-eg"
                                       : "Gateway aibrix-system/aibrix-eg is not programmed (" +
                                             std::string(programmed.reason()) + ")");
  f.at_field("status.conditions");
  show_condition(f, programmed);
  if (no_address) {
    for (const kube::Object* service : pending) f.caused_by(SVC002, service->ref());
    f.note("routing works: the Service's cluster IP and a port-forward answer all the same");
  }
  if (pending.empty()) f.with_consequence("clients outside the cluster have no address to use");
}

// What Envoy runs as, when not as a Deployment.
bool is_daemon_set(const Context& context) {
  const kube::Lookup proxy = context.cluster.envoy_proxy();
  return proxy && proxy->spec().at("provider", "kubernetes", "envoyDaemonSet").exists();
}

void report_down(const Context& context, Reporter& reporter, const kube::Object& gw,
                 const Component& envoy) {
  const bool missing = envoy.deployment == nullptr;
  Finding& f = reporter.error(
      gw, missing ? "no Envoy runs for Gateway aibrix-system/aibrix-eg"
                  : "Envoy (" + envoy.name() + ") " +
                        (envoy.state == Component::State::not_ready ? "has " : "is ") +
                        envoy.describe());
  f.with_consequence("every request to the gateway fails");
  show_condition(f, gw.condition("Programmed"));
  if (!missing) {
    f.with_related(*envoy.deployment);
    if (!envoy.why.empty()) f.with_evidence("pods", envoy.why);
    if (envoy.state == Component::State::scaled_to_zero) {
      f.remedy(Confidence::review,
               "scale Envoy up (spec.provider.kubernetes.envoyDeployment."
               "replicas of the EnvoyProxy decides in the end)",
               scale_up_command(envoy.ref()));
    } else {
      f.remedy(Confidence::manual, "repair what its pods report",
               "kubectl -n " + envoy.ref().ns + " describe pods -l app.kubernetes.io/name=envoy");
    }
    return;
  }
  because_of(f, gateway_cause(context));
  if (const auto proxy = context.cluster.envoy_proxy_ref()) f.caused_by(GW004, *proxy);
  const kube::ObjectRef controller =
      context.cluster.component(aibrix::ComponentRole::envoy_gateway).ref();
  f.remedy(Confidence::manual, "read why Envoy Gateway made none",
           "kubectl -n " + controller.ns + " logs deployment/" + controller.name + " --tail=100");
}

void run_replicas(const Context& context, Reporter& reporter) {
  if (!gateway_expected(context, reporter)) return;
  const kube::Object* gw = judgeable_gateway(context, reporter);
  if (gw == nullptr) return;
  const Component& envoy = context.cluster.component(aibrix::ComponentRole::envoy);
  const kube::Condition programmed = gw->condition("Programmed");
  const bool none = programmed.is_false() && programmed.reason() == "NoResources";
  if (envoy.up()) {
    reporter.measured(envoy.describe());
    return;
  }
  if (envoy.down() && envoy.deployment != nullptr) {
    const kube::Object& made = *envoy.deployment;
    if (envoy.state == Component::State::not_ready &&
        (maybe_unseen(context, made) || settling(context, made.condition("Available")))) {
      reporter.undetermined("Envoy (" + envoy.name() + ") is starting");
    } else {
      report_down(context, reporter, *gw, envoy);
    }
    return;
  }
  if (programmed.is_true() || serving(context).value_or(false)) {
    reporter.measured(std::string(programmed.message()));  // a DaemonSet, or Deployments not read
  } else if (maybe_unseen(context, *gw) || settling(context, programmed)) {
    reporter.undetermined("the Gateway has just been made or changed");
  } else if (none || (envoy.down() && !is_daemon_set(context))) {
    report_down(context, reporter, *gw, envoy);
  } else {
    reporter.undetermined("no Envoy Deployment was read, and the Gateway does not say: " +
                          programmed.summary());
  }
}

}  // namespace

constinit const Check registry::GW007{
    codes::GW007,
    Area::gateway,
    "Gateway aibrix-eg has an address",
    programmed_needs,
    run_address,
    {"The Gateway is programmed but no address is assigned to it: clients outside the cluster have "
     "nothing to connect to. Envoy works; its cluster IP and a port-forward answer.",
     "The Service is of type LoadBalancer and nothing in the cluster makes load balancers (kind, "
     "minikube, bare metal), or the cloud refused to make one.",
     "Use a port-forward, change the Service's type to NodePort in the EnvoyProxy, or install a "
     "load "
     "balancer such as MetalLB.",
     "every release (not with the chart's envoyAsSideCar)"}};

constinit const Check registry::GW008{
    codes::GW008,
    Area::gateway,
    "Envoy is running",
    programmed_needs,
    run_replicas,
    {"No replica of Envoy is ready, so every request to the gateway fails before any routing.",
     "Its pods cannot be scheduled (AIBrix asks for 1 to 2 CPUs and up to 8 GiB for it), its image "
     "cannot be pulled, it was scaled to 0, or Envoy Gateway never made it.",
     "Repair what its pods report, or what keeps Envoy Gateway from making them.",
     "every release (not with the chart's envoyAsSideCar)"}};

}  // namespace checks
