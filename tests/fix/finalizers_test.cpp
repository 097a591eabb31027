// fix finalizers: what it takes off, in which order, and what it leaves.
#include "fix/finalizers.hpp"
#include "catch.hpp"
#include "fixture.hpp"

using namespace fix_test;
using fix::Reversibility;
using fix::Watched;
using support::Cluster;

namespace {

Cluster stuck() {
  return Cluster().complete().live().at(now).yaml(controller_down).yaml(two_adapters);
}

const std::string storm = R"(
apiVersion: orchestration.aibrix.ai/v1alpha1
kind: StormService
metadata:
  name: pd
  namespace: default
  uid: storm
  deletionTimestamp: "2026-08-22T12:00:00Z"
  finalizers: [orchestration.aibrix.ai/stormservice-finalizer]
---
apiVersion: orchestration.aibrix.ai/v1alpha1
kind: RoleSet
metadata:
  name: pd-0
  namespace: default
  uid: role
  finalizers: [orchestration.aibrix.ai/roleset-finalizer]
  ownerReferences: [{apiVersion: orchestration.aibrix.ai/v1alpha1, kind: StormService, name: pd, uid: storm}]
---
apiVersion: orchestration.aibrix.ai/v1alpha1
kind: PodSet
metadata:
  name: pd-0-a
  namespace: default
  uid: pods
  finalizers: [orchestration.aibrix.ai/podset-finalizer]
  ownerReferences: [{apiVersion: orchestration.aibrix.ai/v1alpha1, kind: RoleSet, name: pd-0, uid: role}]
)";

}  // namespace

TEST_CASE(
    "fix finalizers takes AIBrix's names off what is being deleted, and leaves the foreign one") {
  const fix::Plan p = strip_plan(stuck());
  CHECK(steps(p) == "patch modeladapter/team-a/chat-lora\npatch modeladapter/team-a/sql-lora\n");
  CHECK(fix::to_json(p.steps[1].patch).find("example.com/backup") == std::string::npos);
  CHECK(fix::to_json(p.steps[1].patch).find("modeladapter.aibrix.ai/finalizer") !=
        std::string::npos);
  CHECK(says(
      p.left_alone,
      "example.com/backup on ModelAdapter team-a/sql-lora: the owner of example.com must remove it"));
  CHECK(p.reversibility() == Reversibility::permanent);
  CHECK(p.phrase() == "team-a/2 objects");
  CHECK(p.namespaces == std::vector<std::string>{"team-a"});
  CHECK(says(p.why, "aibrix-controller-manager is scaled to 0"));
  CHECK(says(p.alternatives, "fix finalizers --all-namespaces --restart-controller --apply"));
  CHECK(p.blockers.empty());
}

TEST_CASE("one object is confirmed by its name, objects of several namespaces by their count") {
  fix::Options one;
  one.select = {"chat-*"};
  CHECK(strip_plan(stuck(), one).phrase() == "chat-lora");
  Cluster two = stuck().yaml(R"(
apiVersion: model.aibrix.ai/v1alpha1
kind: ModelAdapter
metadata: {name: x, namespace: team-b, uid: x, deletionTimestamp: "2026-08-22T12:00:00Z",
           finalizers: [adapter.model.aibrix.ai/finalizer]}
)");
  CHECK(strip_plan(two).phrase() == "3 objects in 2 namespaces");
  fix::Options in_b;
  in_b.namespaces = {"team-b"};
  CHECK(steps(strip_plan(two, in_b)) == "patch modeladapter/team-b/x\n");
}

TEST_CASE(
    "where the controller can come back the plan brings it back, and strips only with --force") {
  const fix::Plan p = plan("finalizers", stuck());
  CHECK(steps(p) == "patch deployment/aibrix-system/aibrix-controller-manager\n");
  CHECK(p.reversibility() == Reversibility::undoable);
  CHECK(says(p.alternatives, "--force"));
  CHECK(strip_plan(stuck()).reversibility() == Reversibility::permanent);
}

TEST_CASE("a controller that runs, or may run, keeps its finalizers without --force") {
  const char* old = R"(
apiVersion: model.aibrix.ai/v1alpha1
kind: ModelAdapter
metadata: {name: old, namespace: team-a, uid: y, deletionTimestamp: "2026-08-22T12:00:00Z",
           finalizers: [adapter.model.aibrix.ai/finalizer]}
)";
  const Cluster up = Cluster().complete().live().at(now).yaml(controller_up).yaml(old);
  const fix::Plan p = plan("finalizers", up);
  CHECK(p.steps.empty());
  CHECK(says(p.skipped, "--force"));
  CHECK(strip_plan(up).steps.size() == 1);
  const Cluster unread =
      Cluster().complete().live().at(now).yaml(old).forbid(kube::resources::deployments);
  CHECK(plan("finalizers", unread).steps.empty());
}

