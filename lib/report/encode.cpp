// The escaping of foreign text for markup, graphs, metrics and workflow commands.
#include "report/encode.hpp"

#include <algorithm>

#include "base/chars.hpp"
#include "base/log_text.hpp"
#include "base/text.hpp"

namespace report {
namespace {

std::size_t longest_run(std::string_view text, char wanted) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == wanted ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

void replace(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// Such that it can be looked at, in a file as in the log of a CI system.
std::string seen(std::string_view text) {
  return base::log_text(base::printable(text));
}

}  // namespace

std::string markdown_code(std::string_view text) {
  if (text.empty()) return {};
  std::string shown = seen(text);
  // A table is taken apart before its cells are, and readers differ about "\\|".
  replace(shown, "|", "\\x7c");
  const std::string fence(longest_run(shown, '`') + 1, '`');
  // Where both ends are blanks, one of each is not shown: so they can stand beside a backtick.
  const bool blank = shown.find_first_not_of(' ') == std::string::npos;
  const bool pad = shown.front() == '`' || shown.back() == '`' || (shown.front() == ' ' && !blank);
  const std::string_view gap = pad ? " " : "";
  return fence + std::string(gap).append(shown).append(gap) + fence;
}

// Mermaid reads entities as #NAME; or #NUMBER;. Quotes would end the label, backticks make Markdown
// of it, '%' and braces a comment or a directive, '&' and angles HTML.
std::string mermaid_label(std::string_view text) {
  std::string out;
  for (const char c : base::printable(text)) {
    switch (c) {
      case '"': out += "#quot;"; break;
      case '<': out += "#lt;"; break;
      case '>': out += "#gt;"; break;
      case '#':
      case '%':
      case '&':
      case '\\':
      case '`':
      case '{':
      case '}': out += '#' + std::to_string(static_cast<int>(c)) + ';'; break;
      default: out += c;
    }
  }
  return out;
}

std::string workflow_message(std::string_view text) {
  std::string out;
  for (const std::string_view line : base::split(text, '\n')) {
    out.append(out.empty() && line.data() == text.data() ? "" : "\n").append(base::printable(line));
  }
  out = base::log_text(out);
  replace(out, "%", "%25");
  replace(out, "\n", "%0A");
  return out;
}

std::string workflow_property(std::string_view text) {
  std::string out = base::log_text(base::printable(text));
  replace(out, "%", "%25");
  replace(out, ":", "%3A");
  replace(out, ",", "%2C");
  return out;
}

std::string xml_text(std::string_view text) {
  std::string out;
  for (const char c : seen(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string xml_lines(std::string_view text) {
  std::string out;
  for (const std::string_view line : base::split(text, '\n')) {
    out.append(line.data() == text.data() ? "" : "\n").append(xml_text(line));
  }
  return out;
}

// In labels a backslash begins an escape and '&' an entity of HTML.
std::string dot_label(std::string_view text) {
  std::string out;
  for (const char c : seen(text)) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '&': out += "&amp;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string metric_label(std::string_view text) {
  std::string out;
  for (const char c : seen(text)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace report
