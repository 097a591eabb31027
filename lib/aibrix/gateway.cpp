// The finder of the gateway's mode, Services, reserved route and policies' status.
#include "aibrix/gateway.hpp"

#include <algorithm>

#include "aibrix/cluster.hpp"
#include "aibrix/envoy_gateway.hpp"
#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "base/sha256.hpp"

namespace aibrix {
namespace {

namespace core = kube::resources;
using kube::Object;

// The port of the chart's side-car Envoy (values: gateway.envoySideCar.ports.http).
constexpr std::int64_t side_car_port = 10080;

bool is_side_car_service(const Object& service) {
  if (service.label("app.kubernetes.io/component") != "aibrix-gateway-plugin") return false;
  const auto ports = service.spec()["ports"].items();
  return std::any_of(ports.begin(), ports.end(),
                     [](const kube::Value& p) { return p["port"].integer() == side_car_port; });
}

bool has_envoy_container(const Object* deployment) {
  if (deployment == nullptr) return false;
  const auto containers = deployment->at("spec", "template", "spec", "containers").items();
  return std::any_of(containers.begin(), containers.end(), [](const kube::Value& c) {
    return image_name(c["image"].text()).ends_with("envoyproxy/envoy");
  });
}

bool is_side_car(const Cluster& cluster) {
  if (has_envoy_container(cluster.component(ComponentRole::gateway_plugins).deployment))
    return true;
  const auto services = cluster.snapshot().list(core::services);
  return std::any_of(services.begin(), services.end(), is_side_car_service);
}

// --controllers names some controllers, and the one that makes routes is not among them
// (config/standalone, pkg/features).
bool makes_no_routes(const Object& controller) {
  for (const kube::Value& c : controller.at("spec", "template", "spec", "containers").items()) {
    for (const kube::Value& arg : c["args"].items()) {
      const std::string_view text = arg.text();
      if (!text.starts_with("--controllers=")) continue;
      return text.find("model-route-controller") == std::string_view::npos &&
             text.find('*') == std::string_view::npos;
    }
  }
  return false;
}

bool has_no_gateway(const Cluster& cluster) {
  if (!cluster.gateway().missing() || !cluster.gateway_class().missing()) return false;
  if (cluster.component(ComponentRole::gateway_plugins).state != Component::State::missing)
    return false;
  const Component& controller = cluster.component(ComponentRole::controller_manager);
  if (controller.state == Component::State::missing) return true;
  return controller.deployment != nullptr && makes_no_routes(*controller.deployment);
}

}  // namespace

GatewayMode gateway_mode(const Cluster& cluster) {
  if (cluster.gateway()) return GatewayMode::envoy_gateway;
  if (is_side_car(cluster)) return GatewayMode::side_car;
  return has_no_gateway(cluster) ? GatewayMode::none : GatewayMode::envoy_gateway;
}

std::vector<const Object*> entry_services(const Cluster& cluster) {
  if (gateway_mode(cluster) != GatewayMode::side_car) return cluster.gateway_services();
  std::vector<const Object*> out;
  for (const Object& service : cluster.snapshot().list(core::services)) {
    if (is_side_car_service(service)) out.push_back(&service);
  }
  return out;
}

kube::ObjectRef gateway_ref() {
  return {"gateway.networking.k8s.io", "Gateway", std::string(names::system_namespace),
          std::string(names::gateway)};
}

kube::Lookup reserved_route(const Cluster& cluster) {
  const kube::Lookup named = cluster.snapshot().find(
      resources::http_routes, names::system_namespace, names::reserved_route);
  if (named) return named;
  const std::string plugin = cluster.component(ComponentRole::gateway_plugins).name();
  for (const Object& route : cluster.snapshot().list(resources::http_routes)) {
    const kube::Value backend = route.spec()["rules"][0]["backendRefs"][0];
    if (!route.deleting() && backend["name"].text() == plugin) return {&route, true};
  }
  return named;
}

std::string hashed_envoy_name(std::string_view key) {
  std::string name(key);
  std::replace(name.begin(), name.end(), '/', '-');
  if (name.size() > 48) {
    name.resize(48);
    if (name.back() == '-') name.pop_back();
  }
  return "envoy-" + name + '-' + base::sha256_hex(key).substr(0, 8);
}

ServiceName expected_service(const Cluster& cluster) {
  ServiceName out{cluster.envoy_gateway_ns(), {}, {}};
  const kube::Lookup proxy = cluster.envoy_proxy();
  const kube::Lookup gateway_class = cluster.gateway_class();
  if (cluster.merged_gateways()) {
    const std::string_view name = gateway_class ? gateway_class->name() : names::gateway;
    out.name = hashed_envoy_name(name);
    out.why = "spec.mergeGateways of EnvoyProxy " + proxy->full_name();
  } else if (envoy_gateway_config(cluster).gateway_namespace) {
    out.ns = names::system_namespace;
    out.name = names::gateway;
    out.why = "Envoy Gateway runs in GatewayNamespace mode";
  } else {
    out.name =
        hashed_envoy_name(std::string(names::system_namespace) + '/' + std::string(names::gateway));
  }
  if (!proxy) return out;
  const std::string name = wanted_service(proxy->spec()).name;
  if (!name.empty()) {
    out.name = name;
    out.why = "envoyService.name of EnvoyProxy " + proxy->full_name();
  }
  return out;
}

WantedService wanted_service(const kube::Value& envoy_proxy_spec) {
  WantedService out;
  const kube::Value service = envoy_proxy_spec.at("provider", "kubernetes", "envoyService");
  const std::string path = "spec.provider.kubernetes.envoyService";
  if (service["type"].is_string()) {
    out.type = service["type"].text();
    out.path = path + ".type";
  }
  const kube::Value patched = service.at("patch", "value", "spec", "type");
  if (patched.is_string()) {
    out.type = patched.text();
    out.path = path + ".patch.value.spec.type";
  }
  out.name = service["name"].text();
  return out;
}

bool from_api_server(const Object& object) {
  return !object.uid().empty();
}

bool reconciled(const kube::Condition& condition) {
  return condition.is_true() || condition.is_false();
}

bool stale(const Object& object, const kube::Condition& condition) {
  const auto observed = condition.value["observedGeneration"].integer();
  return observed && *observed < object.generation();
}

bool is_our_gateway(const kube::Value& ref, std::string_view ns) {
  return ref["kind"].text("Gateway") == "Gateway" && ref["name"].text() == names::gateway &&
         ref["namespace"].text(ns) == names::system_namespace;
}

kube::Value ancestor_conditions(const Object& policy) {
  for (const kube::Value& ancestor : policy.status()["ancestors"].items()) {
    const kube::Value ref = ancestor["ancestorRef"];
    // With merged gateways the ancestor is the GatewayClass; ours has the Gateway's name.
    const bool ours =
        ref["kind"].text("Gateway") == "GatewayClass" || is_our_gateway(ref, policy.ns());
    const std::string_view writer = ancestor["controllerName"].text();
    if (ours && (writer.empty() || writer == names::envoy_gateway_controller)) {
      return ancestor["conditions"];
    }
  }
  return {};
}

}  // namespace aibrix
