#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "checks/models/model_yaml.hpp"
#include "support/snapshot.hpp"

using namespace support;

namespace {

ModelYaml named(const std::string& label, const std::string& ns = "default") {
  ModelYaml m;
  m.ns = ns;
  m.metadata_labels = "model.aibrix.ai/name: " + label;
  m.template_labels = "app: llama, model.aibrix.ai/name: " + label;
  return m;
}

}  // namespace

TEST_CASE("a slip in the name of a model is answered with the nearest name") {
  Cluster cluster;
  cluster.yaml(healthy()).complete().ask_for("lama");
  const auto outcomes = run("MDL001", cluster);
  CHECK(render(outcomes) ==
        "error MDL001 model/lama no pod, ModelAdapter or ModelClaim serves a model named lama: "
        "requests for it get 400 \"model lama does not exist\"\n");
  const auto f = finding(outcomes, "MDL001");
  CHECK(f.evidence.front().value == "llama");
  CHECK(f.remedies.front().text == "ask for llama");
}

TEST_CASE("capitals and the engine's path are recognized in a model's name") {
  for (const char* asked : {"LLAMA", "meta/Llama"}) {
    Cluster cluster;
    cluster.yaml(healthy()).complete().ask_for(asked);
    CHECK(finding(run("MDL001", cluster), "MDL001").remedies.front().text == "ask for llama");
  }
}

TEST_CASE("a model that is there, or being deleted, is not unknown") {
  Cluster cluster;
  cluster
      .yaml(healthy() + R"(---
apiVersion: model.aibrix.ai/v1alpha1
kind: ModelAdapter
metadata: {name: sql, namespace: default, deletionTimestamp: "2026-01-01T00:00:00Z"}
)")
      .complete()
      .ask_for("llama")
      .ask_for("sql");
  CHECK(outcome(run("MDL001", cluster), "MDL001") == "ok");
}

TEST_CASE("a model that is not in some of the pods may be elsewhere") {
  Cluster cluster;
  cluster.yaml(healthy()).ask_for("other");
  CHECK(outcome(run("MDL001", cluster), "MDL001") == "undetermined");
  Cluster nobody;
  nobody.yaml(healthy()).complete();
  CHECK(outcome(run("MDL001", nobody), "MDL001") == "skipped");
}

TEST_CASE("one name in two namespaces is a warning on the one the route passes by") {
  const ModelYaml b = named("llama", "team-b");
  Cluster cluster;
  cluster.yaml(healthy() + deployment(b) + pod(b, "b-1")).complete();
  const auto f = finding(run("MDL019", cluster), "MDL019");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.title == "model llama is deployed in 2 namespaces");
  CHECK(f.subject.ref.ns == "team-b");
  CHECK(f.evidence[0].value == "default, team-b");
  CHECK(f.evidence[1].value == "leads to default");
}

TEST_CASE("one namespace is right, and part of the namespaces tells nothing") {
  Cluster cluster;
  cluster.yaml(healthy()).complete();
  CHECK(outcome(run("MDL019", cluster), "MDL019") == "ok");
  Cluster part;
  part.yaml(healthy());
  CHECK(outcome(run("MDL019", part), "MDL019") == "undetermined");
}

TEST_CASE("a name with capitals has no route before the main branch") {
  const ModelYaml m = named("Qwen3-8B");
  Cluster cluster;
  cluster.yaml(install("v0.7.0") + deployment(m) + pod(m)).complete();
  const auto f = finding(run("MDL021", cluster), "MDL021");
  CHECK(f.level == checks::Level::error);
  CHECK(f.title == "\"Qwen3-8B-router\" is no name an HTTPRoute can have");

  Cluster nightly;
  nightly.yaml(install("nightly") + deployment(m) + pod(m)).complete();
  CHECK(outcome(run("MDL021", nightly), "MDL021") == "ok");
  Cluster unknown;
  unknown.yaml(deployment(m) + pod(m)).complete();
  CHECK(outcome(run("MDL021", unknown), "MDL021") == "undetermined");
}

TEST_CASE("a StormService needs no name a route can have") {
  Cluster cluster;
  cluster
      .yaml(install("v0.7.0") + R"(---
apiVersion: orchestration.aibrix.ai/v1alpha1
kind: StormService
metadata: {name: chat, namespace: default, labels: {model.aibrix.ai/name: Qwen3-8B}}
spec: {template: {spec: {roles: [{template: {metadata: {labels: {model.aibrix.ai/name: Qwen3-8B}}}}]}}}
)")
      .complete();
  CHECK(outcome(run("MDL021", cluster), "MDL021") == "ok");
}
