// Objects of a small AIBrix install and of one model, as an API server would give them.
#pragma once
#include <initializer_list>
#include <string>

#include "support/builders/component.hpp"
#include "support/snapshot.hpp"

namespace routed {

inline const std::string now = "2026-03-01T12:00:00Z";
inline const std::string long_ago = "2026-03-01T10:00:00Z";

// "{name: N, namespace: NS, uid: …, generation: 1, creationTimestamp: …EXTRA}"
inline std::string meta(const std::string& name, const std::string& ns,
                        const std::string& extra = "", const std::string& created = long_ago) {
  return "{name: " + name + ", namespace: " + ns + ", uid: u-" + ns + '-' + name +
         ", generation: 1, creationTimestamp: '" + created + "'" + extra + '}';
}

// A component of which as many replicas are ready as there are.
inline std::string running(const std::string& name, const std::string& ns, int replicas,
                           const std::string& image) {
  return support::component(ns, name, replicas, replicas, image);
}

// AIBrix and Envoy Gateway, all running; `release` is the tag of AIBrix's images.
inline std::string install(const std::string& release = "v0.7.0", int controllers = 1,
                           int envoy_gateways = 1) {
  const std::string ns = "aibrix-system";
  return "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: aibrix-system, uid: n1}\n"
         "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: team, uid: n2}\n" +
         running("aibrix-controller-manager", ns, controllers,
                 "aibrix/controller-manager:" + release) +
         running("aibrix-gateway-plugins", ns, 1, "aibrix/gateway-plugins:" + release) +
         running("aibrix-kuberay-operator", ns, 1, "kuberay/operator:1.2") +
         running("envoy-gateway", "envoy-gateway-system", envoy_gateways,
                 "envoyproxy/gateway:v1.9.1") +
         "---\napiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\n"
         "metadata: {name: aibrix-eg, uid: gc}\n"
         "spec: {controllerName: gateway.envoyproxy.io/gatewayclass-controller}\n"
         "status: {conditions: [{type: Accepted, status: 'True', reason: Accepted}]}\n"
         "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: " +
         meta("aibrix-eg", ns) +
         "\nspec: {gatewayClassName: aibrix-eg, listeners: [{name: http, port: 80}]}\n"
         "status: {conditions: [{type: Accepted, status: 'True', reason: Accepted}]}\n";
}

inline std::string condition(const std::string& type, const std::string& status,
                             const std::string& reason, const std::string& message = "",
                             const std::string& since = long_ago, int generation = 1) {
  return "{type: " + type + ", status: '" + status + "', reason: " + reason + ", message: '" +
         message + "', observedGeneration: " + std::to_string(generation) +
         ", lastTransitionTime: '" + since + "'}";
}
inline const std::string accepted = condition("Accepted", "True", "Accepted");
inline const std::string resolved = condition("ResolvedRefs", "True", "ResolvedRefs");
inline std::string refused(const std::string& since = long_ago) {
  return condition("ResolvedRefs", "False", "RefNotPermitted",
                   "Failed to process route rule 0 backendRef 0: Backend ref to Service team/llama "
                   "not permitted by any ReferenceGrant.",
                   since);
}

// HTTPRoute aibrix-system/llama-router to Service team/llama:8000, with these conditions (none: no
// status).
inline std::string route(const std::string& conditions, const std::string& ns = "team",
                         const std::string& model = "llama",
                         const std::string& created = long_ago) {
  std::string out =
      "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: " +
      meta(model + "-router", "aibrix-system", "", created) +
      "\nspec:\n  parentRefs: [{name: aibrix-eg, namespace: aibrix-system}]\n  rules:\n"
      "  - matches:\n    - {path: {type: PathPrefix, value: /v1/completions}, headers: "
      "[{type: Exact, name: model, value: " +
      model + "}]}\n    backendRefs: [{name: " + model + ", namespace: " + ns + ", port: 8000}]\n";
  if (conditions.empty()) return out;
  return out +
         "status: {parents: [{controllerName: gateway.envoyproxy.io/gatewayclass-controller, "
         "parentRef: {name: aibrix-eg, namespace: aibrix-system}, conditions: [" +
         conditions + "]}]}\n";
}

inline std::string service(const std::string& name = "llama", const std::string& ns = "team",
                           const std::string& selector = "model.aibrix.ai/name: llama",
                           int port = 8000) {
  return "---\napiVersion: v1\nkind: Service\nmetadata: " + meta(name, ns) +
         "\nspec: {selector: {" + selector + "}, ports: [{port: " + std::to_string(port) + "}]}\n";
}

inline std::string pod(const std::string& name, const std::string& ns = "team",
                       const std::string& labels = "model.aibrix.ai/name: llama",
                       bool ready = true) {
  return "---\napiVersion: v1\nkind: Pod\nmetadata: " +
         meta(name, ns, ", labels: {" + labels + "}") +
         "\nspec: {containers: [{name: c}]}\nstatus: {phase: Running, podIP: 10.0.0.1, conditions: "
         "[{type: Ready, status: '" +
         (ready ? "True" : "False") + "'}]}\n";
}

// A workload of kind Deployment that serves the model, with a ready pod; labelled on its metadata.
inline std::string model(const std::string& name = "llama", const std::string& ns = "team",
                         const std::string& created = long_ago) {
  const std::string label = "model.aibrix.ai/name: " + name;
  return "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: " +
         meta(name, ns, ", labels: {" + label + "}", created) +
         "\nspec: {replicas: 1, selector: "
         "{matchLabels: {" +
         label + "}}, template: {metadata: {labels: {" + label +
         "}}, spec: {containers: [{name: c}]}}}\nstatus: {readyReplicas: 1}\n" +
         pod(name + "-0", ns, label);
}

inline std::string grant(const std::string& name, const std::string& from_ns = "aibrix-system",
                         const std::string& extra = "", const std::string& created = long_ago,
                         const std::string& group = "gateway.networking.k8s.io",
                         const std::string& ns = "team") {
  return "---\napiVersion: gateway.networking.k8s.io/v1beta1\nkind: ReferenceGrant\nmetadata: " +
         meta(name, ns, extra, created) + "\nspec: {from: [{group: " + group +
         ", kind: HTTPRoute, namespace: " + from_ns + "}], to: [{group: '', kind: Service}]}\n";
}
inline std::string controller_grant(const std::string& ns = "team") {
  return grant("aibrix-system-reserved-referencegrant-in-" + ns, "aibrix-system", "", long_ago,
               "gateway.networking.k8s.io", ns);
}

// Several checks together, so that what follows from another finding folds under it.
inline checks::Outcomes run_all(std::initializer_list<std::string> codes,
                                const support::Cluster& cluster) {
  return support::run(std::vector<std::string>(codes), cluster);
}

// The value of a finding's evidence, "not there" without it.
inline std::string evidence(const checks::Finding& finding, const std::string& key) {
  for (const checks::Evidence& e : finding.evidence) {
    if (e.key == key) return e.value;
  }
  return "not there";
}

}  // namespace routed
