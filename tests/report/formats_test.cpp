// The formats that are made of a digest: what they say of ordinary runs, and that no text of a
// cluster steers their readers. tests/reports_test.py reads what is left in $AIBRIXCTL_REPORTS_TO
// with the readers that others wrote.
#include "report/formats.hpp"

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/hidden.hpp"
#include "base/log_text.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "catch.hpp"
#include "report/encode.hpp"
#include "report/report.hpp"
#include "support/sample_report.hpp"

namespace {

using Json = nlohmann::json;

const std::vector<std::string> hostile_texts = {
    "]]>",
    "</script><script>alert(1)</script>",
    "</style><img src=https://evil.example/x>",
    "</svg></title></summary></details>",
    "<!-- --> <![CDATA[ &amp; &lt; &#0; &x;",
    "\"quoted\" 'single' `tick` ``` \\ \\n \\\" \\N \\G",
    "one\ntwo\r\nthree\n\n",
    "\n::error title=x::stolen\n::set-output name=a::b",
    "##[error]x ##vso[task.complete]",
    "%0A%0D%25::warning::x",
    "| cell | [link](https://evil.example) ![i](https://evil.example/i.png) @everyone #1 <b>",
    "name{label=\"x\"} 1\n# EOF\n# TYPE a gauge",
    "a\"]:::broken\n  h0 --> h1; click h0 \"https://evil.example\" %%{init: {}}%%",
    "a\"]; b [URL=\"https://evil.example\"]; } digraph x {",
    "- a: b\n---\n!!python/object:x &a *a",
    std::string("nul \0 bell \a esc \033[31m\033]0;t\a del \x7f c1 \u0085\u009b", 42),
    "rtl \u202e\u2066 marks \u200f\u061c zero \u200b\ufeff tag \U000e0041 none \ufffe",
    "not UTF-8 \xff\xfe\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80 cut \xe2\x80",
    "漢字 かな العربية 🚀 e\u0301",
    std::string(5000, 'x'),
    " leading and trailing ",
    "javascript:alert(1)",
    "../../../etc/passwd file:///etc/passwd a b?c#d%zz",
};

checks::Finding hostile_finding(const std::string& text) {
  checks::Finding f;
  f.code = checks::INS005;
  f.level = checks::Level::error;
  f.title = text;
  f.consequence = text;
  f.subject = kube::ObjectRef{"apps", text, text, text};
  f.subject.version = text;
  f.subject.uid = text;
  f.subject.path = text;
  f.subject.file = text;
  f.subject.line = 7;
  f.with_evidence(text, text, text).note(text);
  f.remedy(checks::Confidence::safe, text, checks::kubectl(text, "get", checks::operand(text)));
  f.remedies.back().manifest = text;
  f.symptoms.push_back({checks::NS002, checks::Level::error, text, f.subject});
  return f;
}

report::Picture hostile_picture(const std::string& text) {
  checks::Trace trace;
  trace.model = text;
  const auto hop = [&](checks::RequestPath way, checks::Hop::State state) {
    checks::Hop out;
    out.name = text;
    out.object = {"apps", text, text, text};
    out.detail = out.reason = text;
    out.way = way;
    out.state = state;
    trace.hops.push_back(out);
  };
  using checks::RequestPath;
  using State = checks::Hop::State;
  hop(RequestPath::every, State::holds);
  hop(RequestPath::strategy, State::broken);
  hop(RequestPath::route, State::unknown);
  hop(RequestPath::every, State::limited);
  return report::picture_of(trace);
}

// Each text in a report of its own: a reader that one of them breaks is told from the others.
report::Digest hostile_digest(const std::string& text) {
  report::Report r = support::sample_report();
  r.as_of = base::parse_time("2026-08-22T15:00:18Z");
  r.cluster.context = r.cluster.kubernetes = text;
  r.outcomes.findings = {hostile_finding(text)};
  r.outcomes.checks[1].measured = r.outcomes.checks[2].detail = text;
  r.notes = {text};
  r.pictures = {hostile_picture(text)};
  report::Digest out = report::digest(r);
  out.sections = {{"Order", {{"", text, text, text}}}};
  return out;
}

void has_nothing_hidden(const std::string& out) {
  REQUIRE(base::valid_utf8(out));
  for (std::size_t i = 0; i < out.size();) {
    const base::CodePoint c = base::decode_utf8(std::string_view(out).substr(i));
    if (c.code != '\n' && base::is_hidden(c.code)) {
      FAIL("hidden: " << base::printable(std::string_view(out).substr(i, 20)));
    }
    i += c.bytes;
  }
}

// Where a text stands as it is, it could be markup.
void has_no_markup_of(const std::string& out, const std::string& text) {
  for (const char* markup : {"<script", "<img", "]]>", "<![CDATA[", "<!--"}) {
    if (text.find(markup) != std::string::npos) CHECK(out.find(markup) == std::string::npos);
  }
}

void write(const std::string& name, const std::string& text) {
  const char* folder = std::getenv("AIBRIXCTL_REPORTS_TO");
  if (folder == nullptr) return;
  std::ofstream(std::filesystem::path(folder) / name, std::ios::binary) << text;
}

std::string shown(const std::string& text) {
  return base::log_text(base::printable(text));
}

}  // namespace

