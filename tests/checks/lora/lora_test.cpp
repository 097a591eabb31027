// LOR001 to LOR004, LOR007: LoRAs that are not loaded or have no route.
#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/builders/model.hpp"
#include "support/snapshot.hpp"

using namespace support;

namespace {

struct AdapterYaml {
  std::string labels = "model.aibrix.ai/name: sql";
  std::string annotations = "{}";
  std::string spec =
      "podSelector: {matchLabels: {model.aibrix.ai/name: llama}}, baseModel: llama, "
      "artifactURL: \"huggingface://x/sql\"";
  std::string status = "{phase: Pending, candidates: 0}";
};

std::string adapter(const AdapterYaml& a = {}) {
  return "---\napiVersion: model.aibrix.ai/v1alpha1\nkind: ModelAdapter\nmetadata: {name: sql, "
         "namespace: default, uid: a, labels: {" +
         a.labels + "}, annotations: " + a.annotations + "}\nspec: {" + a.spec +
         "}\nstatus: " + a.status + "\n";
}

AdapterYaml with_status(const std::string& status) {
  AdapterYaml a;
  a.status = status;
  return a;
}

const std::string running =
    "{phase: Running, instances: [llama-1], readyReplicas: 1, desiredReplicas: 1, candidates: 1}";
const std::string refused =
    "{phase: Failed, conditions: [{type: Ready, status: \"False\", reason: "
    "ModelAdapterLoadingError, "
    "lastTransitionTime: \"2026-01-01T10:00:00Z\", message: 'Loading failed on all pods: pod "
    "llama-1: "
    "failed to load LoRA adapter (status 400): {\"error\":\"HF 404\"}'}]}";

ModelYaml lora_base() {
  ModelYaml m;
  m.template_labels += ", adapter.model.aibrix.ai/enabled: \"true\"";
  return m;
}

std::string base_model() {
  return install() + deployment(lora_base()) + pod(lora_base());
}

}  // namespace

TEST_CASE("replicas that AIBrix does not do, and pods it lacks, are warnings (1675, 1742)") {
  AdapterYaml a = with_status(running);
  a.spec += ", replicas: 3";
  Cluster cluster;
  cluster.yaml(base_model() + adapter(a)).complete();
  CHECK(finding(run("LOR001", cluster), "LOR001").title == "ModelAdapter sql requests 3 replicas");

  Cluster few;
  few.yaml(base_model() + adapter(with_status("{phase: Running, instances: [llama-1], "
                                              "readyReplicas: 1, desiredReplicas: 2}")))
      .complete();
  const auto f = finding(run("LOR001", few), "LOR001");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.title == "ModelAdapter sql is loaded into 1 of 2 pods");
}

TEST_CASE("a loaded LoRA is right, also when its gateway entry cannot be seen (1186)") {
  Cluster cluster;
  cluster.yaml(base_model() + adapter(with_status(running))).complete();
  CHECK(run("LOR*", cluster).findings.empty());
  CHECK(outcome(run("LOR001", cluster), "LOR001") == "ok");
  CHECK(outcome(run("LOR002", cluster), "LOR002") == "ok");
  CHECK(outcome(run("LOR004", cluster), "LOR004") == "ok");
}

TEST_CASE("candidates cannot be told from part of the pods, a manifest, or without pods") {
  Cluster part;
  part.yaml(base_model() + adapter());
  CHECK(outcome(run("LOR001", part), "LOR001") == "undetermined");
  Cluster manifest;
  manifest
      .yaml(base_model() +
            "---\napiVersion: model.aibrix.ai/v1alpha1\nkind: ModelAdapter\n"
            "metadata: {name: sql, namespace: default}\nspec: {}\n")
      .complete();
  CHECK(outcome(run("LOR001", manifest), "LOR001") == "undetermined");
  Cluster unread;
  unread.yaml(adapter()).complete().forbid(kube::resources::pods);
  CHECK(outcome(run("LOR001", unread), "LOR001") == "skipped");
  Cluster none;
  none.yaml(base_model()).complete();
  CHECK(outcome(run("LOR001", none), "LOR001") == "skipped");
}

