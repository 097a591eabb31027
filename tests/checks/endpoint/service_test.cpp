// SVC001, SVC002, SVC003, SVC006: the gateway's Service, its name and its type.
#include "aibrix/gateway.hpp"

#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "kube/parse/yaml_reader.hpp"
#include "support/builders/gateway.hpp"

namespace {

const std::string usual = "envoy-aibrix-system-aibrix-eg-903790dc";

Install without_envoy() {
  Install install;
  return install.drop("envoy").drop("envoy-service").drop("envoy-endpoints");
}

}  // namespace

TEST_CASE("a missing Service of the gateway is told with the name it would have", "[endpoint]") {
  Install install = without_envoy();
  install.replace("gateway", R"({type: Programmed, status: "True", reason: Programmed)",
                  R"({type: Programmed, status: "False", reason: NoResources)");
  const auto f = support::finding(support::run("SVC001", install.cluster()), "SVC001");
  CHECK(f.level == checks::Level::error);
  CHECK(checks::headline(f) == "Service envoy-gateway-system/" + usual +
                                   " does not exist. No request reaches the gateway.");
  install.replace("proxy", "spec: {", "spec: {mergeGateways: true, ");
  CHECK(support::finding(support::run("SVC001", install.cluster()), "SVC001").subject.ref.name ==
        "envoy-aibrix-eg-4d6ff1ba");
}

TEST_CASE("a Programmed Gateway speaks against a missing Service", "[endpoint]") {
  Install install = without_envoy();
  CHECK(support::outcome(support::run("SVC001", install.cluster()), "SVC001") == "undetermined");
  CHECK(support::outcome(support::run("SVC001", install.files()), "SVC001") == "undetermined");
}

TEST_CASE("a Service that was not read has no name to judge", "[endpoint]") {
  auto cluster = Install().cluster();
  cluster.forbid(kube::resources::services);
  const auto out = support::run("SVC*", cluster);
  CHECK(out.findings.empty());
  for (const char* code : {"SVC001", "SVC002", "SVC003", "SVC004", "SVC005", "SVC006", "SVC008"}) {
    CHECK(support::outcome(out, code) == "skipped");
  }
}

TEST_CASE("a pending load balancer comes with its ways out", "[endpoint]") {
  // Case 998: EXTERNAL-IP stays <pending>.
  Install install;
  install.replace("envoy-service", "{ingress: [{ip: 192.168.7.7}]}", "{}");
  install.set("event", R"(
apiVersion: v1
kind: Event
metadata: {name: e, namespace: envoy-gateway-system}
type: Warning
reason: SyncLoadBalancerFailed
message: quota exceeded
involvedObject: {kind: Service, name: envoy-aibrix-system-aibrix-eg-903790dc, namespace: envoy-gateway-system}
)");
  const auto f = support::finding(support::run("SVC002", install.cluster()), "SVC002");
  CHECK(f.level == checks::Level::warning);
  REQUIRE(f.remedies.size() == 4);
  CHECK(checks::to_shell(f.remedies[0].command) == "aibrixctl fix service-type --to NodePort");
  CHECK(checks::to_shell(f.remedies[0].undo) == "aibrixctl undo last --apply");
  CHECK(checks::to_shell(f.remedies[1].command) ==
        "kubectl -n envoy-gateway-system port-forward service/" + usual + " 8888:80");
  CHECK(f.remedies[1].confidence == checks::Confidence::safe);
  CHECK(checks::to_shell(f.remedies[2].command) ==
        "kubectl -n aibrix-system patch envoyproxy aibrix-custom-proxy-config --type=merge -p "
        "'{\"spec\":{\"provider\":{\"type\":\"Kubernetes\",\"kubernetes\":{\"envoyService\":"
        "{\"type\":\"NodePort\"}}}}}'");
  CHECK(checks::to_shell(f.remedies[2].undo).find("\"type\":null") != std::string::npos);
  REQUIRE(f.evidence.size() == 3);
  CHECK(f.evidence[0].value == "<none> for 1h");
  CHECK(f.evidence[1].value == "quota exceeded");
  REQUIRE(!f.notes.empty());
  CHECK(f.notes[0] ==
        "node port 31599 is already reachable from the node network on node-2 "
        "(10.0.0.2)");
}

TEST_CASE("without an EnvoyProxy the way to NodePort makes one", "[endpoint]") {
  Install install;
  install.replace("envoy-service", "{ingress: [{ip: 192.168.7.7}]}", "{}").drop("proxy");
  install.replace("class",
                  "  parametersRef: {group: gateway.envoyproxy.io, kind: EnvoyProxy, name: "
                  "aibrix-custom-proxy-config, namespace: aibrix-system}\n",
                  "");
  const auto f = support::finding(support::run("SVC002", install.cluster()), "SVC002");
  REQUIRE(f.remedies.size() == 4);
  CHECK(checks::to_shell(f.remedies[2].command).find("kubectl patch gatewayclass aibrix-eg ") == 0);
  CHECK(f.remedies[2].manifest.find("type: NodePort") != std::string::npos);
}

TEST_CASE("a type changed on the Service itself does not last", "[endpoint]") {
  // Case 1281.
  Install install;
  install.replace("envoy-service", "type: LoadBalancer", "type: NodePort");
  const auto f = support::finding(support::run("SVC003", install.cluster()), "SVC003");
  CHECK(f.level == checks::Level::warning);
  CHECK(checks::headline(f) ==
        "Service envoy-gateway-system/" + usual +
            " is of type NodePort, but Envoy Gateway is configured for LoadBalancer. Envoy "
            "Gateway will revert the type at its next change.");
  REQUIRE(!f.remedies.empty());
  CHECK(checks::to_shell(f.remedies[0].command) == "aibrixctl fix service-type --to NodePort");
  CHECK(checks::to_shell(f.remedies[1].command).find("{\"type\":\"NodePort\"}") !=
        std::string::npos);
  install.replace("proxy", "{type: Kubernetes}",
                  "{type: Kubernetes, kubernetes: {envoyService: {type: NodePort}}}");
  CHECK(support::outcome(support::run("SVC003", install.cluster()), "SVC003") == "ok");
}

TEST_CASE("the patch of an EnvoyProxy decides over its type", "[endpoint]") {
  kube::Document document;
  const auto roots = kube::read_yaml(
      "provider: {kubernetes: {envoyService: {type: NodePort, patch: {value: {spec: {type: "
      "LoadBalancer}}}}}}",
      "t", document);
  const aibrix::WantedService wanted = aibrix::wanted_service(roots.at(0));
  CHECK(wanted.type == "LoadBalancer");
  CHECK(wanted.path == "spec.provider.kubernetes.envoyService.patch.value.spec.type");
}
