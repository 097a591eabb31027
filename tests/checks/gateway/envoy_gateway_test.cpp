#include "aibrix/envoy_gateway.hpp"

#include "catch.hpp"
#include "checks/gateway/install.hpp"

TEST_CASE("Envoy Gateway scaled to 0 is a warning while Envoy goes on", "[gateway]") {
  Install install;
  install.replace("envoy-gateway", "replicas: 1\n", "replicas: 0\n");
  install.replace("envoy-gateway", "status: {replicas: 1, readyReplicas: 1}", "status: {}");
  const auto f = support::finding(support::run("GW001", install.cluster()), "GW001");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.title == "envoy-gateway is scaled to 0");
  CHECK(f.subject.path == "spec.replicas");
  REQUIRE(!f.remedies.empty());
  CHECK(checks::to_shell(f.remedies[0].command) ==
        "kubectl -n envoy-gateway-system scale deployment/envoy-gateway --replicas=1");
}

TEST_CASE("Envoy Gateway that never ran is the root of all that is missing", "[gateway]") {
  // Case 1244: no envoy-aibrix Service at all.
  Install install;
  install.replace("envoy-gateway", "status: {replicas: 1, readyReplicas: 1}",
                  "status: {replicas: 1}");
  install.replace("class",
                  R"({type: Accepted, status: "True", reason: Accepted, observedGeneration: 1})",
                  R"({type: Accepted, status: Unknown, reason: Pending})");
  install.replace(
      "gateway",
      R"({type: Accepted, status: "True", reason: Accepted, observedGeneration: 1, message: scheduled})",
      R"({type: Accepted, status: Unknown, reason: Pending})");
  install.replace(
      "gateway",
      R"({type: Programmed, status: "True", reason: Programmed, observedGeneration: 1, message: programmed})",
      R"({type: Programmed, status: Unknown, reason: Pending})");
  install.drop("envoy").drop("envoy-service").drop("envoy-endpoints");
  const auto out = support::run("GW001,GW003,GW006,GW008,SVC001", install.cluster());
  REQUIRE(out.findings.size() == 1);
  const checks::Finding& f = out.findings[0];
  CHECK(f.code == "GW001");
  CHECK(f.level == checks::Level::error);
  CHECK(f.title == "envoy-gateway has 0 of 1 replica ready");
  CHECK(f.symptoms.size() == 4);
}

TEST_CASE("a Gateway with a status speaks against a missing Envoy Gateway", "[gateway]") {
  const auto out =
      support::run("GW001,GW002", Install().drop("envoy-gateway").drop("config").cluster());
  CHECK(support::render(out).empty());
  CHECK(support::outcome(out, "GW001") == "undetermined");
  CHECK(support::outcome(out, "GW002") == "ok");
}

TEST_CASE("Envoy Gateway missing together with its Envoy is known to be missing", "[gateway]") {
  Install install;
  install.drop("envoy-gateway").drop("envoy").drop("envoy-service").drop("envoy-endpoints");
  const auto f = support::finding(support::run("GW001", install.cluster()), "GW001");
  CHECK(f.title == "envoy-gateway is not installed");
}

TEST_CASE("without Deployments nothing is said of Envoy Gateway", "[gateway]") {
  auto cluster = Install().cluster();
  CHECK(support::outcome(support::run("GW001", cluster.forbid(kube::resources::deployments)),
                         "GW001") == "skipped");
  auto files = Install().drop("envoy-gateway").files();
  CHECK(support::outcome(support::run("GW001", files), "GW001") == "undetermined");
}

