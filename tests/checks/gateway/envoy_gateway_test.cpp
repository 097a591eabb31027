// GW001, GW002: Envoy Gateway and its configuration.
#include "aibrix/envoy_gateway.hpp"

#include "catch.hpp"
#include "support/builders/gateway.hpp"

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
        "enableEnvoyPatchPolicy is not true in envoy-gateway-config. Requests with a routing "
        "strategy get 502.");
  CHECK(f.level == checks::Level::error);
  REQUIRE(!f.remedies.empty());
  CHECK(f.remedies[0].manifest.find("      enableEnvoyPatchPolicy: true\n") != std::string::npos);
  CHECK(checks::to_shell(f.remedies[0].command) ==
        "kubectl -n envoy-gateway-system rollout restart deployment/envoy-gateway");
  REQUIRE(f.symptoms.size() == 1);
  CHECK(f.symptoms[0].code == "GW013");
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
