// Models, gathered from their workloads, pods and routes.
#include "aibrix/model.hpp"

#include "aibrix/cluster.hpp"
#include "aibrix/pod.hpp"
#include "catch.hpp"
#include "support/snapshot.hpp"

namespace {

const aibrix::Model* find(const std::vector<aibrix::Model>& models, const std::string& name) {
  for (const aibrix::Model& m : models) {
    if (m.name == name) return &m;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("a model gathers its workload, its pods and its route under one name") {
  support::Cluster c;
  c.yaml(R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: d, namespace: a, labels: {model.aibrix.ai/name: m, model.aibrix.ai/port: "9000"}}
spec: {template: {metadata: {labels: {model.aibrix.ai/name: m}}}}
---
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: a, labels: {model.aibrix.ai/name: m}}
status: {podIP: 10.0.0.1, conditions: [{type: Ready, status: "True"}]}
---
apiVersion: v1
kind: Pod
metadata: {name: w, namespace: a, labels: {model.aibrix.ai/name: m, ray.io/node-type: worker}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: m-router, namespace: aibrix-system}
)");
  const kube::Snapshot snapshot = c.snapshot();
  const auto models = aibrix::find_models(snapshot);
  REQUIRE(models.size() == 1);
  const aibrix::Model& m = models.front();
  CHECK(m.workloads.size() == 1);
  CHECK(m.workloads[0].routed);
  CHECK(m.pods.size() == 1);
  CHECK(m.ignored_pods.size() == 1);
  CHECK(m.routable_pods == 1);
  CHECK(m.route);
  CHECK(m.wants_route());
  CHECK(aibrix::backend_port(*m.workloads[0].object) == 9000);
}

TEST_CASE("a workload that is being deleted, or that another one owns, is none of a model's") {
  support::Cluster c;
  c.yaml(R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: d, namespace: a, deletionTimestamp: "2026-01-01T00:00:00Z", labels: {model.aibrix.ai/name: gone}}
---
apiVersion: orchestration.aibrix.ai/v1alpha1
kind: RoleSet
metadata: {name: r, namespace: a, ownerReferences: [{kind: StormService, name: s, controller: true}]}
spec: {roles: [{template: {metadata: {labels: {model.aibrix.ai/name: owned}}}}]}
)");
  const kube::Snapshot snapshot = c.snapshot();
  CHECK(find(aibrix::find_models(snapshot), "gone") == nullptr);
  CHECK(find(aibrix::find_models(snapshot), "owned") == nullptr);
}

TEST_CASE("a StormService serves a model but never gets a route of its own") {
  support::Cluster c;
  c.yaml(R"(
apiVersion: orchestration.aibrix.ai/v1alpha1
kind: StormService
metadata: {name: s, namespace: a}
spec: {template: {spec: {roles: [{name: x, template: {metadata: {labels: {model.aibrix.ai/name: chat}}}}]}}}
)");
  const kube::Snapshot snapshot = c.snapshot();
  const auto models = aibrix::find_models(snapshot);
  const aibrix::Model* chat = find(models, "chat");
  REQUIRE(chat != nullptr);
  CHECK_FALSE(chat->wants_route());
}

TEST_CASE("the route of a model that is no DNS name has its hash in it, others end in -router") {
  CHECK(aibrix::route_name("qwen-coder-7b") == "qwen-coder-7b-router");
  const std::string hashed = aibrix::route_name("Qwen/Qwen2.5 Coder");
  CHECK(hashed.starts_with("qwen-qwen2-5-coder-"));
  CHECK(hashed.ends_with("-router"));
  CHECK(hashed.size() ==
        std::string("qwen-qwen2-5-coder-").size() + 12 + std::string("-router").size());
  CHECK(aibrix::route_name("///").starts_with("model-"));
}

TEST_CASE("a pod says in its own words why no request may go to it") {
  const auto state = [](const std::string& status, const std::string& more = "") {
    support::Cluster c;
    c.yaml("{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: a" + more +
           "}, status: " + status + "}");
    const kube::Snapshot snapshot = c.snapshot();
    return aibrix::pod_state(snapshot.list(kube::resources::pods)[0]);
  };
  const auto pending = state(
      R"({phase: Pending, conditions: [{type: PodScheduled, status: "False", reason: Unschedulable, message: "0/3 nodes are available"}]})");
  CHECK(pending.reason == "Unschedulable");
  CHECK(pending.detail == "0/3 nodes are available");
  CHECK(pending.terminal);
  const auto pull = state(
      "{phase: Pending, containerStatuses: [{name: c, state: {waiting: {reason: ImagePullBackOff, "
      "message: no}}}]}");
  CHECK(pull.reason == "ImagePullBackOff");
  const auto crash = state(
      "{phase: Running, containerStatuses: [{name: c, state: {waiting: {reason: "
      "CrashLoopBackOff}}, lastState: {terminated: {exitCode: 137, reason: OOMKilled}}}]}");
  CHECK(crash.detail.find("137 OOMKilled") != std::string::npos);
  const auto init =
      state("{phase: Pending, initContainerStatuses: [{name: init-c, state: {running: {}}}]}");
  CHECK(init.reason == "Init");
  const std::string ready = R"({podIP: 10.0.0.1, conditions: [{type: Ready, status: "True"}]})";
  CHECK(state(ready).routable);
  CHECK(state(ready, ", deletionTimestamp: \"2026-01-01T00:00:00Z\"").reason == "Terminating");
  CHECK(state(R"({conditions: [{type: Ready, status: "True"}]})").reason == "NoPodIP");
}
