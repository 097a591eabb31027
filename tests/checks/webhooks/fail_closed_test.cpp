// WH001, WH002, WH006: webhooks that refuse everything.
#include <algorithm>

#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/builders/stuck.hpp"
#include "support/snapshot.hpp"

using support::Cluster;
using support::finding;
using support::outcome;
using support::run;

namespace {

// One entry, as AIBrix ships it.
std::string entry(const std::string& name, const std::string& path, const std::string& group,
                  const std::string& plural, const std::string& policy,
                  const std::string& more = "") {
  return "{name: " + name + ", failurePolicy: " + policy +
         ", clientConfig: {service: {name: aibrix-webhook-service, namespace: aibrix-system, path: "
         "/" +
         path + "}}, rules: [{apiGroups: [" + group + "], apiVersions: [\"*\"], resources: [" +
         plural + "], operations: [CREATE, UPDATE], scope: \"*\"}]" + more + "},";
}
std::string configuration(const std::string& kind, const std::string& entries) {
  const std::string word = kind == "Mutating" ? "mutating" : "validating";
  return "---\napiVersion: admissionregistration.k8s.io/v1\nkind: " + kind +
         "WebhookConfiguration\nmetadata: {name: aibrix-" + word +
         "-webhook-configuration, uid: c-" + word + "}\nwebhooks: [" + entries + "]\n";
}
std::string adapters(const std::string& policy, const std::string& more = "") {
  return configuration("Mutating",
                       entry("mmodeladapter.kb.io", "mutate-model-aibrix-ai-v1alpha1-modeladapter",
                             "model.aibrix.ai", "modeladapters", policy, more)) +
         configuration("Validating", entry("vmodeladapter.kb.io",
                                           "validate-model-aibrix-ai-v1alpha1-modeladapter",
                                           "model.aibrix.ai", "modeladapters", policy, more));
}
std::string deployments() {
  return configuration("Mutating", entry("medeployment.aibrix.ai", "mutate-apps-v1-deployment",
                                         "apps", "deployments", "Ignore", ", timeoutSeconds: 7"));
}
std::string service() {
  return "---\napiVersion: v1\nkind: Service\n"
         "metadata: {name: aibrix-webhook-service, namespace: aibrix-system}\n";
}
std::string endpoints(const std::string& list) {
  return "---\napiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata:\n  name: s\n"
         "  namespace: aibrix-system\n  labels: {kubernetes.io/service-name: "
         "aibrix-webhook-service}\n"
         "endpoints: " +
         list + "\n";
}
const std::string ready = "[{addresses: [10.0.0.1], conditions: {ready: true}}]";
const std::string going = stuck::adapter("team-a", "sql-lora", "2026-01-01T00:59:50Z");

}  // namespace

TEST_CASE(
    "a fail-closed webhook on a dead Service holds finalizers, and follows from the controller") {
  Cluster cluster;
  cluster.yaml(support::controller(0, 0)).yaml(adapters("Fail")).yaml(service());
  cluster.yaml(endpoints("[]")).yaml(going).complete().at(stuck::now);
  const auto out = run({"WH001", "INS005"}, cluster);
  REQUIRE(out.findings.size() == 1);
  const checks::Finding& f = out.findings.front();
  CHECK(f.code == "INS005");
  CHECK(f.level == checks::Level::error);
  CHECK(f.consequence == "Finalizers cannot be removed from modeladapters (and 1 more).");
  CHECK(f.symptoms.size() == 2);
  REQUIRE(f.remedies.size() == 4);
  CHECK(checks::to_shell(f.remedies[1].command) == "aibrixctl fix webhooks");
  CHECK(checks::to_shell(f.remedies[2].command) ==
        "kubectl patch mutatingwebhookconfigurations.admissionregistration.k8s.io "
        "aibrix-mutating-webhook-configuration --type=json -p "
        R"('[{"op":"test","path":"/webhooks/0/name","value":"mmodeladapter.kb.io"},)"
        R"({"op":"replace","path":"/webhooks/0/failurePolicy","value":"Ignore"}]')");
  CHECK(checks::to_shell(f.remedies[2].undo).find(R"("value":"Fail")") != std::string::npos);
}

