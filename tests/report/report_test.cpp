// The report in each of its formats.
#include "report/report.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "catch.hpp"
#include "report/formats.hpp"
#include "report/layout.hpp"
#include "support/golden.hpp"
#include "support/sample_report.hpp"

using support::clean_report;
using support::golden;
using support::sample_report;

namespace {

report::Style wide() {
  return {false, false, 100, false};
}

std::size_t widest_line(const std::string& text) {
  std::size_t widest = 0;
  for (const auto line : base::split(text, '\n')) {
    // Commands are never wrapped, and names never cut: they are there to be copied.
    const bool one_word = base::trim(line).find(' ') == std::string_view::npos;
    if (line.find("kubectl") == std::string_view::npos && !one_word) {
      widest = std::max(widest, report::display_width(line));
    }
  }
  return widest;
}

}  // namespace

TEST_CASE("text begins with the worst, and ends on the counts and the command to start with") {
  const std::string text = report::text(sample_report(), wide());
  CHECK(golden("text.txt", text) == "");
  CHECK(text.find("error[INS005]") < text.find("warning[SVC002]"));
  CHECK(text.find("warning[SVC002]") < text.find("1 error, 1 warning"));
  CHECK(text.ends_with("Start with: aibrixctl fix finalizers -n team-a\n"));
}

TEST_CASE("text fits 80 columns, and a phone's 44 without the gutter") {
  report::Style style = wide();
  style.width = 80;
  const std::string eighty = report::text(sample_report(), style);
  CHECK(widest_line(eighty) <= 80);
  CHECK(golden("text-80.txt", eighty) == "");
  style.width = 44;
  const std::string narrow = report::text(sample_report(), style);
  CHECK(widest_line(narrow) <= 44);
  CHECK(golden("text-44.txt", narrow) == "");
}

TEST_CASE("colour adds escapes and takes no words away") {
  report::Style style = wide();
  style.colour = true;
  std::string coloured = report::text(sample_report(), style);
  CHECK(coloured.find("\033[1;31merror[INS005]\033[0m") != std::string::npos);
  for (std::size_t at = coloured.find('\033'); at != std::string::npos;
       at = coloured.find('\033')) {
    coloured.erase(at, coloured.find('m', at) - at + 1);
  }
  CHECK(coloured == report::text(sample_report(), wide()));
}

TEST_CASE("ascii text of an ascii report holds no byte beyond ASCII") {
  report::Style style = wide();
  style.ascii = true;
  const std::string text = report::text(sample_report(), style);
  CHECK(std::all_of(text.begin(), text.end(),
                    [](char c) { return static_cast<signed char>(c) > 0; }));
  CHECK(golden("text-ascii.txt", text) == "");
}

TEST_CASE("a clean run is told in a few lines") {
  const std::string text = report::text(clean_report(), wide());
  CHECK(golden("text-clean.txt", text) == "");
}

TEST_CASE("evidence with a long name keeps the values in one column") {
  report::Report r = clean_report();
  checks::Finding f;
  f.code = checks::INS005;
  f.with_evidence("replicas", "0").with_evidence("a name that is longer than the column", "7");
  r.outcomes.findings = {f};
  report::Style style = wide();
  style.verbose = true;
  const std::string text = report::text(r, style);
  CHECK(text.find("   |  replicas  0\n"
                  "   |  a name that is longer than the column\n"
                  "   |            7\n") != std::string::npos);
}

TEST_CASE("verbose text lists what passed with what was measured, and where the time went") {
  report::Style style = wide();
  style.verbose = true;
  const std::string text = report::text(sample_report(), style);
  CHECK(text.find("GW003  not found: the GatewayClass of Gateway aibrix-eg is missing or not "
                  "accepted") != std::string::npos);
  CHECK(text.find("(accepted by") != std::string::npos);
  CHECK(text.find("time: connecting 4.2 ms, waiting for the server 120 ms, checks 0.9 ms\n") !=
        std::string::npos);
  CHECK(
      text.find(
          "read: 4200 kB in 9 requests over 1 connection, 2 round trips in series; peak memory 31 MB\n") !=
      std::string::npos);
}

