// The report as lines of fields separated by tabs, for scripts.
#include "base/text.hpp"
#include "report/finding_text.hpp"
#include "report/report.hpp"

namespace report {
namespace {

// Tabs separate fields here: printable() leaves none inside one.
std::string cell(std::string_view text) {
  return text.empty() ? std::string("-") : base::printable(text);
}

std::string row(const std::vector<std::string>& cells) {
  return base::join(cells, "\t") + '\n';
}

std::string first_action(const checks::Finding& f) {
  if (f.remedies.empty()) return {};
  const checks::Remedy& r = f.remedies.front();
  return r.command.empty() ? r.text : checks::to_shell(r.command);
}

std::string place(const checks::Subject& subject) {
  const std::string where = place_text(subject);
  if (where.empty()) return subject.path;
  return subject.path.empty() ? where : where + ' ' + subject.path;
}

}  // namespace

std::string plain(const Report& report) {
  std::string out;
  const auto& findings = report.outcomes.findings;
  for (auto f = findings.rbegin(); f != findings.rend(); ++f) {
    out += row({std::string(checks::to_string(f->level)), std::string(f->code.text()),
                cell(kube::to_string(f->subject.ref)), cell(place(f->subject)), cell(headline(*f)),
                cell(first_action(*f))});
  }
  for (const checks::CheckOutcome& o : report.outcomes.checks) {
    if (!unchecked(o)) continue;
    out += row({std::string(checks::to_string(o.outcome)), std::string(o.check->code), "-", "-",
                cell(o.detail), "-"});
  }
  return out;
}

std::string short_lines(const Report& report) {
  std::string out;
  for (const checks::Finding& f : report.outcomes.findings) {
    out.append(checks::to_string(f.level)).append(" ").append(f.code.text()).append(" ");
    out.append(base::printable(kube::to_string(f.subject.ref))).append(" ");
    out.append(base::printable(headline(f))).append("\n");
  }
  return out;
}

}  // namespace report
