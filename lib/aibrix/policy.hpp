// AIBrix's EnvoyExtensionPolicy and EnvoyPatchPolicy, and what they point to.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kube/snapshot.hpp"

namespace aibrix {

class Cluster;

// The EnvoyExtensionPolicy that makes Envoy ask the gateway plugin about each request
// (aibrix-gateway-plugins-extension-policy; the chart puts its fullname in front since v0.6).
// Found by name, else as the one whose extProc backend is the plugin's Service.
struct PluginPolicy {
  kube::Lookup policy;
  kube::Value ext_proc;  // its spec.extProc[i]
  std::string path;      // "spec.extProc[0]"
  std::string service;   // of backendRefs[0]
  std::string service_ns;
  std::int64_t port = 0;
};
PluginPolicy plugin_policy(const Cluster& cluster);

// Kind and name a policy targets: spec.targetRef, else spec.targetRefs[0].
kube::Value policy_target(const kube::Object& policy);

// The EnvoyPatchPolicy behind routing strategies (aibrix-epp), found by name, else by content. It
// adds route original_route (requests with header routing-strategy) and the cluster it goes to,
// original_destination_cluster, which sends each request to the pod the plugin chose.
struct StrategyPatch {
  kube::Lookup policy;
  bool has_route = false;
  std::string route_path;           // "spec.jsonPatches[0]"
  std::string route_configuration;  // the xDS resource it patches: "aibrix-system/aibrix-eg/http"
  std::string filter;               // the ext_proc filter it names, empty when it names none
  bool v4_only = false;             // the cluster resolves IPv4 only
};
StrategyPatch strategy_patch(const Cluster& cluster);

// Envoy Gateway's name for the ext_proc filter that a policy makes (internal/gatewayapi).
std::string ext_proc_filter(std::string_view ns, std::string_view policy);

// "4Mi", "4194304", 4194304.0: a Kubernetes quantity as a whole number of bytes.
std::optional<std::int64_t> quantity(const kube::Value& value);

}  // namespace aibrix
