// The counts, summary and exit code of a report.
#include "report/report.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace report {

std::string_view to_string(FailOn fail_on) {
  switch (fail_on) {
    case FailOn::error: return "error";
    case FailOn::warning: return "warning";
    case FailOn::info: return "info";
    case FailOn::never: return "never";
  }
  return "error";
}

bool reaches(checks::Level level, FailOn fail_on) {
  switch (fail_on) {
    case FailOn::error: return level == checks::Level::error;
    case FailOn::warning: return level != checks::Level::info;
    case FailOn::info: return true;
    case FailOn::never: return false;
  }
  return true;
}

Counts count(const checks::Outcomes& outcomes) {
  Counts c;
  for (const checks::Finding& f : outcomes.findings) {
    switch (f.level) {
      case checks::Level::error: ++c.error; break;
      case checks::Level::warning: ++c.warning; break;
      case checks::Level::info: ++c.info; break;
    }
  }
  for (const checks::CheckOutcome& o : outcomes.checks) {
    switch (o.outcome) {
      case checks::Outcome::ok: ++c.ok; break;
      case checks::Outcome::found: ++c.found; break;
      case checks::Outcome::skipped:
        ++c.skipped;
        if (o.reason == checks::Reason::not_applicable) ++c.not_applicable;
        break;
      case checks::Outcome::undetermined:
      case checks::Outcome::crashed: ++c.undetermined; break;
    }
  }
  return c;
}

bool unchecked(const checks::CheckOutcome& o) {
  switch (o.outcome) {
    case checks::Outcome::ok:
    case checks::Outcome::found: return false;
    case checks::Outcome::skipped: return o.reason != checks::Reason::not_applicable;
    case checks::Outcome::undetermined:
    case checks::Outcome::crashed: return true;
  }
  return true;
}

int exit_code(const checks::Outcomes& outcomes, FailOn fail_on, bool require_complete) {
  const bool broken =
      std::any_of(outcomes.checks.begin(), outcomes.checks.end(),
                  [](const auto& c) { return c.outcome == checks::Outcome::crashed; });
  if (broken) return 70;
  const bool failing = std::any_of(outcomes.findings.begin(), outcomes.findings.end(),
                                   [&](const auto& f) { return reaches(f.level, fail_on); });
  if (failing) return 1;
  return require_complete && !outcomes.all_read() ? 3 : 0;
}

std::vector<std::string> left_out(const Report& report) {
  std::vector<std::string> out;
  const std::size_t ignored = report.ignored.size() + report.ignored_symptoms;
  if (ignored != 0) out.push_back(std::to_string(ignored) + " ignored");
  if (report.known != 0) out.push_back(std::to_string(report.known) + " known before");
  out.insert(out.end(), report.loosened.begin(), report.loosened.end());
  return out;
}

std::vector<std::string> fixed_lines(const Report& report) {
  std::vector<std::string> out;
  for (const fix::FindingChange& c : report.changes) {
    if (c.state == fix::FindingChange::State::fixed)
      out.push_back("fixed: " + c.code + ' ' + c.title);
  }
  return out;
}

std::string summary(const Report& report) {
  const Counts c = count(report.outcomes);
  std::vector<std::string> parts;
  if (c.error != 0) parts.push_back(base::plural(c.error, "error"));
  if (c.warning != 0) parts.push_back(base::plural(c.warning, "warning"));
  if (c.info != 0) parts.push_back(std::to_string(c.info) + " info");
  parts.push_back(parts.empty() ? base::plural(c.ok, "check") + " ok"
                                : std::to_string(c.ok) + " ok");
  const std::size_t open = c.skipped - c.not_applicable + c.undetermined;
  if (open != 0) parts.push_back(std::to_string(open) + " not checked");
  if (c.not_applicable != 0) {
    parts.push_back(std::to_string(c.not_applicable) + " not applicable" +
                    (report.run.source == "files" ? " to these files" : ""));
  }
  for (std::string& part : left_out(report)) parts.push_back(std::move(part));
  return base::join(parts, ", ");
}

}  // namespace report
