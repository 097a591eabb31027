// MDL020: models that only a routing strategy reaches.
#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/builders/model.hpp"
#include "support/snapshot.hpp"

using namespace support;

namespace {

std::string storm(const std::string& annotations = "{}") {
  return R"(---
apiVersion: orchestration.aibrix.ai/v1alpha1
kind: StormService
metadata: {name: chat, namespace: default, uid: s}
spec: {template: {spec: {roles: [{template: {metadata: {labels: {model.aibrix.ai/name: chat}}}}]}}}
status: {readyReplicas: 1}
---
apiVersion: v1
kind: Pod
metadata:
  name: chat-0
  namespace: default
  uid: p
  labels: {model.aibrix.ai/name: chat, storm-service-name: chat}
  annotations: )" +
         annotations + R"(
status: {phase: Running, podIP: 10.0.0.1, conditions: [{type: Ready, status: "True"}]}
)";
}

}  // namespace

TEST_CASE("a StormService model works with a strategy only (1321)") {
  Cluster cluster;
  cluster.yaml(install() + storm()).complete();
  const auto outcomes = run("MDL*", cluster);
  CHECK(render(outcomes) ==
        "warning MDL020 stormservice/default/chat StormService chat gets no HTTPRoute from AIBrix. "
        "Requests for chat without the routing-strategy header get 503.\n");
}

TEST_CASE("a default strategy in the environment or in the pods is enough") {
  Cluster environment;
  environment.yaml(install("v0.7.0", "[{name: ROUTING_ALGORITHM, value: random}]") + storm())
      .complete();
  CHECK(outcome(run("MDL020", environment), "MDL020") == "ok");

  const std::string profile =
      R"({model.aibrix.ai/config: '{"profiles":{"default":{"routingStrategy":"pd"}}}'})";
  Cluster annotation;
  annotation.yaml(install() + storm(profile)).complete();
  CHECK(outcome(run("MDL020", annotation), "MDL020") == "ok");
  Cluster old;  // v0.5 does not read the annotation
  old.yaml(install("v0.5.0") + storm(profile)).complete();
  CHECK(outcome(run("MDL020", old), "MDL020") == "found");
}

TEST_CASE("a LeaderWorkerSet gets routes since v0.6") {
  const std::string lws = R"(---
apiVersion: leaderworkerset.x-k8s.io/v1
kind: LeaderWorkerSet
metadata: {name: chat, namespace: default, uid: l, labels: {model.aibrix.ai/name: chat}}
spec: {leaderWorkerTemplate: {leaderTemplate: {metadata: {labels: {model.aibrix.ai/name: chat}}}}}
---
apiVersion: v1
kind: Pod
metadata: {name: chat-0, namespace: default, uid: p, labels: {model.aibrix.ai/name: chat,
  leaderworkerset.sigs.k8s.io/name: chat}}
status: {phase: Running}
)";
  Cluster recent;
  recent.yaml(install("v0.6.0") + lws).complete();
  CHECK(outcome(run("MDL020", recent), "MDL020") == "ok");
  Cluster old;
  old.yaml(install("v0.5.0") + lws).complete();
  CHECK(outcome(run("MDL020", old), "MDL020") == "found");
}

TEST_CASE("a need for a strategy cannot be told without the routes or the plugin") {
  Cluster routes;
  routes.yaml(install() + storm()).complete().forbid(aibrix::resources::http_routes);
  CHECK(outcome(run("MDL020", routes), "MDL020") == "undetermined");
  Cluster plugin;
  plugin.yaml(storm()).complete().forbid(kube::resources::deployments);
  CHECK(outcome(run("MDL020", plugin), "MDL020") == "undetermined");
  Cluster manifest;
  manifest.yaml(storm());
  CHECK(outcome(run("MDL020", manifest), "MDL020") == "undetermined");
}
