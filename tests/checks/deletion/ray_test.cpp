#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "checks/deletion/fixtures.hpp"
#include "support/snapshot.hpp"

using support::Cluster;
using support::finding;
using support::outcome;
using support::run;

namespace {

std::string ray(const std::string& kind, const std::string& at, const std::string& finalizer) {
  return fixtures::object("ray.io/v1", kind, "team-a", "r1", at, finalizer);
}
std::string kuberay(int replicas, int ready) {
  return fixtures::deployment("kuberay", "kuberay-operator", replicas, ready,
                              "kuberay/operator:1.2");
}
const std::string cleanup = "ray.io/gcs-ft-redis-cleanup-finalizer";

}  // namespace

TEST_CASE("a RayCluster waits for the KubeRay operator to clean its Redis") {
  Cluster cluster;
  cluster.yaml(kuberay(0, 0)).yaml(ray("RayCluster", "2026-01-01T00:59:50Z", cleanup));
  cluster.yaml(
      "{apiVersion: v1, kind: Pod, metadata: {name: clean-1, namespace: team-a, labels: "
      "{ray.io/node-type: redis-cleanup, ray.io/cluster: r1}}, status: {phase: Pending}}");
  const auto f = finding(run("FIN008", cluster.complete().at(fixtures::now)), "FIN008");
  CHECK(f.level == checks::Level::error);
  CHECK(f.consequence == "RayCluster team-a/r1 cannot finish deleting");
  REQUIRE(f.remedies.size() == 3);
  CHECK(checks::to_shell(f.remedies[0].command) ==
        "aibrixctl fix finalizers -n team-a --include=ray");
  CHECK(checks::to_shell(f.remedies[1].command) ==
        "kubectl -n kuberay scale deployment/kuberay-operator --replicas=1");
  CHECK(f.evidence.back().key == "clean-up pod clean-1");
}

TEST_CASE("a RayCluster with a working operator gets its time") {
  Cluster cluster;
  cluster.yaml(kuberay(1, 1)).yaml(ray("RayCluster", "2026-01-01T00:59:50Z", cleanup));
  CHECK(outcome(run("FIN008", cluster.complete().live().at(fixtures::now)), "FIN008") == "ok");
}

TEST_CASE("RayJobs and RayServices wait for an operator that was uninstalled") {
  Cluster cluster;
  cluster.yaml(ray("RayJob", "2026-01-01T00:59:50Z", "ray.io/rayjob-finalizer"))
      .yaml(ray("RayService", "2026-01-01T00:59:50Z", "ray.io/rayservice-finalizer"))
      .complete()
      .at(fixtures::now);
  const auto out = run("FIN009", cluster);
  REQUIRE(out.findings.size() == 2);
  for (const checks::Finding& f : out.findings) {
    CHECK(f.level == checks::Level::error);
    CHECK(f.title.find("the KubeRay operator") != std::string::npos);
  }
}

TEST_CASE("Ray's kinds that are not read, or do not exist, are not judged") {
  Cluster unread;
  CHECK(outcome(run("FIN008", unread), "FIN008") == "skipped");
  CHECK(outcome(run("FIN009", unread), "FIN009") == "skipped");
  Cluster unknown;  // Deployments were read in part only
  unknown.yaml(fixtures::deployment("web", "shop", 1, 1))
      .yaml(ray("RayCluster", "2026-01-01T00:59:50Z", cleanup))
      .at(fixtures::now);
  CHECK(outcome(run("FIN008", unknown), "FIN008") == "undetermined");
  Cluster idle;
  idle.yaml(kuberay(0, 0)).yaml(ray("RayCluster", "", cleanup)).complete().at(fixtures::now);
  CHECK(outcome(run("FIN008", idle), "FIN008") == "ok");
  CHECK(outcome(run("FIN009", idle), "FIN009") == "ok");
}
