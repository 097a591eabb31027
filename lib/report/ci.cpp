// For CI systems: workflow commands of GitHub Actions, and a Markdown table for its step summary.
#include "base/text.hpp"
#include "report/report.hpp"

namespace report {
namespace {

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// Escapes of workflow commands: the data, and besides that the properties, which end at ',' or ':'.
std::string escape_data(std::string_view text) {
  std::string out = replace_all(std::string(text), "%", "%25");
  return replace_all(replace_all(std::move(out), "\r", "%0D"), "\n", "%0A");
}

std::string property(std::string_view text) {
  return replace_all(replace_all(escape_data(text), ":", "%3A"), ",", "%2C");
}

std::string_view command(checks::Level level) {
  switch (level) {
    case checks::Level::info: return "notice";
    case checks::Level::warning: return "warning";
    case checks::Level::error: return "error";
  }
  return "error";
}

std::string cell(std::string_view text) {
  return replace_all(replace_all(base::printable(text), "|", "\\|"), "<", "&lt;");
}

}  // namespace

std::string github_annotations(const Report& report) {
  std::string out;
  for (const checks::Finding& f : report.outcomes.findings) {
    out += "::" + std::string(command(f.level)) + " title=" + property(f.code);
    if (!f.subject.file.empty()) {
      out += ",file=" + property(f.subject.file) + ",line=" + std::to_string(f.subject.line);
    }
    std::string message = base::printable(kube::to_string(f.subject.ref) + ": " + headline(f));
    if (!f.remedies.empty()) message += "\nfix: " + base::printable(f.remedies.front().text);
    out += "::" + escape_data(message) + '\n';
  }
  return out;
}

std::string markdown(const Report& report) {
  std::string out = "### aibrixctl doctor\n\n" + summary(report) + "\n";
  if (report.outcomes.findings.empty()) return out;
  out += "\n| level | code | object | what | first remedy |\n| --- | --- | --- | --- | --- |\n";
  for (const checks::Finding& f : report.outcomes.findings) {
    const std::string fix = f.remedies.empty() ? "" : f.remedies.front().text;
    out += "| " + std::string(checks::to_string(f.level)) + " | " + f.code + " | `" +
           cell(kube::to_string(f.subject.ref)) + "` | " + cell(headline(f)) + " | " + cell(fix) +
           " |\n";
  }
  return out;
}

}  // namespace report
