// A trace as a document.
#include "base/text.hpp"
#include "kube/files/json_document.hpp"
#include "kube/files/yaml_text.hpp"
#include "report/trace.hpp"

namespace report {
namespace {

using checks::Hop;
using checks::RequestPath;
using checks::Trace;
using kube::Json;
using kube::put;

std::string_view word(RequestPath way) {
  switch (way) {
    case RequestPath::every: return "every";
    case RequestPath::strategy: return "strategy";
    case RequestPath::route: return "route";
  }
  return "";
}

Json hop_json(const Hop& hop) {
  Json out = {{"name", hop.name}, {"way", word(hop.way)}, {"state", checks::to_string(hop.state)}};
  if (!hop.object.kind.empty() && !hop.object.name.empty()) {
    out["object"] = kube::object_json(hop.object);
  }
  put(out, "detail", hop.detail);
  put(out, "reason", hop.reason);
  if (hop.finding != nullptr) {
    out["code"] = hop.finding->code;
    out["fingerprint"] = checks::fingerprint(*hop.finding);
  }
  for (const checks::Finding* f : hop.more) {
    out["others"].push_back({{"code", f->code}, {"fingerprint", checks::fingerprint(*f)}});
  }
  return out;
}

Json way_json(const Trace& trace, RequestPath way) {
  const Hop* broken = trace.broken(way);
  Json out = {{"works", trace.works(way)}};
  if (broken == nullptr) return out;
  out["brokenAt"] = broken->name;
  if (broken->finding != nullptr) out["fingerprint"] = checks::fingerprint(*broken->finding);
  return out;
}

Json document(const Trace& trace, std::string_view version, int exit_code) {
  Json out = kube::document_head("Trace", version);
  put(out, "model", trace.model);
  out["servedBy"] = Json::array();
  for (const std::string& who : trace.served_by) out["servedBy"].push_back(base::printable(who));
  if (trace.plain_known) out["plainRequests"] = word(trace.plain);
  put(out, "defaultStrategy", trace.strategy);
  out["strategy"] = way_json(trace, RequestPath::strategy);
  out["route"] = way_json(trace, RequestPath::route);
  out["hops"] = Json::array();
  for (const Hop& hop : trace.hops) out["hops"].push_back(hop_json(hop));
  out["exitCode"] = exit_code;
  return out;
}

}  // namespace

std::string trace_json(const Trace& trace, std::string_view version, int exit_code) {
  return kube::json_text(document(trace, version, exit_code));
}

std::string trace_yaml(const Trace& trace, std::string_view version, int exit_code) {
  return kube::yaml_text(document(trace, version, exit_code).dump());
}

}  // namespace report
