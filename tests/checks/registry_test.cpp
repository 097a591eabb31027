// What holds for every check, whatever it is about.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "aibrix/cluster.hpp"
#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/recorded.hpp"
#include "support/snapshot.hpp"

namespace {

using checks::Check;
using support::Recording;

checks::CheckOutcome outcome_of(const checks::Outcomes& outcomes, const Check& check) {
  for (const checks::CheckOutcome& c : outcomes.checks) {
    if (c.check == &check) return c;
  }
  return {};
}

bool upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_code(std::string_view code) {
  const auto letters =
      static_cast<std::size_t>(std::find_if_not(code.begin(), code.end(), upper) - code.begin());
  return (letters == 2 || letters == 3) && code.size() == letters + 3 &&
         std::all_of(code.end() - 3, code.end(), digit);
}

bool needs(const Check& check, const kube::Resource& resource) {
  return std::any_of(check.needs.begin(), check.needs.end(),
                     [&](const kube::Need& need) { return need.resource == &resource; });
}

bool requires_list(const Check& check, const kube::Resource& resource) {
  return std::any_of(check.needs.begin(), check.needs.end(), [&](const kube::Need& need) {
    return need.resource == &resource && need.required;
  });
}

std::set<std::string> findings_of(const checks::Outcomes& outcomes) {
  std::set<std::string> out;
  for (const checks::Finding& f : outcomes.findings) {
    out.insert(f.code + ' ' + kube::to_string(f.subject.ref) + ' ' +
               std::string(checks::to_string(f.level)));
    for (const checks::Symptom& symptom : f.symptoms) {
      out.insert(symptom.code + ' ' + kube::to_string(symptom.subject.ref));
    }
  }
  return out;
}

}  // namespace

TEST_CASE("codes are well formed and used once") {
  std::set<std::string_view> seen;
  for (const Check* check : checks::all()) {
    INFO(check->code);
    CHECK(is_code(check->code));
    CHECK(seen.insert(check->code).second);
    CHECK(checks::find(check->code) == check);
    CHECK_FALSE(checks::to_string(check->area).empty());
  }
}

TEST_CASE("the numbers of a family have no gap: the next free one is one past the last") {
  // With the retired ones, as checks.def lists them.
  std::map<std::string, std::vector<int>> families;
  for (const std::string_view code : {
#define CODE(code) std::string_view(#code),
#define RETIRED_CODE(code) std::string_view(#code),
#include "checks/checks.def"
       }) {
    families[std::string(code.substr(0, code.size() - 3))].push_back(
        std::stoi(std::string(code.substr(code.size() - 3))));
  }
  for (auto& [family, numbers] : families) {
    std::sort(numbers.begin(), numbers.end());
    INFO(family << ": a number is missing in checks.def, or stands there twice");
    for (std::size_t i = 0; i < numbers.size(); ++i) CHECK(numbers[i] == static_cast<int>(i) + 1);
  }
}

TEST_CASE("a code is found by its text, and nothing else is") {
  CHECK(aibrix::find_code("INS005") == checks::INS005);
  CHECK_FALSE(aibrix::find_code("INS003").has_value());  // retired
  CHECK_FALSE(aibrix::find_code("ins005").has_value());
  CHECK_FALSE(aibrix::find_code("").has_value());
  STATIC_REQUIRE(aibrix::CodeFamily("FIN").contains(checks::FIN012));
  STATIC_REQUIRE_FALSE(aibrix::CodeFamily("FIN").contains(checks::NS001));
}

TEST_CASE("every check has a title and explains itself") {
  for (const Check* check : checks::all()) {
    INFO(check->code);
    CHECK_FALSE(check->title.empty());
    CHECK_FALSE(check->title.ends_with('.'));
    for (const std::string_view text :
         {check->explain.meaning, check->explain.causes, check->explain.fix}) {
      CHECK(text.size() > 10);
      CHECK(text.ends_with('.'));
    }
    CHECK_FALSE(check->explain.since.empty());
    // What is judged as it stands in files, or the files themselves, needs no list.
    const bool of_files =
        check->area == checks::Area::files || check->area == checks::Area::manifests;
    CHECK((of_files || !check->needs.empty()));
  }
}

