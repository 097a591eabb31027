// SVC004, SVC005, SVC007, SVC008: who can reach the gateway and the pods.
#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/builders/gateway.hpp"

namespace {

Install on_node_port() {
  Install install;
  install.replace("envoy-service", "type: LoadBalancer", "type: NodePort");
  install.replace("proxy", "{type: Kubernetes}",
                  "{type: Kubernetes, kubernetes: {envoyService: {type: NodePort}}}");
  return install;
}

std::string pod_with(const std::string& ip) {
  return R"(
apiVersion: v1
kind: Pod
metadata: {name: llama-0, namespace: default, uid: p7, labels: {model.aibrix.ai/name: llama}}
status:
  conditions: [{type: Ready, status: "True"}]
  podIPs: [{ip: ")" +
         ip + R"("}]
  podIP: ")" +
         ip + "\"\n";
}

}  // namespace

TEST_CASE("nodes that may not be listed leave the check open", "[endpoint]") {
  auto cluster = on_node_port().cluster();
  cluster.forbid(kube::resources::nodes);
  CHECK(support::outcome(support::run("SVC004", cluster), "SVC004") == "skipped");
  CHECK(support::outcome(support::run("SVC004", on_node_port().files()), "SVC004") ==
        "undetermined");
}

TEST_CASE("where there is no Service, nothing about it is called unread", "[endpoint]") {
  Install none;
  none.drop("gateway").drop("envoy-service");
  CHECK(support::outcome(support::run("SVC005", none.cluster()), "SVC005") == "skipped");
  CHECK(support::outcome(support::run("SVC005", none.files()), "SVC005") == "undetermined");
  Install hidden;  // programmed, so it has one, under labels of somebody else's making
  hidden.drop("envoy-service");
  CHECK(support::outcome(support::run("SVC005", hidden.cluster()), "SVC005") == "undetermined");
}

TEST_CASE("endpoints that were not read are not counted", "[endpoint]") {
  Install install;
  install.drop("envoy-endpoints");
  CHECK(support::outcome(support::run("SVC005", install.files()), "SVC005") == "undetermined");
  CHECK(support::outcome(support::run("SVC005", install.cluster()), "SVC005") == "found");
}

TEST_CASE("IPv6-only pods cannot be reached by a routing strategy that looks up IPv4",
          "[endpoint]") {
  Install install;
  install.set("model", pod_with("fd00::7"));
  const auto f = support::finding(support::run("SVC007", install.cluster()), "SVC007");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.models == std::vector<std::string>{"llama"});
  CHECK(f.consequence == "Requests with a routing strategy may fail; requests without one work.");
  CHECK(support::outcome(
            support::run("SVC007", Install().set("model", pod_with("10.0.0.7")).cluster()),
            "SVC007") == "ok");
  auto forbidden = install.cluster();
  CHECK(support::outcome(support::run("SVC007", forbidden.forbid(kube::resources::pods)),
                         "SVC007") == "skipped");
}

TEST_CASE("a public address without a token is a warning, anything private is not", "[endpoint]") {
  const auto level = [](const std::string& ingress, const std::string& annotation = {}) {
    Install install;
    install.replace("envoy-service", "{ip: 192.168.7.7}", ingress);
    if (!annotation.empty()) {
      install.replace("envoy-service", "  labels:\n",
                      "  annotations: {" + annotation + "}\n  labels:\n");
    }
    return support::finding(support::run("SVC008", install.cluster()), "SVC008").level;
  };
  using checks::Level;
  CHECK(level("{ip: 203.0.113.7}") == Level::warning);
  CHECK(level("{ip: 172.32.0.1}") == Level::warning);
  CHECK(level("{ip: \"2001:db8::1\"}") == Level::warning);
  CHECK(level("{hostname: a.elb.amazonaws.com}") == Level::warning);
  CHECK(level("{hostname: a.elb.amazonaws.com}",
              "service.beta.kubernetes.io/aws-load-balancer-scheme: internet-facing") ==
        Level::warning);
  CHECK(level("{ip: 203.0.113.7}",
              "service.beta.kubernetes.io/azure-load-balancer-internal: \"false\"") ==
        Level::warning);
  CHECK(level("{ip: 10.1.2.3}") == Level::info);
  CHECK(level("{ip: 172.31.0.1}") == Level::info);
  CHECK(level("{ip: 100.64.0.1}") == Level::info);
  CHECK(level("{ip: \"fd00::1\"}") == Level::info);
  CHECK(level("{hostname: internal-a.elb.amazonaws.com}") == Level::info);
  CHECK(level("{ip: 203.0.113.7}",
              "service.beta.kubernetes.io/azure-load-balancer-internal: \"true\"") == Level::info);
  CHECK(level("{ip: 203.0.113.7}", "networking.gke.io/load-balancer-type: Internal") ==
        Level::info);
}

TEST_CASE("a token or a SecurityPolicy guards the gateway", "[endpoint]") {
  Install token;
  token.replace("envoy-service", "192.168.7.7", "203.0.113.7");
  token.replace("plugins", "{name: REDIS_HOST, value: aibrix-redis-master}",
                "{name: AIBRIX_AUTH_BEARER_TOKEN, valueFrom: {secretKeyRef: {name: t, key: t}}}");
  CHECK(support::outcome(support::run("SVC008", token.cluster()), "SVC008") == "ok");
  Install policy;
  policy.replace("envoy-service", "192.168.7.7", "203.0.113.7");
  policy.set("security", R"(
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: SecurityPolicy
metadata: {name: jwt, namespace: aibrix-system, uid: p8}
spec: {targetRefs: [{kind: Gateway, name: aibrix-eg}], jwt: {providers: []}}
)");
  CHECK(support::outcome(support::run("SVC008", policy.cluster()), "SVC008") == "ok");
  policy.replace("security", "jwt: {providers: []}", "cors: {}");
  CHECK(support::outcome(support::run("SVC008", policy.cluster()), "SVC008") == "found");
}

TEST_CASE("whether a token is asked for is open when its source or the plugin was not read",
          "[endpoint]") {
  Install install;
  install.replace("plugins", "env: [{name: REDIS_HOST, value: aibrix-redis-master}]",
                  "envFrom: [{secretRef: {name: plugin-env}}]");
  CHECK(support::outcome(support::run("SVC008", install.cluster()), "SVC008") == "undetermined");
  auto forbidden = Install().cluster();
  CHECK(support::outcome(support::run("SVC008", forbidden.forbid(kube::resources::deployments)),
                         "SVC008") == "skipped");
}
