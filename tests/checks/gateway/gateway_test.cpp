#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "checks/gateway/install.hpp"

namespace {

const std::string programmed =
    R"({type: Programmed, status: "True", reason: Programmed, observedGeneration: 1, message: programmed})";

}  // namespace

TEST_CASE("a missing Gateway is the one thing said of it", "[gateway]") {
  Install install;
  install.drop("gateway").drop("envoy").drop("envoy-service").drop("envoy-endpoints");
  install.set("other", R"(
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: my-aibrix-eg, namespace: default, uid: g8}
spec: {gatewayClassName: aibrix-eg}
)");
  const auto out = support::run("GW005,GW006,GW007,GW008,GW009,SVC001", install.cluster());
  REQUIRE(out.findings.size() == 1);
  const checks::Finding& f = out.findings[0];
  CHECK(f.level == checks::Level::error);
  CHECK(checks::headline(f) ==
        "Gateway aibrix-system/aibrix-eg does not exist: no request reaches any model");
  REQUIRE(!f.evidence.empty());
  CHECK(f.evidence[0].value == "default/my-aibrix-eg");
}

TEST_CASE("a Gateway that was not read is not called missing", "[gateway]") {
  Install install;
  install.drop("gateway").set("other", R"(
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: web, namespace: default, uid: g8}
)");
  const auto out = support::run("GW005,GW006", install.files());
  CHECK(support::outcome(out, "GW005") == "undetermined");
  CHECK(support::outcome(out, "GW006") == "undetermined");
}

TEST_CASE("a Gateway that Envoy Gateway refuses is told though its reason reads Accepted",
          "[gateway]") {
  Install install;
  install.replace(
      "gateway",
      R"({type: Accepted, status: "True", reason: Accepted, observedGeneration: 1, message: scheduled})",
      R"({type: Accepted, status: "False", reason: Accepted, observedGeneration: 1, message: not scheduled})");
  const auto f = support::finding(support::run("GW006", install.cluster()), "GW006");
  CHECK(f.level == checks::Level::warning);  // Envoy serves on
  CHECK(f.title == "Gateway aibrix-system/aibrix-eg is not accepted");
}

TEST_CASE("a change that is not taken up waits for Envoy Gateway", "[gateway]") {
  Install install;
  install.replace("gateway", "generation: 1,", "generation: 2,");
  const auto idle = support::run("GW006", install.cluster());
  CHECK(support::finding(idle, "GW006").title ==
        "the last change to Gateway aibrix-system/aibrix-eg is not taken up");
  // Live with Envoy Gateway up it may take a moment.
  auto live = install.cluster();
  CHECK(support::outcome(support::run("GW006", live.live()), "GW006") == "undetermined");
  install.replace("envoy-gateway", "status: {replicas: 1, readyReplicas: 1}",
                  "status: {replicas: 1}");
  const auto down = support::run("GW001,GW006", install.cluster());
  REQUIRE(down.findings.size() == 1);
  CHECK(down.findings[0].code == "GW001");
  CHECK(down.findings[0].level == checks::Level::warning);
}

TEST_CASE("a pending load balancer is one warning, with the Gateway's word under it", "[gateway]") {
  // Case 998.
  Install install;
  install.replace(
      "gateway", programmed,
      R"({type: Programmed, status: "False", reason: AddressNotAssigned, observedGeneration: 1, message: none})");
  install.replace("envoy-service", "{ingress: [{ip: 192.168.7.7}]}", "{}");
  const auto out = support::run("GW*,SVC*", install.cluster());
  CHECK(support::render(out) ==
        "warning SVC002 service/envoy-gateway-system/envoy-aibrix-system-aibrix-eg-903790dc "
        "LoadBalancer Service envoy-gateway-system/envoy-aibrix-system-aibrix-eg-903790dc has no "
        "external address: clients outside the cluster have no address for the gateway\n"
        "  GW007 gateway/aibrix-system/aibrix-eg no address is assigned to Gateway "
        "aibrix-system/aibrix-eg\n");
}

TEST_CASE("a Service with an address is believed over the Gateway's older word", "[gateway]") {
  Install install;
  install.replace(
      "gateway", programmed,
      R"({type: Programmed, status: "False", reason: AddressNotAssigned, observedGeneration: 1})");
  CHECK(support::outcome(support::run("GW007", install.cluster()), "GW007") == "undetermined");
}

TEST_CASE("other reasons for a Gateway not being programmed are told as they are", "[gateway]") {
  Install install;
  install.replace(
      "gateway", programmed,
      R"({type: Programmed, status: "False", reason: Invalid, observedGeneration: 1, message: too many})");
  const auto f = support::finding(support::run("GW007", install.cluster()), "GW007");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.title == "Gateway aibrix-system/aibrix-eg is not programmed (Invalid)");
}