TEST_CASE("EnvoyPatchPolicies switched off are the cause of a refused one", "[gateway]") {
  Install install;
  install.replace("config", "enableEnvoyPatchPolicy: true", "enableEnvoyPatchPolicy: false");
  install.replace(
      "patch", R"({type: Accepted, status: "True", reason: Accepted, observedGeneration: 1})",
      R"({type: Accepted, status: "False", reason: Disabled, observedGeneration: 1, message: disabled})");
  const auto out = support::run("GW002,GW013,GW014", install.cluster());
  REQUIRE(out.findings.size() == 1);
  const checks::Finding& f = out.findings[0];
  CHECK(checks::headline(f) ==
        "enableEnvoyPatchPolicy is not true in envoy-gateway-config: requests with a routing "
        "strategy fail with 502");
  CHECK(f.level == checks::Level::error);
  REQUIRE(!f.remedies.empty());
  CHECK(f.remedies[0].manifest.find("      enableEnvoyPatchPolicy: true\n") != std::string::npos);
  CHECK(checks::to_shell(f.remedies[0].command) ==
        "kubectl -n envoy-gateway-system rollout restart deployment/envoy-gateway");
  REQUIRE(f.symptoms.size() == 1);
  CHECK(f.symptoms[0].code == "GW013");
}

TEST_CASE("a switch turned off under a running Envoy Gateway waits for its restart", "[gateway]") {
  Install install;
  install.replace("config", "    extensionApis:\n      enableEnvoyPatchPolicy: true\n", "");
  const auto f = support::finding(support::run("GW002", install.cluster()), "GW002");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.consequence == "routing strategies end with the next restart of Envoy Gateway");
}

TEST_CASE("a configuration that is no YAML is told, not thrown", "[gateway]") {
  Install install;
  install.replace("config", "kind: EnvoyGateway", "kind: [EnvoyGateway");
  const auto f = support::finding(support::run("GW002", install.cluster()), "GW002");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.consequence == "Envoy Gateway cannot start again with it");
}

TEST_CASE("a configuration that was not read is not judged", "[gateway]") {
  Install install;
  install.replace("patch",
                  R"({type: Accepted, status: "True", reason: Accepted, observedGeneration: 1})",
                  R"({type: Accepted, status: Unknown})");
  CHECK(support::outcome(support::run("GW002", install.drop("config").files()), "GW002") ==
        "skipped");
  auto forbidden = Install().cluster();
  CHECK(support::outcome(support::run("GW002", forbidden.forbid(kube::resources::configmaps)),
                         "GW002") == "skipped");
}

TEST_CASE("the switch is added where the configuration has none", "[gateway]") {
  CHECK(aibrix::with_patch_policies("kind: EnvoyGateway").value() ==
        "kind: EnvoyGateway\nextensionApis:\n  enableEnvoyPatchPolicy: true\n");
  CHECK(aibrix::with_patch_policies("extensionApis: {}\n").value() ==
        "extensionApis:\n  enableEnvoyPatchPolicy: true\n");
  CHECK(aibrix::with_patch_policies("extensionApis:\n  enableBackend: true\n").value() ==
        "extensionApis:\n  enableEnvoyPatchPolicy: true\n  enableBackend: true\n");
  // Another indentation would make it no YAML, or another meaning.
  CHECK_FALSE(
      aibrix::with_patch_policies("extensionApis:\n     enableBackend: true\n").has_value());
}

namespace {

const char* const second = R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: envoy-gateway, namespace: platform, uid: d9, labels: {control-plane: envoy-gateway}}
spec: {replicas: 1}
status: {replicas: 1, readyReplicas: 1}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: envoy-gateway-config, namespace: platform, uid: c9}
data: {envoy-gateway.yaml: "gateway: {controllerName: NAME}"}
)";

std::string named(const std::string& name) {
  std::string text = second;
  return text.replace(text.find("NAME"), 4, name);
}

}  // namespace

TEST_CASE("two Envoy Gateways with one controller name fight", "[gateway]") {
  Install install;
  install.set("second", named("gateway.envoyproxy.io/gatewayclass-controller"));
  const auto f = support::finding(support::run("GW020", install.cluster()), "GW020");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.title ==
        "Deployments envoy-gateway-system/envoy-gateway and platform/envoy-gateway both run Envoy "
        "Gateway for one controller name");
}

TEST_CASE("two Envoy Gateways with names of their own are fine", "[gateway]") {
  Install install;
  install.set("second", named("example.com/other"));
  CHECK(support::outcome(support::run("GW020", install.cluster()), "GW020") == "ok");
}

TEST_CASE("whether a second Envoy Gateway runs needs all namespaces", "[gateway]") {
  CHECK(support::outcome(support::run("GW020", Install().files()), "GW020") == "undetermined");
}
