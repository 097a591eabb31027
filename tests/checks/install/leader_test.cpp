#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "checks/install/install_yaml.hpp"
#include "support/snapshot.hpp"

using namespace support;

namespace {

const char* const lease = R"(---
apiVersion: coordination.k8s.io/v1
kind: Lease
metadata: {name: aibrix-controller-manager, namespace: aibrix-system}
spec: {holderIdentity: c-1_1111-2222, leaseDurationSeconds: 15, renewTime: "2026-01-01T10:00:00.000000Z"}
)";
const char* const holder = R"(---
apiVersion: v1
kind: Pod
metadata: {name: c-1, namespace: aibrix-system, labels: {app: aibrix-controller-manager}}
status: {phase: Running}
)";

}  // namespace

TEST_CASE("a stale Lease follows from the controller that is scaled to 0") {
  PartYaml stopped;
  stopped.replicas = 0;
  stopped.ready = 0;
  Cluster cluster;
  cluster.yaml(part(stopped) + lease).complete().at("2026-01-01T10:02:00Z");
  const auto outcomes = run(std::vector<std::string>{"INS005", "INS006"}, cluster);
  REQUIRE(outcomes.findings.size() == 1);
  const auto& f = outcomes.findings[0];
  CHECK(f.code == "INS005");
  REQUIRE(f.symptoms.size() == 1);
  CHECK(f.symptoms[0].title == "Lease aibrix-system/aibrix-controller-manager is stale");
  CHECK(f.consequence == "finalizers, routes and LoRA loading wait for it");
}

TEST_CASE("a Lease nobody renews under a controller that seems up is a warning of its own") {
  Cluster cluster;
  cluster.yaml(part({}) + lease).complete().at("2026-01-01T10:02:00Z");
  const auto f = finding(run("INS006", cluster), "INS006");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.causes.empty());
  CHECK(f.evidence[0].value == "2m ago");
  CHECK(f.evidence[1].value == "c-1_1111-2222, a pod that is gone");
}

TEST_CASE("a fresh Lease, or one whose holder is there, is right") {
  Cluster fresh;
  fresh.yaml(part({}) + lease).complete().at("2026-01-01T10:00:30Z");
  CHECK(outcome(run("INS006", fresh), "INS006") == "ok");
  Cluster held;  // the lists of a dump may be minutes apart
  held.yaml(part({}) + lease + holder).complete().at("2026-01-01T10:30:00Z");
  CHECK(outcome(run("INS006", held), "INS006") == "ok");
}

TEST_CASE("the age of a Lease cannot be told without a clock or the list") {
  Cluster timeless;
  timeless.yaml(part({}) + lease).complete();
  CHECK(outcome(run("INS006", timeless), "INS006") == "undetermined");
  Cluster unread;
  unread.yaml(part({})).complete().not_recorded(kube::resources::leases);
  CHECK(outcome(run("INS006", unread), "INS006") == "skipped");
}

TEST_CASE("two controller-managers that share a Lease take turns") {
  PartYaml second;
  second.name = "aibrix-stormservice";
  second.args = "[--leader-elect, --controllers=stormservice-controller]";
  Cluster cluster;
  cluster.yaml(part({}) + part(second)).complete();
  const auto f = finding(run("INS009", cluster), "INS009");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.subject.ref.name == "aibrix-stormservice");
  CHECK(f.evidence[1].value == "stormservice-controller");

  second.args = "[--leader-elect, --leader-election-id=other]";
  Cluster apart;
  apart.yaml(part({}) + part(second)).complete();
  CHECK(outcome(run("INS009", apart), "INS009") == "ok");
}

TEST_CASE("sharing cannot be told without Deployments") {
  Cluster cluster;
  cluster.complete().forbid(kube::resources::deployments);
  CHECK(outcome(run("INS009", cluster), "INS009") == "skipped");
}
