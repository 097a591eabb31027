#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "checks/install/install_yaml.hpp"
#include "support/snapshot.hpp"

using namespace support;

namespace {

const std::vector<std::string> codes{"INS010", "RED001", "RED002"};

// A plugin pod whose init container still pings Redis.
const char* const waiting = R"(---
apiVersion: v1
kind: Pod
metadata: {name: plugin-1, namespace: aibrix-system, labels: {app: aibrix-gateway-plugins}}
status:
  phase: Pending
  conditions: [{type: Ready, status: "False"}]
  initContainerStatuses: [{name: init-c, state: {running: {}}}]
)";

PartYaml stopped(PartYaml p) {
  p.replicas = 0;
  p.ready = 0;
  return p;
}

PartYaml unready(PartYaml p) {
  p.ready = 0;
  return p;
}

}  // namespace

TEST_CASE("a gateway plugin that waits for Redis follows from Redis (668)") {
  Cluster cluster;
  cluster
      .yaml(system_namespace() + part({}) + part(unready(plugins())) + waiting +
            part(stopped(redis())) + redis_service() + redis_slice(false))
      .complete();
  const auto outcomes = run(codes, cluster);
  CHECK(
      render(outcomes) ==
      "error RED001 deployment/aibrix-system/aibrix-redis-master aibrix-redis-master is scaled to "
      "0: every AI request fails: the gateway asks it where to send them\n"
      "  INS010 deployment/aibrix-system/aibrix-gateway-plugins aibrix-gateway-plugins has 0 of 1 "
      "replica ready: every AI request fails: the gateway asks it where to send them\n");
  CHECK(checks::to_shell(outcomes.findings[0].remedies.front().command) ==
        "kubectl -n aibrix-system scale deployment/aibrix-redis-master --replicas=1");
}

TEST_CASE("while the plugin runs a lost Redis is a warning") {
  Cluster cluster;
  cluster
      .yaml(system_namespace() + part({}) + part(plugins()) + part(unready(redis())) +
            redis_service() + redis_slice(false))
      .complete();
  const auto f = finding(run(codes, cluster), "RED001");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.evidence[0].value == "Service aibrix-system/aibrix-redis-master has 0 ready endpoints");
}

TEST_CASE("a Valkey behind the Service is a Redis") {
  Cluster cluster;
  cluster
      .yaml(system_namespace() + part({}) + part(plugins()) + redis_service() + redis_slice(true))
      .complete();
  CHECK(run(codes, cluster).findings.empty());
  CHECK(outcome(run("RED001", cluster), "RED001") == "ok");
}

TEST_CASE("a whole install is right") {
  Cluster cluster;
  cluster.yaml(whole_install()).complete();
  CHECK(run(codes, cluster).findings.empty());
}

TEST_CASE("REDIS_HOST that names no Service keeps the plugin from starting") {
  PartYaml p = unready(plugins());
  p.env = "[{name: REDIS_HOST, value: my-redis}]";
  Cluster cluster;
  cluster.yaml(system_namespace() + part({}) + part(p) + part(redis()) + redis_service())
      .complete();
  const auto outcomes = run(codes, cluster);
  REQUIRE(outcomes.findings.size() == 1);
  const auto& f = outcomes.findings[0];
  CHECK(f.code == "RED002");
  CHECK(f.level == checks::Level::error);
  CHECK(f.subject.path == "spec.template.spec.containers[0].env[REDIS_HOST]");
  CHECK(f.evidence[0].value == "my-redis");
  CHECK(f.symptoms.size() == 1);
}

TEST_CASE("a Redis outside the cluster is not ours to judge") {
  for (const char* host : {"redis.example.com", "10.1.2.3", "cache.prod"}) {
    PartYaml p = plugins();
    p.env = std::string("[{name: REDIS_HOST, value: ") + host + "}]";
    Cluster cluster;
    cluster.yaml(system_namespace() + part({}) + part(p)).complete();
    INFO(host);
    CHECK(outcome(run("RED001", cluster), "RED001") == "skipped");
    CHECK(outcome(run("RED002", cluster), "RED002") == "skipped");
  }
}

