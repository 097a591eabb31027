// How requests enter an install: Envoy Gateway or a side-car, its Services and its names.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kube/snapshot.hpp"

namespace aibrix {

class Cluster;

// How requests get in.
enum class GatewayMode {
  envoy_gateway,  // Envoy Gateway runs Envoy for Gateway aibrix-system/aibrix-eg
  side_car,       // chart value gateway.envoyAsSideCar (v0.6+): Envoy beside the plugin, and no
                  // Gateway API objects at all
  none,           // known to have no gateway: standalone controllers, or AIBrix is not installed
};
GatewayMode gateway_mode(const Cluster& cluster);

// The Services clients may use: of Envoy Gateway, or in side-car mode the plugin's own.
std::vector<const kube::Object*> entry_services(const Cluster& cluster);
kube::ObjectRef gateway_ref();
// The HTTPRoute that takes AI requests before their model is known: aibrix-reserved-router, else
// the one whose backend is the plugin's Service.
kube::Lookup reserved_route(const Cluster& cluster);

// "envoy-aibrix-system-aibrix-eg-903790dc" for aibrix-system/aibrix-eg; a GatewayClass name alone
// for merged gateways. Envoy Gateway v1.1–v1.9, internal/utils/misc.go GetHashedName.
std::string hashed_envoy_name(std::string_view key);

// What Envoy Gateway calls the Service it makes (internal/infrastructure).
struct ServiceName {
  std::string ns;
  std::string name;
  std::string why;  // of a name other than the usual one: "spec.mergeGateways"; empty: the usual
};
ServiceName expected_service(const Cluster& cluster);

// What an EnvoyProxy asks of the generated Service: spec.provider.kubernetes.envoyService, then its
// patch on top, which can set spec.type too.
struct WantedService {
  std::string type = "LoadBalancer";  // Envoy Gateway's default in every version
  std::string path;                   // the field that sets it; empty: the default
  std::string name;                   // envoyService.name
};
WantedService wanted_service(const kube::Value& envoy_proxy_spec);

// It came from an API server: everything there has a uid, a manifest has none. Only such an object
// can be blamed for having no status.
bool from_api_server(const kube::Object& object);
// A controller has said something: the defaults of the Gateway API's CRDs are Unknown, "Waiting for
// controller".
bool reconciled(const kube::Condition& condition);
// It speaks of an older spec than the one shown.
bool stale(const kube::Object& object, const kube::Condition& condition);

// A policy's or EnvoyProxy's status.ancestors[] for our Gateway or its class; conditions of other
// ancestors and controllers are not ours. Missing when no controller has written one.
kube::Value ancestor_conditions(const kube::Object& policy);
// A parentRef or ancestorRef of an object in namespace `ns` names our Gateway.
bool is_our_gateway(const kube::Value& ref, std::string_view ns);

}  // namespace aibrix