TEST_CASE("a policy engine's webhook counts, with its selectors") {
  const auto policy = [](const std::string& selector) {
    return "---\napiVersion: admissionregistration.k8s.io/v1\nkind: "
           "ValidatingWebhookConfiguration\n"
           "metadata: {name: policy, uid: p}\nwebhooks: [{name: guard.policy.io, "
           "clientConfig: {service: {name: guard, namespace: policy}}, namespaceSelector: " +
           selector +
           ", rules: [{apiGroups: [\"*\"], apiVersions: [\"*\"], resources: [\"*\"], "
           "operations: [UPDATE]}]}]\n";
  };
  const std::string ns =
      "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: team-a, labels: {guarded: \"no\"}}\n";
  Cluster all;
  all.yaml(policy("{}")).yaml(ns).yaml(going).complete().at(stuck::now);
  CHECK(finding(run("WH001", all), "WH001").level == checks::Level::error);
  Cluster others;
  others.yaml(policy("{matchLabels: {guarded: \"yes\"}}")).yaml(ns).yaml(going).complete();
  CHECK(finding(run("WH001", others.at(stuck::now)), "WH001").level == checks::Level::warning);
}

TEST_CASE("webhooks that answer, are Ignore, or come from a manifest are fine") {
  Cluster answers;
  answers.yaml(adapters("Fail")).yaml(service()).yaml(endpoints(ready)).yaml(going).complete();
  CHECK(outcome(run("WH001", answers.at(stuck::now)), "WH001") == "ok");
  Cluster ignored;
  ignored.yaml(adapters("Ignore")).yaml(going).complete().at(stuck::now);
  CHECK(outcome(run("WH001", ignored), "WH001") == "ok");
  Cluster manifest;
  std::string text = adapters("Fail");
  for (std::size_t at = text.find(", uid: c-"); at != std::string::npos;
       at = text.find(", uid: c-")) {
    text.erase(at, text.find('}', at) - at);
  }
  manifest.yaml(text).complete();
  CHECK(outcome(run({"WH001", "WH002", "WH003"}, manifest), "WH001") == "ok");
}

TEST_CASE("what stands behind a webhook and was not read leaves WH001 open") {
  Cluster unread;
  unread.yaml(adapters("Fail")).yaml(going).at(stuck::now);
  CHECK(outcome(run("WH001", unread), "WH001") == "undetermined");
  Cluster forbidden;
  forbidden.yaml(adapters("Fail")).forbid(kube::resources::mutating_webhooks);
  CHECK(outcome(run("WH001", forbidden), "WH001") == "skipped");
}

TEST_CASE("configurations that outlived the install are to be deleted") {
  Cluster cluster;
  cluster.yaml(adapters("Ignore")).complete();
  const auto f = finding(run("WH002", cluster), "WH002");
  CHECK(f.level == checks::Level::warning);
  REQUIRE(f.remedies.size() == 3);
  CHECK(checks::to_shell(f.remedies[0].command) == "aibrixctl fix webhooks --delete");
  CHECK(checks::to_shell(f.remedies[2].command) ==
        "kubectl delete validatingwebhookconfigurations.admissionregistration.k8s.io "
        "aibrix-validating-webhook-configuration");
  Cluster installed;
  installed.yaml(adapters("Ignore")).yaml(support::controller(1, 1)).complete();
  CHECK(outcome(run("WH002", installed), "WH002") == "ok");
  Cluster unread;
  unread.yaml(adapters("Ignore")).yaml(support::component("web", "shop", 1, 1, "shop:1"));
  CHECK(outcome(run("WH002", unread), "WH002") == "undetermined");
}

TEST_CASE("a dead webhook on Deployments slows every write of the cluster") {
  Cluster cluster;
  cluster.yaml(deployments()).yaml(support::controller(1, 1)).yaml(service()).yaml(endpoints("[]"));
  const auto f = finding(run("WH006", cluster.complete()), "WH006");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.consequence == "Each create or update of a Deployment may wait up to 7 s.");
  Cluster down;
  down.yaml(deployments()).yaml(support::controller(0, 0)).yaml(service()).yaml(endpoints("[]"));
  const auto out = run({"WH006", "INS005"}, down.complete());
  REQUIRE(out.findings.size() == 1);
  CHECK(out.findings.front().code == "INS005");
  Cluster fine;
  fine.yaml(deployments()).yaml(support::controller(1, 1)).yaml(service()).yaml(endpoints(ready));
  CHECK(outcome(run("WH006", fine.complete()), "WH006") == "ok");
  Cluster unread;
  unread.yaml(deployments()).yaml(support::controller(1, 1)).yaml(service());
  unread.complete(kube::resources::validating_webhooks);
  CHECK(outcome(run("WH006", unread), "WH006") == "undetermined");
}
