// fix referencegrants: which grants it makes.
#include "catch.hpp"
#include "fix/referencegrants.hpp"
#include "fixture.hpp"

using namespace fix_test;
using support::Cluster;

namespace {

std::string route(int number, const std::string& service, const std::string& ns = "default",
                  const std::string& status = "") {
  const std::string n = std::to_string(number);
  return "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: m" + n +
         "-router, namespace: aibrix-system, uid: r" + n +
         ", creationTimestamp: \"2026-08-01T00:00:00Z\", generation: 1}\nspec:\n  parentRefs: "
         "[{name: "
         "aibrix-eg, namespace: aibrix-system}]\n  rules:\n  - matches: [{headers: [{name: model, "
         "value: m" +
         n + "}]}]\n    backendRefs: [{name: " + service + ", namespace: " + ns +
         ", port: 8000}]\nstatus:\n  parents:\n  - controllerName: "
         "gateway.envoyproxy.io/gatewayclass-controller\n    parentRef: {name: aibrix-eg, "
         "namespace: "
         "aibrix-system}\n    conditions:\n    - {type: ResolvedRefs, " +
         (status.empty() ? "status: \"False\", reason: RefNotPermitted" : status) +
         ", observedGeneration: 1, lastTransitionTime: \"2026-08-01T00:00:00Z\", message: x}\n";
}

const char* base_yaml = R"(
apiVersion: v1
kind: Namespace
metadata: {name: default, uid: d}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: envoy-gateway, namespace: envoy-gateway-system, uid: eg}
spec: {replicas: 1}
status: {readyReplicas: 1}
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: aibrix-eg, uid: gc}
spec: {controllerName: gateway.envoyproxy.io/gatewayclass-controller}
status: {conditions: [{type: Accepted, status: "True", reason: Accepted}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: aibrix-eg, namespace: aibrix-system, uid: g}
spec: {gatewayClassName: aibrix-eg}
status: {conditions: [{type: Accepted, status: "True", reason: Accepted}]}
)";

Cluster cluster() {
  return Cluster().complete().live().at(now).yaml(base_yaml);
}

std::string own_grant(int services) {
  std::string out = R"(
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata:
  name: aibrixctl-allow-httproutes-from-aibrix-system
  namespace: default
  uid: own
  creationTimestamp: "2026-07-01T00:00:00Z"
  labels: {app.kubernetes.io/managed-by: aibrixctl}
spec:
  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: aibrix-system}]
  to:
)";
  for (int i = 0; i < services; ++i) {
    out += "  - {group: \"\", kind: Service, name: old-" + std::to_string(i) + "}\n";
  }
  return out;
}

}  // namespace

TEST_CASE(
    "fix referencegrants makes one grant a namespace, for the Services that lack one, in our "
    "name") {
  const fix::Plan p =
      plan("referencegrants", cluster().yaml(route(1, "llama")).yaml(route(2, "qwen")));
  CHECK(steps(p) ==
        "create referencegrant/default/aibrixctl-allow-httproutes-from-aibrix-system\n");
  CHECK(
      p.steps[0].body ==
      R"({"apiVersion":"gateway.networking.k8s.io/v1beta1","kind":"ReferenceGrant","metadata":{"name":)"
      R"("aibrixctl-allow-httproutes-from-aibrix-system","namespace":"default","labels":)"
      R"({"app.kubernetes.io/managed-by":"aibrixctl"}},"spec":{"from":[{"group":"gateway.networking.k8s.io",)"
      R"("kind":"HTTPRoute","namespace":"aibrix-system"}],"to":[{"group":"","kind":"Service","name":"llama"},)"
      R"({"group":"","kind":"Service","name":"qwen"}]}})");
  CHECK(p.reversibility() == fix::Reversibility::undoable);
  CHECK(p.manifest.find("name: llama") != std::string::npos);
  std::size_t fixed = 0;
  for (const fix::FindingChange& c : p.findings) {
    if (c.code == "REF001" && c.state == fix::FindingChange::State::fixed) ++fixed;
    CHECK(c.state != fix::FindingChange::State::fresh);
  }
  CHECK(fixed == 2);
}

