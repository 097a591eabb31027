// The results of test requests, as text and as documents.
#include "report/endpoint_test.hpp"

#include "base/text.hpp"
#include "kube/files/json_document.hpp"
#include "kube/files/yaml_text.hpp"
#include "report/finding_text.hpp"
#include "report/layout.hpp"

namespace report {
namespace {

using kube::Json;

std::string shown_time(std::chrono::microseconds took) {
  return std::to_string(took.count() / 1000) + " ms";
}

std::string line_of(const Probe& p) {
  std::string out = p.request;
  if (!p.strategy.empty()) out += " with routing-strategy " + p.strategy;
  out += ": " + (p.status != 0 ? std::to_string(p.status) : std::string("no answer"));
  out += " in " + shown_time(p.took);
  if (!p.result.empty()) out += ", " + p.result;
  return base::printable(out);
}

Json document(const EndpointTest& test, std::string_view version) {
  std::vector<Explained> failed;
  Json out = kube::document_head("EndpointTest", version);
  out["address"] = base::printable(test.how);
  out["requests"] = Json::array();
  for (const Probe& p : test.probes) {
    Json one = {{"request", base::printable(p.request)},
                {"ok", p.ok},
                {"status", p.status},
                {"tookMs", static_cast<double>(p.took.count()) / 1000}};
    if (!p.strategy.empty()) one["routingStrategy"] = base::printable(p.strategy);
    if (!p.result.empty()) one["result"] = base::printable(p.result);
    out["requests"].push_back(std::move(one));
    if (!p.ok) failed.push_back(p.explained);
  }
  const Json explained = Json::parse(answers_json(failed, version, test.exit_code));
  out["answers"] = explained["answers"];
  out["findings"] = explained["findings"];
  out["exitCode"] = test.exit_code;
  return out;
}

}  // namespace

std::string endpoint_test_text(const EndpointTest& test, const Style& style) {
  std::string out;
  if (!test.how.empty()) out += block(base::printable(test.how), "", "  ", columns(style));
  for (const Probe& p : test.probes) {
    std::string lines = block(line_of(p), "ok    ", "      ", columns(style));
    lines.replace(0, 4,
                  p.ok ? paint(style, Colour::ok, "ok  ") : paint(style, Colour::error, "FAIL"));
    out += lines;
  }
  const Probe* told = nullptr;
  for (const Probe& p : test.probes) {
    if (p.ok) continue;
    // Both ways often fail alike: once is enough.
    const bool same = told != nullptr && p.explained.match.kind != nullptr &&
                      told->explained.match.kind == p.explained.match.kind;
    if (!same) out += '\n' + answer_text(p.explained, style);
    if (same)
      out += "\nthe answer with routing-strategy " + base::printable(p.strategy) + " is the same\n";
    told = &p;
  }
  return out;
}

std::string endpoint_test_json(const EndpointTest& test, std::string_view version) {
  return kube::json_text(document(test, version));
}

std::string endpoint_test_yaml(const EndpointTest& test, std::string_view version) {
  return kube::yaml_text(document(test, version).dump());
}

}  // namespace report
