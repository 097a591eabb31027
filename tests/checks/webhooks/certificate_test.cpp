// WH003, WH004, WH005: the certificate and the names of AIBrix's webhooks.
#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/builders/stuck.hpp"
#include "support/snapshot.hpp"

using support::Cluster;
using support::finding;
using support::outcome;
using support::run;

namespace {

std::string configuration(const std::string& kind, const std::string& name,
                          const std::string& bundle, const std::string& policy = "Ignore",
                          const std::string& service = "aibrix-webhook-service") {
  return "---\napiVersion: admissionregistration.k8s.io/v1\nkind: " + kind +
         "WebhookConfiguration\nmetadata: {name: " + name + ", uid: c-" + name +
         "}\nwebhooks:\n- name: mmodeladapter.kb.io\n  failurePolicy: " + policy +
         "\n  clientConfig:\n    caBundle: \"" + bundle + "\"\n    service: {name: " + service +
         ", namespace: aibrix-system, path: /mutate-model-aibrix-ai-v1alpha1-modeladapter}\n"
         "  rules: [{apiGroups: [model.aibrix.ai], apiVersions: [v1alpha1], operations: [UPDATE], "
         "resources: [modeladapters]}]\n";
}
std::string both(const std::string& bundle, const std::string& policy = "Ignore") {
  return configuration("Mutating", "aibrix-mutating-webhook-configuration", bundle, policy) +
         configuration("Validating", "aibrix-validating-webhook-configuration", bundle, policy);
}
std::string secret(const std::string& rest) {
  return "---\napiVersion: v1\nkind: Secret\nmetadata: {name: aibrix-webhook-server-cert, "
         "namespace: aibrix-system}\n" +
         rest;
}

}  // namespace

TEST_CASE("webhooks without a CA are one warning under Ignore, placeholder or empty") {
  for (const char* bundle : {"", "Cg=="}) {
    Cluster cluster;
    cluster.yaml(both(bundle)).yaml(support::controller(1, 1)).complete();
    const auto out = run("WH003", cluster);
    REQUIRE(out.findings.size() == 1);
    const checks::Finding& f = out.findings.front();
    CHECK(f.level == checks::Level::warning);
    CHECK(f.consequence == "AIBrix's defaults and validation are not applied.");
    CHECK(f.subject.path == "webhooks[0].clientConfig.caBundle");
    CHECK(f.evidence.size() == 2);
    REQUIRE(f.remedies.size() == 1);
    CHECK(checks::to_shell(f.remedies.front().command) ==
          "kubectl -n aibrix-system rollout restart deployment/aibrix-controller-manager");
  }
}

TEST_CASE("under Fail a missing CA is an error once a deletion needs a patch") {
  Cluster idle;
  idle.yaml(both("", "Fail")).yaml(support::controller(1, 1)).complete();
  const auto warning = finding(run("WH003", idle), "WH003");
  CHECK(warning.level == checks::Level::warning);
  CHECK(warning.consequence == "The objects they cover cannot be created or changed.");
  Cluster busy;
  busy.yaml(both("", "Fail")).yaml(support::controller(1, 1)).complete();
  busy.yaml(stuck::adapter("team-a", "sql-lora", "2026-01-01T00:59:50Z"));
  CHECK(finding(run("WH003", busy), "WH003").level == checks::Level::error);
}

TEST_CASE("webhooks with a CA are fine, and so is a release without webhooks") {
  Cluster cluster;
  cluster.yaml(both("TFMwdA==")).yaml(support::controller(1, 1)).complete();
  CHECK(outcome(run("WH003", cluster), "WH003") == "ok");
  CHECK(outcome(run("WH005", cluster), "WH005") == "ok");
  Cluster none;
  none.yaml(support::controller(1, 1)).complete();
  for (const char* code : {"WH003", "WH004", "WH005"}) {
    CHECK(outcome(run(code, none), code) == "skipped");  // known to have none
  }
}

TEST_CASE("webhook configurations that may not be listed are not judged") {
  Cluster cluster;
  cluster.forbid(kube::resources::mutating_webhooks);
  for (const char* code : {"WH002", "WH003", "WH004", "WH005", "WH006"}) {
    CHECK(outcome(run(code, cluster), code) == "skipped");
  }
}

TEST_CASE("the Secret of the certificate: missing, empty, there, unread") {
  Cluster missing;
  missing.yaml(both("TFMwdA==")).yaml(support::controller(1, 1)).complete();
  const auto f = finding(run("WH004", missing), "WH004");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.title == "Secret aibrix-system/aibrix-webhook-server-cert is missing");
  CHECK(checks::to_shell(f.remedies.front().command) ==
        "kubectl -n aibrix-system create secret generic aibrix-webhook-server-cert");
  Cluster empty;
  empty.yaml(both("TFMwdA==")).yaml(support::controller(1, 1)).yaml(secret("type: Opaque\n"));
  CHECK(finding(run("WH004", empty.complete()), "WH004").title.ends_with("is empty"));
  Cluster metadata;  // as a live cluster shows it: no type, no data
  metadata.yaml(both("TFMwdA==")).yaml(support::controller(1, 1)).yaml(secret(""));
  CHECK(outcome(run("WH004", metadata.complete()), "WH004") == "ok");
  Cluster filled;
  filled.yaml(both("TFMwdA==")).yaml(support::controller(1, 1));
  filled.yaml(secret("type: Opaque\ndata: {tls.crt: \"\"}\n")).complete();
  CHECK(outcome(run("WH004", filled), "WH004") == "ok");
  Cluster other;  // Secrets were read, but not of this namespace
  other.yaml(both("TFMwdA==")).yaml(support::controller(1, 1));
  other.yaml("{apiVersion: v1, kind: Secret, metadata: {name: x, namespace: shop}}");
  CHECK(outcome(run("WH004", other), "WH004") == "undetermined");
}
