#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "checks/models/model_yaml.hpp"
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

std::string greedy_pod(const std::string& name) {
  return "---\napiVersion: v1\nkind: Pod\nmetadata: {name: " + name +
         ", namespace: default, uid: p-" + name +
         ", labels: {app: llama, model.aibrix.ai/name: llama}}\nspec:\n  containers:\n  - name: "
         "engine\n    resources: {limits: {nvidia.com/gpu: \"16\"}}\nstatus: " +
         unschedulable + "\n";
}

const char* const node = R"(---
apiVersion: v1
kind: Node
metadata: {name: node-1}
status: {allocatable: {nvidia.com/gpu: "8"}}
)";

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

TEST_CASE("a model whose pods cannot be scheduled is named with what no node has") {
  Cluster cluster;
  cluster.yaml(install() + deployment() + greedy_pod("a") + greedy_pod("b") + node).complete();
  const auto outcomes = run("MDL006", cluster);
  CHECK(render(outcomes) ==
        "error MDL006 deployment/default/llama 2 of 2 pods of llama cannot be scheduled (each asks "
        "for 16 nvidia.com/gpu, no node has more than 8): requests for llama get 503 \"error on "
        "getting pods for model llama\"\n");
  const auto f = finding(outcomes, "MDL006");
  REQUIRE(f.evidence.size() == 2);
  CHECK(f.evidence[0].key == "scheduler");
  CHECK(f.evidence[0].value.find("3 Insufficient nvidia.com/gpu") != std::string::npos);
  CHECK(f.evidence[1].value == "16 asked");
  CHECK(f.evidence[1].want.find("at most 8") != std::string::npos);
  CHECK(f.models == std::vector<std::string>{"llama"});
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

TEST_CASE("without nodes the scheduler's own words are the reason") {
  Cluster cluster;
  cluster.yaml(install() + deployment() + greedy_pod("a"))
      .complete()
      .forbid(kube::resources::nodes);
  CHECK(render(run("MDL006", cluster))
            .find("the only pod of llama cannot be scheduled (0/3 nodes are available: 3 "
                  "Insufficient nvidia.com/gpu)") != std::string::npos);
}

TEST_CASE("an image that cannot be pulled is why a model has no ready pod (1690)") {
  Cluster cluster;
  cluster.yaml(install() + deployment() + pod({}, "a", pulling)).complete();
  const auto f = finding(run("MDL006", cluster), "MDL006");
  CHECK(f.level == checks::Level::error);
  CHECK(f.title == "the only pod of llama is not ready (ImagePullBackOff)");
  CHECK(f.evidence.front().value.find("Back-off pulling image") != std::string::npos);
  CHECK(f.remedies.front().text.find("registry") != std::string::npos);
}

TEST_CASE("a warning event tells why a pod does not become ready") {
  Cluster cluster;
  cluster
      .yaml(install() + deployment() + pod({}, "a", starting) + R"(---
apiVersion: v1
kind: Event
metadata: {name: a.1, namespace: default}
type: Warning
reason: Unhealthy
message: "Readiness probe failed: HTTP 503"
involvedObject: {kind: Pod, name: a, namespace: default}
)")
      .complete();
  const auto f = finding(run("MDL006", cluster), "MDL006");
  REQUIRE(f.evidence.size() == 2);
  CHECK(f.evidence[1].value == "Unhealthy: Readiness probe failed: HTTP 503");
}

TEST_CASE("a workload that wants replicas and has no pod is named") {
  Cluster cluster;
  cluster.yaml(install() + deployment()).complete();
  CHECK(render(run("MDL006", cluster)) ==
        "error MDL006 deployment/default/llama Deployment llama has no pod: requests for llama get "
        "400 \"model llama does not exist\"\n");
}

TEST_CASE("one ready pod is enough for a model, the others are a warning") {
  Cluster cluster;
  cluster.yaml(install() + deployment() + pod() + pod({}, "llama-2", starting)).complete();
  CHECK(outcome(run("MDL006", cluster), "MDL006") == "ok");
  const auto f = finding(run("MDL007", cluster), "MDL007");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.title == "1 of 2 pods of llama is not ready (NotReady)");
  CHECK(f.subject.ref.kind == "Deployment");
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

TEST_CASE("a fleet without pods follows from a KubeRay that does nothing") {
  Cluster cluster;
  cluster
      .yaml(install() + R"(---
apiVersion: orchestration.aibrix.ai/v1alpha1
kind: RayClusterFleet
metadata: {name: big, namespace: default, uid: f}
spec:
  replicas: 1
  template: {spec: {headGroupSpec: {template: {metadata: {labels: {model.aibrix.ai/name: big}}}}}}
status: {replicas: 1}
)")
      .complete();
  const auto f = finding(run("MDL006", cluster), "MDL006");
  REQUIRE(f.causes.size() == 3);
  CHECK(f.causes[0].code == "RAY001");
  CHECK(f.causes[1].code == "INS015");
}
