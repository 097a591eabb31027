// SVC002: the gateway's load balancer has an address.
#include <algorithm>

#include "aibrix/envoy_nodes.hpp"
#include "aibrix/names.hpp"
#include "aibrix/pod.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "checks/common/fix_remedies.hpp"
#include "checks/common/gateway.hpp"
#include "checks/common/pod_trouble.hpp"
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

// What k3s and RKE2 run on every node for a Service of type LoadBalancer (klipper-lb): pods that
// take its ports of the node (k3s pkg/cloudprovider/servicelb.go; before v1.24 in the Service's own
// namespace and without these labels).
std::vector<const Object*> node_balancers(const Context& context, const Object& service) {
  constexpr std::string_view name_label = "svccontroller.k3s.cattle.io/svcname";
  constexpr std::string_view ns_label = "svccontroller.k3s.cattle.io/svcnamespace";
  std::vector<const Object*> out;
  for (const Object& pod : context.snapshot.list(kube::resources::pods)) {
    const std::string_view ns = pod.label(ns_label);
    const bool its = pod.label(name_label) == service.name() &&
                     (ns.empty() ? pod.ns() == service.ns() : ns == service.ns());
    const bool old =
        pod.ns() == service.ns() && pod.label("app") == "svclb-" + std::string(service.name());
    if ((its || old) && !pod.deleting()) out.push_back(&pod);
  }
  return out;
}

bool takes_port(const Object& pod, std::int64_t port) {
  for (const kube::Value& c : pod.spec()["containers"].items()) {
    for (const kube::Value& p : c["ports"].items()) {
      if (p["hostPort"].integer_or(0) == port) return true;
    }
  }
  return false;
}

// Who has the ports of the nodes that these pods wait for: a Service with such pods of its own, or
// a pod.
std::string holder_of(const Context& context, const Object& service, std::int64_t port) {
  const auto own = node_balancers(context, service);
  for (const Object& pod : context.snapshot.list(kube::resources::pods)) {
    if (pod.spec()["nodeName"].text().empty() || !takes_port(pod, port)) continue;
    if (std::find(own.begin(), own.end(), &pod) != own.end()) continue;
    const std::string_view name = pod.label("svccontroller.k3s.cattle.io/svcname");
    if (name.empty()) return "pod " + pod.full_name();
    return "Service " + std::string(pod.label("svccontroller.k3s.cattle.io/svcnamespace")) + '/' +
           std::string(name);
  }
  return {};
}

// A load balancer there is, and its pods do not run. False: there is none of this kind.
bool explain_node_balancer(Finding& f, const Context& context, const Object& service) {
  const auto pods = node_balancers(context, service);
  const bool up = std::any_of(pods.begin(), pods.end(), aibrix::is_routable);
  if (pods.empty() || up) return !pods.empty();
  const PodTrouble trouble = pod_trouble(context, pods);
  std::string why = trouble_reason(trouble);
  if (aibrix::pod_state(*pods.front()).detail.find("free ports") != std::string::npos) {
    for (const kube::Value& wanted : service.spec()["ports"].items()) {
      const std::int64_t port = wanted["port"].integer_or(0);
      const std::string holder = holder_of(context, service, port);
      why = "port " + std::to_string(port) + " of the nodes is taken" +
            (holder.empty() ? "" : " by " + holder);
      if (!holder.empty()) {
        f.with_evidence("port " + std::to_string(port) + " of the nodes", holder,
                        "free for " + service.full_name());
        break;
      }
    }
  }
  f.title += ": " + std::to_string(pods.size()) + " of its " +
             base::plural(pods.size(), "svclb pod") + " cannot run (" + why + ')';
  f.with_evidence("pods of the node-level load balancer", aibrix::describe_pods(pods), "Ready");
  for (std::size_t i = 0; i < pods.size() && i < 5; ++i) f.with_related(*pods[i]);
  return true;
}

void add_remedies(Finding& f, const Context& context, const Object& service, bool has_balancer) {
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
  if (has_balancer) {
    f.remedy(Confidence::manual,
             "let the node-level load balancer's pods run: free the port on the nodes, or give the "
             "Gateway's listener another port");
    return;
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
  add_remedies(f, context, service, explain_node_balancer(f, context, service));
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
