// Envoy Gateway's own configuration, as far as AIBrix depends on it.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kube/snapshot.hpp"

namespace aibrix {

class Cluster;

// What ConfigMap envoy-gateway-config tells Envoy Gateway (kind EnvoyGateway, a YAML text under
// data["envoy-gateway.yaml"]). It is read at start: a change needs a restart.
struct EnvoyGatewayConfig {
  kube::Lookup source;             // the ConfigMap
  std::string error;               // why its text could not be read; empty: it could
  bool patch_policies = false;     // extensionApis.enableEnvoyPatchPolicy
  std::string controller_name;     // gateway.controllerName, or its default
  bool gateway_namespace = false;  // provider.kubernetes.deploy.type is GatewayNamespace
  std::string service_type;        // of envoyProxy, newer versions' default for every EnvoyProxy
  bool watches_some = false;       // provider.kubernetes.watch limits the namespaces it looks at

  bool read() const { return source && error.empty(); }
};
// That of the Envoy Gateway in use.
EnvoyGatewayConfig envoy_gateway_config(const Cluster& cluster);
EnvoyGatewayConfig envoy_gateway_config(const kube::Lookup& config_map);

// The text with enableEnvoyPatchPolicy turned on; nullopt where that takes more than one line.
std::optional<std::string> with_patch_policies(std::string_view config);

}  // namespace aibrix
