// INS006, INS009: the controller-manager's Lease.
#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/builders/install.hpp"
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

TEST_CASE("a fresh Lease, or one whose holder is there, is right") {
  Cluster fresh;
  fresh.yaml(component({}) + lease).complete().at("2026-01-01T10:00:30Z");
  CHECK(outcome(run("INS006", fresh), "INS006") == "ok");
  Cluster held;  // the lists of a dump may be minutes apart
  held.yaml(component({}) + lease + holder).complete().at("2026-01-01T10:30:00Z");
  CHECK(outcome(run("INS006", held), "INS006") == "ok");
}

TEST_CASE("the age of a Lease cannot be told without a clock or the list") {
  Cluster timeless;
  timeless.yaml(component({}) + lease).complete();
  CHECK(outcome(run("INS006", timeless), "INS006") == "undetermined");
  Cluster unread;
  unread.yaml(component({})).complete().not_recorded(kube::resources::leases);
  CHECK(outcome(run("INS006", unread), "INS006") == "skipped");
}

TEST_CASE("two controller-managers that share a Lease take turns") {
  Component second;
  second.name = "aibrix-stormservice";
  second.args = "[--leader-elect, --controllers=stormservice-controller]";
  Cluster cluster;
  cluster.yaml(component({}) + component(second)).complete();
  const auto f = finding(run("INS009", cluster), "INS009");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.subject.ref.name == "aibrix-stormservice");
  CHECK(f.evidence[1].value == "stormservice-controller");

  second.args = "[--leader-elect, --leader-election-id=other]";
  Cluster apart;
  apart.yaml(component({}) + component(second)).complete();
  CHECK(outcome(run("INS009", apart), "INS009") == "ok");
}