TEST_CASE("an init container that pings a Redis with a password waits for ever") {
  PartYaml p = unready(plugins());
  p.env =
      "[{name: REDIS_HOST, value: aibrix-redis-master}, {name: REDIS_PASSWORD, valueFrom: "
      "{secretKeyRef: {name: r, key: p}}}]";
  Cluster cluster;
  cluster
      .yaml(system_namespace() + part({}) + part(p) + waiting + part(redis()) + redis_service() +
            redis_slice(true))
      .complete();
  const auto f = finding(run(codes, cluster), "RED002");
  CHECK(f.level == checks::Level::error);
  CHECK(f.title == "gateway-plugins waits for a Redis that wants a password");
}

TEST_CASE("a gateway plugin that is missing or scaled to 0 fails every request") {
  Cluster scaled;
  scaled.yaml(system_namespace() + part({}) + part(stopped(plugins()))).complete();
  const auto f = finding(run("INS010", scaled), "INS010");
  CHECK(f.level == checks::Level::error);
  CHECK(f.title == "aibrix-gateway-plugins is scaled to 0");
  CHECK(f.subject.path == "spec.replicas");
}

TEST_CASE("an install without a gateway, or in a namespace that goes, needs no plugin") {
  PartYaml standalone;
  standalone.args = "[--controllers=pod-autoscaler-controller]";
  Cluster none;
  none.yaml(system_namespace() + part(standalone)).complete();
  CHECK(outcome(run("INS010", none), "INS010") == "skipped");
  Cluster going;
  going.yaml(system_namespace(", deletionTimestamp: \"2026-01-01T00:00:00Z\"") + crds()).complete();
  CHECK(outcome(run("INS010", going), "INS010") == "skipped");
}

// Seen on a real cluster: for a second, while Pods were gone and Deployments were not.
TEST_CASE("Redis is not missed in a namespace that goes") {
  Cluster cluster;
  cluster
      .yaml(
          "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: aibrix-system, "
          "deletionTimestamp: '2026-01-01T00:00:00Z'}\n" +
          part({}) + part(plugins()) + part(unready(redis())) + redis_service() +
          redis_slice(false))
      .complete();
  CHECK(outcome(run("RED001", cluster), "RED001") == "skipped");
}

TEST_CASE("the plugin and Redis cannot be told without Deployments, Services or a status") {
  Cluster unread;
  unread.yaml(whole_install()).complete().forbid(kube::resources::deployments);
  CHECK(outcome(run("INS010", unread), "INS010") == "skipped");
  Cluster services;
  services.yaml(whole_install()).complete().forbid(kube::resources::services);
  CHECK(outcome(run("RED001", services), "RED001") == "skipped");
  Cluster manifest;
  manifest.yaml(
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: aibrix-gateway-plugins, "
      "namespace: aibrix-system}\nspec: {replicas: 1}\n");
  CHECK(outcome(run("INS010", manifest), "INS010") == "undetermined");
  Cluster secret;
  PartYaml p = plugins();
  p.env = "[{name: REDIS_HOST, valueFrom: {configMapKeyRef: {name: c, key: h}}}]";
  secret.yaml(part(p) + redis_service()).complete();
  CHECK(outcome(run("RED001", secret), "RED001") == "undetermined");
}

TEST_CASE("several plugins with a prefix cache each are told to share it") {
  PartYaml p = plugins();
  p.replicas = 2;
  p.ready = 2;
  p.env = "[{name: REDIS_HOST, value: r}, {name: ROUTING_ALGORITHM, value: prefix-cache}]";
  const std::string model =
      "---\napiVersion: v1\nkind: Pod\nmetadata: {name: m, namespace: default, "
      "labels: {model.aibrix.ai/name: llama}}\n";
  Cluster cluster;
  cluster.yaml(part(p) + model).complete();
  const auto f = finding(run("RED003", cluster), "RED003");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.models == std::vector<std::string>{"llama"});

  p.env =
      "[{name: ROUTING_ALGORITHM, value: prefix-cache}, {name: AIBRIX_STATESYNC_ENABLED, value: "
      "\"true\"}]";
  Cluster shared;
  shared.yaml(part(p) + model).complete();
  CHECK(outcome(run("RED003", shared), "RED003") == "ok");
  Cluster unread;
  unread.complete().forbid(kube::resources::deployments);
  CHECK(outcome(run("RED003", unread), "RED003") == "undetermined");
}
