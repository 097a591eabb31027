// SVC002: the gateway's load balancer has an address.
#include "aibrix/envoy_nodes.hpp"
#include "aibrix/names.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "checks/common/fix_remedies.hpp"
#include "checks/common/gateway.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

using kube::Object;

constexpr kube::Need own_load_balancer_needs[] = {need::services, need::optional(need::nodes),
                                                  need::optional(need::warning_events)};
constexpr auto svc002_needs = with_gateway(own_load_balancer_needs);

// Cloud controllers say in Events why they make no load balancer.
void show_event(Finding& f, const Context& context, const Object& service) {
  for (const Object& event : context.snapshot.list(kube::resources::events, service.ns())) {
    const kube::Value about = event["involvedObject"];
    if (about["kind"].text() != "Service" || about["name"].text() != service.name()) continue;
    if (event["type"].text() == "Normal") continue;
    f.with_evidence("event " + std::string(event["reason"].text()),
                    base::shorten(event["message"].text(), 300));
    return;
  }
}

// Kubernetes gives a LoadBalancer Service node ports as well: they answer already.
void show_node_port(Finding& f, const Context& context, const Object& service) {
  const std::int64_t port = aibrix::node_port(service);
  if (port == 0) return;
  const auto nodes = aibrix::port_nodes(context.cluster, service);
  f.with_evidence("node port", std::to_string(port));
  if (!nodes || nodes->answering.empty()) return;
  f.note("node port " + std::to_string(port) + " is already reachable from the node network on " +
         aibrix::name_nodes(nodes->answering));
}

void add_remedies(Finding& f, const Context& context, const Object& service) {
  const std::string ns(service.ns());
  const std::string name(service.name());
  const std::string port(service.spec()["ports"][0]["port"].scalar());
  f.remedy(Confidence::safe, "use a port-forward, then http://localhost:8888",
           port_forward_command(ns, name, port.empty() ? "80" : port));
  const TypeCommands node_port = service_type_commands(context, "NodePort");
  if (!node_port.apply.empty()) {
    f.remedy(
        Confidence::review,
        "change the type to NodePort in the EnvoyProxy (Envoy Gateway reverts manual changes to "
        "the Service)",
        node_port.apply);
    f.remedies.back().undo = node_port.undo;
    offer_fix_type(f, "NodePort");
  } else if (aibrix::gateway_mode(context.cluster) == aibrix::GatewayMode::side_car) {
    f.remedy(Confidence::review,
             "change the type to NodePort (the chart's next upgrade may revert it)",
             merge_patch(ns, "service", name, R"({"spec":{"type":"NodePort"}})"));
  } else if (const kube::Lookup gc = context.cluster.gateway_class();
             gc && !context.cluster.envoy_proxy_ref()) {
    // v0.1 and v0.2.0 have no EnvoyProxy to change.
    f.remedy(Confidence::review, "reference an EnvoyProxy with type NodePort in the GatewayClass",
             merge_patch("", "gatewayclass", gc->name(),
                         R"({"spec":{"parametersRef":{"group":"gateway.envoyproxy.io",)"
                         R"("kind":"EnvoyProxy","name":"aibrix-custom-proxy-config",)"
                         R"("namespace":"aibrix-system"}}})"));
    f.remedies.back().manifest =
        "apiVersion: gateway.envoyproxy.io/v1alpha1\nkind: EnvoyProxy\nmetadata:\n"
        "  name: aibrix-custom-proxy-config\n  namespace: aibrix-system\nspec:\n  provider:\n"
        "    type: Kubernetes\n    kubernetes:\n      envoyService:\n        type: NodePort\n";
    offer_fix_type(f, "NodePort");
  }
  f.remedy(Confidence::manual,
           "install a load balancer (MetalLB, the cloud's controller; minikube: minikube tunnel)");
}

void check_balancer(const Context& context, Reporter& reporter, const Object& service) {
  if (!service.status()["loadBalancer"]["ingress"].empty()) {
    const kube::Value ingress = service.status()["loadBalancer"]["ingress"][0];
    reporter.measured(std::string(ingress["ip"].text(ingress["hostname"].text())));
    return;
  }
  if (!aibrix::from_api_server(service)) {
    reporter.undetermined("Service " + service.full_name() +
                          " comes from a manifest and has no status");
    return;
  }
  // A Service can have been made by hand with addresses of its own.
  if (!service.spec()["externalIPs"].empty()) return;
  const auto age = context.snapshot.age(service.created());
  if (!age || *age < limits::load_balancer_made) {
    reporter.undetermined(age ? "the load balancer may still be being created"
                              : "the creation time of Service " + service.full_name() +
                                    " is unknown");
    return;
  }
  Finding& f = reporter.warning(service, "the gateway Service has no external IP (<pending> for " +
                                             base::format_age(*age) + ")");
  f.with_consequence("Clients outside the cluster have no address for the gateway.");
  f.at_field("status.loadBalancer.ingress");
  f.with_evidence("status.loadBalancer.ingress", "<none> for " + base::format_age(*age),
                  "an address");
  f.since = service.created();
  show_event(f, context, service);
  show_node_port(f, context, service);
  add_remedies(f, context, service);
}

void run_load_balancer(const Context& context, Reporter& reporter) {
  if (!entry_expected(context, reporter)) return;
  const auto services = aibrix::entry_services(context.cluster);
  if (services.empty()) {
    without_service(context, reporter);
    return;
  }
  for (const Object* service : services) {
    if (service->deleting()) continue;
    const std::string_view type = service->spec()["type"].text("ClusterIP");
    if (type == "LoadBalancer") {
      check_balancer(context, reporter, *service);
    } else {
      reporter.measured("type " + std::string(type));
    }
  }
}

}  // namespace

constinit const Check registry::SVC002{
    codes::SVC002,
    Area::endpoint,
    "the gateway Service has no external IP",
    svc002_needs,
    run_load_balancer,
    {"The gateway's Service is of type LoadBalancer (Envoy Gateway's default) and has had no "
     "external IP for more than two minutes: EXTERNAL-IP stays <pending>. The gateway still works "
     "through a port-forward, its ClusterIP or the node port.",
     "Nothing in the cluster provisions load balancers (kind, minikube, bare metal, private "
     "cloud), or the cloud failed to provision one because of quota, subnet or permissions. Then "
     "the Service's events give the reason.",
     "Set the Service type to NodePort in the EnvoyProxy, never on the Service itself (aibrixctl "
     "fix service-type); or use a port-forward; or install a load balancer.",
     "every release"}};

}  // namespace checks
