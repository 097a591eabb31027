// REF004, REF005, REF006.
#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/builders/routed.hpp"

namespace {

using namespace routed;
using checks::Finding;
using checks::Level;
using support::Cluster;
using support::finding;
using support::outcome;

Cluster cluster(const std::string& yaml) {
  return Cluster().yaml(install() + service() + model() + yaml).complete().at(now);
}

const std::string wrong_group_first = grant("a", "aibrix-system", "", long_ago, "example.com");

TEST_CASE("a grant that fits, or is far from fitting, is no near miss") {
  CHECK(outcome(support::run("REF004", cluster(controller_grant() + grant("other", "aibrix") +
                                               route(accepted + ", " + resolved))),
                "REF004") == "ok");
  const std::string far =
      "---\napiVersion: gateway.networking.k8s.io/v1beta1\nkind: ReferenceGrant\nmetadata: " +
      meta("certs", "team") +
      "\nspec: {from: [{group: gateway.networking.k8s.io, kind: Gateway, "
      "namespace: infra}], to: [{group: '', kind: Secret}]}\n";
  CHECK(outcome(support::run("REF004", cluster(far + route(accepted + ", " + refused()))),
                "REF004") == "ok");
}

TEST_CASE(
    "such a grant that the gateway gets past is not mentioned, and a warning without a status") {
  CHECK(outcome(support::run("REF006", cluster(wrong_group_first + grant("b") +
                                               route(accepted + ", " + resolved))),
                "REF006") == "ok");
  const Finding f = finding(
      support::run("REF006", cluster(wrong_group_first + grant("b") + route(""))), "REF006");
  CHECK(f.level == Level::warning);
}

TEST_CASE(
    "a condition older than the grant is lag, and after a minute a gateway that looks no more") {
  const auto after = [](const std::string& made, int envoy_gateways = 1) {
    return run_all({"REF006", "GW001"}, Cluster()
                                            .yaml(install("v0.7.0", 1, envoy_gateways) + service() +
                                                  model() + grant("g", "aibrix-system", "", made) +
                                                  route(accepted + ", " + refused()))
                                            .complete()
                                            .at(now));
  };
  CHECK(outcome(after("2026-03-01T11:59:30Z"), "REF006") == "undetermined");  // vector 25
  const Finding f = finding(after("2026-03-01T11:50:00Z"), "REF006");
  CHECK(f.level == Level::error);
  CHECK(f.title ==
        "Envoy Gateway has not re-evaluated HTTPRoute aibrix-system/llama-router since "
        "ReferenceGrant team/g was created");
  const auto down = after("2026-03-01T11:59:30Z", 0);
  REQUIRE(down.findings.size() == 1);  // nothing moves: no need to wait
  CHECK(down.findings[0].code == "GW001");
}

}  // namespace