TEST_CASE("a load balancer just asked for is given time", "[gateway]") {
  Install install;
  install.replace(
      "gateway", programmed,
      R"({type: Programmed, status: "False", reason: AddressNotAssigned, observedGeneration: 1})");
  install.replace("envoy-service", "{ingress: [{ip: 192.168.7.7}]}", "{}");
  auto cluster = install.cluster();
  const auto out = support::run("GW007,SVC002", cluster.at("2026-01-01T00:01:00Z"));
  CHECK(support::outcome(out, "GW007") == "undetermined");
  CHECK(support::outcome(out, "SVC002") == "undetermined");
}

TEST_CASE("an Envoy without ready pods fails every request", "[gateway]") {
  Install install;
  install.replace("envoy", "status: {replicas: 1, readyReplicas: 1}", "status: {replicas: 1}");
  install.replace("envoy-endpoints", "ready: true", "ready: false");
  install.set("pod", R"(
apiVersion: v1
kind: Pod
metadata: {name: envoy-x, namespace: envoy-gateway-system, uid: p9, labels: {app.kubernetes.io/name: envoy}}
status:
  phase: Pending
  conditions: [{type: PodScheduled, status: "False", reason: Unschedulable, message: "0/2 nodes are available"}]
)");
  const auto out = support::run("GW008,SVC005", install.cluster());
  REQUIRE(out.findings.size() == 1);
  const checks::Finding& f = out.findings[0];
  CHECK(f.code == "GW008");
  CHECK(f.level == checks::Level::error);
  CHECK(f.title == "Envoy (envoy-aibrix-system-aibrix-eg-903790dc) has 0 of 1 replica ready");
  REQUIRE(f.evidence.size() > 1);
  CHECK(f.evidence[1].value == "1 of 1 pod Unschedulable: 0/2 nodes are available");
  REQUIRE(f.symptoms.size() == 1);
  CHECK(f.symptoms[0].code == "SVC005");
}

TEST_CASE("an Envoy that has just been made is given time to start", "[gateway]") {
  Install install;
  install.replace("envoy", "status: {replicas: 1, readyReplicas: 1}", "status: {replicas: 1}");
  install.replace("envoy", "uid: d3", "uid: d3\n  creationTimestamp: \"2026-01-01T00:59:30Z\"");
  install.replace("envoy-endpoints", "ready: true", "ready: false");
  CHECK(support::outcome(support::run("GW008", install.cluster().live()), "GW008") ==
        "undetermined");
  auto later = install.cluster().live();
  CHECK(support::outcome(support::run("GW008", later.at("2026-01-01T01:01:00Z")), "GW008") ==
        "found");
}

TEST_CASE("Envoy as a DaemonSet has no Deployment and is not missed", "[gateway]") {
  Install install;
  install.drop("envoy");
  CHECK(support::outcome(support::run("GW008", install.cluster()), "GW008") == "ok");
}

TEST_CASE("whether Envoy runs is open when nothing tells", "[gateway]") {
  Install install;
  install.drop("envoy").drop("envoy-service").drop("envoy-endpoints");
  install.replace(
      "gateway",
      R"(    - {type: Programmed, status: "True", reason: Programmed, observedGeneration: 1, message: programmed}
)",
      "");
  CHECK(support::outcome(support::run("GW008", install.files()), "GW008") == "undetermined");
}

TEST_CASE("a Gateway no route is attached to answers 404", "[gateway]") {
  // Case 144.
  Install install;
  install.replace("gateway", "attachedRoutes: 2", "attachedRoutes: 0").drop("reserved");
  const auto out = support::run("GW009,GW010", install.cluster());
  REQUIRE(out.findings.size() == 1);
  CHECK(out.findings[0].code == "GW010");
  CHECK(out.findings[0].level == checks::Level::error);
  CHECK(checks::headline(out.findings[0]) ==
        "HTTPRoute aibrix-system/aibrix-reserved-router does not exist: every request answers 404");
}

TEST_CASE("a listener without its certificate is told, unknown conditions are not", "[gateway]") {
  Install install;
  install.replace(
      "gateway",
      R"({type: ResolvedRefs, status: "True", reason: ResolvedRefs, observedGeneration: 1})",
      R"({type: ResolvedRefs, status: "False", reason: InvalidCertificateRef, observedGeneration: 1})");
  const auto f = support::finding(support::run("GW009", install.cluster()), "GW009");
  CHECK(f.level == checks::Level::error);
  CHECK(f.title ==
        "listener http of Gateway aibrix-system/aibrix-eg is not usable (InvalidCertificateRef)");
  CHECK(f.subject.path == "status.listeners[0]");
  Install newer;
  newer.replace(
      "gateway",
      R"({type: ResolvedRefs, status: "True", reason: ResolvedRefs, observedGeneration: 1})",
      R"({type: OverlappingTLSConfig, status: "True", reason: New, observedGeneration: 1})");
  CHECK(support::outcome(support::run("GW009", newer.cluster()), "GW009") == "ok");
}

TEST_CASE("Gateways that may not be listed leave their checks open", "[gateway]") {
  auto cluster = Install().cluster();
  const auto out =
      support::run("GW005,GW006,GW007,GW008,GW009", cluster.forbid(aibrix::resources::gateways));
  for (const auto& check : out.checks) CHECK(check.reason == checks::Reason::no_permission);
}