TEST_CASE("control characters of the cluster never reach a terminal") {
  const std::string text = report::text(sample_report(), wide());
  CHECK(text.find('\033') == std::string::npos);
  CHECK(text.find("bad\\x1b[31m\\tname\\n| <b>") != std::string::npos);
}

TEST_CASE("plain output is one line per finding with six fields, unchecked ones included") {
  const std::string plain = report::plain(sample_report());
  CHECK(golden("plain.txt", plain) == "");
  const auto lines = base::split(base::trim(plain), '\n');
  REQUIRE(lines.size() == 4);
  for (const auto line : lines) CHECK(std::count(line.begin(), line.end(), '\t') == 5);
}

TEST_CASE("json is one document with the findings in order of repair") {
  const auto document = nlohmann::json::parse(report::json(sample_report()));
  CHECK(golden("report.json", report::json(sample_report())) == "");
  CHECK(document["findings"][0]["code"] == "INS005");
  CHECK(document["findings"][0]["also"].size() == 2);
  CHECK(document["summary"]["error"] == 1);
  CHECK(document["run"]["complete"] == false);
  CHECK(document["checks"][4]["missingAccess"][0]["resource"] == "pods");
}

TEST_CASE("yaml output says the same as json") {
  CHECK(golden("report.yaml", report::yaml(sample_report())) == "");
}

TEST_CASE("annotations escape what would end them") {
  const std::string lines = report::github(report::digest(sample_report()));
  CHECK(golden("annotations.txt", lines) == "");
  CHECK(std::count(lines.begin(), lines.end(), '\n') == 2);
  CHECK(lines.find("file=cluster/services.yaml,line=42") != std::string::npos);
}

TEST_CASE("foreign text stands in code spans of the markdown table") {
  CHECK(golden("summary.md", report::markdown(report::digest(sample_report()))) == "");
}

TEST_CASE("explain tells meaning, causes, fix, what is read and since when") {
  CHECK(golden("explain.txt", report::explain(*sample_report().outcomes.checks[0].check, wide())) ==
        "");
}

TEST_CASE("an error document carries reason, message, hint and exit code") {
  const base::Error error(base::Fault::usage, "ContextNotFound", "no context \"prod\"",
                          "use prod-a");
  const auto document = nlohmann::json::parse(report::error_json(error, "0.1.0"));
  CHECK(document["kind"] == "Error");
  CHECK(document["reason"] == "ContextNotFound");
  CHECK(document["exitCode"] == 2);
}

TEST_CASE("the exit code follows level, threshold and completeness alone") {
  using report::FailOn;
  const auto with = [](checks::Level level) {
    checks::Outcomes o = clean_report().outcomes;
    checks::Finding f;
    f.level = level;
    o.findings.push_back(f);
    return o;
  };
  CHECK(report::exit_code(with(checks::Level::error), FailOn::error, false) == 1);
  CHECK(report::exit_code(with(checks::Level::warning), FailOn::error, false) == 0);
  CHECK(report::exit_code(with(checks::Level::warning), FailOn::warning, false) == 1);
  CHECK(report::exit_code(with(checks::Level::info), FailOn::warning, false) == 0);
  CHECK(report::exit_code(with(checks::Level::info), FailOn::info, false) == 1);
  CHECK(report::exit_code(with(checks::Level::error), FailOn::never, false) == 0);
  CHECK(report::exit_code(clean_report().outcomes, FailOn::error, true) == 0);
  checks::Outcomes incomplete = sample_report().outcomes;
  CHECK(report::exit_code(incomplete, FailOn::never, true) == 3);
  CHECK(report::exit_code(incomplete, FailOn::error, true) == 1);
  incomplete.checks[0].outcome = checks::Outcome::crashed;
  CHECK(report::exit_code(incomplete, FailOn::error, true) == 70);
}
