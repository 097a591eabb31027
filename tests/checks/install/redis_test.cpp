// RED001, RED002, RED003: the gateway plugin's Redis.
#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/builders/install.hpp"
#include "support/snapshot.hpp"

using namespace support;

namespace {

const std::vector<std::string> codes{"INS010", "RED001", "RED002"};

// A plugin pod whose init container still pings Redis.
}  // namespace

TEST_CASE("a Valkey behind the Service is a Redis") {
  Cluster cluster;
  cluster
      .yaml(system_namespace() + component({}) + component(plugins()) + redis_service() +
            redis_slice(true))
      .complete();
  CHECK(run(codes, cluster).findings.empty());
  CHECK(outcome(run("RED001", cluster), "RED001") == "ok");
}

TEST_CASE("a Redis outside the cluster is not ours to judge") {
  for (const char* host : {"redis.example.com", "10.1.2.3", "cache.prod"}) {
    Component p = plugins();
    p.env = std::string("[{name: REDIS_HOST, value: ") + host + "}]";
    Cluster cluster;
    cluster.yaml(system_namespace() + component({}) + component(p)).complete();
    INFO(host);
    CHECK(outcome(run("RED001", cluster), "RED001") == "skipped");
    CHECK(outcome(run("RED002", cluster), "RED002") == "skipped");
  }
}

TEST_CASE("an install without a gateway, or in a namespace that goes, needs no plugin") {
  Component standalone;
  standalone.args = "[--controllers=pod-autoscaler-controller]";
  Cluster none;
  none.yaml(system_namespace() + component(standalone)).complete();
  CHECK(outcome(run("INS010", none), "INS010") == "skipped");
  Cluster going;
  going.yaml(system_namespace(", deletionTimestamp: \"2026-01-01T00:00:00Z\"") + crds()).complete();
  CHECK(outcome(run("INS010", going), "INS010") == "skipped");
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
  Component p = plugins();
  p.env = "[{name: REDIS_HOST, valueFrom: {configMapKeyRef: {name: c, key: h}}}]";
  secret.yaml(component(p) + redis_service()).complete();
  CHECK(outcome(run("RED001", secret), "RED001") == "undetermined");
}

TEST_CASE("several plugins with a prefix cache each are told to share it") {
  Component p = plugins();
  p.replicas = 2;
  p.ready = 2;
  p.env = "[{name: REDIS_HOST, value: r}, {name: ROUTING_ALGORITHM, value: prefix-cache}]";
  const std::string model =
      "---\napiVersion: v1\nkind: Pod\nmetadata: {name: m, namespace: default, "
      "labels: {model.aibrix.ai/name: llama}}\n";
  Cluster cluster;
  cluster.yaml(component(p) + model).complete();
  const auto f = finding(run("RED003", cluster), "RED003");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.models == std::vector<std::string>{"llama"});

  p.env =
      "[{name: ROUTING_ALGORITHM, value: prefix-cache}, {name: AIBRIX_STATESYNC_ENABLED, value: "
      "\"true\"}]";
  Cluster shared;
  shared.yaml(component(p) + model).complete();
  CHECK(outcome(run("RED003", shared), "RED003") == "ok");
  Cluster unread;
  unread.complete().forbid(kube::resources::deployments);
  CHECK(outcome(run("RED003", unread), "RED003") == "undetermined");
}
