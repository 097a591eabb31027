// REF001, and the findings that follow from it.
#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/builders/routed.hpp"

namespace {

using namespace routed;
using checks::Finding;
using checks::Level;
using support::Cluster;
using support::finding;
using support::outcome;

Cluster cluster(const std::string& yaml) {
  return Cluster().yaml(install() + service() + yaml).complete().at(now);
}

TEST_CASE("a route into a namespace without a grant is an error with the grant to make") {
  const auto out =
      run_all({"REF001", "MDL014"}, cluster(model() + route(accepted + ", " + refused())));
  REQUIRE(out.findings.size() == 1);
  const Finding& f = out.findings[0];
  CHECK(f.code == "REF001");
  CHECK(f.level == Level::error);
  CHECK(kube::to_string(f.subject.ref) == "httproute/aibrix-system/llama-router");
  CHECK(f.subject.path == "spec.rules[0].backendRefs[0]");
  CHECK(f.title ==
        "no ReferenceGrant in namespace team permits HTTPRoute aibrix-system/llama-router to "
        "reference Service llama");
  CHECK(f.consequence == "Requests for model llama without the routing-strategy header get 503.");
  CHECK(evidence(f, "grants in team") == "none");
  CHECK(evidence(f, "status") ==
        "ResolvedRefs=False RefNotPermitted for 2h, observed generation 1 "
        "of 1");
  CHECK(f.models == std::vector<std::string>{"llama"});
  REQUIRE(f.notes.size() == 1);
  CHECK(f.notes[0].find("routing-strategy header") != std::string::npos);
  REQUIRE(f.symptoms.size() == 1);
  CHECK(f.symptoms[0].code == "MDL014");
  REQUIRE(f.remedies.size() == 2);
  CHECK(checks::to_shell(f.remedies[0].command) == "aibrixctl fix referencegrants -n team");
  CHECK(f.remedies[1].confidence == checks::Confidence::safe);
  CHECK(checks::to_shell(f.remedies[1].command) == "kubectl apply -f -");
  CHECK(f.remedies[1].manifest.find("name: aibrixctl-allow-httproutes-from-aibrix-system\n") !=
        std::string::npos);
  CHECK(f.remedies[1].manifest.find("      name: llama\n") != std::string::npos);
}

TEST_CASE("the manifest in the remedy repairs what is wrong") {
  const std::string broken = model() + route(accepted);
  const Finding f = finding(support::run("REF001", cluster(broken)), "REF001");
  REQUIRE(f.remedies.size() == 2);
  CHECK(outcome(support::run("REF001", cluster(broken + "---\n" + f.remedies[1].manifest)),
                "REF001") == "ok");
}

TEST_CASE(
    "one manifest opens every Service of the namespace that lacks it, and keeps those it has") {
  const std::string own =
      "---\napiVersion: gateway.networking.k8s.io/v1\nkind: ReferenceGrant\n"
      "metadata: {name: aibrixctl-allow-httproutes-from-aibrix-system, namespace: team, uid: g, "
      "labels: {app.kubernetes.io/managed-by: aibrixctl}}\n"
      "spec: {from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: "
      "aibrix-system}], "
      "to: [{group: '', kind: Service, name: older}]}\n";
  const auto out =
      support::run("REF001", cluster(model() + route("") + route("", "team", "phi") + own));
  REQUIRE(out.findings.size() == 2);
  for (const Finding& f : out.findings) {
    for (const char* name : {"llama", "phi", "older"}) {
      CHECK(f.remedies.at(1).manifest.find(std::string("      name: ") + name) !=
            std::string::npos);
    }
  }
}

TEST_CASE("grants that may not be listed leave it to the gateway's condition of this spec") {
  const auto outcome_with = [](const std::string& conditions) {
    Cluster c = cluster(model() + route(conditions));
    c.forbid(aibrix::resources::reference_grants);
    return support::run("REF001", c);
  };
  const auto refusal = outcome_with(accepted + ", " + refused());
  const Finding f = finding(refusal, "REF001");
  CHECK(f.level == Level::error);
  CHECK(evidence(f, "grants in team") ==
        "not read: may not list referencegrants.gateway.networking.k8s.io");
  CHECK(outcome(outcome_with(accepted + ", " + resolved), "REF001") == "ok");
  CHECK(outcome(outcome_with(""), "REF001") == "undetermined");
  const std::string old = condition("ResolvedRefs", "False", "RefNotPermitted", "", long_ago, 0);
  CHECK(outcome(outcome_with(old), "REF001") == "undetermined");
}

TEST_CASE("what is on its way out is left to the deletion checks") {
  const std::string broken = route(accepted + ", " + refused());
  const std::string leaving_ns =
      "---\napiVersion: v1\nkind: Namespace\n"
      "metadata: {name: team, uid: n2, deletionTimestamp: '2026-03-01T11:00:00Z'}\n";
  CHECK(outcome(support::run("REF001", cluster(model() + broken + leaving_ns)), "REF001") == "ok");
  const std::string leaving_adapter =
      "---\napiVersion: model.aibrix.ai/v1alpha1\nkind: ModelAdapter\n"
      "metadata: {name: llama, namespace: team, uid: a, deletionTimestamp: '2026-03-01T11:00:00Z', "
      "finalizers: [x/y], labels: {model.aibrix.ai/name: llama}}\n";
  CHECK(outcome(support::run("REF001", cluster(broken + leaving_adapter)), "REF001") == "ok");
}

TEST_CASE("mirrors and backends of weight 0 need a grant too") {  // vectors 18, 19
  const auto with = [](const std::string& rule) {
    return finding(
        support::run(
            "REF001",
            cluster(model() +
                    "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: " +
                    meta("own", "aibrix-system") +
                    "\nspec: {parentRefs: [{name: aibrix-eg}], rules: [" + rule + "]}\n")),
        "REF001");
  };
  const Finding mirror = with(
      "{backendRefs: [{name: here}], filters: [{type: RequestMirror, "
      "requestMirror: {backendRef: {name: llama, namespace: team}}}]}");
  CHECK(mirror.subject.path == "spec.rules[0].filters[0].requestMirror.backendRef");
  CHECK(mirror.consequence == "Requests that match it get 500.");
  CHECK(with("{backendRefs: [{name: llama, namespace: team, weight: 0}]}").level == Level::error);
}

TEST_CASE("a manifest with its labelled workload waits for the controller's grant") {
  const std::string manifests =
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: llama, namespace: team, labels: "
      "{model.aibrix.ai/name: llama}}\nspec: {template: {metadata: {labels: {model.aibrix.ai/name: "
      "llama}}}}\n---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
      "metadata: {name: llama-router, namespace: aibrix-system}\nspec: {parentRefs: [{name: "
      "aibrix-eg}], rules: [{backendRefs: [{name: llama, namespace: team}]}]}\n";
  CHECK(outcome(support::run("REF001", Cluster().yaml(manifests).complete()), "REF001") == "ok");
  // Without the label nobody will make it.
  std::string plain = manifests;
  plain.erase(plain.find(", labels: {model.aibrix.ai/name: llama}}\nspec"),
              std::string(", labels: {model.aibrix.ai/name: llama}").size());
  CHECK(finding(support::run("REF001", Cluster().yaml(plain).complete()), "REF001").level ==
        Level::warning);
}

}  // namespace
