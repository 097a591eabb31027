// GW003, GW004: the GatewayClass and its EnvoyProxy.
#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/builders/gateway.hpp"

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
  CHECK(f.consequence ==
        "No Envoy is created for Gateway aibrix-eg, and its HTTPRoutes have no effect.");
  REQUIRE(!f.remedies.empty());
  CHECK(f.remedies[0].manifest.find("name: aibrix-custom-proxy-config") != std::string::npos);
}