TEST_CASE("where nothing was recorded every check is skipped, none is ok") {
  const support::Cluster nothing;
  const auto outcomes = support::run("*", nothing);
  CHECK(outcomes.findings.empty());
  for (const checks::CheckOutcome& c : outcomes.checks) {
    INFO(c.check->code);
    CHECK(c.outcome == checks::Outcome::skipped);
    if (c.check->needs.empty()) continue;
    CHECK(c.reason == checks::Reason::not_recorded);
    CHECK_FALSE(c.detail.empty());
  }
}

TEST_CASE("where all it needs is forbidden a check is skipped and names the missing rights") {
  support::Cluster forbidden;
  for (const kube::Resource* resource : aibrix::resources::all()) forbidden.forbid(*resource);
  for (const checks::CheckOutcome& c : support::run("*", forbidden).checks) {
    INFO(c.check->code);
    CHECK(c.outcome == checks::Outcome::skipped);
    if (c.check->needs.empty()) continue;
    CHECK(c.reason == checks::Reason::no_permission);
    CHECK_FALSE(c.missing.empty());
  }
}

TEST_CASE("an empty cluster is told in one finding: AIBrix is not installed") {
  support::Cluster empty;
  const auto outcomes = support::run("*", empty.complete().live().at("2026-01-01T00:00:00Z"));
  INFO(support::render(outcomes));
  // That AIBrix is not there is the one thing to say.
  REQUIRE(outcomes.findings.size() == 1);
  CHECK(outcomes.findings.front().code == "INS001");
  for (const checks::CheckOutcome& c : outcomes.checks) {
    INFO(c.check->code << ": " << c.detail);
    CHECK(c.outcome != checks::Outcome::crashed);
  }
}

TEST_CASE("where CI=true the recorded clusters are there") {
  const char* ci = std::getenv("CI");
  if (ci == nullptr || std::string_view(ci) != "true") return;
  INFO(
      "CI=true, and ../shared/testdata/clusters is not there: what holds for every check would be "
      "tried on examples/ alone. Check the folder out beside the project, or unset CI.");
  CHECK_FALSE(Recording::names().empty());
}

TEST_CASE("a check reads only what it declares") {
  for (const Recording& recording : support::whole_clusters()) {
    const auto whole = recording.snapshot();
    for (const Check* check : checks::all()) {
      const auto narrowed = recording.snapshot([&](const kube::Resource& r, kube::List& list) {
        if (!needs(*check, r)) list = kube::List{};
      });
      INFO(recording.name() << ' ' << check->code);
      CHECK(findings_of(support::run_on(narrowed, {&check, 1})) ==
            findings_of(support::run_on(whole, {&check, 1})));
    }
  }
}

TEST_CASE("with any one list forbidden no check breaks, and none that needs it passes") {
  for (const Recording& recording : support::whole_clusters()) {
    for (const kube::Resource* hidden : aibrix::resources::all()) {
      const auto snapshot = recording.snapshot([&](const kube::Resource& r, kube::List& list) {
        if (&r != hidden) return;
        list = kube::List{};
        list.state = kube::ListState::forbidden;
      });
      const auto outcomes = support::run_on(snapshot);
      for (const Check* check : checks::all()) {
        const checks::CheckOutcome c = outcome_of(outcomes, *check);
        INFO(recording.name() << ' ' << check->code << " without " << kube::full_name(*hidden)
                              << ": " << c.detail);
        CHECK(c.outcome != checks::Outcome::crashed);
        if (requires_list(*check, *hidden)) CHECK(c.outcome == checks::Outcome::skipped);
      }
    }
  }
}
