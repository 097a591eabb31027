// The look at the Service and the Gateway after their type was changed.
#include "fix/service_type_verify.hpp"

#include "aibrix/cluster.hpp"
#include "aibrix/envoy_nodes.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"

namespace fix {

using kube::Object;

std::string live_type(const Object& service) {
  return std::string(service.spec()["type"].text("ClusterIP"));
}

std::string addresses(const Object& service) {
  std::vector<std::string> out;
  for (const kube::Value& ingress : service.status()["loadBalancer"]["ingress"].items()) {
    out.emplace_back(ingress["ip"].text(ingress["hostname"].text()));
  }
  return out.empty() ? "none" : base::join(out, ", ");
}

namespace {

std::string endpoint(const checks::Context& context, const Object& service) {
  const std::string type = live_type(service);
  const std::string port(service.spec()["ports"][std::size_t{0}]["port"].scalar());
  if (type == "ClusterIP")
    return "http://" + std::string(service.spec()["clusterIP"].text()) + ':' + port;
  if (type == "LoadBalancer") {
    const std::string address = addresses(service);
    return address == "none" ? "" : "http://" + address + ':' + port;
  }
  const auto nodes = aibrix::port_nodes(context.cluster, service);
  if (!nodes || nodes->answering.empty()) return {};
  return "http://" + aibrix::node_address(*nodes->answering.front()) + ':' +
         std::to_string(aibrix::node_port(service));
}

Watched look_at_service(const checks::Context& context, const Watch& watch) {
  Watched out;
  out.object = watch.object;
  // A renamed or made anew Service is found as the gateway's, not by its old name.
  const auto services = context.cluster.gateway_services();
  if (services.empty()) {
    out.text = "does not exist yet";
    return out;
  }
  const Object& service = *services.front();
  const std::string type = live_type(service);
  const std::string policy(service.spec()["externalTrafficPolicy"].text());
  const std::string port = std::to_string(aibrix::node_port(service));
  if (type != watch.type) {
    out.text = "still of type " + type;
  } else if (!watch.external_traffic_policy.empty() && policy != watch.external_traffic_policy) {
    out.text = "externalTrafficPolicy is still " + policy;
  } else if (!watch.node_port.empty() && port != watch.node_port) {
    out.text = "its node port is still " + port;
  } else if (type == "LoadBalancer" && addresses(service) == "none") {
    out.text = "LoadBalancer, no address yet";
  } else {
    out.state = Watched::State::done;
    const std::string url = endpoint(context, service);
    out.text = type + (url.empty() ? "" : ", " + url);
  }
  return out;
}

Watched look_at_gateway(const checks::Context& context, const Watch& watch) {
  Watched out;
  out.object = watch.object;
  const kube::Lookup gateway = context.cluster.gateway();
  const kube::Condition programmed = gateway ? gateway->condition("Programmed") : kube::Condition();
  out.state = programmed.is_true() ? Watched::State::done : Watched::State::waiting;
  out.text = programmed.exists() ? programmed.summary() : "no Programmed condition";
  return out;
}

}  // namespace

std::vector<Watched> verify_service_type(const Plan& plan, const checks::Context& context) {
  std::vector<Watched> out;
  for (const Watch& watch : plan.watch) {
    out.push_back(watch.resource == &aibrix::resources::gateways ? look_at_gateway(context, watch)
                                                                 : look_at_service(context, watch));
  }
  return out;
}

}  // namespace fix
