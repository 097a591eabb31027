// The reader of Envoy Gateway's configuration, and the edit that allows EnvoyPatchPolicies.
#include "aibrix/envoy_gateway.hpp"

#include "aibrix/cluster.hpp"
#include "aibrix/gateway.hpp"
#include "aibrix/names.hpp"
#include "base/error.hpp"
#include "kube/parse/yaml_reader.hpp"

namespace aibrix {
namespace {

void read_config(const kube::Value& root, EnvoyGatewayConfig& out) {
  out.patch_policies = root.at("extensionApis", "enableEnvoyPatchPolicy").is_true();
  out.controller_name = root.at("gateway", "controllerName").text(names::envoy_gateway_controller);
  out.gateway_namespace =
      root.at("provider", "kubernetes", "deploy", "type").text() == "GatewayNamespace";
  const WantedService service = wanted_service(root["envoyProxy"]);
  if (!service.path.empty()) out.service_type = service.type;
  out.watches_some = !root.at("provider", "kubernetes", "watch").empty();
}

// nullopt, with the reason, when the text is no YAML.
std::optional<EnvoyGatewayConfig> parse(std::string_view text, std::string* why = nullptr) {
  EnvoyGatewayConfig out;
  out.controller_name = names::envoy_gateway_controller;
  try {
    kube::Document document;
    for (const kube::Value& root : kube::read_yaml(text, "envoy-gateway.yaml", document)) {
      if (root.is_object()) read_config(root, out);
    }
  } catch (const base::Error& error) {
    if (why != nullptr) *why = error.what();
    return std::nullopt;
  }
  return out;
}

}  // namespace

EnvoyGatewayConfig envoy_gateway_config(const kube::Lookup& config_map) {
  EnvoyGatewayConfig out;
  out.source = config_map;
  out.controller_name = names::envoy_gateway_controller;
  if (!config_map) return out;
  const kube::Value text = config_map->at("data", "envoy-gateway.yaml");
  if (!text.is_string()) {
    out.error = "it has no key envoy-gateway.yaml";
    return out;
  }
  if (const auto config = parse(text.text(), &out.error)) {
    out = *config;
    out.source = config_map;
  }
  return out;
}

EnvoyGatewayConfig envoy_gateway_config(const Cluster& cluster) {
  return envoy_gateway_config(cluster.snapshot().find(
      kube::resources::configmaps, cluster.envoy_gateway_ns(), names::envoy_gateway_config));
}

std::optional<std::string> with_patch_policies(std::string_view config) {
  std::string text(config);
  if (!text.empty() && text.back() != '\n') text += '\n';
  constexpr std::string_view off = "enableEnvoyPatchPolicy: false";
  constexpr std::string_view section = "extensionApis:";
  constexpr std::string_view on = "extensionApis:\n  enableEnvoyPatchPolicy: true";
  if (const std::size_t at = text.find(off); at != std::string::npos) {
    text.replace(at, off.size(), "enableEnvoyPatchPolicy: true");
  } else if (const std::size_t start = text.find(section); start != std::string::npos) {
    text.replace(start, text.find('\n', start) - start, on);
  } else {
    text.append(on).append("\n");
  }
  const auto enabled = parse(text);
  return enabled && enabled->patch_policies ? std::optional(text) : std::nullopt;
}

}  // namespace aibrix
