// Which of an answer's causes holds: the catalogue against the findings of a run.
#include "checks/trace/response_causes.hpp"

#include "catch.hpp"
#include "support/snapshot.hpp"

namespace {

using State = checks::CauseVerdict::State;

const aibrix::ResponsePattern& kind(std::string_view id) {
  for (const aibrix::ResponsePattern* k : aibrix::all_responses()) {
    if (k->id == id) return *k;
  }
  throw std::runtime_error("no such row");
}

const checks::CauseVerdict& verdict(const std::vector<checks::CauseVerdict>& all,
                                    checks::Code code) {
  for (const checks::CauseVerdict& v : all) {
    if (v.cause->codes.contains(code)) return v;
  }
  throw std::runtime_error("no cause has this code");
}

support::Cluster pod(const char* ready) {
  support::Cluster cluster;
  cluster.yaml(std::string(R"(
apiVersion: v1
kind: Pod
metadata: {name: llama-0, namespace: default, uid: u, labels: {model.aibrix.ai/name: llama}}
spec: {containers: [{name: engine, image: vllm/vllm-openai}]}
status:
  podIP: 10.0.0.9
  conditions: [{type: Ready, status: ")") +
               ready + R"("}]
)");
  return cluster;
}

}  // namespace

TEST_CASE("a cause holds when a finding shows it, and the others are ruled out when all was read") {
  const auto outcomes = support::run("*", pod("False").complete().ask_for("llama"));
  const auto verdicts = checks::judge_causes(kind("no-routable-pod"), outcomes);
  CHECK(verdict(verdicts, checks::MDL006).state == State::holds);
  CHECK(verdict(verdicts, checks::MDL004).state == State::ruled_out);
  const auto proofs = checks::proofs(verdicts);
  REQUIRE_FALSE(proofs.empty());
  CHECK(proofs.front()->code == "MDL006");
}

TEST_CASE("a misspelt name is the cause, and the right one is offered") {
  const auto outcomes = support::run("*", pod("True").complete().ask_for("lama"));
  const auto verdicts = checks::judge_causes(kind("model-unknown"), outcomes);
  CHECK(verdict(verdicts, checks::MDL001).state == State::holds);
  CHECK(verdict(verdicts, checks::LOR002).state == State::ruled_out);
  const auto proofs = checks::proofs(verdicts);
  REQUIRE_FALSE(proofs.empty());
  CHECK(proofs.front()->remedies.front().text == "use the name llama");
}

TEST_CASE("a cause is not ruled out by a check that could not look") {
  const auto outcomes =
      support::run("*", pod("True").forbid(kube::resources::deployments).ask_for("llama"));
  const auto verdicts = checks::judge_causes(kind("strategy-unknown"), outcomes);
  CHECK(verdict(verdicts, checks::STR001).state == State::unchecked);
  CHECK_FALSE(verdict(verdicts, checks::STR001).why.empty());
  CHECK(verdicts.front().state == State::unseen);  // the request's own header
}

TEST_CASE("when the answer does not tell the model, another model's trouble is no cause") {
  const auto outcomes = support::run("*", pod("False").complete());
  const auto verdicts = checks::judge_causes(kind("no-target-pod"), outcomes, false);
  CHECK(verdict(verdicts, checks::MDL006).state == State::unchecked);
  CHECK(verdict(verdicts, checks::MDL006).why.find("--model") != std::string::npos);
  CHECK(checks::proofs(verdicts).empty());
}

TEST_CASE("a finding that folded into its root proves the cause it stands for") {
  checks::Outcomes outcomes;
  checks::Finding root;
  root.code = checks::INS005;
  root.level = checks::Level::error;
  checks::Symptom also;
  also.code = checks::MDL013;
  root.symptoms.push_back(also);
  outcomes.findings.push_back(root);
  const auto verdicts = checks::judge_causes(kind("route-missing"), outcomes);
  CHECK(verdict(verdicts, checks::MDL013).state == State::holds);
  CHECK(verdict(verdicts, checks::MDL003).state == State::unchecked);  // nothing ran
  CHECK(checks::proofs(verdicts).size() == 1);
}

TEST_CASE(
    "a deletion's causes hold whichever models they touch; what keeps a model from answering does not") {
  support::Cluster cluster = pod("False");
  cluster.yaml(R"(
apiVersion: v1
kind: Namespace
metadata: {name: default, uid: ns, deletionTimestamp: "2026-01-01T00:00:00Z"}
status:
  phase: Terminating
  conditions:
  - {type: NamespaceFinalizersRemaining, status: "True", reason: SomeFinalizersRemain,
     message: "Some content in the namespace has finalizers remaining: adapter.model.aibrix.ai/finalizer in 1 resource instances"}
)");
  cluster.yaml(R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: aibrix-controller-manager, namespace: aibrix-system, uid: cm}
spec: {replicas: 0}
status: {}
)");
  cluster.yaml(R"(
apiVersion: model.aibrix.ai/v1alpha1
kind: ModelAdapter
metadata: {name: sql-lora, namespace: default, uid: a, deletionTimestamp: "2026-01-01T00:00:00Z",
           finalizers: [adapter.model.aibrix.ai/finalizer]}
spec: {podSelector: {matchLabels: {model.aibrix.ai/name: llama}}}
)");
  const auto outcomes = support::run("*", cluster.complete());
  const auto deletion = checks::judge_causes(kind("namespace-finalizers"), outcomes, false);
  CHECK(verdict(deletion, checks::NS002).state == State::holds);
  const auto request = checks::judge_causes(kind("no-routable-pod"), outcomes, false);
  CHECK(verdict(request, checks::MDL006).state == State::unchecked);
}