TEST_CASE("what is not being deleted is never touched") {
  const fix::Plan p = strip_plan(Cluster().complete().live().at(now).yaml(controller_down).yaml(R"(
apiVersion: model.aibrix.ai/v1alpha1
kind: ModelAdapter
metadata: {name: live, namespace: team-a, uid: l, finalizers: [adapter.model.aibrix.ai/finalizer]}
)"));
  CHECK(p.steps.empty());
}

TEST_CASE(
    "an age that was asked for holds whoever the owner is; without one a dead owner is no reason "
    "to wait") {
  const char* young = R"(
apiVersion: model.aibrix.ai/v1alpha1
kind: ModelAdapter
metadata: {name: young, namespace: team-a, uid: y, deletionTimestamp: "2026-08-22T14:59:00Z",
           finalizers: [adapter.model.aibrix.ai/finalizer]}
)";
  const Cluster down = Cluster().complete().live().at(now).yaml(controller_down).yaml(young);
  CHECK(strip_plan(down).steps.size() == 1);
  fix::Options old;
  old.set(fix::option::min_age, std::chrono::minutes(5));
  const fix::Plan waits = strip_plan(down, old);
  CHECK(waits.steps.empty());
  CHECK(says(waits.skipped, ", less than --min-age="));

  const Cluster up = Cluster().complete().live().at(now).yaml(controller_up).yaml(young);
  CHECK(strip_plan(up).steps.empty());
  fix::Options soon;
  soon.set(fix::option::min_age, std::chrono::seconds(10));
  CHECK(says(strip_plan(up, soon).skipped, "--include-healthy"));
  soon.set(fix::option::include_healthy, true);
  CHECK(strip_plan(up, soon).steps.size() == 1);
}

TEST_CASE("a StormService is stripped from the parent down, children once they are marked") {
  const fix::Plan p =
      strip_plan(Cluster().complete().live().at(now).yaml(controller_down).yaml(storm));
  CHECK(steps(p) ==
        "patch stormservice/default/pd\n"
        "patch roleset/default/pd-0 once marked\n"
        "patch podset/default/pd-0-a once marked\n");
  CHECK(p.steps[0].wave < p.steps[1].wave);
  CHECK(p.steps[1].wave < p.steps[2].wave);
  CHECK(p.phrase() == "default/3 objects");
}

TEST_CASE("children that the deletion lets live are left alone") {
  std::string orphaning = storm;
  const std::string name = "[orchestration.aibrix.ai/stormservice-finalizer";
  orphaning.insert(orphaning.find(name) + name.size(), ", orphan");
  const fix::Plan p =
      strip_plan(Cluster().complete().live().at(now).yaml(controller_down).yaml(orphaning));
  CHECK(steps(p) == "patch stormservice/default/pd\n");
}

