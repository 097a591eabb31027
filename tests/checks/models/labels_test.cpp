#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "checks/models/model_yaml.hpp"
#include "support/snapshot.hpp"

using namespace support;

namespace {

ModelYaml template_unlabelled() {
  ModelYaml m;
  m.template_labels = "app: llama";
  return m;
}

ModelYaml workload_unlabelled() {
  ModelYaml m;
  m.metadata_labels = "app: llama";
  return m;
}

}  // namespace

TEST_CASE("a label on the workload alone leaves the gateway without the model (1455)") {
  const ModelYaml m = template_unlabelled();
  Cluster cluster;
  cluster.yaml(install() + deployment(m) + pod(m) + service() + route()).complete();
  const auto outcomes = run("MDL00*", cluster);
  CHECK(
      render(outcomes) ==
      "error MDL002 deployment/default/llama the pod template of Deployment llama lacks the model "
      "label: requests for llama get 400 \"model llama does not exist\"\n");
  const auto f = finding(outcomes, "MDL002");
  CHECK(f.subject.path == "spec.template.metadata.labels");
  CHECK(f.evidence[1].want == "model.aibrix.ai/name: llama");
  CHECK(checks::to_shell(f.remedies.front().command)
            .find("patch deployments.apps/llama --type=merge") != std::string::npos);
}

TEST_CASE("two labels that name two models are told once") {
  ModelYaml m;
  m.template_labels = "app: llama, model.aibrix.ai/name: llama-v2";
  m.command = "[run]";
  Cluster cluster;
  cluster.yaml(install() + deployment(m) + pod(m)).complete();
  const auto outcomes = run("MDL002", cluster);
  REQUIRE(outcomes.findings.size() == 1);
  CHECK(outcomes.findings[0].title ==
        "the pod template of Deployment llama names another model, llama-v2");
}

TEST_CASE("a manifest without the template label fails nobody yet") {
  Cluster cluster;
  cluster.yaml(
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x, labels: "
      "{model.aibrix.ai/name: x}}\nspec: {template: {metadata: {labels: {app: x}}}}\n");
  CHECK(finding(run("MDL002", cluster), "MDL002").level == checks::Level::warning);
}

TEST_CASE("pods that get the label elsewhere are found") {
  const ModelYaml m = template_unlabelled();
  ModelYaml labelled;
  Cluster cluster;
  cluster.yaml(install() + deployment(m) + pod(labelled)).complete();
  CHECK(outcome(run("MDL002", cluster), "MDL002") == "ok");
}

TEST_CASE("a label on the template alone gets no HTTPRoute (827)") {
  const ModelYaml m = workload_unlabelled();
  Cluster cluster;
  cluster.yaml(install() + deployment(m) + pod(m) + service()).complete();
  const auto f = finding(run("MDL003", cluster), "MDL003");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.title == "Deployment llama carries the model label on its pod template only");
  CHECK(f.consequence.find("without a routing strategy get 503") != std::string::npos);
  CHECK(checks::to_shell(f.remedies.front().command) ==
        "kubectl -n default label deployments.apps/llama model.aibrix.ai/name=llama");
}

TEST_CASE("a route written by hand, or a default strategy, makes the workload's label needless") {
  const ModelYaml m = workload_unlabelled();
  Cluster by_hand;
  by_hand.yaml(install() + deployment(m) + pod(m) + service() + route()).complete();
  CHECK(outcome(run("MDL003", by_hand), "MDL003") == "ok");
  Cluster strategy;
  strategy
      .yaml(install("v0.7.0", "[{name: ROUTING_ALGORITHM, value: random}]") + deployment(m) +
            pod(m))
      .complete();
  CHECK(outcome(run("MDL003", strategy), "MDL003") == "ok");
}

TEST_CASE("without the routes a missing workload label is only told") {
  const ModelYaml m = workload_unlabelled();
  Cluster cluster;
  cluster.yaml(install() + deployment(m) + pod(m))
      .complete()
      .forbid(aibrix::resources::http_routes);
  const auto outcomes = run("MDL003", cluster);
  CHECK(finding(outcomes, "MDL003").level == checks::Level::info);
  CHECK(outcomes.checks.front().partial);
}

TEST_CASE("a fleet's missing label is told elsewhere, and a StormService needs none") {
  Cluster cluster;
  cluster
      .yaml(install() + R"(---
apiVersion: orchestration.aibrix.ai/v1alpha1
kind: RayClusterFleet
metadata: {name: big, namespace: default}
spec: {template: {spec: {headGroupSpec: {template: {metadata: {labels: {model.aibrix.ai/name: big}}}}}}}
---
apiVersion: orchestration.aibrix.ai/v1alpha1
kind: StormService
metadata: {name: chat, namespace: default}
spec: {template: {spec: {roles: [{template: {metadata: {labels: {model.aibrix.ai/name: chat}}}}]}}}
)")
      .complete();
  CHECK(outcome(run("MDL003", cluster), "MDL003") == "ok");
}
