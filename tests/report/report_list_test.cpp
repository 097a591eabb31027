// Reports of several clusters.
#include "report/report_list.hpp"

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "catch.hpp"
#include "report/formats.hpp"
#include "report/layout.hpp"
#include "support/golden.hpp"
#include "support/sample_report.hpp"

using report::ListedCluster;
using report::ReportList;
using support::clean_report;
using support::golden;
using support::sample_report;

namespace {

ListedCluster with_report(const std::string& context, report::Report report) {
  ListedCluster out{
      context, std::move(report), {}, checks::aibrixctl("doctor", "--context", context)};
  out.report->cluster.context = context;
  return out;
}

ListedCluster unread(const std::string& context) {
  return {context,
          {},
          base::Error(base::Fault::unavailable, "ConnectionRefused",
                      "cannot connect to https://10.0.0.1:6443: connection refused",
                      "is the API server running?"),
          checks::aibrixctl("doctor", "--context", context)};
}

ReportList sample_list() {
  ReportList list{"0.1.0", {}};
  list.clusters.push_back(with_report("dev", clean_report()));
  list.clusters.push_back(unread("prod-us"));
  list.clusters.push_back(with_report("prod-eu", sample_report()));
  report::sort_worst_first(list);
  return list;
}

report::Style wide() {
  return {false, false, 100, false};
}

}  // namespace

TEST_CASE("of several clusters the worst comes first") {
  const ReportList list = sample_list();
  CHECK(list.clusters[0].context == "prod-eu");
  CHECK(list.clusters[1].context == "prod-us");
  CHECK(list.clusters[2].context == "dev");
  const std::string text = report::text(list, wide());
  CHECK(golden("list.txt", text) == "");
  CHECK(text.find("--context prod-eu") != std::string::npos);
  for (const auto line : base::split(text, '\n')) CHECK(report::display_width(line) <= 100);
}

TEST_CASE("with -v the reports follow the list of clusters") {
  report::Style style = wide();
  style.verbose = true;
  const std::string text = report::text(sample_list(), style);
  CHECK(text.find("== prod-eu ==\n") < text.find("== dev ==\n"));
  CHECK(text.find("error[INS005]") != std::string::npos);
}

TEST_CASE("the exit code of several clusters: errors before what could not be read") {
  ReportList list{"0.1.0", {}};
  CHECK(report::exit_code(list) == 0);
  list.clusters.push_back(with_report("a", clean_report()));
  CHECK(report::exit_code(list) == 0);
  list.clusters.push_back(unread("b"));
  CHECK(report::exit_code(list) == 3);
  report::Report failing = sample_report();
  failing.exit_code = 1;
  list.clusters.push_back(with_report("c", failing));
  CHECK(report::exit_code(list) == 1);
  std::swap(list.clusters[0], list.clusters[2]);
  CHECK(report::exit_code(list) == 1);
  list.clusters.push_back(
      {"d", {}, base::Error(base::Fault::internal, "InternalError", "a bug"), {}});
  CHECK(report::exit_code(list) == 70);
}

TEST_CASE("a cluster without errors at --fail-on warning is one that fails") {
  report::Report warned = sample_report();
  std::erase_if(warned.outcomes.findings,
                [](const checks::Finding& f) { return f.level == checks::Level::error; });
  warned.exit_code = 1;
  ReportList list{"0.1.0", {with_report("a", warned)}};
  CHECK(report::count(list).errors == 1);
  list.clusters[0].report->exit_code = 0;
  CHECK(report::count(list).errors == 0);
  CHECK(report::count(list).warnings == 1);
}

TEST_CASE("the same finding in two clusters has two fingerprints, each the same tomorrow") {
  ReportList list{"0.1.0", {with_report("a", sample_report()), with_report("b", sample_report())}};
  const auto once = report::digests(list);
  const auto again = report::digests(list);
  REQUIRE_FALSE(once[0].items.empty());
  for (std::size_t i = 0; i < once[0].items.size(); ++i) {
    CHECK(once[0].items[i].fingerprint != once[1].items[i].fingerprint);
    CHECK(once[0].items[i].fingerprint == again[0].items[i].fingerprint);
  }
}

TEST_CASE("names of contexts are foreign text in every format") {
  const std::string evil = "a\"<b>|`\x1b[31m\n::error::x";
  ReportList list{"0.1.0", {with_report(evil, sample_report()), unread(evil + "2")}};
  for (const report::Format& format : report::digest_formats()) {
    CAPTURE(format.name);
    const std::string text = format.render_all(report::digests(list));
    CHECK(text.find('\x1b') == std::string::npos);
    if (format.name == "html" || format.name == "junit") {
      CHECK(text.find("<b>|") == std::string::npos);
    }
    CHECK(text.find("\n::error::x") == std::string::npos);
  }
  for (const std::string& text :
       {report::plain(list), report::short_lines(list), report::text(list, wide())}) {
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find("\n::error::x") == std::string::npos);
  }
}
