// ASC001: PodAutoscalers that scale nothing.
#include "catch.hpp"
#include "support/builders/model.hpp"
#include "support/builders/stuck.hpp"
#include "support/snapshot.hpp"

using namespace support;

namespace {

const std::string now = "2026-01-01T01:00:00Z";
const std::string fine =
    "{conditions: [{type: ValidSpec, status: 'True', reason: AsExpected}, {type: AbleToScale, "
    "status: 'True', reason: SucceededGetScale}, {type: ScalingActive, status: 'False', reason: "
    "Stable}, {type: Ready, status: 'True', reason: AsExpected}]}";

const std::string llama = "{apiVersion: apps/v1, kind: Deployment, name: llama}";

std::string autoscaler(const std::string& status, const std::string& target = llama,
                       const std::string& name = "scaler", const std::string& more = "") {
  return "---\napiVersion: autoscaling.aibrix.ai/v1alpha1\nkind: PodAutoscaler\nmetadata: {name: " +
         name + ", namespace: default, uid: a-" + name +
         ", creationTimestamp: \"2026-01-01T00:00:00Z\"}\nspec: {"
         "scalingStrategy: KPA, minReplicas: 1, maxReplicas: 8, metricsSources: [{metricSourceType: "
         "pod, protocolType: http, port: '8000', path: metrics, targetMetric: kv, targetValue: "
         "'1'}], scaleTargetRef: " +
         target + more + "}\nstatus: " + status + "\n";
}

std::string condition(const std::string& type, const std::string& status, const std::string& reason,
                      const std::string& message) {
  return "{conditions: [{type: " + type + ", status: '" + status + "', reason: " + reason +
         ", message: \"" + message + "\"}]}";
}

std::string decision(const std::string& at, const std::string& success) {
  return "{conditions: [{type: AbleToScale, status: 'True', reason: SucceededGetScale}], "
         "scalingHistory: [{timestamp: "
         "'" +
         at + "', previousScale: 1, newScale: 1, reason: FailedComputeScale, success: " + success +
         ", error: \"failed to fetch metrics from http://10.0.0.1:8000/metrics\"}]}";
}

checks::Outcomes judge(const std::string& yaml) {
  Cluster cluster;
  cluster.yaml(healthy() + yaml).complete().at(now);
  return run("ASC001", cluster);
}

}  // namespace

TEST_CASE("a target of a kind that is not read is left to the controller's word") {
  const std::string other = "{apiVersion: example.com/v1, kind: Widget, name: w}";
  CHECK(outcome(judge(autoscaler(fine, other)), "ASC001") == "ok");
  const std::string unreadable =
      condition("AbleToScale", "False", "FailedGetScale", "no matches for kind");
  const auto f = finding(judge(autoscaler(unreadable, other)), "ASC001");
  CHECK(headline(f) ==
        "PodAutoscaler scaler cannot read Widget w. The number of replicas of Widget w does not "
        "change.");
  CHECK(f.evidence.front().value == "FailedGetScale: no matches for kind");
}

TEST_CASE("an autoscaler of a role that its StormService does not have") {
  const std::string storm =
      "---\napiVersion: orchestration.aibrix.ai/v1alpha1\nkind: StormService\nmetadata: {name: "
      "chat, "
      "namespace: default, uid: s}\nspec: {template: {spec: {roles: [{name: prefill}]}}}\n";
  const auto scaler = [](const std::string& role) {
    return autoscaler(
        fine, "{apiVersion: orchestration.aibrix.ai/v1alpha1, kind: StormService, name: chat}",
        "scaler", ", subTargetSelector: {roleName: " + role + "}");
  };
  CHECK(outcome(judge(storm + scaler("prefill")), "ASC001") == "ok");
  const auto f = finding(judge(storm + scaler("decode")), "ASC001");
  CHECK(headline(f) ==
        "PodAutoscaler scaler scales role decode of StormService chat, which has no such role. "
        "Nothing is scaled.");
}

TEST_CASE("an autoscaler that gets no metrics says what failed, as long as it fails") {
  const auto f = finding(judge(autoscaler(decision("2026-01-01T00:59:50Z", "false"))), "ASC001");
  CHECK(headline(f) ==
        "PodAutoscaler scaler gets no metrics. The number of replicas of Deployment llama does not "
        "change.");
  CHECK(f.evidence.front().value == "failed to fetch metrics from http://10.0.0.1:8000/metrics");
  CHECK(f.models == std::vector<std::string>{"llama"});
  REQUIRE_FALSE(f.causes.empty());
  CHECK(f.causes.front().code == "MDL006");  // engines that are not ready give none
  CHECK(outcome(judge(autoscaler(decision("2026-01-01T00:10:00Z", "false"))), "ASC001") == "ok");
  CHECK(outcome(judge(autoscaler(decision("2026-01-01T00:59:50Z", "true"))), "ASC001") == "ok");
  const std::string blind =
      condition("ScalingActive", "False", "FailedGetResourceMetric", "no metrics API");
  const auto hpa = finding(judge(autoscaler(blind)), "ASC001");
  CHECK(hpa.evidence.front().value == "FailedGetResourceMetric: no metrics API");
}

TEST_CASE("an autoscaler nobody has taken up follows from its controller") {
  Cluster down;
  down.yaml(support::controller(0, 0) + deployment() + autoscaler("{}")).complete().at(now);
  const auto f = finding(run("ASC001", down), "ASC001");
  REQUIRE(f.causes.size() == 1);
  CHECK(f.causes.front().code == "INS005");
  Cluster off;
  off.yaml(support::controller(1, 1, "--controllers=model-route-controller") + deployment() +
           autoscaler("{}"));
  CHECK(finding(run("ASC001", off.complete().at(now)), "ASC001").causes.front().code == "INS007");
}

TEST_CASE("an autoscaler without a word of its controller is known to be one since v0.6 alone") {
  const auto found = [](const std::string& tag) {
    Cluster cluster;
    cluster.yaml(install(tag) + deployment() + autoscaler("{}")).complete().at(now);
    return outcome(run("ASC001", cluster), "ASC001");
  };
  CHECK(found("v0.6.0") == "found");
  CHECK(found("v0.3.0") == "undetermined");
}

TEST_CASE("a HorizontalPodAutoscaler has a minute to get its first metrics") {
  const auto found = [](const std::string& since) {
    Cluster cluster;
    cluster.yaml(healthy() +
                 autoscaler("{conditions: [{type: ScalingActive, status: 'False', reason: "
                            "FailedGetResourceMetric, lastTransitionTime: '" +
                            since + "'}]}"));
    return outcome(run("ASC001", cluster.complete().live().at(now)), "ASC001");
  };
  CHECK(found("2026-01-01T00:59:30Z") == "undetermined");
  CHECK(found("2026-01-01T00:50:00Z") == "found");
}

TEST_CASE("a healthy autoscaler, a scaled-down one and a manifest raise no alarm") {
  CHECK(outcome(judge(autoscaler(fine)), "ASC001") == "ok");
  CHECK(outcome(judge(autoscaler(
                    condition("ScalingActive", "False", "ScalingDisabled", "scaling is disabled"))),
                "ASC001") == "ok");
  Cluster young;
  young.yaml(healthy() + autoscaler("{}")).complete().live().at("2026-01-01T00:00:20Z");
  CHECK(outcome(run("ASC001", young), "ASC001") == "undetermined");
  CHECK(outcome(judge(""), "ASC001") == "skipped");
  Cluster unread;
  unread.yaml(healthy());
  CHECK(outcome(run("ASC001", unread), "ASC001") == "skipped");
}
