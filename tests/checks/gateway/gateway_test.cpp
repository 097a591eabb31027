// GW005 to GW009: Gateway aibrix-eg, its listeners and its Envoy.
#include "support/builders/gateway.hpp"
#include "aibrix/resources.hpp"
#include "catch.hpp"

namespace {

const std::string programmed =
    R"({type: Programmed, status: "True", reason: Programmed, observedGeneration: 1, message: programmed})";

}  // namespace

TEST_CASE("a change that is not taken up waits for Envoy Gateway", "[gateway]") {
  Install install;
  install.replace("gateway", "generation: 1,", "generation: 2,");
  const auto idle = support::run("GW006", install.cluster());
  CHECK(support::finding(idle, "GW006").title ==
        "the latest change to Gateway aibrix-system/aibrix-eg was not processed");
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
        "the gateway Service has no external IP (<pending> for 1h). Clients outside the cluster "
        "have no address for the gateway.\n"
        "  GW007 gateway/aibrix-system/aibrix-eg Gateway aibrix-system/aibrix-eg has no address\n");
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
