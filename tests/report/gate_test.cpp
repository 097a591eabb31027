// What is ignored or known is neither shown nor counted, and what follows from it goes with it.
#include "report/gate.hpp"

#include "catch.hpp"
#include "support/sample_report.hpp"

using report::IgnoreRule;
using support::sample_report;

namespace {

const base::Time now = *base::parse_time("2026-08-22T00:00:00Z");

std::vector<IgnoreRule> rules(const char* text) {
  return {report::parse_ignore(text)};
}

bool holds(const report::Report& report, std::string_view code) {
  for (const checks::Finding& f : report.outcomes.findings) {
    if (f.code.text() == code) return true;
    for (const checks::Symptom& s : f.symptoms) {
      if (s.code.text() == code) return true;
    }
  }
  return false;
}

}  // namespace

TEST_CASE("an ignored root hides its symptoms, and the totals line counts it") {
  report::Report r = sample_report();
  REQUIRE(holds(r, "INS005"));
  const std::size_t before = r.outcomes.findings.size();
  report::ignore(r, rules("ins005=*"), now);
  CHECK_FALSE(holds(r, "INS005"));
  CHECK(r.outcomes.findings.size() + r.ignored.size() == before);
  CHECK(report::summary(r).find("1 ignored") != std::string::npos);
  CHECK(report::json(r).find("\"suppressed\": 1") != std::string::npos);
  report::Style verbose;
  verbose.verbose = true;
  CHECK(report::text(r, verbose).find("ignored: error[INS005]") != std::string::npos);
}

TEST_CASE("a rule that names nothing is told where its check has looked") {
  report::Report r = sample_report();
  const auto told = report::ignore(r, rules("INS005=deployment/other/*"), now);
  CHECK(holds(r, "INS005"));
  REQUIRE(told.size() == 1);
  CHECK(told.front().kind == kube::FileFault::Kind::idle_rule);
  CHECK(told.front().what == "INS005=deployment/other/*");
}

TEST_CASE("a rule about what was not looked at is not called without use") {
  report::Report r = sample_report();
  CHECK(report::ignore(r, rules("NOSUCH"), now).empty());
  r.run.scope = {"team-a"};
  CHECK(report::ignore(r, rules("INS005=deployment/other/*"), now).empty());
}

TEST_CASE("a rule that has expired ignores nothing, and says so") {
  report::Report r = sample_report();
  std::vector<IgnoreRule> list = rules("INS005");
  list.front().end = base::parse_time("2026-08-21T00:00:00Z");
  list.front().file = ".aibrixctl.yaml";
  list.front().line = 4;
  const auto told = report::ignore(r, list, now);
  CHECK(holds(r, "INS005"));
  REQUIRE(told.size() == 1);
  CHECK(told.front().kind == kube::FileFault::Kind::ended_rule);
  CHECK(told.front().file == ".aibrixctl.yaml");
  CHECK(told.front().line == 4);
}

TEST_CASE("a rule without a code is an error") {
  for (const char* text : {"", "=deployment/a/b", "INS005=", "a b=c"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(report::parse_ignore(text), base::Error);
  }
}

TEST_CASE("against its own report nothing is new") {
  report::Report r = sample_report();
  const auto known = report::read_baseline(report::json(r), "old.json");
  report::keep_what_is_new(r, known);
  CHECK(r.outcomes.findings.empty());
  CHECK(r.known != 0);
}

TEST_CASE("against an earlier report only what is new is left") {
  report::Report r = sample_report();
  auto known = report::known_of(r.outcomes.findings);
  std::erase_if(known, [](const auto& k) { return k.code == "SVC002"; });
  report::keep_what_is_new(r, known);
  REQUIRE(r.outcomes.findings.size() == 1);
  CHECK(r.outcomes.findings.front().code.text() == "SVC002");
}

TEST_CASE("of a known cause only what is new under it counts") {
  report::Report r = sample_report();
  const auto root =
      std::ranges::find_if(r.outcomes.findings, [](const auto& f) { return !f.symptoms.empty(); });
  REQUIRE(root != r.outcomes.findings.end());
  checks::Symptom fresh = root->symptoms.front();
  fresh.level = checks::Level::warning;
  fresh.subject.ref.name = "another";
  const auto known = report::known_of(r.outcomes.findings);
  root->symptoms.push_back(fresh);
  report::keep_what_is_new(r, known);
  REQUIRE(r.outcomes.findings.size() == 1);
  const checks::Finding& f = r.outcomes.findings.front();
  REQUIRE(f.symptoms.size() == 1);
  CHECK(f.symptoms.front().subject.ref.name == "another");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.notes.front().find("known before") != std::string::npos);
}

TEST_CASE("what was a warning and is an error now is worse, and told") {
  report::Report r = sample_report();
  auto known = report::known_of(r.outcomes.findings);
  for (auto& k : known) k.level = checks::Level::info;
  const std::size_t before = r.outcomes.findings.size();
  report::keep_what_is_new(r, known);
  CHECK(r.outcomes.findings.size() == before);
}

TEST_CASE("a file that is no report is no baseline") {
  for (const char* text : {"", "[]", "{}", "{\"kind\": \"DoctorReport\"}", "kind: DoctorReport"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(report::read_baseline(text, "x"), base::Error);
  }
}
