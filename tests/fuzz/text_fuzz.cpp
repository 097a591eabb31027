// The encoders of foreign text for people, logs, shells, Markdown, Mermaid and GitHub's commands:
// what comes out obeys the rule of its target, and means the text that went in.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/chars.hpp"
#include "base/hidden.hpp"
#include "base/log_text.hpp"
#include "base/shell.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "demand.hpp"
#include "report/encode.hpp"

namespace {

// Valid UTF-8 with nothing hidden but these characters.
void demand_visible(std::string_view text, std::string_view but = {}) {
  while (!text.empty()) {
    const base::CodePoint point = base::decode_utf8(text);
    demand(point.bytes != 0);
    const bool allowed = point.bytes == 1 && but.find(text.front()) != std::string_view::npos;
    demand(allowed || !base::is_hidden(point.code));
    text.remove_prefix(point.bytes);
  }
}

void demand_no_command(std::string_view text) {
  for (const std::string_view line : base::split(text, '\n')) {
    demand(line.find("##[") == std::string_view::npos);
    demand(line.find("##vso[") == std::string_view::npos);
    const std::size_t start = line.find_first_not_of(" \t");
    demand(start == std::string_view::npos || !line.substr(start).starts_with("::"));
  }
}

void printable_text(std::string_view text) {
  const std::string shown = base::printable(text);
  demand_visible(shown);
  demand(base::printable(shown) == shown);
}

void log_text(std::string_view text) {
  const std::string shown = base::log_text(text);
  demand_visible(shown, "\n\t\033");
  demand_no_command(shown);
  demand(base::log_text(shown) == shown);
}

// What a POSIX shell makes of a word of shell_word().
std::string word_of(std::string_view quoted) {
  constexpr std::string_view begin = "\"$(printf '";
  constexpr std::string_view end = "')\"";
  std::string out;
  while (!quoted.empty()) {
    if (quoted.starts_with(begin)) {
      quoted.remove_prefix(begin.size());
      while (!quoted.starts_with(end)) {
        demand(quoted.size() > 4 && quoted[0] == '\\');
        out += static_cast<char>((quoted[1] - '0') * 64 + (quoted[2] - '0') * 8 + quoted[3] - '0');
        quoted.remove_prefix(4);
      }
      quoted.remove_prefix(end.size());
    } else if (quoted.starts_with("\\'")) {
      out += '\'';
      quoted.remove_prefix(2);
    } else if (quoted.front() == '\'') {
      const std::size_t close = quoted.find('\'', 1);
      demand(close != std::string_view::npos);
      out += quoted.substr(1, close - 1);
      quoted.remove_prefix(close + 1);
    } else {
      demand(base::is_alnum(quoted.front()) ||
             std::string_view("._-/:=,@%+").find(quoted.front()) != std::string_view::npos);
      out += quoted.front();
      quoted.remove_prefix(1);
    }
  }
  return out;
}

void shell(std::string_view text) {
  const std::string word = base::shell_word(text);
  demand(word_of(word) == text);
  demand_visible(word, "\n");
  demand_no_command("x " + word);
}

// CommonMark 6.1, and GFM's tables, which are taken apart at bars first.
void markdown(std::string_view text) {
  const std::string code = report::markdown_code(text);
  if (text.empty()) return demand(code.empty());
  demand_visible(code);
  demand(code.find('|') == std::string::npos);
  demand_no_command(code);
  const std::size_t fence = code.find_first_not_of('`');
  demand(fence != 0 && fence != std::string::npos && code.size() > 2 * fence);
  std::string_view inner(code);
  inner = inner.substr(fence, code.size() - 2 * fence);
  demand(inner.front() != '`' && inner.back() != '`');
  std::size_t run = 0;
  for (const char c : inner) {
    if (c != '`') demand(run != fence);
    run = c == '`' ? run + 1 : 0;
  }
  const bool blank = inner.find_first_not_of(' ') == std::string_view::npos;
  if (!blank && inner.front() == ' ' && inner.back() == ' ')
    inner = inner.substr(1, inner.size() - 2);
  std::string shown = base::log_text(base::printable(text));  // the page may be shown in a log
  for (std::size_t at = shown.find('|'); at != std::string::npos; at = shown.find('|')) {
    shown.replace(at, 1, "\\x7c");
  }
  demand(inner == shown);
}

void mermaid(std::string_view text) {
  const std::string label = report::mermaid_label(text);
  demand_visible(label);
  demand(label.find_first_of("\"<>%&`{}\\") == std::string::npos);
  std::string out;
  for (std::string_view rest = label; !rest.empty();) {
    if (rest.front() != '#') {
      out += rest.front();
      rest.remove_prefix(1);
      continue;
    }
    const std::size_t end = rest.find(';');
    demand(end != std::string_view::npos);
    const std::string_view name = rest.substr(1, end - 1);
    if (base::all_digits(name)) {
      out += static_cast<char>(std::stoi(std::string(name)));
    } else {
      demand(name == "quot" || name == "lt" || name == "gt");
      out += name == "quot" ? '"' : name == "lt" ? '<' : '>';
    }
    rest.remove_prefix(end + 1);
  }
  demand(out == base::printable(text));
}

void workflow(std::string_view text) {
  const std::string message = report::workflow_message(text);
  demand_visible(message);
  demand_no_command("x" + message);
  const std::string property = report::workflow_property(text);
  demand_visible(property);
  demand_no_command("x" + property);
  demand(property.find_first_of(":,") == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  printable_text(text);
  log_text(text);
  shell(text);
  markdown(text);
  mermaid(text);
  workflow(text);
  return 0;
}
