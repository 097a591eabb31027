// `trace MODEL`: the same findings as doctor's, in every format.
#include <nlohmann/json.hpp>
#include <set>

#include "catch.hpp"
#include "support/program.hpp"

using nlohmann::json;
using support::aibrixctl;

namespace {

const std::string broken = std::string(SOURCE_DIR) + "/examples/broken-cluster";

base::ProcessResult trace(const std::string& model, std::vector<std::string> more = {}) {
  std::vector<std::string> arguments = {"trace", model, "-f", broken, "--whole-cluster"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return aibrixctl(arguments);
}

}  // namespace

TEST_CASE("trace marks the broken hop with the fingerprint of doctor's finding") {
  const auto run = trace("qwen2-5-72b-instruct", {"-o", "json"});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 1);
  const json document = json::parse(run.out);
  CHECK(document["kind"] == "Trace");
  CHECK(document["route"]["brokenAt"] == "ReferenceGrant");
  CHECK_FALSE(document["strategy"].contains("brokenAt"));
  const auto doctor = aibrixctl({"doctor", "-f", broken, "--whole-cluster", "-o", "json"});
  std::set<std::string> fingerprints;
  const json report = json::parse(doctor.out);
  for (const auto& f : report["findings"]) fingerprints.insert(f["fingerprint"]);
  CHECK(fingerprints.count(document["route"]["fingerprint"]) == 1);
}

TEST_CASE("trace prints text with both ways, and a flowchart whose every edge leads somewhere") {
  const auto text = trace("qwen2-5-72b-instruct");
  CHECK(text.out.find("with a routing strategy") != std::string::npos);
  CHECK(text.out.find("without a routing strategy: breaks at ReferenceGrant (REF001)") !=
        std::string::npos);
  CHECK(text.out.find('\033') == std::string::npos);
  const auto chart = trace("qwen2-5-72b-instruct", {"-o", "mermaid"});
  CHECK(chart.out.starts_with("flowchart TD\n"));
  CHECK(chart.out.find(":::broken") != std::string::npos);
  for (std::size_t at = chart.out.find("--> h"); at != std::string::npos;
       at = chart.out.find("--> h", at + 1)) {
    const std::string node = chart.out.substr(at + 4, chart.out.find('\n', at) - at - 4);
    CHECK(chart.out.find("  " + node + "[\"") != std::string::npos);
  }
}

TEST_CASE("trace of a misspelt model names the nearest one") {
  const auto run = trace("llama-3-1-8b-instuct", {"-o", "json"});
  CHECK(run.code == 1);
  CHECK(json::parse(run.out)["route"]["brokenAt"] == "model");
  CHECK(trace("llama-3-1-8b-instuct").out.find("MDL001") != std::string::npos);
  CHECK(aibrixctl({"trace"}).code == 2);
}