TEST_CASE("no text of a cluster steers the reader of a report") {
  Json expected = Json::array();
  for (std::size_t i = 0; i < hostile_texts.size(); ++i) {
    const std::string& text = hostile_texts[i];
    CAPTURE(i, base::printable(text));
    const report::Digest digest = hostile_digest(text);
    const std::string number = std::to_string(i);
    for (const report::Format& format : report::digest_formats()) {
      CAPTURE(format.name);
      const std::string out = format.render(digest);
      has_nothing_hidden(out);
      CHECK(out == format.render(hostile_digest(text)));
      write(number + '.' + std::string(format.name), out);
    }
    has_no_markup_of(report::junit(digest), text);
    has_no_markup_of(report::html(digest).substr(report::html(digest).find("<body>")), text);
    CHECK(Json::parse(report::sarif(
              digest))["runs"][0]["results"][0]["properties"]["evidence"][0]["value"] ==
          base::utf8(text));
    CHECK(Json::parse(report::gitlab(digest))[0]["check_name"] == "INS005");
    const report::Picture picture = hostile_picture(text);
    write(number + ".svg", report::svg(picture));
    write(number + ".dot", report::dot(picture));
    write(number + ".mermaid", report::mermaid(picture));
    has_nothing_hidden(report::svg(picture) + report::dot(picture) + report::mermaid(picture));
    has_no_markup_of(report::svg(picture), text);
    expected.push_back({{"shown", shown(text)}, {"utf8", base::utf8(text)}});
  }
  write("expected.json", expected.dump());
}

TEST_CASE("workflow commands of a report are ten at most, errors first, and all are its own") {
  report::Report r = support::sample_report();
  const checks::Finding error = r.outcomes.findings[0];
  r.outcomes.findings.assign(30, r.outcomes.findings[1]);
  r.outcomes.findings.push_back(error);
  const std::string out = report::github(report::digest(r));
  CHECK(std::count(out.begin(), out.end(), '\n') == 10);
  CHECK(out.starts_with("::error title=INS005::"));
  CHECK(out.find("::warning title=aibrixctl::22 more findings") != std::string::npos);
  for (const std::string& text : hostile_texts) {
    const std::string lines = report::github(hostile_digest(text));
    for (const std::string_view line : base::split(base::trim(lines), '\n')) {
      CHECK(line.starts_with("::error title=INS005"));
    }
  }
}

TEST_CASE("every format tells of a run that failed, and nothing else") {
  const base::Error error(base::Fault::unavailable, "ConnectionRefused",
                          "the API server <refused> token=abcdefghijklmnop", "is it \"up\"?");
  const report::Digest digest = report::digest(error, "0.1.0");
  for (const report::Format& format : report::digest_formats()) {
    CAPTURE(format.name);
    const std::string out = format.render(digest);
    write("error." + std::string(format.name), out);
    CHECK(out.find("abcdefghijklmnop") == std::string::npos);
    const bool told = out.find("refused") != std::string::npos;
    CHECK(told == (format.name != "prometheus"));
  }
  CHECK(report::prometheus(digest).find("aibrixctl_run_failed 1\n") != std::string::npos);
  CHECK(report::junit(digest).find("tests=\"1\" failures=\"0\" errors=\"1\"") != std::string::npos);
  CHECK(report::github(digest).starts_with("::error title=aibrixctl::the API server <refused>"));
  CHECK(Json::parse(report::sarif(digest))["runs"][0]["invocations"][0]["executionSuccessful"] ==
        false);
}

TEST_CASE("what makes a run fail is a failure of JUnit, and only that") {
  report::Report r = support::sample_report();
  const auto failures = [&] {
    const std::string out = report::junit(report::digest(r));
    const std::size_t at = out.find("failures=\"") + 10;
    return std::stoi(out.substr(at));
  };
  CHECK(failures() == 1);
  r.fail_on = report::FailOn::warning;
  CHECK(failures() == 2);
  r.fail_on = report::FailOn::never;
  CHECK(failures() == 0);
}

TEST_CASE("what is in no file has a logical place in SARIF, and what is in one a region") {
  const Json results =
      Json::parse(report::sarif(report::digest(support::sample_report())))["runs"][0]["results"];
  CHECK_FALSE(results[0]["locations"][0].contains("physicalLocation"));
  CHECK(results[0]["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] ==
        "deployment/aibrix-system/aibrix-controller-manager.spec.replicas");
  CHECK(results[1]["locations"][0]["physicalLocation"]["region"]["startLine"] == 42);
  CHECK(results[1]["partialFingerprints"]["aibrixctl/v1"] ==
        checks::fingerprint(support::sample_report().outcomes.findings[1]));
}

TEST_CASE("a preflight's blockers fail its reports, and what it could not see stays open") {
  fix::Preflight preflight;
  preflight.to = "v0.7.0";
  preflight.in_the_way = {{"the CRD has a <finalizer>", checks::kubectl("", "get", "crds")}};
  preflight.not_looked_at = {"pods could not be listed"};
  preflight.order = {{"delete the models", {}}};
  const report::Digest digest =
      report::digest(report::PreflightWay::upgrade, preflight, "0.1.0", {}, "files");
  for (const report::Format& format : report::digest_formats()) {
    write("preflight." + std::string(format.name), format.render(digest));
  }
  CHECK(digest.exit_code == 1);
  CHECK(report::junit(digest).find("tests=\"3\" failures=\"1\" errors=\"1\"") != std::string::npos);
  CHECK(Json::parse(report::sarif(digest))["runs"][0]["results"][0]["ruleId"] == "upgrade-blocker");
  CHECK(report::markdown(digest).find("**Order**") != std::string::npos);
}

TEST_CASE("reports hold no time but that of what was read") {
  report::Report r = support::sample_report();
  r.run.started_at = *base::parse_time("2031-01-01T00:00:00Z");
  r.run.id = "anotherrun";
  const report::Digest digest = report::digest(r);
  for (const report::Format& format : report::digest_formats()) {
    CAPTURE(format.name);
    CHECK(format.render(digest) == format.render(report::digest(support::sample_report())));
  }
}
