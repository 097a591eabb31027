// CLM001: ModelClaims that no engine serves.
#include "catch.hpp"
#include "support/builders/stuck.hpp"
#include "support/snapshot.hpp"

using namespace support;

namespace {

std::string claim(const std::string& status, const std::string& spec = "modelName: chat-7b, ") {
  return "---\napiVersion: model.aibrix.ai/v1alpha1\nkind: ModelClaim\nmetadata: {name: chat, "
         "namespace: team-a, "
         "uid: c, generation: 1, creationTimestamp: \"2026-01-01T00:00:00Z\"}\nspec: {" +
         spec + "podSelector: {matchLabels: {pool.aibrix.ai/name: warm}}}\nstatus: " + status +
         "\n";
}

std::string condition(const std::string& type, const std::string& status, const std::string& reason,
                      const std::string& message,
                      const std::string& since = "2026-01-01T00:10:00Z") {
  return "{type: " + type + ", status: \"" + status + "\", reason: " + reason + ", message: \"" +
         message + "\", lastTransitionTime: \"" + since + "\"}";
}

checks::Outcomes judge(const std::string& yaml, bool live = false) {
  Cluster cluster;
  cluster.yaml(support::controller(1, 1) + yaml).complete();
  if (live) cluster.live();
  return run("CLM001", cluster);
}

const std::string nowhere =
    "{phase: Pending, candidates: 0, conditions: [" +
    condition("Scheduled", "False", "NoMatchingPods", "no warm pod matches the selector") + "]}";

}  // namespace

TEST_CASE("a ModelClaim that no warm pod takes says which labels a pod would need") {
  const auto f = finding(judge(claim(nowhere)), "CLM001");
  CHECK(headline(f) == "ModelClaim chat has no pod to run on. No engine serves chat-7b.");
  CHECK(f.remedies.front().text.find("pool.aibrix.ai/enabled: \"true\"") != std::string::npos);
  const std::string full =
      "{phase: Pending, candidates: 2, conditions: [" +
      condition("Scheduled", "False", "NoMatchingPods", "2 pods have no room for 30Gi") + "]}";
  CHECK(finding(judge(claim(full)), "CLM001").remedies.front().text.starts_with("free resources"));
  const std::string unsaid =
      "{phase: Pending, candidates: 2, conditions: [" +
      condition("Scheduled", "False", "InvalidPerGPU", "perGPU is not declared") + "]}";
  CHECK(finding(judge(claim(unsaid)), "CLM001").remedies.front().text.find("spec.perGPU") !=
        std::string::npos);
}

TEST_CASE(
    "a ModelClaim nobody has taken up follows from a controller that is down or switched off") {
  const auto found = [](const std::string& controller) {
    Cluster cluster;
    cluster.yaml(controller + claim("{}")).complete();
    return finding(run("CLM001", cluster), "CLM001");
  };
  const auto down = found(support::controller(0, 0));
  CHECK(headline(down) ==
        "ModelClaim chat was not processed by its controller. No engine serves chat-7b.");
  REQUIRE(down.causes.size() == 1);
  CHECK(down.causes.front().code == "INS005");
  const auto off = found(support::controller(1, 1, "--controllers=model-adapter-controller"));
  REQUIRE(off.causes.size() == 1);
  CHECK(off.causes.front().code == "INS007");
  const auto elsewhere = found(support::component("llm-system", "aibrix-controller-manager", 1, 1));
  CHECK(checks::to_shell(elsewhere.remedies.front().command) ==
        "kubectl -n llm-system logs deployment/aibrix-controller-manager");
  const auto unable = found(support::controller(1, 1));
  CHECK(unable.causes.empty());
  CHECK(unable.remedies.front().text.find("ClusterRole") != std::string::npos);
}

TEST_CASE("a ModelClaim that is served or sleeps is fine") {
  CHECK(outcome(judge(claim("{phase: Active}")), "CLM001") == "ok");
  CHECK(outcome(judge(claim("{phase: Sleeping}")), "CLM001") == "ok");
}

TEST_CASE("a ModelClaim that is starting, moving or just made is not yet judged") {
  CHECK(outcome(judge(claim("{phase: Activating}")), "CLM001") == "undetermined");
  CHECK(outcome(judge(claim("{phase: Failed, conditions: [" +
                            condition("Ready", "False", "Moving", "moves to another pod") + "]}")),
                "CLM001") == "undetermined");
  Cluster young;
  young.yaml(support::controller(1, 1) + claim(nowhere))
      .complete()
      .live()
      .at("2026-01-01T00:00:20Z");
  CHECK(outcome(run("CLM001", young), "CLM001") == "undetermined");
}

TEST_CASE(
    "without ModelClaims CLM001 has nothing to judge, and without their list it cannot look") {
  CHECK(outcome(judge(""), "CLM001") == "skipped");
  Cluster some;
  some.yaml(support::controller(1, 1));
  CHECK(outcome(run("CLM001", some), "CLM001") == "skipped");
}
