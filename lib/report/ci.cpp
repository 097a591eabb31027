// For CI systems: workflow commands of GitHub Actions, and a Markdown table for its step summary.
#include "base/text.hpp"
#include "report/encode.hpp"
#include "report/report.hpp"

namespace report {
namespace {

std::string_view command(checks::Level level) {
  switch (level) {
    case checks::Level::info: return "notice";
    case checks::Level::warning: return "warning";
    case checks::Level::error: return "error";
  }
  return "error";
}

}  // namespace

std::string github_annotations(const Report& report) {
  std::string out;
  for (const checks::Finding& f : report.outcomes.findings) {
    out += "::" + std::string(command(f.level)) + " title=" + workflow_property(f.code);
    if (!f.subject.file.empty()) {
      out +=
          ",file=" + workflow_property(f.subject.file) + ",line=" + std::to_string(f.subject.line);
    }
    std::string message = base::printable(kube::to_string(f.subject.ref) + ": " + headline(f));
    if (!f.remedies.empty()) message += "\nfix: " + base::printable(f.remedies.front().text);
    out += "::" + workflow_message(message) + '\n';
  }
  return out;
}

std::string markdown(const Report& report) {
  std::string out = "### aibrixctl doctor\n\n" + summary(report) + "\n";
  if (report.outcomes.findings.empty()) return out;
  out += "\n| level | code | object | what | first remedy |\n| --- | --- | --- | --- | --- |\n";
  for (const checks::Finding& f : report.outcomes.findings) {
    const std::string fix = f.remedies.empty() ? "" : f.remedies.front().text;
    out += "| " + std::string(checks::to_string(f.level)) + " | " + f.code + " | " +
           markdown_code(kube::to_string(f.subject.ref)) + " | " + markdown_code(headline(f)) +
           " | " + markdown_code(fix) + " |\n";
  }
  return out;
}

}  // namespace report
