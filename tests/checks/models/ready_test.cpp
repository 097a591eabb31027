// MDL006, MDL007: models whose pods are not ready.
#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/builders/model.hpp"
#include "support/snapshot.hpp"

using namespace support;

namespace {

const std::string unschedulable =
    "{phase: Pending, conditions: [{type: PodScheduled, status: \"False\", reason: Unschedulable, "
    "message: \"0/3 nodes are available: 3 Insufficient nvidia.com/gpu. preemption: 0/3\"}]}";
const std::string starting =
    "{phase: Running, podIP: 10.0.0.2, conditions: [{type: Ready, status: \"False\", message: "
    "\"containers with unready status: [engine]\"}]}";
const std::string pulling =
    "{phase: Pending, containerStatuses: [{name: engine, state: {waiting: {reason: "
    "ImagePullBackOff, message: \"Back-off pulling image vllm/vllm-openai:v0\"}}}]}";

}  // namespace

TEST_CASE(
    "a pod whose Deployment is gone waits for the garbage collector and is no model that fails") {
  const std::string pod =
      "---\napiVersion: v1\nkind: Pod\nmetadata: {name: giant-65456984cb-w5w8f, namespace: "
      "default, uid: g, labels: "
      "{model.aibrix.ai/name: giant, pod-template-hash: 65456984cb}, ownerReferences: "
      "[{apiVersion: apps/v1, kind: "
      "ReplicaSet, name: giant-65456984cb, uid: r, controller: true}]}\nspec: {containers: [{name: "
      "engine}]}\nstatus: " +
      unschedulable + "\n";
  Cluster gone;
  gone.yaml(install() + pod).complete();
  CHECK(outcome(run("MDL006", gone), "MDL006") == "ok");
  CHECK(run("MDL020", gone).findings.empty());
  ModelYaml giant;
  giant.name = "giant";
  giant.metadata_labels = giant.template_labels = "app: giant, model.aibrix.ai/name: giant";
  Cluster there;
  there.yaml(install() + deployment(giant) + pod).complete();
  CHECK(outcome(run("MDL006", there), "MDL006") == "found");
  Cluster unread;
  unread.yaml(install() + pod).complete(kube::resources::pods);
  CHECK(outcome(run("MDL006", unread), "MDL006") == "found");
}

TEST_CASE("pods that have just been made are given time, unless waiting will not help") {
  const auto model = [](const std::string& status) {
    Cluster cluster;
    std::string made = pod({}, "llama-1", status);
    made.replace(made.find("  uid: p-llama-1"), 2,
                 "  creationTimestamp: \"2026-01-01T00:59:50Z\"\n  ");
    cluster.yaml(install() + deployment() + made).complete().live();
    return cluster;
  };
  CHECK(outcome(run("MDL006", model("{phase: Pending}").at("2026-01-01T01:00:00Z")), "MDL006") ==
        "undetermined");
  CHECK(outcome(run("MDL006", model(starting).at("2026-01-01T01:00:00Z")), "MDL006") ==
        "undetermined");
  CHECK(outcome(run("MDL006", model("{phase: Pending}").at("2026-01-01T01:01:00Z")), "MDL006") ==
        "found");
  CHECK(outcome(run("MDL006", model(unschedulable).at("2026-01-01T01:00:00Z")), "MDL006") ==
        "found");
}

TEST_CASE("one ready pod is enough for a model, the others are a warning") {
  Cluster cluster;
  cluster.yaml(install() + deployment() + pod() + pod({}, "llama-2", starting)).complete();
  CHECK(outcome(run("MDL006", cluster), "MDL006") == "ok");
  const auto f = finding(run("MDL007", cluster), "MDL007");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.title == "1 of 2 pods of llama is unready (NotReady)");
  CHECK(f.subject.ref.kind == "Deployment");
}

