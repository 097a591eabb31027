// INS001, INS002: whether AIBrix and its CRDs are installed.
#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/builders/install.hpp"
#include "support/snapshot.hpp"

using namespace support;

TEST_CASE("a cluster without anything of AIBrix gets one finding") {
  Cluster cluster;
  cluster.yaml("apiVersion: v1\nkind: Namespace\nmetadata: {name: default}\n").complete();
  const auto outcomes = run("*", cluster);
  const auto f = finding(outcomes, "INS001");
  CHECK(f.level == checks::Level::error);
  CHECK(f.title == "AIBrix is not installed");
  CHECK(f.subject.ref == kube::ObjectRef{"", "Namespace", "", "aibrix-system"});
  for (const char* code : {"INS002", "INS005", "INS006", "INS007", "INS009", "INS010", "INS015",
                           "RED001", "RED002", "RED003", "MDL006", "MDL010"}) {
    INFO(code);
    CHECK(outcome(outcomes, code) == "skipped");
  }
}

TEST_CASE("an install is recognized, also when its namespace is on its way out") {
  Cluster cluster;
  cluster.yaml(whole_install()).complete();
  CHECK(outcome(run("INS001", cluster), "INS001") == "ok");
  Cluster going;
  going.yaml(system_namespace(", deletionTimestamp: \"2026-01-01T00:00:00Z\"")).complete();
  CHECK(outcome(run("INS001", going), "INS001") == "skipped");
}

TEST_CASE("whether AIBrix is installed cannot be told from files that may not hold it") {
  Cluster files;
  files.yaml("apiVersion: v1\nkind: Namespace\nmetadata: {name: default}\n");
  CHECK(outcome(run("INS001", files), "INS001") == "undetermined");
  Cluster blind;
  blind.yaml("apiVersion: v1\nkind: Namespace\nmetadata: {name: default}\n")
      .complete()
      .forbid(kube::resources::deployments);
  CHECK(outcome(run("INS001", blind), "INS001") == "undetermined");
}

TEST_CASE("before v0.5 a controller without KubeRay's CRD crash-loops (1460)") {
  Component old;
  old.image = "aibrix/controller-manager:v0.4.1";
  old.ready = 0;
  const std::string pod = R"(---
apiVersion: v1
kind: Pod
metadata: {name: c-1, namespace: aibrix-system, labels: {app: aibrix-controller-manager}}
status: {phase: Running, containerStatuses: [{name: main, state: {waiting: {reason: CrashLoopBackOff}}}]}
)";
  Cluster cluster;
  cluster.yaml(system_namespace() + component(old) + crds() + pod).complete();
  const auto outcomes = run(std::vector<std::string>{"INS002", "INS005"}, cluster);
  REQUIRE(outcomes.findings.size() == 1);
  CHECK(outcomes.findings[0].title == "CRD rayclusters.ray.io is missing");
  REQUIRE(outcomes.findings[0].symptoms.size() == 1);
  CHECK(outcomes.findings[0].symptoms[0].code == "INS005");

  Cluster recent;
  recent.yaml(whole_install()).complete();
  CHECK(outcome(run("INS002", recent), "INS002") == "ok");
}

TEST_CASE("missing CRDs cannot be told without CRDs or without a release") {
  Cluster blind;
  blind.yaml(whole_install()).complete().forbid(kube::resources::crds);
  CHECK(outcome(run("INS002", blind), "INS002") == "undetermined");
  Component digest;
  digest.image = "aibrix/controller-manager@sha256:0";
  Cluster unknown;
  unknown.yaml(component(digest) + crds()).complete();
  CHECK(outcome(run("INS002", unknown), "INS002") == "undetermined");
}
