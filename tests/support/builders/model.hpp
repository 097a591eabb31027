// A healthy model in YAML, for tests that break one thing about it.
#pragma once
#include <string>

#include "support/builders/component.hpp"

namespace support {

struct ModelYaml {
  std::string name = "llama";
  std::string ns = "default";
  std::string metadata_labels = "model.aibrix.ai/name: llama, model.aibrix.ai/port: \"8000\"";
  std::string template_labels =
      "app: llama, model.aibrix.ai/name: llama, model.aibrix.ai/port: \"8000\"";
  std::string command =
      "[vllm, serve, /models/llama, --served-model-name, llama, --port, \"8000\"]";
  int replicas = 1;
};

inline std::string deployment(const ModelYaml& m = {}) {
  return "---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: " + m.name +
         "\n  namespace: " + m.ns + "\n  uid: d-" + m.ns + m.name + "\n  labels: {" +
         m.metadata_labels + "}\nspec:\n  replicas: " + std::to_string(m.replicas) +
         "\n  selector: {matchLabels: {app: " + m.name +
         "}}\n  template:\n    metadata: {labels: {" + m.template_labels +
         "}}\n    spec:\n      containers:\n      - name: engine\n        command: " + m.command +
         "\n        ports: [{containerPort: 8000}]\nstatus: {observedGeneration: 1}\n";
}

inline std::string pod(const ModelYaml& m = {}, const std::string& name = "llama-1",
                       const std::string& status =
                           "{phase: Running, podIP: 10.0.0.1, conditions: [{type: Ready, status: "
                           "\"True\"}]}") {
  return "---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: " + name + "\n  namespace: " + m.ns +
         "\n  uid: p-" + name + "\n  labels: {" + m.template_labels +
         "}\nspec:\n  containers:\n  - name: engine\n    command: " + m.command +
         "\n    ports: [{containerPort: 8000}]\nstatus: " + status + "\n";
}

inline std::string service(const std::string& name = "llama",
                           const std::string& selector = "model.aibrix.ai/name: llama",
                           const std::string& ports = "{port: 8000, targetPort: 8000}",
                           const std::string& ns = "default") {
  return "---\napiVersion: v1\nkind: Service\nmetadata: {name: " + name + ", namespace: " + ns +
         ", uid: s-" + name + "}\nspec:\n  clusterIP: 10.96.0.1\n  selector: {" + selector +
         "}\n  ports: [" + ports + "]\n";
}

// The route the controller makes; `resolved` is the gateway's word on its backend.
inline std::string route(const std::string& model = "llama", const std::string& resolved = "",
                         int port = 8000, const std::string& ns = "default") {
  std::string status;
  if (!resolved.empty()) {
    status =
        "status:\n  parents:\n  - parentRef: {name: aibrix-eg, namespace: aibrix-system}\n"
        "    controllerName: gateway.envoyproxy.io/gatewayclass-controller\n"
        "    conditions:\n    - {type: ResolvedRefs, status: \"" +
        std::string(resolved == "ResolvedRefs" ? "True" : "False") + "\", reason: " + resolved +
        "}\n";
  }
  return "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: " +
         model + "-router, namespace: aibrix-system, uid: r-" + model +
         "}\nspec:\n  parentRefs: [{name: aibrix-eg}]\n  rules:\n  - matches: [{headers: [{name: "
         "model, value: " +
         model + "}]}]\n    backendRefs:\n    - {group: \"\", kind: Service, name: " + model +
         ", namespace: " + ns + ", port: " + std::to_string(port) + "}\n" + status +
         "---\napiVersion: gateway.networking.k8s.io/v1beta1\nkind: ReferenceGrant\nmetadata: "
         "{name: "
         "from-aibrix, namespace: " +
         ns +
         "}\nspec:\n  from: [{group: gateway.networking.k8s.io, kind: "
         "HTTPRoute, namespace: aibrix-system}]\n  to: [{group: \"\", kind: Service}]\n";
}

// The install, as far as models care.
inline std::string install(const std::string& tag = "v0.7.0", const std::string& env = "[]") {
  Component manager;
  manager.image = "aibrix/controller-manager:" + tag;
  Component gateway = plugins();
  gateway.image = "aibrix/gateway-plugins:" + tag;
  manager.env = gateway.env = env;
  return component(manager) + component(gateway);
}

inline std::string healthy() {
  return install() + deployment() + pod() + service() + route();
}

}  // namespace support