TEST_CASE("pods that a quota refuses are told although one pod is ready") {
  const std::string refusal =
      "forbidden: exceeded quota: gpu-quota, requested: requests.nvidia.com/gpu=1, used: 1, "
      "limited: 1";
  const std::string failing =
      "status: {conditions: [{type: ReplicaFailure, status: \"True\", "
      "reason: FailedCreate, message: \"pods is " +
      refusal + "\"}]}\n";
  const auto judged = [&](int replicas, const std::string& status, const std::string& more = "") {
    ModelYaml model;
    model.replicas = replicas;
    std::string made = deployment(model);
    made.replace(made.find("status:"), std::string::npos, status);
    Cluster cluster;
    cluster.yaml(install() + made + pod() + more).complete();
    return run("MDL007", cluster);
  };
  const auto f = finding(judged(3, failing), "MDL007");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.title == "2 of 3 pods of llama cannot be created (ResourceQuota gpu-quota is used up)");
  CHECK(f.subject.ref.kind == "Deployment");
  CHECK(finding(judged(1, failing), "MDL007").title ==
        "new pods of llama cannot be created (ResourceQuota gpu-quota is used up)");

  const std::string event =
      "---\napiVersion: v1\nkind: Event\nmetadata: {name: e, namespace: default, uid: e}\n"
      "type: Warning\nreason: FailedCreate\nmessage: \"Error creating: pods is " +
      refusal +
      "\"\ninvolvedObject: {kind: ReplicaSet, name: llama-65456984cb, namespace: default}\n"
      "lastTimestamp: \"2026-01-01T00:00:00Z\"\n";
  const std::string fine = "status: {observedGeneration: 1}\n";
  CHECK(outcome(judged(3, fine, event), "MDL007") == "found");
  CHECK(outcome(judged(1, fine, event), "MDL007") == "ok");
  CHECK(outcome(judged(3, fine), "MDL007") == "ok");
}

TEST_CASE("pods on their way out and pods that ended are no trouble") {
  Cluster cluster;
  cluster
      .yaml(install() + deployment() + pod() + pod({}, "old", "{phase: Failed, reason: Evicted}") +
            R"(---
apiVersion: v1
kind: Pod
metadata: {name: going, namespace: default, deletionTimestamp: "2026-01-01T00:00:00Z",
  labels: {app: llama, model.aibrix.ai/name: llama}}
status: {phase: Running}
)")
      .complete();
  CHECK(outcome(run("MDL007", cluster), "MDL007") == "ok");
  CHECK(outcome(run("MDL006", cluster), "MDL006") == "ok");
}

TEST_CASE("readiness cannot be told without pods, from some pods, or from a manifest") {
  Cluster forbidden;
  forbidden.yaml(install() + deployment()).complete().forbid(kube::resources::pods);
  CHECK(outcome(run("MDL006", forbidden), "MDL006") == "skipped");
  CHECK(outcome(run("MDL007", forbidden), "MDL007") == "skipped");

  Cluster partial;  // the pod is not ready, but others may be
  partial.yaml(deployment() + pod({}, "a", starting));
  const auto outcomes = run("MDL006", partial);
  CHECK(finding(outcomes, "MDL006").level == checks::Level::warning);
  CHECK(outcomes.checks.front().partial);

  Cluster manifest;
  manifest
      .yaml(
          "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x, labels: "
          "{model.aibrix.ai/name: x}}\nspec: {template: {metadata: {labels: "
          "{model.aibrix.ai/name: x}}}}\n")
      .complete();
  CHECK(outcome(run("MDL006", manifest), "MDL006") == "undetermined");
}

TEST_CASE("pods whose StormService is being deleted are left to the deletion checks") {
  Cluster cluster;
  cluster
      .yaml(R"(
apiVersion: orchestration.aibrix.ai/v1alpha1
kind: StormService
metadata: {name: chat, namespace: default, deletionTimestamp: "2026-01-01T00:00:00Z"}
---
apiVersion: v1
kind: Pod
metadata: {name: chat-0, namespace: default, uid: u,
  labels: {model.aibrix.ai/name: chat, storm-service-name: chat}}
status: {phase: Pending}
)")
      .complete();
  CHECK(outcome(run("MDL006", cluster), "MDL006") == "ok");
  CHECK(outcome(run("MDL020", cluster), "MDL020") == "ok");
}
