// FIN010: GatewayClasses that do not go.
#include <algorithm>

#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/builders/stuck.hpp"
#include "support/snapshot.hpp"

using support::Cluster;
using support::finding;
using support::outcome;
using support::run;

namespace {

std::string gateway_class(
    const std::string& at,
    const std::string& controller = "gateway.envoyproxy.io/gatewayclass-controller") {
  return stuck::object("gateway.networking.k8s.io/v1", "GatewayClass", "", "aibrix-eg", at,
                       "gateway-exists-finalizer.gateway.networking.k8s.io",
                       "spec: {controllerName: " + controller + "}\n");
}
std::string envoy_gateway(int replicas) {
  return support::component("envoy-gateway-system", "envoy-gateway", replicas, replicas,
                            "envoyproxy/gateway:v1.2.8");
}
const std::string gateway =
    "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"
    "metadata: {name: aibrix-eg, namespace: aibrix-system, uid: g}\n"
    "spec: {gatewayClassName: aibrix-eg}\n";

}  // namespace

TEST_CASE("a GatewayClass that a Gateway uses is not for the fix to free, Envoy Gateway or not") {
  Cluster cluster;
  cluster.yaml(envoy_gateway(0)).yaml(gateway_class("2026-01-01T00:59:58Z")).yaml(gateway);
  const auto f = finding(run("FIN010", cluster.complete().at(stuck::now)), "FIN010");
  CHECK(std::none_of(f.remedies.begin(), f.remedies.end(), [](const checks::Remedy& r) {
    return checks::to_shell(r.command).starts_with("aibrixctl fix");
  }));
}

TEST_CASE("a GatewayClass in use stays, whatever its controller does") {
  Cluster cluster;
  cluster.yaml(envoy_gateway(1)).yaml(gateway_class("2026-01-01T00:59:58Z")).yaml(gateway);
  const auto f = finding(run("FIN010", cluster.complete().at(stuck::now)), "FIN010");
  CHECK(f.level == checks::Level::error);
  CHECK(f.title ==
        "GatewayClass aibrix-eg is being deleted while Gateway aibrix-system/aibrix-eg uses it");
  CHECK(std::none_of(f.remedies.begin(), f.remedies.end(),
                     [](const checks::Remedy& r) { return r.text.starts_with("strip"); }));
}

TEST_CASE("a GatewayClass nobody uses goes by itself, and another's is not ours") {
  Cluster free;
  free.yaml(envoy_gateway(1)).yaml(gateway_class("2026-01-01T00:59:58Z")).complete().live();
  CHECK(outcome(run("FIN010", free.at(stuck::now)), "FIN010") == "ok");
  Cluster other;
  other.yaml(gateway_class("2026-01-01T00:00:00Z", "istio.io/gateway-controller")).complete();
  CHECK(outcome(run("FIN010", other.at(stuck::now)), "FIN010") == "ok");
}

TEST_CASE("a GatewayClass whose controller was not recorded cannot be judged while it is young") {
  Cluster cluster;
  cluster.yaml(gateway_class("2026-01-01T00:59:58Z")).at(stuck::now);
  CHECK(outcome(run("FIN010", cluster), "FIN010") == "undetermined");
  Cluster forbidden;
  forbidden.forbid(aibrix::resources::gateway_classes);
  CHECK(outcome(run("FIN010", forbidden), "FIN010") == "skipped");
}
