// The YAML of a healthy gateway, piece by piece.
#include "support/builders/gateway.hpp"

#include <stdexcept>
#include <utility>

#include "base/text.hpp"

namespace {

constexpr const char* pieces[][2] = {
    {"namespaces", R"(
apiVersion: v1
kind: Namespace
metadata: {name: aibrix-system, uid: n1, creationTimestamp: "2026-01-01T00:00:00Z"}
status: {phase: Active}
---
apiVersion: v1
kind: Namespace
metadata: {name: envoy-gateway-system, uid: n2, creationTimestamp: "2026-01-01T00:00:00Z"}
status: {phase: Active}
)"},
    {"nodes", R"(
apiVersion: v1
kind: Node
metadata: {name: node-1, uid: o1}
status:
  addresses: [{type: InternalIP, address: 10.0.0.1}]
  conditions: [{type: Ready, status: "True"}]
---
apiVersion: v1
kind: Node
metadata: {name: node-2, uid: o2}
status:
  addresses: [{type: InternalIP, address: 10.0.0.2}]
  conditions: [{type: Ready, status: "True"}]
)"},
    {"controller-manager", R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: aibrix-controller-manager, namespace: aibrix-system, uid: d1}
spec:
  replicas: 1
  selector: {matchLabels: {control-plane: controller-manager}}
  template:
    spec: {containers: [{name: manager, image: "aibrix/controller-manager:v0.7.0"}]}
status: {replicas: 1, readyReplicas: 1}
)"},
    {"envoy-gateway", R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: envoy-gateway, namespace: envoy-gateway-system, uid: d2, labels: {control-plane: envoy-gateway}}
spec:
  replicas: 1
  selector: {matchLabels: {control-plane: envoy-gateway}}
  template:
    spec: {containers: [{name: envoy-gateway, image: "envoyproxy/gateway:v1.2.8"}]}
status: {replicas: 1, readyReplicas: 1}
)"},
    {"config", R"(
apiVersion: v1
kind: ConfigMap
metadata: {name: envoy-gateway-config, namespace: envoy-gateway-system, uid: c1}
data:
  envoy-gateway.yaml: |
    apiVersion: gateway.envoyproxy.io/v1alpha1
    kind: EnvoyGateway
    gateway:
      controllerName: gateway.envoyproxy.io/gatewayclass-controller
    extensionApis:
      enableEnvoyPatchPolicy: true
)"},
    {"envoy", R"(
apiVersion: apps/v1
kind: Deployment
metadata:
  name: envoy-aibrix-system-aibrix-eg-903790dc
  namespace: envoy-gateway-system
  uid: d3
  labels:
    app.kubernetes.io/component: proxy
    gateway.envoyproxy.io/owning-gateway-name: aibrix-eg
    gateway.envoyproxy.io/owning-gateway-namespace: aibrix-system
spec:
  replicas: 1
  selector: {matchLabels: {app.kubernetes.io/name: envoy}}
  template:
    spec: {containers: [{name: envoy, image: "envoyproxy/envoy:v1.33.2"}]}
status: {replicas: 1, readyReplicas: 1}
)"},
    {"envoy-service", R"(
apiVersion: v1
kind: Service
metadata:
  name: envoy-aibrix-system-aibrix-eg-903790dc
  namespace: envoy-gateway-system
  uid: s1
  creationTimestamp: "2026-01-01T00:00:00Z"
  labels:
    gateway.envoyproxy.io/owning-gateway-name: aibrix-eg
    gateway.envoyproxy.io/owning-gateway-namespace: aibrix-system
spec:
  type: LoadBalancer
  clusterIP: 10.96.0.9
  externalTrafficPolicy: Local
  selector: {app.kubernetes.io/name: envoy}
  ports: [{name: http-80, port: 80, targetPort: 10080, nodePort: 31599}]
status: {loadBalancer: {ingress: [{ip: 192.168.7.7}]}}
)"},
    {"envoy-endpoints", R"(
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: envoy-1
  namespace: envoy-gateway-system
  uid: e1
  labels: {kubernetes.io/service-name: envoy-aibrix-system-aibrix-eg-903790dc}
endpoints: [{addresses: [10.244.0.9], conditions: {ready: true}, nodeName: node-2}]
)"},
    {"plugins", R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: aibrix-gateway-plugins, namespace: aibrix-system, uid: d4}