TEST_CASE("past sixteen Services a second grant is made") {
  Cluster many = cluster();
  for (int i = 0; i < 17; ++i) many.yaml(route(i, "svc-" + std::to_string(i)));
  const fix::Plan p = plan("referencegrants", many);
  CHECK(steps(p) ==
        "create referencegrant/default/aibrixctl-allow-httproutes-from-aibrix-system\n"
        "create referencegrant/default/aibrixctl-allow-httproutes-from-aibrix-system-2\n");
}

TEST_CASE("a grant of ours is filled up first, and the rest goes into the next free name") {
  const fix::Plan p = plan("referencegrants",
                           cluster().yaml(own_grant(15)).yaml(route(1, "a")).yaml(route(2, "b")));
  CHECK(steps(p) ==
        "patch referencegrant/default/aibrixctl-allow-httproutes-from-aibrix-system\n"
        "create referencegrant/default/aibrixctl-allow-httproutes-from-aibrix-system-2\n");
  const std::string undo = fix::to_json(p.steps[0].undo);
  CHECK(undo.find("\"op\":\"replace\",\"path\":\"/spec/to\"") != std::string::npos);
  CHECK(fix::to_json(p.steps[0].patch)
            .find("\"op\":\"test\",\"path\":\"/metadata/uid\",\"value\":\"own\"") !=
        std::string::npos);
}

TEST_CASE("the status that the gateway has yet to renew is no finding that a plan foretells") {
  const fix::Plan p = plan("referencegrants", cluster().yaml(own_grant(1)).yaml(route(1, "a")));
  CHECK(steps(p) == "patch referencegrant/default/aibrixctl-allow-httproutes-from-aibrix-system\n");
  for (const fix::FindingChange& c : p.findings) {
    CAPTURE(c.code, c.title);
    CHECK(c.state == fix::FindingChange::State::fixed);
  }
}

TEST_CASE("scope namespace opens the whole namespace and says so") {
  fix::Options wide;
  wide.set(fix::option::whole_namespace, true);
  const fix::Plan p = plan("referencegrants", cluster().yaml(route(1, "llama")), wide);
  CHECK(p.steps[0].body.find(R"("to":[{"group":"","kind":"Service"}])") != std::string::npos);
  CHECK(says(p.steps[0].cost, "every Service of default"));
}

TEST_CASE(
    "no grant is made where all is permitted, where it was not read, or in a namespace that goes") {
  const std::string grant = R"(
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: theirs, namespace: default, uid: t}
spec:
  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: aibrix-system}]
  to: [{group: "", kind: Service}]
)";
  CHECK(plan("referencegrants", cluster().yaml(grant).yaml(route(1, "llama"))).steps.empty());
  const fix::Plan blind = plan(
      "referencegrants", cluster()
                             .yaml(route(1, "llama", "default", "status: Unknown, reason: Pending"))
                             .forbid(aibrix::resources::reference_grants));
  CHECK(blind.steps.empty());
  CHECK(says(blind.unread, "may not list referencegrants"));
  const fix::Plan gone = plan("referencegrants", cluster().yaml(route(1, "llama", "nowhere")));
  CHECK(gone.steps.empty());
  CHECK(says(gone.skipped, "does not exist"));
}

TEST_CASE("a grant is verified by the route's own condition") {
  const fix::Plan p = plan("referencegrants", cluster().yaml(route(1, "llama")));
  CHECK(verify(p, cluster().yaml(route(1, "llama")))[0].state == fix::Watched::State::waiting);
  const auto lag =
      verify(p, cluster()
                    .yaml(own_grant(0) + "  - {group: \"\", kind: Service, name: llama}\n")
                    .yaml(route(1, "llama")));
  CHECK(lag[0].state == fix::Watched::State::waiting);
  const auto seen =
      verify(p, cluster()
                    .yaml(own_grant(0) + "  - {group: \"\", kind: Service, name: llama}\n")
                    .yaml(route(1, "llama", "default", "status: \"True\", reason: ResolvedRefs")));
  CHECK(seen[0].state == fix::Watched::State::done);
}
