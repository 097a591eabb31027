// What a stripped ModelAdapter leaves behind.
#include "catch.hpp"
#include "fix/finalizers.hpp"
#include "fixture.hpp"

using namespace fix_test;
using fix::Watched;
using support::Cluster;

namespace {

const std::string adapter = R"(
apiVersion: model.aibrix.ai/v1alpha1
kind: ModelAdapter
metadata:
  name: chat-lora
  namespace: team-a
  uid: chat
  deletionTimestamp: "2026-08-22T12:00:00Z"
  labels: {model.aibrix.ai/name: chat-lora}
  finalizers: [adapter.model.aibrix.ai/finalizer]
spec: {baseModel: base}
status: {instances: [base-0, base-gone]}
)";
const std::string service = R"(
apiVersion: v1
kind: Service
metadata:
  name: chat-lora
  namespace: team-a
  uid: svc
  ownerReferences: [{apiVersion: model.aibrix.ai/v1alpha1, kind: ModelAdapter, name: chat-lora, uid: chat}]
)";
const std::string pod = R"(
apiVersion: v1
kind: Pod
metadata: {name: base-0, namespace: team-a, uid: pod}
spec:
  containers:
  - {name: vllm-openai, image: "vllm/vllm-openai:v0.9.2", command: [vllm, serve, base, --port, "8001"]}
)";

std::string route(const std::string& ns = "team-a") {
  return R"(
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: chat-lora-router, namespace: aibrix-system, uid: route}
spec:
  parentRefs: [{name: aibrix-eg, namespace: aibrix-system}]
  rules:
  - matches:
    - {path: {type: PathPrefix, value: /v1/completions}, headers: [{type: Exact, name: model, value: chat-lora}]}
    - {path: {type: PathPrefix, value: /v1/chat/completions}, headers: [{type: Exact, name: model, value: chat-lora}]}
    backendRefs: [{name: chat-lora, namespace: )" +
         ns + R"(, port: 8000}]
)";
}

Cluster stuck(const std::string& more) {
  return Cluster().complete().live().at(now).yaml(controller_down).yaml(adapter).yaml(more);
}

fix::Options with_routes() {
  fix::Options o;
  o.set(fix::option::delete_routes, true);
  return o;
}

const std::string both =
    "patch modeladapter/team-a/chat-lora\ndelete httproute/aibrix-system/chat-lora-router\n";

}  // namespace

TEST_CASE(
    "the adapter's route is named with the way to delete it, and deleted only when asked for") {
  const Cluster cluster = stuck(service + "---" + route());
  const fix::Plan plain = strip_plan(cluster);
  CHECK(steps(plain) == "patch modeladapter/team-a/chat-lora\n");
  CHECK(says(plain.manual_steps, "HTTPRoute aibrix-system/chat-lora-router remains"));
  CHECK(says(plain.manual_steps,
             "aibrixctl fix finalizers --all-namespaces --force --delete-routes --apply"));
  const fix::Plan p = strip_plan(cluster, with_routes());
  CHECK(steps(p) == both);
  CHECK(p.steps[1].uid == "route");
  CHECK(p.steps[0].wave < p.steps[1].wave);
  CHECK_FALSE(says(p.manual_steps, "HTTPRoute"));
  CHECK(p.phrase() == "2 objects in 2 namespaces");
  REQUIRE(p.watch.size() == 2);
  CHECK(verify(p, stuck(route()))[1].text == "still exists");
  CHECK(verify(p, stuck(""))[1].state == Watched::State::done);
}

TEST_CASE("a Service that is gone already leaves the route the adapter's") {
  CHECK(steps(strip_plan(stuck(route()), with_routes())) == both);
}