spec:
  replicas: 1
  selector: {matchLabels: {app: gateway-plugins}}
  template:
    spec:
      containers:
        - name: gateway-plugin
          image: aibrix/gateway-plugins:v0.7.0
          env: [{name: REDIS_HOST, value: aibrix-redis-master}]
status: {replicas: 1, readyReplicas: 1}
)"},
    {"plugins-service", R"(
apiVersion: v1
kind: Service
metadata: {name: aibrix-gateway-plugins, namespace: aibrix-system, uid: s2}
spec:
  clusterIP: 10.96.0.8
  selector: {app: gateway-plugins}
  ports: [{name: gateway, port: 50052, targetPort: 50052}]
status: {loadBalancer: {}}
)"},
    {"plugins-endpoints", R"(
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: plugins-1
  namespace: aibrix-system
  uid: e2
  labels: {kubernetes.io/service-name: aibrix-gateway-plugins}
endpoints: [{addresses: [10.244.0.8], conditions: {ready: true}, nodeName: node-1}]
)"},
    {"class", R"(
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: aibrix-eg, uid: g1, generation: 1}
spec:
  controllerName: gateway.envoyproxy.io/gatewayclass-controller
  parametersRef: {group: gateway.envoyproxy.io, kind: EnvoyProxy, name: aibrix-custom-proxy-config, namespace: aibrix-system}
status:
  conditions: [{type: Accepted, status: "True", reason: Accepted, observedGeneration: 1}]
)"},
    {"proxy", R"(
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: EnvoyProxy
metadata: {name: aibrix-custom-proxy-config, namespace: aibrix-system, uid: g2, generation: 1}
spec: {provider: {type: Kubernetes}}
)"},
    {"gateway", R"(
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: aibrix-eg, namespace: aibrix-system, uid: g3, generation: 1, creationTimestamp: "2026-01-01T00:00:00Z"}
spec:
  gatewayClassName: aibrix-eg
  listeners: [{name: http, port: 80, protocol: HTTP}]
status:
  conditions:
    - {type: Accepted, status: "True", reason: Accepted, observedGeneration: 1, message: scheduled}
    - {type: Programmed, status: "True", reason: Programmed, observedGeneration: 1, message: programmed}
  listeners:
    - name: http
      attachedRoutes: 2
      conditions:
        - {type: Accepted, status: "True", reason: Accepted, observedGeneration: 1}
        - {type: ResolvedRefs, status: "True", reason: ResolvedRefs, observedGeneration: 1}
)"},
    {"reserved", R"(
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: aibrix-reserved-router, namespace: aibrix-system, uid: r1, generation: 1}
spec:
  parentRefs: [{name: aibrix-eg}]
  rules:
    - backendRefs: [{name: aibrix-gateway-plugins, port: 50052}]
      matches:
        - path: {type: PathPrefix, value: /v1/chat/completions}
        - path: {type: PathPrefix, value: /v1/completions}
        - path: {type: PathPrefix, value: /v1/embeddings}
        - path: {type: PathPrefix, value: /v1/images/generations}
        - path: {type: PathPrefix, value: /v1/video/generations}
        - path: {type: PathPrefix, value: /v1/rerank}
        - path: {type: PathPrefix, value: /v1/classify}
status:
  parents:
    - parentRef: {name: aibrix-eg}
      controllerName: gateway.envoyproxy.io/gatewayclass-controller
      conditions:
        - {type: Accepted, status: "True", reason: Accepted, observedGeneration: 1}
        - {type: ResolvedRefs, status: "True", reason: ResolvedRefs, observedGeneration: 1}
)"},
    {"metadata", R"(
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: aibrix-reserved-router-metadata-endpoint, namespace: aibrix-system, uid: r2, generation: 1}
spec:
  parentRefs: [{name: aibrix-eg}]
  rules: [{backendRefs: [{name: aibrix-metadata-service, port: 8090}], matches: [{path: {type: PathPrefix, value: /v1/models}}]}]
