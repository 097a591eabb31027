// MDL010, MDL011: the Service behind a model's route.
#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/builders/model.hpp"
#include "support/snapshot.hpp"

using namespace support;

TEST_CASE("a model without its Service is an error on the Service by name (1845)") {
  Cluster cluster;
  cluster.yaml(install() + deployment() + pod() + route("llama", "BackendNotFound")).complete();
  const auto outcomes = run("MDL0*", cluster);
  REQUIRE(outcomes.findings.size() == 1);
  CHECK(render(outcomes).starts_with(
      "error MDL010 service/default/llama Service default/llama does not exist. Requests for "));
  CHECK(outcomes.findings.front().symptoms.size() == 1);  // MDL014, which follows from it
  const auto f = finding(outcomes, "MDL010");
  CHECK(f.subject.ref == kube::ObjectRef{"", "Service", "default", "llama"});
  CHECK(f.evidence[1].value == "ResolvedRefs=False BackendNotFound");
  REQUIRE(f.notes.size() == 1);  // MDL014 knows the same way round the route
  CHECK(f.notes.front() ==
        "requests with the routing-strategy header bypass the HTTPRoute and are answered (1 pod "
        "ready)");
  CHECK(f.remedies.front().confidence == checks::Confidence::safe);
  CHECK(f.remedies.front().manifest ==
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: llama\n  namespace: default\nspec:\n"
        "  selector:\n    model.aibrix.ai/name: llama\n  ports:\n  - name: serve\n    port: 8000\n"
        "    targetPort: 8000\n");
}

TEST_CASE("a Service that is there is right") {
  Cluster cluster;
  cluster.yaml(healthy()).complete();
  CHECK(outcome(run("MDL010", cluster), "MDL010") == "ok");
  CHECK(outcome(run("MDL011", cluster), "MDL011") == "ok");
}

TEST_CASE("without a route the Service is missed where the controller would lead to it") {
  Cluster cluster;
  cluster.yaml(install() + deployment() + pod()).complete();
  CHECK(finding(run("MDL010", cluster), "MDL010").level == checks::Level::error);
  Cluster no_controller;
  no_controller.yaml(deployment() + pod()).complete();
  CHECK(finding(run("MDL010", no_controller), "MDL010").level == checks::Level::warning);
}

TEST_CASE("a Service cannot be called missing where Services were not all read") {
  Cluster cluster;
  cluster.yaml(install() + deployment() + pod() + service("other") + route());
  CHECK(outcome(run("MDL010", cluster), "MDL010") == "undetermined");
  CHECK(outcome(run("MDL009", cluster), "MDL009") == "undetermined");
  CHECK(outcome(run("MDL011", cluster), "MDL011") == "undetermined");
  Cluster forbidden;
  forbidden.yaml(healthy()).complete().forbid(kube::resources::services);
  CHECK(outcome(run("MDL010", forbidden), "MDL010") == "skipped");
}

TEST_CASE("a name no Service can have is not answered with a manifest") {
  ModelYaml m;
  m.metadata_labels = "model.aibrix.ai/name: qwen2.5-7b";
  m.template_labels = "app: llama, model.aibrix.ai/name: qwen2.5-7b";
  Cluster cluster;
  cluster.yaml(install() + deployment(m) + pod(m)).complete();
  const auto f = finding(run("MDL010", cluster), "MDL010");
  CHECK(f.remedies.front().manifest.empty());
  CHECK(f.remedies.front().text.find("model.aibrix.ai/service-name") != std::string::npos);
}

// Seen on a real cluster: for ten seconds after the engine had refused an adapter its Service,
// which the controller makes last, was called missing.
TEST_CASE("the Service of a LoRA is not missed while the adapter may still load") {
  const auto outcome_at = [](const char* failed_at) {
    Cluster cluster;
    cluster
        .yaml(install() + route("sql", "BackendNotFound") + R"(---
apiVersion: model.aibrix.ai/v1alpha1
kind: ModelAdapter
metadata: {name: sql, namespace: default, uid: a, labels: {model.aibrix.ai/name: sql},
  creationTimestamp: '2026-03-01T11:00:00Z'}
status: {phase: Failed, conditions: [{type: Ready, status: 'False', reason: ModelAdapterLoadingError,
  lastTransitionTime: ')" +
              std::string(failed_at) + "'}]}\n")
        .complete()
        .at("2026-03-01T12:00:00Z")
        .live();
    return outcome(run("MDL010", cluster), "MDL010");
  };
  CHECK(outcome_at("2026-03-01T11:59:55Z") == "undetermined");
  CHECK(outcome_at("2026-03-01T11:59:30Z") == "found");
}
