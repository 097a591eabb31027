// The report as one document: JSON, and the same as YAML. Its shape is report.schema.json.
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "kube/files/json_document.hpp"
#include "kube/files/yaml_text.hpp"
#include "kube/redact/redact.hpp"
#include "report/report.hpp"
#include "report/report_list.hpp"

namespace report {
namespace {

using base::utf8;
using kube::Json;
using kube::json_text;
using kube::put;

Json object_json(const checks::Subject& s) {
  Json out = kube::object_json(s.ref, s.version, s.uid);
  put(out, "path", s.path);
  put(out, "file", s.file);
  if (s.line != 0) out["line"] = s.line;
  if (s.column != 0) out["column"] = s.column;
  return out;
}

Json remedy_json(const checks::Remedy& r) {
  Json out = {{"confidence", checks::to_string(r.confidence)}, {"text", utf8(r.text)}};
  put(out, "command", checks::to_shell(r.command));
  put(out, "manifest", r.manifest);
  put(out, "undo", checks::to_shell(r.undo));
  return out;
}

Json finding_json(const checks::Finding& f) {
  Json out = {{"code", f.code},
              {"level", checks::to_string(f.level)},
              {"fingerprint", checks::fingerprint(f)},
              {"title", utf8(headline(f))},
              {"object", object_json(f.subject)}};
  for (const checks::Subject& s : f.related) out["related"].push_back(object_json(s));
  out["evidence"] = Json::array();
  for (const checks::Evidence& e : f.evidence) {
    Json entry = {{"key", utf8(e.key)}, {"value", utf8(e.value)}};
    put(entry, "want", e.want);
    out["evidence"].push_back(std::move(entry));
  }
  for (const checks::Symptom& a : f.symptoms) {
    out["also"].push_back({{"code", a.code},
                           {"level", checks::to_string(a.level)},
                           {"title", utf8(a.title)},
                           {"object", object_json(a.subject)}});
  }
  for (const std::string& model : f.models) out["models"].push_back(utf8(model));
  for (const std::string& note : f.notes) out["notes"].push_back(utf8(note));
  if (f.since) out["since"] = base::format_time(*f.since);
  for (const checks::Remedy& r : f.remedies) out["remedies"].push_back(remedy_json(r));
  out["doc"] = checks::to_shell(checks::aibrixctl("explain", f.code.text()));
  return out;
}

Json check_json(const checks::CheckOutcome& o) {
  Json out = {{"code", o.check->code},
              {"area", checks::to_string(o.check->area)},
              {"outcome", checks::to_string(o.outcome)}};
  put(out, "reason", checks::to_string(o.reason));
  put(out, "detail", o.detail);
  put(out, "measured", o.measured);
  if (o.partial) out["partial"] = true;
  for (const kube::Resource* r : o.missing) {
    Json access = {{"verb", "list"}, {"resource", r->plural}};
    put(access, "group", r->group);
    out["missingAccess"].push_back(std::move(access));
  }
  return out;
}

double in_ms(std::chrono::microseconds time) {
  return static_cast<double>(time.count()) / 1000;
}

Json spent_json(const Spent& spent) {
  return {{"connectMs", in_ms(spent.connect)}, {"waitMs", in_ms(spent.wait)},
          {"receiveMs", in_ms(spent.receive)}, {"parseMs", in_ms(spent.parse)},
          {"checksMs", in_ms(spent.checks)},   {"confirmMs", in_ms(spent.confirm)}};
}

Json run_json(const Report& report) {
  const Run& run = report.run;
  Json out = {{"id", run.id},
              {"startedAt", base::format_time(run.started_at)},
              {"durationMs", run.duration.count()},
              {"source", run.source},
              {"complete", report.outcomes.complete()},
              {"scope", run.scope},
              {"failOn", to_string(report.fail_on)},
              {"requests", run.requests},
              {"retries", run.retries},
              {"connections", run.connections},
              {"roundTrips", run.rounds},
              {"bytes", run.bytes},
              {"timing", spent_json(run.spent)}};
  if (run.peak_memory != 0) out["peakMemoryBytes"] = run.peak_memory;
  return out;
}

Json cluster_json(const ClusterSummary& c) {
  Json out = Json::object();
  put(out, "context", c.context);
  put(out, "server", c.server);
  put(out, "kubernetes", c.kubernetes);
  put(out, "aibrix", c.aibrix);
  put(out, "envoyGateway", c.envoy_gateway);
  put(out, "gatewayApi", c.gateway_api);
  if (!c.reference_grant_versions.empty()) {
    out["referenceGrantVersions"] = c.reference_grant_versions;
  }
  return out;
}

Json summary_json(const Report& report) {
  const Counts c = count(report.outcomes);
  return {{"error", c.error},
          {"warning", c.warning},
          {"info", c.info},
          {"ok", c.ok},
          {"found", c.found},
          {"skipped", c.skipped},
          {"undetermined", c.undetermined},
          {"notApplicable", c.not_applicable},
          {"suppressed", report.ignored.size() + report.ignored_symptoms}};
}

Json document(const Report& report) {
  Json out = kube::document_head("DoctorReport", report.version);
  out["run"] = run_json(report);
  out["cluster"] = cluster_json(report.cluster);
  out["summary"] = summary_json(report);
  out["findings"] = Json::array();
  out["checks"] = Json::array();
  for (const checks::Finding& f : report.outcomes.findings) {
    out["findings"].push_back(finding_json(f));
  }
  for (const checks::CheckOutcome& o : report.outcomes.checks) {
    out["checks"].push_back(check_json(o));
  }
  for (const fix::FindingChange& c : report.changes) {
    Json entry = {{"state", fix::to_string(c.state)}, {"code", c.code}, {"title", utf8(c.title)}};
    entry["object"] = object_json(c.object);
    out["changes"].push_back(std::move(entry));
  }
  for (const std::string& note : report.notes) out["notes"].push_back(utf8(note));
  out["exitCode"] = report.exit_code;
  return out;
}

Json list_document(const ReportList& list) {
  Json out = kube::document_head("DoctorReportList", list.version);
  const ClusterCounts c = count(list);
  out["summary"] = {
      {"clusters", list.clusters.size()}, {"errors", c.errors},         {"unread", c.unread},
      {"warnings", c.warnings},           {"incomplete", c.incomplete}, {"ok", c.ok}};
  out["items"] = Json::array();
  out["failures"] = Json::array();
  for (const ListedCluster& cluster : list.clusters) {
    if (cluster.report) {
      out["items"].push_back(document(*cluster.report));
      continue;
    }
    const base::Error& error = *cluster.failure;
    Json failure = {{"context", utf8(cluster.context)},
                    {"reason", error.reason},
                    {"message", utf8(kube::redact_text(error.what()))}};
    put(failure, "hint", kube::redact_text(error.hint));
    out["failures"].push_back(std::move(failure));
  }
  out["exitCode"] = exit_code(list);
  return out;
}

Json error_document(const base::Error& error, std::string_view version) {
  Json out = kube::document_head("Error", version);
  out["reason"] = error.reason;
  out["message"] = utf8(kube::redact_text(error.what()));
  put(out, "hint", kube::redact_text(error.hint));
  out["exitCode"] = base::exit_code(error.fault);
  return out;
}

}  // namespace

std::string json(const Report& report) {
  return json_text(document(report));
}

std::string yaml(const Report& report) {
  return kube::yaml_text(document(report).dump());
}

std::string json(const ReportList& list) {
  return json_text(list_document(list));
}

std::string yaml(const ReportList& list) {
  return kube::yaml_text(list_document(list).dump());
}

std::string finding_json_text(const checks::Finding& finding) {
  return finding_json(finding).dump();
}

std::string error_text(const base::Error& error) {
  std::string out = "error: " + base::printable(kube::redact_text(error.what())) + '\n';
  if (!error.hint.empty()) out += "  " + base::printable(kube::redact_text(error.hint)) + '\n';
  return out;
}

std::string error_json(const base::Error& error, std::string_view version) {
  return json_text(error_document(error, version));
}

std::string error_yaml(const base::Error& error, std::string_view version) {
  return kube::yaml_text(error_document(error, version).dump());
}

}  // namespace report
