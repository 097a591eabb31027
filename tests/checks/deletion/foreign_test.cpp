// FIN012: finalizers of others on AIBrix's objects.
#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/builders/stuck.hpp"
#include "support/snapshot.hpp"

using support::Cluster;
using support::finding;
using support::outcome;
using support::run;

namespace {
const std::string hour_ago = "2026-01-01T00:00:00Z";
const std::string both = "adapter.model.aibrix.ai/finalizer, backup.example.com/archive";
}  // namespace

TEST_CASE("a foreign finalizer beside AIBrix's own is told with it, and never stripped") {
  Cluster cluster;
  cluster.yaml(support::controller(0, 0))
      .yaml(stuck::adapter("team-a", "chat-lora", "2026-01-01T00:59:55Z", both))
      .complete()
      .at(stuck::now);
  const auto out = run({"FIN002", "FIN012"}, cluster);
  REQUIRE(out.findings.size() == 1);
  const checks::Finding& f = out.findings.front();
  CHECK(f.code == "FIN002");
  REQUIRE(f.symptoms.size() == 1);
  CHECK(f.symptoms.front().code == "FIN012");
  REQUIRE(f.notes.size() == 1);
  CHECK(f.notes.front() ==
        "finalizer backup.example.com/archive on ModelAdapter team-a/chat-lora: the owner of "
        "backup.example.com must remove it, also after AIBrix's own finalizer is gone");
  for (const checks::Remedy& remedy : f.remedies) {
    CHECK(checks::to_shell(remedy.command).find("backup") == std::string::npos);
  }
}

TEST_CASE(
    "left alone, a foreign finalizer is an error after 5 minutes and names its likely owner") {
  Cluster cluster;
  cluster.yaml(support::controller(1, 1))
      .yaml(
          stuck::adapter("team-a", "chat-lora", hour_ago, "resources-finalizer.argocd.argoproj.io"))
      .complete()
      .at(stuck::now);
  const auto f = finding(run("FIN012", cluster), "FIN012");
  CHECK(f.level == checks::Level::error);
  CHECK(f.consequence ==
        "ModelAdapter team-a/chat-lora stays in Terminating until the owner of "
        "resources-finalizer.argocd.argoproj.io (Argo CD) removes its finalizer.");
  REQUIRE(f.remedies.size() == 1);
  CHECK(f.remedies.front().command.empty());
}

TEST_CASE("a foreign finalizer is told as early as the namespace that waits for it") {
  const auto after = [](const char* since) {
    Cluster cluster;
    const std::string foreign = "backup.example.com/archive";
    cluster.yaml(support::controller(1, 1))
        .yaml(stuck::going_namespace("team-a", since,
                                     stuck::finalizers(foreign + " in 1 resource instances")))
        .yaml(stuck::adapter("team-a", "chat-lora", since, foreign))
        .complete()
        .live()
        .at(stuck::now);
    return run({"FIN012", "NS002"}, cluster);
  };
  CHECK(after("2026-01-01T00:59:30Z").findings.empty());
  const auto out = after("2026-01-01T00:58:50Z");
  INFO(support::render(out));
  REQUIRE(out.findings.size() == 1);
  CHECK(out.findings.front().code == "FIN012");
  CHECK(out.findings.front().level == checks::Level::warning);
  REQUIRE(out.findings.front().symptoms.size() == 1);
  CHECK(out.findings.front().symptoms.front().code == "NS002");
}

TEST_CASE("the Gateway and the routes of AIBrix are told when a foreign finalizer holds them") {
  const auto held = [](const std::string& kind, const std::string& name, const std::string& spec) {
    Cluster cluster;
    cluster
        .yaml("{apiVersion: gateway.networking.k8s.io/v1, kind: " + kind +
              ", metadata: {name: " + name +
              ", uid: g, creationTimestamp: \"2025-01-01T00:00:00Z\", deletionTimestamp: \"" +
              hour_ago + "\", finalizers: [example.com/hold]}, spec: " + spec + "}")
        .complete()
        .at(stuck::now);
    return run("FIN012", cluster).findings.size();
  };
  const std::string spec = "{gatewayClassName: aibrix-eg}";
  CHECK(held("Gateway", "aibrix-eg, namespace: aibrix-system", spec) == 1);
  CHECK(held("Gateway", "web, namespace: shop", "{gatewayClassName: web}") == 0);
  const std::string route =
      "{parentRefs: [{name: aibrix-eg, namespace: aibrix-system}], rules: [{backendRefs: [{name: "
      "llama, port: 8000}]}]}";
  CHECK(held("HTTPRoute", "llama-router, namespace: aibrix-system", route) == 1);
  CHECK(held("HTTPRoute", "shop, namespace: shop", "{parentRefs: [{name: web}]}") == 0);
}

TEST_CASE("FIN012 cannot look at nothing, and says which kinds it could not read") {
  Cluster nothing;
  CHECK(outcome(run("FIN012", nothing), "FIN012") == "skipped");
  Cluster partly;
  partly.yaml(stuck::adapter("team-a", "used", "")).complete();
  partly.forbid(aibrix::resources::kv_caches).at(stuck::now);
  CHECK(outcome(run("FIN012", partly), "FIN012") == "undetermined");
}
