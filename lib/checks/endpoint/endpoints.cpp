// SVC004: every node answers on the gateway's node port; SVC005: the gateway's Service has ready
// endpoints.
#include "aibrix/envoy_nodes.hpp"
#include "aibrix/names.hpp"
#include "aibrix/pod.hpp"
#include "base/text.hpp"
#include "checks/common/gateway.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

using kube::Object;

constexpr kube::Need svc004_own[] = {need::services, need::nodes, need::endpointslices};
constexpr auto svc004_needs = with_gateway(svc004_own);
constexpr kube::Need svc005_own[] = {need::services, need::endpointslices};
constexpr auto svc005_needs = with_gateway(svc005_own);

// With one Envoy on three nodes two of them being silent is how Local is meant: worth knowing, no
// fault. That no Ready node answers at all is one.
void check_nodes(const Context& context, Reporter& reporter, const Object& service) {
  const auto nodes = aibrix::port_nodes(context.cluster, service);
  const auto ready = context.cluster.ready_endpoints(service.ns(), service.name());
  const std::int64_t port = aibrix::node_port(service);
  if (!nodes || !ready) {
    reporter.undetermined("not all Nodes or endpoints were read");
    return;
  }
  reporter.measured(std::to_string(nodes->answering.size()) + " nodes answer on port " +
                    std::to_string(port));
  if (nodes->silent.empty() || *ready == 0) return;
  const std::size_t all = nodes->answering.size() + nodes->silent.size();
  const bool none = nodes->answering.empty();
  Finding& f = report(reporter, none ? Level::warning : Level::info, service,
                      none ? "no Ready node runs an Envoy pod of Service " + service.full_name()
                           : "only " + std::to_string(nodes->answering.size()) + " of " +
                                 base::plural(all, "node") +
                                 (nodes->answering.size() == 1 ? " answers" : " answer") +
                                 " on node port " + std::to_string(port));
  f.with_consequence(none ? "No node answers on node port " + std::to_string(port) + '.'
                          : "Requests to the other nodes time out.");
  f.at_field("spec.externalTrafficPolicy").with_evidence("externalTrafficPolicy", "Local");
  if (!none) f.with_evidence("nodes that answer", aibrix::name_nodes(nodes->answering));
  f.with_evidence("nodes that do not answer", aibrix::name_nodes(nodes->silent));
  const kube::Lookup proxy = context.cluster.envoy_proxy();
  if (!proxy) return;
  f.remedy(Confidence::review,
           "make every node answer (externalTrafficPolicy Cluster); Envoy then no longer sees the "
           "clients' addresses",
           merge_patch(proxy->ns(), "envoyproxy", proxy->name(),
                       R"({"spec":{"provider":{"type":"Kubernetes","kubernetes":)"
                       R"({"envoyService":{"externalTrafficPolicy":"Cluster"}}}}})"));
}

void run_nodes(const Context& context, Reporter& reporter) {
  if (!entry_expected(context, reporter)) return;
  const auto services = aibrix::entry_services(context.cluster);
  if (services.empty()) without_service(context, reporter);
  for (const Object* service : services) {
    if (service->deleting()) continue;
    // A load balancer finds the nodes that answer by their health check port.
    const bool by_node = service->spec()["type"].text() == "NodePort";
    const bool local = service->spec()["externalTrafficPolicy"].text() == "Local";
    if (by_node && local) {
      check_nodes(context, reporter, *service);
    } else {
      reporter.measured(by_node ? "every node answers" : "not of type NodePort");
    }
  }
}

void report_none(const Context& context, Reporter& reporter, const Object& service) {
  Finding& f = reporter.error(service, "Service " + service.full_name() + " has no ready endpoint");
  f.with_consequence("Connections to the gateway are refused or time out.");
  f.with_evidence("ready endpoints", "0", "at least 1");
  if (aibrix::gateway_mode(context.cluster) == aibrix::GatewayMode::side_car) {
    because_of(f, gateway_plugins_state(context).cause);
    return;
  }
  const kube::Lookup gw = context.cluster.gateway();
  if (gw) f.caused_by(GW008, gw->ref());
  if (gw.missing()) f.caused_by(GW005, aibrix::gateway_ref());
  if (!context.snapshot.loaded(kube::resources::pods)) return;
  const auto pods = context.cluster.pods_for_map(service.ns(), service.spec()["selector"]);
  if (!pods.empty()) f.with_evidence("pods", aibrix::describe_pods(pods));
  if (pods.empty()) f.with_evidence("pods that its selector matches", "none");
}

void run_endpoints(const Context& context, Reporter& reporter) {
  if (!entry_expected(context, reporter)) return;
  const auto services = aibrix::entry_services(context.cluster);
  if (services.empty()) without_service(context, reporter);
  for (const Object* service : services) {
    if (service->deleting()) continue;
    const auto ready = context.cluster.ready_endpoints(service->ns(), service->name());
    if (!ready || !aibrix::from_api_server(*service)) {
      reporter.undetermined("the endpoints of Service " + service->full_name() + " were not read");
    } else if (*ready == 0 && !maybe_unseen(context, *service)) {
      report_none(context, reporter, *service);
    } else {
      reporter.measured(base::plural(*ready, "ready endpoint"));
    }
  }
}

}  // namespace

constinit const Check registry::SVC004{
    codes::SVC004,
    Area::endpoint,
    "not every node answers on the gateway's node port",
    svc004_needs,
    run_nodes,
    {"The Service is of type NodePort with externalTrafficPolicy Local: only nodes that run an "
     "Envoy pod answer, and the others drop the connection. The FAQ's command takes the first node "
     "of the list, which may be one of the others.",
     "Newer versions of Envoy Gateway set Local for NodePort too, and Envoy has one replica by "
     "default.",
     "Use one of the nodes named here, set envoyService.externalTrafficPolicy to Cluster in the "
     "EnvoyProxy, or run more replicas of Envoy.",
     "depends on Envoy Gateway: v1.2 keeps Cluster, v1.9 sets Local"}};

constinit const Check registry::SVC005{
    codes::SVC005,
    Area::endpoint,
    "the gateway's Service has no ready endpoint",
    svc005_needs,
    run_endpoints,
    {"No Envoy pod behind the gateway's Service is ready, so connections are refused or time out.",
     "Envoy's pods are unready or were never created; see the finding that this one is listed "
     "under.",
     "Bring Envoy's pods up.", "every release"}};

}  // namespace checks
