// FIN008, FIN009: KubeRay's objects that do not go.
#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/builders/stuck.hpp"
#include "support/snapshot.hpp"

using support::Cluster;
using support::finding;
using support::outcome;
using support::run;

namespace {

std::string ray(const std::string& kind, const std::string& at, const std::string& finalizer) {
  return stuck::object("ray.io/v1", kind, "team-a", "r1", at, finalizer);
}
std::string kuberay(int replicas, int ready) {
  return support::component("kuberay", "kuberay-operator", replicas, ready, "kuberay/operator:1.2");
}
const std::string cleanup = "ray.io/gcs-ft-redis-cleanup-finalizer";

}  // namespace

TEST_CASE("RayJobs and RayServices wait for an operator that was uninstalled") {
  Cluster cluster;
  cluster.yaml(ray("RayJob", "2026-01-01T00:59:50Z", "ray.io/rayjob-finalizer"))
      .yaml(ray("RayService", "2026-01-01T00:59:50Z", "ray.io/rayservice-finalizer"))
      .complete()
      .at(stuck::now);
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
  unknown.yaml(support::component("web", "shop", 1, 1))
      .yaml(ray("RayCluster", "2026-01-01T00:59:50Z", cleanup))
      .at(stuck::now);
  CHECK(outcome(run("FIN008", unknown), "FIN008") == "undetermined");
  Cluster idle;
  idle.yaml(kuberay(0, 0)).yaml(ray("RayCluster", "", cleanup)).complete().at(stuck::now);
  CHECK(outcome(run("FIN008", idle), "FIN008") == "ok");
  CHECK(outcome(run("FIN009", idle), "FIN009") == "ok");
}
