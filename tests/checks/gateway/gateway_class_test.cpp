#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "checks/gateway/install.hpp"

namespace {

const std::string accepted =
    R"({type: Accepted, status: "True", reason: Accepted, observedGeneration: 1})";
const std::string refused =
    R"({type: Accepted, status: "False", reason: InvalidParameters, observedGeneration: 1, message: "Invalid parametersRef: not found"})";

}  // namespace

TEST_CASE("a GatewayClass whose EnvoyProxy is gone names the EnvoyProxy", "[gateway]") {
  Install install;
  install.drop("proxy").replace("class", accepted, refused);
  install.drop("envoy").drop("envoy-service").drop("envoy-endpoints");
  const auto out = support::run("GW003,GW004", install.cluster());
  REQUIRE(out.findings.size() == 1);
  const checks::Finding& f = out.findings[0];
  CHECK(f.code == "GW004");
  CHECK(f.level == checks::Level::error);
  CHECK(f.title == "EnvoyProxy aibrix-system/aibrix-custom-proxy-config does not exist");
  CHECK(f.consequence == "no Envoy is made for Gateway aibrix-eg and its routes are not taken up");
  REQUIRE(!f.remedies.empty());
  CHECK(f.remedies[0].manifest.find("name: aibrix-custom-proxy-config") != std::string::npos);
}

TEST_CASE("a refused GatewayClass is a warning while Envoy serves on", "[gateway]") {
  const auto f = support::finding(
      support::run("GW003", Install().replace("class", accepted, refused).cluster()), "GW003");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.title == "GatewayClass aibrix-eg is not accepted (InvalidParameters)");
}

TEST_CASE("a GatewayClass of another controller is told by its name", "[gateway]") {
  Install install;
  install.replace("class", "gateway.envoyproxy.io/gatewayclass-controller", "example.com/other");
  install.replace("class", accepted, R"({type: Accepted, status: Unknown, reason: Pending})");
  const auto f = support::finding(support::run("GW003", install.cluster()), "GW003");
  CHECK(f.title ==
        "GatewayClass aibrix-eg names controller example.com/other, which is not Envoy Gateway's");
  CHECK(f.subject.path == "spec.controllerName");
}

TEST_CASE("a missing GatewayClass is told", "[gateway]") {
  const auto f =
      support::finding(support::run("GW003", Install().drop("class").cluster()), "GW003");
  CHECK(f.title == "GatewayClass aibrix-eg does not exist");
}

TEST_CASE("a GatewayClass being deleted is not judged here", "[gateway]") {
  Install install;
  install.replace("class", "uid: g1,", "uid: g1, deletionTimestamp: \"2026-01-01T00:00:00Z\",");
  CHECK(support::outcome(support::run("GW003", install.cluster()), "GW003") == "skipped");
}

TEST_CASE("GatewayClasses that may not be listed leave the check open", "[gateway]") {
  auto cluster = Install().cluster();
  const auto out = support::run("GW003,GW004", cluster.forbid(aibrix::resources::gateway_classes));
  CHECK(support::outcome(out, "GW003") == "skipped");
  CHECK(support::outcome(out, "GW004") == "undetermined");
}

TEST_CASE("an EnvoyProxy that overrides Envoy's pod labels makes a Deployment that is refused",
          "[gateway]") {
  // Case 1366: the chart put its own labels on Envoy's pods.
  Install install;
  install.replace("proxy", "spec: {provider: {type: Kubernetes}}", R"(spec:
  provider:
    type: Kubernetes
    kubernetes:
      envoyDeployment:
        patch:
          value: {spec: {template: {metadata: {labels: {app.kubernetes.io/name: aibrix, app.kubernetes.io/component: proxy}}}}})");
  install.replace("gateway", R"({type: Programmed, status: "True", reason: Programmed)",
                  R"({type: Programmed, status: "False", reason: NoResources)");
  install.drop("envoy").drop("envoy-endpoints");
  const auto out = support::run("GW004,GW008,SVC005", install.cluster());
  REQUIRE(out.findings.size() == 1);
  const checks::Finding& f = out.findings[0];
  CHECK(f.code == "GW004");
  CHECK(f.level == checks::Level::error);
  CHECK(f.title ==
        "EnvoyProxy aibrix-system/aibrix-custom-proxy-config overrides labels that select Envoy's "
        "pods");
  CHECK(f.symptoms.size() == 2);
  REQUIRE(!f.evidence.empty());
  CHECK(f.evidence[0].value == "app.kubernetes.io/name=aibrix");
}

TEST_CASE("an EnvoyProxy that Envoy Gateway refuses is told", "[gateway]") {
  Install install;
  install.replace("proxy", "spec: {provider: {type: Kubernetes}}",
                  R"(spec: {provider: {type: Kubernetes}}
status:
  ancestors:
    - ancestorRef: {kind: GatewayClass, name: aibrix-eg}
      conditions: [{type: Accepted, status: "False", reason: Invalid, message: bad bootstrap}])");
  const auto f = support::finding(support::run("GW004", install.cluster()), "GW004");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.title == "EnvoyProxy aibrix-system/aibrix-custom-proxy-config is not accepted (Invalid)");
}

TEST_CASE("without a reference no EnvoyProxy is missed", "[gateway]") {
  Install install;
  install.drop("proxy");
  install.replace("class",
                  "  parametersRef: {group: gateway.envoyproxy.io, kind: EnvoyProxy, name: "
                  "aibrix-custom-proxy-config, namespace: aibrix-system}\n",
                  "");
  CHECK(support::outcome(support::run("GW004", install.cluster()), "GW004") == "skipped");
}