TEST_CASE("a fail-closed webhook without a backend blocks the plan and points at its own fix") {
  const fix::Plan p = strip_plan(stuck().yaml(R"(
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {name: aibrix-mutating-webhook-configuration, uid: wh}
webhooks:
  - name: mmodeladapter.kb.io
    failurePolicy: Fail
    clientConfig:
      service: {name: aibrix-webhook-service, namespace: aibrix-system,
                path: /mutate-model-aibrix-ai-v1alpha1-modeladapter}
    rules: [{apiGroups: [model.aibrix.ai], apiVersions: [v1alpha1], operations: [CREATE, UPDATE], resources: [modeladapters]}]
)"));
  CHECK(says(p.blockers, "mmodeladapter.kb.io"));
  CHECK(says(p.blockers, "aibrixctl fix webhooks --apply"));
}

TEST_CASE("where the controller's own namespace is being deleted, only the strip is offered") {
  const Cluster going = Cluster().complete().live().at(now).yaml(R"(
apiVersion: v1
kind: Namespace
metadata: {name: aibrix-system, uid: n, deletionTimestamp: "2026-08-22T12:00:00Z"}
status: {phase: Terminating}
---
apiVersion: model.aibrix.ai/v1alpha1
kind: ModelAdapter
metadata: {name: lora, namespace: aibrix-system, uid: l, deletionTimestamp: "2026-08-22T12:00:00Z",
           finalizers: [adapter.model.aibrix.ai/finalizer]}
)");
  const fix::Plan p = strip_plan(going);
  CHECK(p.steps.size() == 1);
  CHECK(p.alternatives.empty());
  CHECK(says(p.why, "cannot come back"));
  fix::Options restart;
  restart.set(fix::option::restart_controller, true);
  const fix::Plan r = plan("finalizers", going, restart);
  CHECK(r.steps.empty());
  CHECK(says(r.blockers, "namespace aibrix-system is being deleted"));
}

TEST_CASE(
    "flag --restart-controller scales the Deployment up, undoable, and waits for the finalizers") {
  fix::Options restart;
  restart.set(fix::option::restart_controller, true);
  const fix::Plan p = plan("finalizers", stuck(), restart);
  CHECK(steps(p) == "patch deployment/aibrix-system/aibrix-controller-manager\n");
  CHECK(
      fix::to_json(p.steps[0].patch) ==
      R"([{"op":"test","path":"/metadata/uid","value":"cm"},{"op":"test","path":"/spec/replicas","value":0},)"
      R"({"op":"replace","path":"/spec/replicas","value":1}])");
  CHECK_FALSE(p.steps[0].undo.empty());
  CHECK(p.reversibility() == Reversibility::undoable);
  CHECK(p.watch.size() == 2);
}

TEST_CASE("finalizers of KubeRay and Envoy Gateway are only taken when asked for") {
  const char* ray = R"(
apiVersion: ray.io/v1
kind: RayCluster
metadata: {name: r, namespace: default, uid: r, deletionTimestamp: "2026-08-22T12:00:00Z",
           finalizers: [ray.io/gcs-ft-redis-cleanup-finalizer]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: aibrix-eg, uid: gc, deletionTimestamp: "2026-08-22T12:00:00Z",
           finalizers: [gateway-exists-finalizer.gateway.networking.k8s.io]}
spec: {controllerName: gateway.envoyproxy.io/gatewayclass-controller}
)";
  const Cluster cluster = Cluster().complete().live().at(now).yaml(ray);
  CHECK(strip_plan(cluster).steps.empty());
  fix::Options both;
  both.set(fix::option::include, {"ray", "gatewayclass"});
  CHECK(steps(strip_plan(cluster, both)) ==
        "patch raycluster/default/r\npatch gatewayclass/aibrix-eg\n");
  const Cluster used = Cluster().complete().live().at(now).yaml(ray).yaml(R"(
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: g, namespace: default, uid: g}
spec: {gatewayClassName: aibrix-eg}
)");
  CHECK(says(strip_plan(used, both).skipped, "a Gateway still uses it"));
}

TEST_CASE("a kind that may not be listed is said, and not counted as clean") {
  const fix::Plan p = strip_plan(stuck().forbid(aibrix::resources::model_adapters));
  CHECK(p.steps.empty());
  CHECK(says(p.unread, "you may not list modeladapters.model.aibrix.ai"));
}

TEST_CASE("verifying tells gone, waiting for others, and not yet apart") {
  const fix::Plan p = strip_plan(stuck());
  const Cluster after = Cluster().complete().live().at(now).yaml(R"(
apiVersion: v1
kind: Namespace
metadata: {name: team-a, uid: ns-a, deletionTimestamp: "2026-08-22T12:00:00Z"}
status: {phase: Terminating}
---
apiVersion: model.aibrix.ai/v1alpha1
kind: ModelAdapter
metadata: {name: sql-lora, namespace: team-a, uid: sql, deletionTimestamp: "2026-08-22T12:00:00Z",
           finalizers: [example.com/backup]}
)");
  const auto seen = verify(p, after);
  REQUIRE(seen.size() == 3);
  CHECK(seen[0].state == Watched::State::done);
  CHECK(seen[1].state == Watched::State::others);
  CHECK(seen[1].text.find("example.com/backup") != std::string::npos);
  CHECK(seen[2].state == Watched::State::others);
  for (const Watched& w : verify(p, stuck())) CHECK(w.state == Watched::State::waiting);
  for (const Watched& w : verify(p, Cluster().complete().live().at(now))) {
    CHECK(w.state == Watched::State::done);
  }
  const auto blind = verify(p, stuck().forbid(aibrix::resources::model_adapters));
  CHECK(blind[0].state == Watched::State::waiting);
}
