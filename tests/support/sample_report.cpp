// The findings and outcomes of the reports that layouts are tested with.
#include "support/sample_report.hpp"

namespace support {
namespace {

void nothing(const checks::Context&, checks::Reporter&) {}

constexpr kube::Need sample_needs[] = {{&kube::resources::deployments}, {&kube::resources::pods}};

constexpr checks::Check sample_check(checks::Code code, checks::Area area, std::string_view title) {
  return {code, area, title, sample_needs, nothing, {"meaning", "causes", "fix", "every release"}};
}

constexpr checks::Check ok_check = sample_check(checks::GW003, checks::Area::gateway,
                                                "the GatewayClass of Gateway aibrix-eg is "
                                                "missing or not accepted");
constexpr checks::Check found_check = sample_check(checks::INS005, checks::Area::install,
                                                   "aibrix-controller-manager has no ready "
                                                   "replica");
constexpr checks::Check forbidden_check =
    sample_check(checks::MDL006, checks::Area::models, "a model has no routable pod");
constexpr checks::Check unsure_check = sample_check(checks::REF001, checks::Area::grants,
                                                    "an HTTPRoute is not permitted to reference "
                                                    "a backend in another namespace");
constexpr checks::Check absent_check = sample_check(checks::RAY001, checks::Area::grants,
                                                    "a RayClusterFleet has no working Ray "
                                                    "cluster");

checks::CheckOutcome outcome(const checks::Check& check, checks::Outcome outcome,
                             checks::Reason reason, std::string detail) {
  checks::CheckOutcome out;
  out.check = &check;
  out.outcome = outcome;
  out.reason = reason;
  out.detail = std::move(detail);
  return out;
}

checks::Finding controller_finding() {
  checks::Finding f;
  f.code = checks::INS005;
  f.level = checks::Level::error;
  f.title = "aibrix-controller-manager is scaled to 0 replicas";
  f.subject = kube::ObjectRef{"apps", "Deployment", "aibrix-system", "aibrix-controller-manager"};
  f.with_consequence("Namespace team-a is stuck in Terminating (2 ModelAdapters).")
      .at_field("spec.replicas")
      .with_evidence("replicas", "0/0 ready", "at least 1 ready")
      .with_evidence("lease", "renewed 78s ago by aibrix-controller-manager-56995b6f54-45n5p")
      .note(
          "finalizer backup.example.com/archive on ModelAdapter team-a/chat-lora: its owner must "
          "remove it")
      .remedy(checks::Confidence::review,
              "scale up aibrix-controller-manager; it then removes its finalizers",
              checks::aibrixctl("fix", "finalizers", "-n", "team-a"))
      .remedy(checks::Confidence::review, "scale it up; it then processes the pending deletions",
              checks::kubectl("aibrix-system", "scale", "deployment/aibrix-controller-manager",
                              "--replicas=1"))
      .remedy(checks::Confidence::manual, "remove AIBrix's finalizers if it cannot come back");
  f.symptoms.push_back({checks::NS002, checks::Level::error, "namespace team-a is Terminating",
                        checks::Subject(kube::ObjectRef{"", "Namespace", "", "team-a"})});
  f.symptoms.push_back(
      {checks::FIN002, checks::Level::error, "ModelAdapter sql-lora keeps its finalizer",
       checks::Subject(kube::ObjectRef{"model.aibrix.ai", "ModelAdapter", "team-a", "sql-lora"})});
  return f;
}

checks::Finding service_finding() {
  checks::Finding f;
  f.code = checks::SVC002;
  f.level = checks::Level::warning;
  f.title = "the load balancer of the gateway is pending";
  f.subject = kube::ObjectRef{"", "Service", "envoy-gateway-system",
                              "envoy-aibrix-system-aibrix-eg-903790dc"};
  f.subject.file = "cluster/services.yaml";
  f.subject.line = 42;
  f.with_consequence("It has no address outside the cluster.").at_field("status.loadBalancer");
  // What a hostile or careless object may carry: it must arrive escaped.
  f.with_evidence("message", "bad\033[31m\tname\n| <b>");
  f.remedy(checks::Confidence::review, "make it a NodePort");
  return f;
}

}  // namespace

report::Report sample_report() {
  report::Report r;
  r.version = "0.1.0";
  r.run.id = "sample";
  r.run.started_at = *base::parse_time("2026-08-22T15:00:18Z");
  r.run.duration = std::chrono::milliseconds(1402);
  r.run.source = "cluster";
  r.run.scope = {"*"};
  r.run.requests = 9;
  r.run.bytes = 4'200'000;
  r.run.connections = 1;
  r.run.rounds = 2;
  r.run.peak_memory = 31'000'000;
  r.run.spent.connect = std::chrono::microseconds(4'200);
  r.run.spent.wait = std::chrono::microseconds(120'000);
  r.run.spent.checks = std::chrono::microseconds(900);
  r.cluster = {"prod-a",   "https://10.0.0.1:6443", "v1.33.1", "v0.7.0", "v1.2.8", "v1.2.1",
               {"v1beta1"}};
  using checks::Outcome;
  using checks::Reason;
  r.outcomes.checks = {
      outcome(found_check, Outcome::found, Reason::none, ""),
      outcome(ok_check, Outcome::ok, Reason::none, ""),
      outcome(unsure_check, Outcome::undetermined, Reason::undecidable,
              "grants of namespace team-b were not recorded"),
      outcome(absent_check, Outcome::skipped, Reason::not_applicable,
              "rayclusterfleets.orchestration.aibrix.ai not installed in this cluster"),
      outcome(forbidden_check, Outcome::skipped, Reason::no_permission, "may not list pods")};
  r.outcomes.checks[1].measured = "accepted by gateway.envoyproxy.io/gatewayclass-controller";
  r.outcomes.checks[4].missing = {&kube::resources::pods};
  r.outcomes.findings = {controller_finding(), service_finding()};
  r.exit_code = 1;
  return r;
}

report::Report clean_report() {
  report::Report r = sample_report();
  r.outcomes.findings.clear();
  r.outcomes.checks = {outcome(ok_check, checks::Outcome::ok, checks::Reason::none, "")};
  r.exit_code = 0;
  return r;
}

}  // namespace support
