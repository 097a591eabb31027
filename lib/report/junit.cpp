// JUnit XML: a test case for each finding and each check that told nothing.
#include "base/time.hpp"
#include "report/encode.hpp"
#include "report/formats.hpp"

namespace report {
namespace {

struct Suite {
  std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;
  std::string cases;
};

std::string attribute(std::string_view name, std::string_view value) {
  return ' ' + std::string(name) + "=\"" + xml_text(value) + '"';
}

std::string element(std::string_view name, std::string_view message, std::string_view text) {
  std::string out = "      <" + std::string(name);
  if (!message.empty()) out += attribute("message", message);
  return out + '>' + xml_lines(text) + "</" + std::string(name) + ">\n";
}

std::string case_of(std::string_view suite, std::string_view name, const std::string& inside) {
  std::string out = "    <testcase" + attribute("classname", suite) + attribute("name", name);
  return out + (inside.empty() ? "/>\n" : ">\n" + inside + "    </testcase>\n");
}

void add_line(std::string& out, std::string_view name, std::string_view text) {
  if (!text.empty()) out.append(name).append(": ").append(text).append("\n");
}

std::string told(const DigestItem& item) {
  std::string out = headline(item) + '\n';
  add_line(out, "level", checks::to_string(item.level));
  add_line(out, "object", object_text(item));
  add_line(out, "field", item.object.path);
  add_line(out, "place", place_text(item));
  for (const checks::Evidence& e : item.evidence) {
    add_line(out, e.key, e.want.empty() ? e.value : e.value + " (should be: " + e.want + ')');
  }
  for (const checks::Symptom& s : item.symptoms) {
    add_line(out, "also", s.code + ' ' + kube::to_string(s.subject.ref) + ": " + s.title);
  }
  for (const DigestRemedy& r : item.remedies) {
    add_line(out, "fix", r.text);
    add_line(out, "command", r.command);
  }
  add_line(out, "fingerprint", item.fingerprint);
  add_line(out, "help", help_page(item.code));
  return out;
}

void add_item(Suite& suite, std::string_view area, const DigestItem& item) {
  const std::string object = object_text(item);
  const std::string name = item.code + (object.empty() ? "" : ' ' + object) + ": " + item.title;
  ++suite.tests;
  std::string inside;
  if (item.fails) {
    ++suite.failures;
    inside = "      <failure" + attribute("type", checks::to_string(item.level)) +
             attribute("message", headline(item)) + '>' + xml_lines(told(item)) + "</failure>\n";
  } else {
    inside = element("system-out", "", told(item));
  }
  suite.cases += case_of(area, name, inside);
}

void add_check(Suite& suite, const Digest& digest, const DigestCheck& check,
               std::string_view name) {
  if (check.outcome == checks::Outcome::found) return;  // its findings stand for it
  ++suite.tests;
  std::string why(check.reason);
  if (!check.detail.empty()) why += (why.empty() ? "" : ": ") + check.detail;
  std::string inside;
  if (check.outcome == checks::Outcome::crashed || (check.lacking && digest.require_complete)) {
    ++suite.errors;
    inside = element("error", "not checked: " + why, "");
  } else if (check.outcome != checks::Outcome::ok) {
    ++suite.skipped;
    inside = element("skipped", why, "");
  }
  suite.cases += case_of(name, check.code + ": " + std::string(check.title), inside);
}

// Areas keep the order in which to repair.
std::vector<std::pair<std::string, Suite>> suites_of(const Digest& digest) {
  std::vector<std::pair<std::string, Suite>> out;
  const auto suite_of = [&out](std::string_view name) -> Suite& {
    for (auto& [known, there] : out) {
      if (known == name) return there;
    }
    return out.emplace_back(std::string(name), Suite{}).second;
  };
  const auto named = [&digest](std::string_view area) { return under_cluster(digest, area); };
  for (const DigestCheck& check : digest.checks) {
    const std::string name = named(check.area);
    add_check(suite_of(name), digest, check, name);
  }
  for (const DigestItem& item : digest.items) {
    const std::string_view area = digest.area_of(item.code);
    const std::string name = named(area.empty() ? "other" : area);
    add_item(suite_of(name), name, item);
  }
  if (!digest.left_out.empty()) {
    Suite& rules = suite_of(named("left-out"));
    rules.tests = rules.skipped = 1;
    rules.cases = case_of(named("left-out"), "left out of the count",
                          element("skipped", digest.left_out, ""));
  }
  if (digest.error) {
    Suite& run = suite_of(named("run"));
    run.tests = run.errors = 1;
    run.cases = case_of(
        named("run"), "aibrixctl",
        element("error", digest.error->message, digest.error->reason + '\n' + digest.error->hint));
  }
  return out;
}

std::string counts(const Suite& suite) {
  return attribute("tests", std::to_string(suite.tests)) +
         attribute("failures", std::to_string(suite.failures)) +
         attribute("errors", std::to_string(suite.errors));
}

void add_suite(std::string& out, Suite& all, const Digest& digest, std::string_view name,
               const Suite& suite) {
  if (suite.tests == 0) return;
  all.tests += suite.tests;
  all.failures += suite.failures;
  all.errors += suite.errors;
  out += "  <testsuite" + attribute("name", name) + counts(suite) +
         attribute("skipped", std::to_string(suite.skipped));
  if (digest.time) {
    std::string moment = base::format_time(*digest.time);
    if (moment.ends_with('Z')) moment.pop_back();  // the schema has no zone here
    out += attribute("timestamp", moment);
  }
  out += ">\n" + suite.cases + "  </testsuite>\n";
}

}  // namespace

std::string junit(Digests digests) {
  Suite all;
  std::string inside;
  for (const Digest& digest : digests) {
    for (const auto& [name, suite] : suites_of(digest)) add_suite(inside, all, digest, name, suite);
  }
  const std::string command = digests.empty() ? "" : digests.front().command;
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" +
         attribute("name", "aibrixctl" + (command.empty() ? "" : ' ' + command)) + counts(all) +
         ">\n" + inside + "</testsuites>\n";
}

}  // namespace report
