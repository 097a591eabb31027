// The lists of flags and examples in the manual page, written from the tables of the program.
#include <algorithm>

#include "base/error.hpp"
#include "base/program.hpp"
#include "base/text.hpp"
#include "completion.hpp"
#include "examples.hpp"

namespace cli {
namespace {

constexpr std::string_view begin_mark = ".\\\" flags: ";
constexpr std::string_view examples_mark = ".\\\" examples";
constexpr std::string_view end_mark = ".\\\" end";

// A hyphen that is no dash, and no line that troff takes for a request.
std::string in_troff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') out += "\\e";
    if (c == '-') out += "\\-";
    if (c != '\\' && c != '-') out += c;
  }
  return out.starts_with(".") || out.starts_with("'") ? "\\&" + out : out;
}

// ".BR \-o ", " \-\-output " \fIFORMAT\fR""
std::string label(const FlagInfo& flag) {
  std::vector<std::string> names;
  for (const std::string& name : flag.names) names.push_back(in_troff(name));
  std::string out =
      (names.size() == 1 && !flag.takes_value ? ".B " : ".BR ") + base::join(names, " \", \" ");
  if (flag.takes_value) out += " \" \\fI" + in_troff(flag.value_name) + "\\fR\"";
  return out + '\n';
}

std::string list(const std::vector<FlagInfo>& flags) {
  std::string out;
  for (const FlagInfo& flag : flags) {
    const auto& names = flag.names;
    if (std::find(names.begin(), names.end(), "--help") != names.end()) continue;
    std::string text = flag.help;
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') {
      text.front() = static_cast<char>(text.front() - 'a' + 'A');
    }
    out += ".TP\n" + label(flag) + in_troff(text) + ".\n";
  }
  return out;
}

std::string list_of(const std::string& name, const ProgramInfo& program) {
  std::vector<FlagInfo> flags;
  for (const FlagInfo& flag : program.flags) {
    if (flag.group == name) flags.push_back(flag);
  }
  for (const CommandInfo& command : program.commands) {
    if (command.path == name) flags = command.flags;
  }
  if (!flags.empty()) return list(flags);
  throw base::Error(base::Fault::usage, "BadManual",
                    "the manual page has flags of \"" + base::printable(name) +
                        "\", and no command or group of flags is called so");
}

// Each command's, once.
std::string example_list() {
  std::string out;
  std::vector<std::string_view> commands;
  for (const Example& e : examples()) {
    if (std::ranges::find(commands, e.command) != commands.end()) continue;
    commands.push_back(e.command);
    out += ".TP\n" + in_troff(e.what) + ":\n.B " + in_troff(example_text(e, base::program_name)) +
           '\n';
  }
  return out;
}

}  // namespace

std::string renew_manual(const std::string& page, const ProgramInfo& program) {
  std::string out;
  bool inside = false;
  std::size_t at = 0;
  while (at < page.size()) {
    const std::size_t newline = std::min(page.find('\n', at), page.size());
    const std::string line = page.substr(at, newline - at);
    at = newline + 1;
    if (line == end_mark) inside = false;
    if (!inside) out += line + '\n';
    if (line == examples_mark) {
      inside = true;
      out += example_list();
    }
    if (!line.starts_with(begin_mark)) continue;
    inside = true;
    out += list_of(line.substr(begin_mark.size()), program);
  }
  return out;
}

}  // namespace cli
