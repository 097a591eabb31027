// KVC001: KVCaches without a ready pod.
#include "catch.hpp"
#include "support/builders/stuck.hpp"
#include "support/snapshot.hpp"

using namespace support;

namespace {

const std::string ready =
    "{phase: Running, podIP: 10.0.0.9, conditions: [{type: Ready, status: 'True'}]}";
std::string cache(const std::string& annotations = "") {
  return "---\napiVersion: orchestration.aibrix.ai/v1alpha1\nkind: KVCache\nmetadata: {name: "
         "shared, namespace: "
         "team-a, uid: k, creationTimestamp: \"2026-01-01T00:00:00Z\", annotations: {" +
         annotations + "}}\nspec: {}\n";
}

std::string pod(const std::string& status, const std::string& role = "cache") {
  return "---\napiVersion: v1\nkind: Pod\nmetadata: {name: shared-" + role +
         ", namespace: team-a, uid: p" + role +
         ", labels: {kvcache.orchestration.aibrix.ai/name: shared, "
         "kvcache.orchestration.aibrix.ai/role: " +
         role + "}}\nspec: {containers: [{name: kvcache}]}\nstatus: " + status + "\n";
}

checks::Outcomes judge(const std::string& yaml,
                       const std::string& controller = support::controller(1, 1)) {
  Cluster cluster;
  cluster.yaml(controller + yaml).complete().at("2026-01-01T01:00:00Z");
  return run("KVC001", cluster);
}

}  // namespace

TEST_CASE(
    "a KVCache without a pod follows from its controller where that is down or switched off") {
  CHECK(finding(judge(cache(), support::controller(0, 0)), "KVC001").causes.front().code ==
        "INS005");
  const auto off =
      judge(cache(), support::controller(1, 1, "--controllers=model-route-controller"));
  CHECK(finding(off, "KVC001").causes.front().code == "INS007");
  CHECK(finding(judge(cache()), "KVC001").causes.empty());
}

TEST_CASE("a KVCache that serves, is young, or of which nothing is known raises no alarm") {
  CHECK(outcome(judge(cache() + pod(ready)), "KVC001") == "ok");
  Cluster young;
  young.yaml(support::controller(1, 1) + cache()).complete().live().at("2026-01-01T00:00:10Z");
  CHECK(outcome(run("KVC001", young), "KVC001") == "undetermined");
  Cluster old;
  const std::string before = "aibrix/controller-manager:v0.3.0";
  old.yaml(support::component("aibrix-system", "aibrix-controller-manager", 1, 1, before) + cache())
      .complete();
  CHECK(outcome(run("KVC001", old), "KVC001") == "undetermined");
  CHECK(outcome(judge(""), "KVC001") == "skipped");
}