status:
  parents:
    - parentRef: {name: aibrix-eg}
      controllerName: gateway.envoyproxy.io/gatewayclass-controller
      conditions:
        - {type: Accepted, status: "True", reason: Accepted, observedGeneration: 1}
        - {type: ResolvedRefs, status: "True", reason: ResolvedRefs, observedGeneration: 1}
)"},
    {"extension", R"(
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: EnvoyExtensionPolicy
metadata: {name: aibrix-gateway-plugins-extension-policy, namespace: aibrix-system, uid: p1, generation: 1}
spec:
  targetRef: {group: gateway.networking.k8s.io, kind: HTTPRoute, name: aibrix-reserved-router}
  extProc:
    - backendRefs: [{name: aibrix-gateway-plugins, port: 50052}]
      messageTimeout: 60s
      failOpen: false
status:
  ancestors:
    - ancestorRef: {kind: Gateway, name: aibrix-eg, namespace: aibrix-system}
      controllerName: gateway.envoyproxy.io/gatewayclass-controller
      conditions:
        - {type: Accepted, status: "True", reason: Accepted, observedGeneration: 1}
        - {type: Warning, status: "True", reason: DeprecatedField, observedGeneration: 1}
)"},
    {"patch", R"(
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: EnvoyPatchPolicy
metadata: {name: aibrix-epp, namespace: aibrix-system, uid: p2, generation: 1}
spec:
  targetRef: {group: gateway.networking.k8s.io, kind: Gateway, name: aibrix-eg}
  type: JSONPatch
  jsonPatches:
    - type: type.googleapis.com/envoy.config.route.v3.RouteConfiguration
      name: aibrix-system/aibrix-eg/http
      operation:
        op: add
        path: /virtual_hosts/0/routes/0
        value:
          name: original_route
          typed_per_filter_config:
            envoy.filters.http.ext_proc/envoyextensionpolicy/aibrix-system/aibrix-gateway-plugins-extension-policy/extproc/0: {config: {}}
    - type: type.googleapis.com/envoy.config.cluster.v3.Cluster
      name: override
      operation: {op: add, path: "", value: {name: original_destination_cluster, dns_lookup_family: V4_ONLY}}
status:
  ancestors:
    - ancestorRef: {kind: Gateway, name: aibrix-eg, namespace: aibrix-system}
      controllerName: gateway.envoyproxy.io/gatewayclass-controller
      conditions:
        - {type: Accepted, status: "True", reason: Accepted, observedGeneration: 1}
        - {type: Programmed, status: "True", reason: Programmed, observedGeneration: 1}
)"},
    {"traffic", R"(
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: ClientTrafficPolicy
metadata: {name: aibrix-client-connection-buffersize, namespace: aibrix-system, uid: p3, generation: 1}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: aibrix-eg}]
  connection: {bufferLimit: 4194304}
status:
  ancestors:
    - ancestorRef: {kind: Gateway, name: aibrix-eg, namespace: aibrix-system}
      controllerName: gateway.envoyproxy.io/gatewayclass-controller
      conditions: [{type: Accepted, status: "True", reason: Accepted, observedGeneration: 1}]
)"},
};

// Without status, uid and creation time, which only a server writes.
std::string manifest_of(const std::string& yaml) {
  std::string out;
  bool status = false;
  for (const std::string_view line : base::split(yaml, '\n')) {
    if (line == "---") status = false;
    if (line.starts_with("status:")) status = true;
    if (status || line.starts_with("  uid: ")) continue;
    std::string kept(line);
    for (const std::string_view key : {", uid: ", "creationTimestamp: "}) {
      const std::size_t at = kept.find(key);
      if (at == std::string::npos) continue;
      kept.erase(at, kept.find_first_of(",}", at + 2) - at);
    }
    out += kept + '\n';
  }
  return out;
}

}  // namespace

Install::Install() {
  for (const auto& piece : pieces) pieces_[piece[0]] = piece[1];
}

Install& Install::replace(const std::string& piece, const std::string& from,
                          const std::string& to) {
  std::string& text = pieces_.at(piece);
  const std::size_t at = text.find(from);
  if (at == std::string::npos) throw std::logic_error("not in " + piece + ": " + from);
  text.replace(at, from.size(), to);
  return *this;
}

Install& Install::set(const std::string& piece, std::string yaml) {
  pieces_[piece] = std::move(yaml);
  return *this;
}

Install& Install::drop(const std::string& piece) {
  if (pieces_.erase(piece) == 0) throw std::logic_error("no piece " + piece);
  return *this;
}

Install& Install::as_manifest() {
  for (auto& [name, yaml] : pieces_) yaml = manifest_of(yaml);
  for (const char* made :
       {"envoy", "envoy-service", "envoy-endpoints", "plugins-endpoints", "nodes"}) {
    pieces_.erase(made);
  }
  return *this;
}

support::Cluster Install::cluster() const {
  return files().complete().at("2026-01-01T01:00:00Z");
}

support::Cluster Install::files() const {
  support::Cluster out;
  for (const auto& [name, yaml] : pieces_) out.yaml(yaml);
  return out;
}
