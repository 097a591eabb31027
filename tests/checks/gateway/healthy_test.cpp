// Gateways with nothing wrong, which no check may complain about.
#include "catch.hpp"
#include "support/builders/gateway.hpp"

namespace {

constexpr std::string_view every = "GW*,SVC*";

}  // namespace

TEST_CASE("a healthy gateway has nothing to report and every check looked", "[gateway]") {
  const auto out = support::run(every, Install().cluster());
  // Worth knowing of a private load balancer, and no warning.
  CHECK(
      support::render(out) ==
      "info SVC008 service/envoy-gateway-system/envoy-aibrix-system-aibrix-eg-903790dc the gateway "
      "is unauthenticated. Anyone who can reach its address can use every model.\n");
  for (const auto& check : out.checks) {
    INFO(check.check->code << ": " << check.detail);
    if (check.check->code == "SVC008" || check.check->code == "GW021") continue;  // of manifests
    CHECK(check.outcome == checks::Outcome::ok);
  }
}

TEST_CASE("manifests alone are never called broken for having no status", "[gateway]") {
  const auto out = support::run(every, Install().as_manifest().files());
  CHECK(support::render(out).empty());
  CHECK(support::outcome(out, "GW003") == "undetermined");
  CHECK(support::outcome(out, "GW012") == "undetermined");
  CHECK(support::outcome(out, "GW015") == "ok");
}

TEST_CASE("a side-car Envoy needs none of Envoy Gateway's objects", "[gateway]") {
  support::Cluster cluster;
  cluster
      .yaml(R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: aibrix-gateway-plugins, namespace: aibrix-system, uid: d}
spec:
  selector: {matchLabels: {app: x}}
  template:
    spec:
      containers:
        - {name: gateway-plugin, image: "aibrix/gateway-plugins:v0.7.0"}
        - {name: envoy, image: "envoyproxy/envoy:v1.33.2"}
status: {replicas: 1, readyReplicas: 1}
---
apiVersion: v1
kind: Service
metadata:
  name: aibrix-gateway-plugins
  namespace: aibrix-system
  uid: s
  creationTimestamp: "2026-01-01T00:00:00Z"
  labels: {app.kubernetes.io/component: aibrix-gateway-plugin}
spec: {type: LoadBalancer, ports: [{name: http, port: 10080, nodePort: 31000}]}
status: {loadBalancer: {}}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: a, namespace: aibrix-system, uid: e, labels: {kubernetes.io/service-name: aibrix-gateway-plugins}}
endpoints: [{addresses: [10.0.0.1], nodeName: node-1}]
)")
      .complete()
      .at("2026-01-01T01:00:00Z");
  const auto out = support::run(every, cluster);
  CHECK(support::render(out) ==
        "warning SVC002 service/aibrix-system/aibrix-gateway-plugins the gateway Service has no "
        "external IP (<pending> for 1h). Clients outside the cluster have no address for the "
        "gateway.\n");
  CHECK(checks::to_shell(support::finding(out, "SVC002").remedies[0].command) ==
        "kubectl -n aibrix-system port-forward service/aibrix-gateway-plugins 8888:10080");
  CHECK(support::outcome(out, "GW005") == "skipped");
  CHECK(support::outcome(out, "SVC005") == "ok");
}

TEST_CASE("a cluster with standalone controllers only has no gateway to judge", "[gateway]") {
  support::Cluster cluster;
  cluster
      .yaml(R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: aibrix-controller-manager, namespace: aibrix-system, uid: d}
spec:
  template:
    spec:
      containers:
        - {name: manager, image: "aibrix/controller-manager:v0.7.0", args: ["--controllers=pod-autoscaler-controller"]}
status: {replicas: 1, readyReplicas: 1}
)")
      .complete();
  const auto out = support::run(every, cluster);
  CHECK(support::render(out).empty());
  for (const auto& check : out.checks) CHECK(check.reason == checks::Reason::not_applicable);
}

TEST_CASE("what goes with its namespace is the deletion checks' business", "[gateway]") {
  Install install;
  install.replace("namespaces", "uid: n1,",
                  "uid: n1, deletionTimestamp: \"2026-01-01T00:30:00Z\",");
  install.drop("gateway").drop("reserved").drop("plugins").drop("plugins-service");
  const auto out = support::run(every, install.cluster());
  CHECK(support::render(out).empty());
  CHECK(support::outcome(out, "GW005") == "skipped");
}
