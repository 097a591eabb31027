// What leaves a run of the checks is without secrets, and nothing that lacks them is offered.
#include "checks/core/hide_secrets.hpp"

#include <iostream>

#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "kube/files/manifest.hpp"
#include "kube/files/snapshot_file.hpp"
#include "kube/redact/redact.hpp"
#include "report/formats.hpp"
#include "report/report.hpp"
#include "report/trace.hpp"
#include "support/example.hpp"
#include "support/recorded.hpp"
#include "support/snapshot.hpp"

namespace {

constexpr std::string_view canary = "q77RtWvKp7Xn";

std::string message() {
  const std::string c(canary);
  return "error: HF_TOKEN=" + c + " password=" + c + " Get \\\"https://u:" + c +
         "@h/x?X-Amz-Signature=" + c + "\\\": Authorization: Bearer " + c + " --api-key " + c +
         " redis-cli -a " + c + " hf_" + c + "AbCdEfGh";
}

// Every form in which a report is printed.
std::string printed(const checks::Outcomes& outcomes) {
  report::Report report;
  report.version = "test";
  report.outcomes = outcomes;
  report::Style style;
  style.verbose = true;
  style.width = 100'000;
  std::string out = report::text(report, style) + report::plain(report) + report::json(report) +
                    report::yaml(report);
  for (const report::Format& format : report::digest_formats()) {
    out += format.render(report::digest(report));
  }
  return out;
}

constexpr std::string_view off =
    "apiVersion: gateway.envoyproxy.io/v1alpha1\\nkind: EnvoyGateway\\nrateLimit:\\n  backend:\\n"
    "    type: Redis\\n    redis:\\n      url: redis://u:SECRET@redis.x:6379\\n";

support::Example switched_off(std::string_view password) {
  std::string text(off);
  text.replace(text.find("SECRET"), 6, password);
  support::Example cluster;
  cluster.merge("ConfigMap envoy-gateway-system/envoy-gateway-config",
                R"({"data":{"envoy-gateway.yaml":")" + text + "\"}}");
  return cluster;
}

std::string read_back(const kube::Snapshot& snapshot) {
  constexpr std::array<std::string_view, 1> readable = {"envoy-gateway-config"};
  return kube::write_snapshot(snapshot, {"test", readable});
}

kube::Snapshot from_text(std::string text) {
  kube::ManifestOptions manifest;
  manifest.paths = {"-"};
  manifest.stdin_text = std::move(text);
  return kube::read_manifests(std::move(manifest), aibrix::resources::all());
}

}  // namespace

TEST_CASE("no format of a report shows what was planted into messages of a broken cluster") {
  support::Example cluster;
  const std::string text = message();
  const std::string waiting =
      R"({"status":{"containerStatuses":[{"name":"engine","ready":false,"restartCount":9,)"
      R"("state":{"waiting":{"reason":"CrashLoopBackOff","message":")" +
      text + R"("}},"lastState":{"terminated":{"exitCode":1,"reason":"Error","message":")" + text +
      R"(","finishedAt":"2026-09-01T07:30:00Z"}}}],"conditions":[{"type":"Ready","status":"False",)"
      R"("reason":"ContainersNotReady","message":")" +
      text + R"(","lastTransitionTime":"2026-09-01T07:30:00Z"}]}})";
  cluster.merge_all("Pod chat/llama", waiting);
  std::string plain = text;
  for (std::size_t at = 0; (at = plain.find("\\\"")) != std::string::npos;) plain.erase(at, 1);
  cluster.condition("Gateway aibrix-system/aibrix-eg", "Programmed", "False", "Invalid", plain);
  cluster.merge("ModelAdapter team-a/sql-lora",
                R"({"spec":{"artifactURL":"https://u:)" + std::string(canary) +
                    R"(@b/m?X-Amz-Signature=)" + std::string(canary) + R"("}})");
  cluster.condition("ModelAdapter team-a/sql-lora", "Ready", "False", "LoadFailed", plain);
  const checks::Outcomes outcomes = cluster.doctor();
  REQUIRE(outcomes.findings.size() > 1);
  const std::string all = printed(outcomes);
  const std::size_t at = all.find(canary);
  INFO(all.substr(at < 200 || at == std::string::npos ? 0 : at - 200, 400));
  CHECK(at == std::string::npos);
  CHECK(all.find(kube::redacted) != std::string::npos);
}

TEST_CASE("Envoy Gateway's configuration is not offered for applying when it holds a password") {
  for (const std::string_view password : {"hunter2x", "<redacted>"}) {
    CAPTURE(password);
    const support::Example cluster = switched_off(password);
    for (const checks::Outcomes& outcomes :
         {cluster.doctor(), support::run_on(from_text(read_back(cluster.snapshot())))}) {
      const checks::Finding f = support::finding(outcomes, "GW002");
      REQUIRE_FALSE(f.remedies.empty());
      const checks::Remedy& remedy = f.remedies.front();
      CHECK(remedy.manifest.empty());
      CHECK(checks::to_shell(remedy.command).find("edit configmap") != std::string::npos);
      CHECK(remedy.text.find("url in line") != std::string::npos);
      CHECK(printed(outcomes).find("hunter2x") == std::string::npos);
    }
  }
}

TEST_CASE("a manifest or a command that would hold a secret is not shown, and the field is named") {
  checks::Finding f;
  f.remedy(checks::Confidence::safe, "apply it");
  f.remedies.back().manifest = "kind: X\nspec:\n  password: hunter2x\n";
  f.remedy(checks::Confidence::safe, "set it",
           checks::kubectl("a", "set", "env", "deployment/x", "REDIS_PASSWORD=hunter2x"));
  f.remedy(checks::Confidence::safe, "ask",
           checks::Command("curl").with("-H", checks::expression("Bearer $API_KEY")));
  f.remedy(checks::Confidence::safe, "strip",
           checks::kubectl("a", "patch", "pods", "x", "-p", "{}"));
  checks::hide_secrets(f);
  CHECK(f.remedies[0].manifest.empty());
  CHECK(f.remedies[0].text.find("password in line 3") != std::string::npos);
  CHECK(f.remedies[1].command.empty());
  CHECK_FALSE(f.remedies[2].command.empty());
  CHECK_FALSE(f.remedies[3].command.empty());
}

TEST_CASE("nothing of the clusters that hold no secrets is hidden, and a snapshot finds the same") {
  for (const support::Recording& recording : support::whole_clusters()) {
    INFO(recording.name());
    const kube::Snapshot original = recording.snapshot();
    const checks::Outcomes outcomes = support::run_on(original);
    CHECK(support::render(outcomes).find(kube::redacted) == std::string::npos);
    CHECK(printed(outcomes).find(kube::redacted) == std::string::npos);
    const checks::Outcomes again = support::run_on(from_text(read_back(original)));
    CHECK(support::render(again) == support::render(outcomes));
  }
}
