// Explained answers and the catalogue as documents.
#include <set>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "kube/files/json_document.hpp"
#include "kube/files/yaml_text.hpp"
#include "report/answer.hpp"

namespace report {
namespace {

using base::utf8;
using kube::document_head;
using kube::Json;
using kube::json_text;
using kube::put;

Json codes_json(const aibrix::ResponseCause& cause) {
  Json out = Json::array();
  if (cause.codes.empty()) return out;
  for (const aibrix::Code code : cause.codes) out.push_back(code.text());
  return out;
}

Json cause_json(const aibrix::ResponseCause& cause) {
  return {{"text", cause.text}, {"codes", codes_json(cause)}};
}

Json verdict_json(const checks::CauseVerdict& v) {
  Json out = cause_json(*v.cause);
  out["state"] = checks::to_string(v.state);
  put(out, "detail", v.why);
  for (const checks::Finding* f : v.findings) out["findings"].push_back(checks::fingerprint(*f));
  return out;
}

Json explained_json(const Explained& e) {
  const aibrix::Match& r = e.match;
  Json out = {{"form", aibrix::to_string(e.answer.form)}, {"recognised", r.kind != nullptr}};
  if (e.answer.line != 0) out["line"] = e.answer.line;
  if (e.answer.status != 0) out["status"] = e.answer.status;
  if (!r.sender.empty()) out["sender"] = utf8(r.sender);
  if (e.follows) out["followsFromAnotherAnswer"] = true;
  if (r.kind != nullptr) {
    out["id"] = r.kind->id;
    out["producer"] = aibrix::to_string(r.kind->source);
    out["releases"] = r.releases.text();
    out["meaning"] = r.kind->meaning;
    for (const aibrix::ResponsePattern* other : r.also) out["alternatives"].push_back(other->id);
  }
  put(out, "model", r.model());
  for (const auto& [name, value] : r.names) out["names"][name] = utf8(value);
  out["seen"] = Json::array();
  for (const std::string& clue : r.evidence) out["seen"].push_back(utf8(clue));
  if (r.kind == nullptr) return out;
  out["causes"] = Json::array();
  if (e.checked) {
    for (const checks::CauseVerdict& v : e.causes) out["causes"].push_back(verdict_json(v));
  } else {
    for (const aibrix::ResponseCause& c : r.kind->causes) out["causes"].push_back(cause_json(c));
  }
  return out;
}

Json document(const std::vector<Explained>& all, std::string_view version, int exit_code) {
  Json out = document_head("AnswerExplanation", version);
  out["answers"] = Json::array();
  out["findings"] = Json::array();
  std::set<std::string> known;
  for (const Explained& e : all) {
    out["answers"].push_back(explained_json(e));
    for (const checks::Finding* f : e.proofs) {
      if (known.insert(checks::fingerprint(*f)).second) {
        out["findings"].push_back(Json::parse(finding_json_text(*f)));
      }
    }
  }
  out["exitCode"] = exit_code;
  return out;
}

Json row_json(const aibrix::ResponsePattern& row) {
  Json out = {{"id", row.id},
              {"producer", aibrix::to_string(row.source)},
              {"releases", row.releases.text()},
              {"statuses", Json::array()}};
  for (const int status : row.statuses) {
    if (status != 0) out["statuses"].push_back(status);
  }
  put(out, "header", row.header);
  put(out, "headerValue", row.value);
  put(out, "message", row.message);
  put(out, "log", row.log);
  put(out, "flag", row.flag);
  put(out, "param", row.param);
  if (row.bare) out["bare"] = true;
  out["meaning"] = row.meaning;
  out["causes"] = Json::array();
  for (const aibrix::ResponseCause& c : row.causes) out["causes"].push_back(cause_json(c));
  return out;
}

Json catalogue(std::string_view version) {
  Json out = document_head("AnswerCatalogue", version);
  out["answers"] = Json::array();
  for (const aibrix::ResponsePattern* row : aibrix::all_responses())
    out["answers"].push_back(row_json(*row));
  return out;
}

}  // namespace

std::string answers_json(const std::vector<Explained>& all, std::string_view version,
                         int exit_code) {
  return json_text(document(all, version, exit_code));
}

std::string answers_yaml(const std::vector<Explained>& all, std::string_view version,
                         int exit_code) {
  return kube::yaml_text(document(all, version, exit_code).dump());
}

std::string catalogue_json(std::string_view version) {
  return json_text(catalogue(version));
}

std::string catalogue_yaml(std::string_view version) {
  return kube::yaml_text(catalogue(version).dump());
}

}  // namespace report