TEST_CASE("a load error only seconds old is not judged on a live cluster") {
  Cluster cluster;
  cluster.yaml(base_model() + adapter(with_status(refused)))
      .complete()
      .live()
      .at("2026-01-01T10:00:05Z");
  CHECK(outcome(run("LOR002", cluster), "LOR002") == "undetermined");
  Cluster unread;
  unread.complete().forbid(aibrix::resources::model_adapters);
  CHECK(outcome(run("LOR002", unread), "LOR002") == "skipped");
}

TEST_CASE("a LoRA without its label has no route") {
  AdapterYaml a = with_status(running);
  a.labels = "app: x";
  Cluster cluster;
  cluster.yaml(base_model() + adapter(a)).complete();
  const auto f = finding(run("LOR003", cluster), "LOR003");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.title == "ModelAdapter sql does not have the label model.aibrix.ai/name");
  a.labels = "model.aibrix.ai/name: other";
  Cluster copied;
  copied.yaml(base_model() + adapter(a)).complete();
  CHECK(finding(run("LOR003", copied), "LOR003").title ==
        "ModelAdapter sql has another name in its label model.aibrix.ai/name");
}

TEST_CASE("a LoRA needs no label with a route of its own or a default strategy") {
  AdapterYaml a = with_status(running);
  a.labels = "app: x";
  Cluster by_hand;
  by_hand.yaml(base_model() + adapter(a) + route("sql")).complete();
  CHECK(outcome(run("LOR003", by_hand), "LOR003") == "ok");
  Cluster strategy;
  strategy.yaml(install("v0.7.0", "[{name: ROUTING_ALGORITHM, value: random}]") + adapter(a))
      .complete();
  CHECK(outcome(run("LOR003", strategy), "LOR003") == "ok");
  Cluster routes;
  routes.yaml(base_model() + adapter(a)).complete().forbid(aibrix::resources::http_routes);
  CHECK(finding(run("LOR003", routes), "LOR003").level == checks::Level::info);
}

TEST_CASE("a LoRA that names pods of the past is an error") {
  Cluster cluster;
  cluster.yaml(install() + adapter(with_status(running))).complete();
  const auto f = finding(run("LOR004", cluster), "LOR004");
  CHECK(f.level == checks::Level::error);
  CHECK(f.title == "ModelAdapter sql lists a pod that no longer exists");
  CHECK(f.evidence[0].value == "llama-1");
  Cluster part;
  part.yaml(adapter(with_status(running)) + pod({}, "other"));
  CHECK(outcome(run("LOR004", part), "LOR004") == "undetermined");
}

TEST_CASE("a LoRA's missing Secret is named, its values never asked for") {
  AdapterYaml a = with_status(refused);
  a.spec += ", credentialsSecretRef: {name: aws}";
  Cluster cluster;
  cluster.yaml(base_model() + adapter(a)).complete();
  const auto outcomes = run(std::vector<std::string>{"LOR002", "LOR007"}, cluster);
  REQUIRE(outcomes.findings.size() == 1);
  const auto& f = outcomes.findings[0];
  CHECK(f.code == "LOR007");
  CHECK(f.title ==
        "Secret default/aws, from which ModelAdapter sql reads its credentials, does not exist");
  REQUIRE(f.symptoms.size() == 1);

  Cluster there;
  there
      .yaml(base_model() + adapter(a) +
            "---\napiVersion: v1\nkind: Secret\nmetadata: {name: aws, namespace: default}\n")
      .complete();
  CHECK(outcome(run("LOR007", there), "LOR007") == "ok");
  Cluster forbidden;
  forbidden.yaml(base_model() + adapter(a)).complete().forbid(kube::resources::secrets);
  CHECK(outcome(run("LOR007", forbidden), "LOR007") == "skipped");
}