TEST_CASE("a route that is not provably the adapter's is left alone, and why is said") {
  const auto refused = [](const Cluster& cluster, std::string_view why) {
    const fix::Plan p = strip_plan(cluster, with_routes());
    CAPTURE(why);
    CHECK(steps(p) == "patch modeladapter/team-a/chat-lora\n");
    CHECK(says(p.manual_steps, why));
    CHECK(says(p.manual_steps,
               "kubectl -n aibrix-system delete httproutes.gateway.networking.k8s.io "
               "chat-lora-router"));
  };
  refused(stuck(route("team-b")), "its backend is in namespace team-b");
  std::string foreign = service;
  foreign.replace(foreign.find("uid: chat"), 9, "uid: deploy");
  refused(stuck(foreign + "---" + route()),
          "Service team-a/chat-lora, does not belong to the ModelAdapter");
  std::string by_hand = route();
  by_hand.replace(by_hand.find("/v1/completions"), 15, "/my/own/path");
  by_hand.replace(by_hand.find("value: chat-lora"), 16, "value: other");
  refused(stuck(service + "---" + by_hand), "it does not look like a route that AIBrix generates");
  refused(stuck(service + "---" + route()).forbid(kube::resources::services), "was not read");
}

TEST_CASE("while a foreign finalizer keeps the adapter its route stays too") {
  std::string held = adapter;
  held.replace(held.find("[adapter."), 9, "[example.com/backup, adapter.");
  const Cluster cluster = Cluster()
                              .complete()
                              .live()
                              .at(now)
                              .yaml(controller_down)
                              .yaml(held)
                              .yaml(service + "---" + route());
  const fix::Plan p = strip_plan(cluster, with_routes());
  CHECK(steps(p) == "patch modeladapter/team-a/chat-lora\n");
  CHECK(says(p.manual_steps, "ModelAdapter team-a/chat-lora remains for now as well"));
}

TEST_CASE(
    "of a LoRA that stays loaded the request that unloads it is said, for each pod that is there") {
  const fix::Plan p = strip_plan(stuck(pod));
  REQUIRE(p.manual_steps.size() == 1);
  CHECK(checks::to_shell(p.manual_steps[0].command) ==
        "kubectl -n team-a exec base-0 -c vllm-openai -- curl -sS -X POST "
        "http://localhost:8001/v1/unload_lora_adapter -H 'Content-Type: application/json' -d "
        R"('{"lora_name":"chat-lora"}')");
}

TEST_CASE("a key that the engine asks for is not printed") {
  std::string keyed = adapter;
  keyed.replace(keyed.find("{baseModel: base}"), 17,
                "{baseModel: base, additionalConfig: {api-key: s3cret}}");
  const fix::Plan p =
      strip_plan(Cluster().complete().live().at(now).yaml(controller_down).yaml(keyed).yaml(pod));
  CHECK(says(p.manual_steps, "Bearer $API_KEY"));
  CHECK_FALSE(says(p.manual_steps, "s3cret"));
}

TEST_CASE("a controller that comes back cleans up itself: nothing is left for people") {
  fix::Options restart = with_routes();
  restart.set(fix::option::restart_controller, true);
  const fix::Plan p = plan("finalizers", stuck(service + "---" + route() + "---" + pod), restart);
  CHECK(steps(p) == "patch deployment/aibrix-system/aibrix-controller-manager\n");
  CHECK(p.manual_steps.empty());
  CHECK(p.watch.size() == 1);
}

TEST_CASE("a definition that is being deleted is followed when these are its last objects") {
  const std::string crd = R"(
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: modeladapters.model.aibrix.ai, uid: crd, deletionTimestamp: "2026-08-22T12:00:00Z",
           finalizers: [customresourcecleanup.apiextensions.k8s.io]}
)";
  const fix::Plan p = strip_plan(stuck(crd));
  REQUIRE(p.watch.size() == 2);
  CHECK(says(p.facts, "modeladapters.model.aibrix.ai is also being deleted"));
  CHECK(p.steps.size() == 1);
  const auto seen = verify(p, Cluster().complete().live().at(now).yaml(crd));
  CHECK(seen[0].state == Watched::State::done);
  CHECK(seen[1].state == Watched::State::waiting);
  CHECK(verify(p, Cluster().complete().live().at(now))[1].state == Watched::State::done);
  const fix::Plan part = strip_plan(stuck(crd).yaml(R"(
apiVersion: model.aibrix.ai/v1alpha1
kind: ModelAdapter
metadata: {name: live, namespace: team-b, uid: l}
)"));
  CHECK(part.watch.size() == 1);
  CHECK(says(part.remaining, "stays until all of its objects are gone"));
}
