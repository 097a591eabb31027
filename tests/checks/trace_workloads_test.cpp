// Traces of what is more than a Deployment: prefill and decode, fleets, claims.
#include "catch.hpp"
#include "checks/traced.hpp"
#include "support/builders/model.hpp"
#include "support/snapshot.hpp"

using checks::RequestPath;
using State = checks::Hop::State;

namespace {

std::string role_pod(const std::string& role, bool ready, const std::string& number = "") {
  return "---\napiVersion: v1\nkind: Pod\nmetadata: {name: chat-" + role + number +
         ", namespace: default, uid: p" + role + number +
         ", labels: {model.aibrix.ai/name: chat, "
         "storm-service-name: chat, roleset-name: chat-a, role-name: " +
         role + "}}\nstatus: {phase: Running, podIP: 10.0.0." + (role == "decode" ? "2" : "1") +
         ", conditions: [{type: Ready, status: '" + (ready ? "True" : "False") + "'}]}\n";
}

Traced prefill_and_decode(bool decode_ready, const std::string& env) {
  support::Cluster world;
  world
      .yaml(support::install("v0.7.0", env) + role_pod("prefill", true) +
            role_pod("prefill", true, "-2") + role_pod("decode", decode_ready))
      .yaml(
          "apiVersion: orchestration.aibrix.ai/v1alpha1\nkind: StormService\nmetadata: {name: "
          "chat, "
          "namespace: default, uid: s}\nspec: {template: {spec: {roles: [{name: prefill, template: "
          "{metadata: {labels: {model.aibrix.ai/name: chat}}}}]}}}\n")
      .complete();
  return Traced(world.snapshot(), "chat");
}

Traced fleet(const std::string& head_ready, const std::string& operator_state = "") {
  support::Cluster world;
  world
      .yaml(support::install() + operator_state + R"(---
apiVersion: orchestration.aibrix.ai/v1alpha1
kind: RayClusterFleet
metadata: {name: qwen, namespace: default, uid: f, labels: {model.aibrix.ai/name: qwen}}
spec:
  replicas: 1
  template:
    metadata: {labels: {model.aibrix.ai/name: qwen}}
    spec:
      headGroupSpec: {template: {metadata: {labels: {model.aibrix.ai/name: qwen}}}}
status: {replicas: 1, readyReplicas: 1, conditions: [{type: Available, status: "True"}]}
---
apiVersion: v1
kind: Pod
metadata: {name: qwen-head, namespace: default, uid: h, labels: {model.aibrix.ai/name: qwen, ray.io/node-type: head}}
status: {phase: Running, podIP: 10.0.0.1, conditions: [{type: Ready, status: ")" +
            head_ready + R"("}]}
---
apiVersion: v1
kind: Pod
metadata: {name: qwen-worker, namespace: default, uid: w, labels: {model.aibrix.ai/name: qwen, ray.io/node-type: worker}}
status: {phase: Running, podIP: 10.0.0.2, conditions: [{type: Ready, status: "True"}]}
)")
      .complete();
  return Traced(world.snapshot(), "qwen");
}

Traced claim(const std::string& phase) {
  support::Cluster world;
  world
      .yaml(support::install() +
            "---\napiVersion: model.aibrix.ai/v1alpha1\nkind: ModelClaim\nmetadata: "
            "{name: warm, namespace: default, uid: c}\nspec: {modelName: sql}\nstatus: {phase: " +
            phase + "}\n")
      .complete();
  return Traced(world.snapshot(), "sql");
}

const std::string pd_default = "[{name: ROUTING_ALGORITHM, value: pd}]";

}  // namespace

TEST_CASE("prefill and decode: the pair is told, and half a pair breaks the strategy's way alone") {
  const Traced whole = prefill_and_decode(true, pd_default);
  INFO(whole.states());
  CHECK(whole.hop("target pod").state == State::holds);
  CHECK(whole.hop("target pod").object.name == "chat-decode");
  CHECK(whole.hop("target pod").detail ==
        "prefill default/chat-prefill (10.0.0.1, port 8000), then decode 10.0.0.2, port 8000");
  CHECK(whole.hop("pods").detail.find("prefill 2 of 2, decode 1 of 1 ready") != std::string::npos);
  CHECK(whole.trace.plain == RequestPath::strategy);
  CHECK(whole.trace.served_by == std::vector<std::string>{"StormService default/chat"});

  const Traced half = prefill_and_decode(false, pd_default);
  INFO(half.states());
  CHECK(half.hop("pods").state == State::limited);
  CHECK(half.hop("target pod").state == State::broken);
  REQUIRE(half.hop("target pod").finding != nullptr);
  CHECK(half.hop("target pod").finding->code == "MDL007");  // under which STR004 folds
  CHECK(half.hop("target pod").reason.find("error on selecting target pod") != std::string::npos);

  const Traced asked = prefill_and_decode(false, "[]");
  INFO(asked.states());
  CHECK(asked.hop("target pod").state != State::broken);  // another strategy finds a prefill pod
}

TEST_CASE("a fleet's workers are no engines, and its KubeRay is nobody else's concern") {
  const Traced up = fleet("True");
  INFO(up.states());
  CHECK(up.hop("pods").detail == "1 of 1 pod of qwen is routable");
  CHECK(up.hop("target pod").object.name == "qwen-head");
  CHECK(up.hop("model").object.kind == "RayClusterFleet");
  CHECK(up.hop("model").state == State::limited);  // no KubeRay: lost pods do not come back
  REQUIRE(up.hop("model").finding != nullptr);
  CHECK(up.hop("model").finding->code == "INS015");
  const Traced down = fleet("False");
  INFO(down.states());
  REQUIRE(down.trace.broken(RequestPath::strategy) != nullptr);
  CHECK(down.hop("pods").state == State::broken);

  support::Cluster world;
  world.yaml(support::healthy())
      .yaml(
          "apiVersion: orchestration.aibrix.ai/v1alpha1\nkind: RayClusterFleet\nmetadata: {name: "
          "qwen, namespace: "
          "default, uid: f}\nspec: {replicas: 1, template: {spec: {}}}\n")
      .complete();
  const Traced other(world.snapshot(), "llama");
  INFO(other.states());
  CHECK(other.hop("model").state == State::holds);
}

TEST_CASE("a ModelClaim is a model's cause to be known, and its phase says whether it answers") {
  const Traced active = claim("Active");
  CHECK(active.hop("model").detail == "ModelClaim Active");
  CHECK(active.hop("model").object.kind == "ModelClaim");
  CHECK(active.hop("model").state == State::holds);
  CHECK(active.trace.served_by == std::vector<std::string>{"ModelClaim default/warm"});
  const Traced asleep = claim("Sleeping");
  CHECK(asleep.hop("model").state == State::unknown);
  CHECK(asleep.hop("model").reason == "the plugin answers 503 until the ModelClaim is Active");
  CHECK_FALSE(asleep.trace.works(RequestPath::strategy));
  const Traced failed = claim("Failed");
  CHECK(failed.hop("model").state == State::broken);
  REQUIRE(failed.hop("model").finding != nullptr);
  CHECK(failed.hop("model").finding->code == "CLM001");
}
