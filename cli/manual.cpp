// The lists of flags and examples in the manual page, and the page of each command, written from
// the tables of the program.
#include <algorithm>
#include <iterator>

#include "base/chars.hpp"
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

std::string page_name(std::string_view path) {
  std::string out{base::program_name};
  for (const std::string_view word : base::split(path, ' ')) {
    if (!word.empty()) out.append("-").append(word);
  }
  return out;
}

// ".BR aibrixctl\-doctor (1)"
std::string reference(std::string_view path, std::string_view behind = "") {
  return ".BR " + in_troff(page_name(path)) + " (1)" + std::string(behind) + '\n';
}

const CommandInfo* group_of(const CommandInfo& command, const ProgramInfo& program) {
  const auto it = std::ranges::find(program.commands, command.group, &CommandInfo::path);
  return command.group.empty() || it == program.commands.end() ? nullptr : &*it;
}

std::string synopsis(const CommandInfo& command, bool is_group) {
  std::string out = ".B " + in_troff(std::string(base::program_name) + ' ' + command.path) + '\n';
  if (is_group) out += ".I COMMAND\n";
  for (const ArgumentInfo& argument : command.arguments) {
    const std::string name = "\\fI" + in_troff(argument.name) + "\\fR";
    const std::string more = argument.repeatable ? " ..." : "";
    out += argument.required ? name + more + '\n' : '[' + name + more + "]\n";
  }
  return out + "[\\fIflags\\fR]\n";
}

// Lines stay lines.
std::string troff_paragraphs(const std::string& text) {
  std::string out;
  bool within_paragraph = false;
  for (const std::string_view line : base::split(text, '\n')) {
    if (within_paragraph && !line.empty()) out += ".br\n";
    out += line.empty() ? ".PP\n" : in_troff(line) + '\n';
    within_paragraph = !line.empty();
  }
  return out;
}

std::string arguments_of(const CommandInfo& command) {
  std::string out;
  for (const ArgumentInfo& argument : command.arguments) {
    out += ".TP\n.I " + in_troff(argument.name) + '\n' + in_troff(argument.help) + ".\n";
  }
  return out.empty() ? out : ".SH ARGUMENTS\n" + out;
}

// Under a heading for each group that they are in.
std::string own_flags(const CommandInfo& command) {
  std::vector<std::string> groups;
  for (const FlagInfo& flag : command.flags) {
    if (std::ranges::find(groups, flag.group) == groups.end()) groups.push_back(flag.group);
  }
  std::string out;
  for (const std::string& group : groups) {
    std::vector<FlagInfo> flags;
    std::ranges::copy_if(command.flags, std::back_inserter(flags),
                         [&](const FlagInfo& flag) { return flag.group == group; });
    const std::string text = list(flags);
    if (text.empty()) continue;
    out += ".SH " + (group == "Options" ? "FLAGS" : in_troff(base::upper(group))) + '\n' + text;
  }
  return out;
}

std::string shared_flags(const CommandInfo& command, const ProgramInfo& program) {
  std::string out;
  if (const CommandInfo* group = group_of(command, program)) {
    const std::string text = list(group->flags);
    if (!text.empty())
      out += ".SH FLAGS OF EVERY " + in_troff(base::upper(group->path)) + '\n' + text;
  }
  out += ".SH FLAGS OF EVERY COMMAND\n";
  if (!command.formats.empty()) {
    out += ".TP\n.BR \\-o \", \" \\-\\-output \" \\fIFORMAT\\fR\"\nSet the output format: " +
           in_troff(base::join(command.formats, ", ")) + ".\n.PP\n";
  }
  return out + "Those for the cluster, the output and the time a run may take are in\n" +
         reference("", ".");
}

std::string examples_of(const CommandInfo& command) {
  std::string out;
  for (const Example& e : examples()) {
    if (e.path != command.path) continue;
    out += ".TP\n" + in_troff(e.what) + ":\n.B " + in_troff(example_text(e, base::program_name)) +
           '\n';
  }
  return out.empty() ? out : ".SH EXAMPLES\n" + out;
}

std::string see_also(const CommandInfo& command, const ProgramInfo& program) {
  std::vector<std::string> paths = {""};
  if (!command.group.empty()) paths.push_back(command.group);
  for (const CommandInfo* other : within(program, command.group)) {
    if (!command.group.empty() && other->path != command.path) paths.push_back(other->path);
  }
  for (const CommandInfo* inner : within(program, command.path)) paths.push_back(inner->path);
  std::string out = ".SH SEE ALSO\n";
  for (const std::string& path : paths) out += reference(path, &path == &paths.back() ? "" : ",");
  return out;
}

}  // namespace

std::string manual_file(const CommandInfo& command) {
  return page_name(command.path) + ".1";
}

std::string command_manual(const CommandInfo& command, const ProgramInfo& program) {
  const std::vector<const CommandInfo*> inner = within(program, command.path);
  std::string summary = command.help;
  if (!summary.empty()) summary.front() = base::to_lower(summary.front());
  std::string out = ".\\\" Written by the program from its own tables: sh scripts/generated\n.TH " +
                    in_troff(base::upper(page_name(command.path))) + " 1 \"\" \"" +
                    std::string(base::program_name) + ' ' + AIBRIXCTL_VERSION +
                    "\" \"User Commands\"\n.SH NAME\n" + in_troff(page_name(command.path)) +
                    " \\- " + in_troff(summary) + "\n.SH SYNOPSIS\n" +
                    synopsis(command, !inner.empty()) + ".SH DESCRIPTION\n" +
                    troff_paragraphs(command.description);
  if (!inner.empty()) out += ".SH COMMANDS\n";
  for (const CommandInfo* each : inner) {
    out += ".TP\n" + reference(each->path) + in_troff(each->help) + ".\n";
  }
  return out + arguments_of(command) + own_flags(command) + shared_flags(command, program) +
         ".SH EXIT STATUS\nAs in\n" + reference("", ".") + examples_of(command) +
         see_also(command, program);
}

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
