// The shells' completion scripts, written from the description of the program. What must be looked
// up (contexts, namespaces, models) the scripts ask of `aibrixctl __complete`.
#include <algorithm>

#include "base/text.hpp"
#include "completion.hpp"

namespace cli {
namespace {

std::string shell_quote(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string all_names(const std::vector<FlagInfo>& flags) {
  std::vector<std::string> names;
  for (const FlagInfo& flag : flags) {
    for (const std::string& name : flag.names) names.push_back(name);
  }
  return base::join(names, " ");
}

std::string names_of(const std::vector<const CommandInfo*>& commands) {
  std::vector<std::string> names;
  for (const CommandInfo* command : commands) names.push_back(command->name);
  return base::join(names, " ");
}

// "a|b", as a shell's case has it.
std::string pattern_of(const std::vector<const CommandInfo*>& commands) {
  std::vector<std::string> paths;
  for (const CommandInfo* command : commands) {
    paths.push_back(command->group.empty() ? command->path : shell_quote(command->path));
  }
  return base::join(paths, "|");
}

std::string bash_words(const FlagInfo& flag) {
  if (flag.file) return "COMPREPLY=($(compgen -f -- \"$cur\"))";
  if (!flag.live.empty()) return "_aibrixctl_live " + flag.live;
  return "COMPREPLY=($(compgen -W " + shell_quote(base::join(flag.values, " ")) + " -- \"$cur\"))";
}

std::string bash_values(const std::vector<FlagInfo>& flags) {
  std::string out;
  for (const FlagInfo& flag : flags) {
    if (!flag.takes_value) continue;
    out += "    " + base::join(flag.names, "|") + ") " + bash_words(flag) + "; return ;;\n";
  }
  return out;
}

std::string zsh_action(const FlagInfo& flag) {
  if (!flag.takes_value) return "";
  if (flag.file) return ":file:_files";
  if (!flag.live.empty()) return ":" + flag.live + ":_aibrixctl_live " + flag.live;
  if (!flag.values.empty()) return ":value:(" + base::join(flag.values, " ") + ")";
  return ":value: ";
}

std::string zsh_help(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_specs(const std::vector<FlagInfo>& flags, const std::string& indent) {
  std::string out;
  for (const FlagInfo& flag : flags) {
    for (const std::string& name : flag.names) {
      out += " \\\n" + indent +
             shell_quote("*" + name + "[" + zsh_help(flag.help) + "]" + zsh_action(flag));
    }
  }
  return out;
}

std::string fish_flag(const FlagInfo& flag, const std::string& condition) {
  std::string line = "complete -c aibrixctl";
  if (!condition.empty()) line += " -n " + shell_quote(condition);
  for (const std::string& name : flag.names) {
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  if (flag.takes_value) line += flag.file ? " -r -F" : " -x";
  if (!flag.live.empty())
    line += " -a " + shell_quote("(aibrixctl __complete " + flag.live + " 2>/dev/null)");
  if (!flag.values.empty()) line += " -a " + shell_quote(base::join(flag.values, " "));
  return line + " -d " + shell_quote(flag.help) + "\n";
}

std::string bash_positional(const CommandInfo& command) {
  const bool live = !command.positional_live.empty();
  const std::string fixed =
      "($(compgen -W " + shell_quote(base::join(command.positional_values, " ")) + " -- \"$cur\"))";
  if (!live) return "COMPREPLY=" + fixed;
  const std::string words = "_aibrixctl_live " + command.positional_live;
  return command.positional_values.empty() ? words : words + "; COMPREPLY+=" + fixed;
}

// What stands where a command's arguments do, for bash: in a group, its commands.
std::string bash_argument(const CommandInfo& command, const ProgramInfo& program) {
  const auto inner = within(program, command.path);
  if (inner.empty()) return bash_positional(command);
  return "COMPREPLY=($(compgen -W " + shell_quote(names_of(inner)) + " -- \"$cur\"))";
}

std::vector<const CommandInfo*> in_groups(const ProgramInfo& program) {
  std::vector<const CommandInfo*> out;
  for (const CommandInfo& command : program.commands) {
    if (!command.group.empty()) out.push_back(&command);
  }
  return out;
}

}  // namespace

std::string bash_completion(const ProgramInfo& program) {
  std::string out =
      "# bash completion for aibrixctl; written by `aibrixctl completion bash`\n"
      "_aibrixctl_live() {\n"
      "  local IFS=$'\\n'\n"
      "  COMPREPLY=($(compgen -W \"$(aibrixctl __complete \"$1\" 2>/dev/null)\" -- \"$cur\"))\n"
      "}\n\n"
      "_aibrixctl() {\n"
      "  local cur prev word command=\n"
      "  cur=${COMP_WORDS[COMP_CWORD]}\n"
      "  prev=${COMP_WORDS[COMP_CWORD-1]}\n"
      "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
      "    case $word in\n";
  out += "      " + pattern_of(within(program, "")) + ") [[ -z $command ]] && command=$word ;;\n" +
         "    esac\n    case \"$command $word\" in\n      " + pattern_of(in_groups(program)) +
         ") command=\"$command $word\"; break ;;\n    esac\n  done\n";
  out += "  local flags\n  case $command in\n";
  for (const CommandInfo& command : program.commands) {
    const std::vector<FlagInfo> flags = all_flags(command, program);
    out += "  " + pattern_of({&command}) + ")\n    case $prev in\n" + bash_values(flags) +
           "    esac\n    flags=" + shell_quote(all_names(flags)) + "\n" +
           "    if [[ $cur != -* ]]; then " + bash_argument(command, program) + "; return; fi ;;\n";
  }
  out += "  '')\n    case $prev in\n" + bash_values(program.flags) +
         "    esac\n    flags=" + shell_quote(all_names(program.flags)) + "\n" +
         "    if [[ $cur != -* ]]; then COMPREPLY=($(compgen -W " +
         shell_quote(names_of(within(program, ""))) + " -- \"$cur\")); return; fi ;;\n  esac\n";
  out += "  COMPREPLY=($(compgen -W \"$flags\" -- \"$cur\"))\n}\n";
  return out + "complete -F _aibrixctl aibrixctl\ncomplete -F _aibrixctl kubectl-aibrix\n";
}

namespace {

std::string zsh_table(const std::vector<const CommandInfo*>& commands, const std::string& indent) {
  std::string out;
  for (const CommandInfo* command : commands) {
    out += indent + shell_quote(command->name + ":" + zsh_help(command->help)) + "\n";
  }
  return out;
}

// The arguments of one command; of a group: its commands, and then theirs.
std::string zsh_arguments(const CommandInfo& command, const ProgramInfo& program,
                          const std::string& indent) {
  const auto inner = within(program, command.path);
  std::string out = indent + "_arguments" + (inner.empty() ? "" : " -C") +
                    zsh_specs(all_flags(command, program), indent + "  ");
  if (!command.positional_values.empty()) {
    out += " \\\n" + indent + "  '1:value:(" + base::join(command.positional_values, " ") + ")'";
  }
  if (!command.positional_live.empty()) {
    out += " \\\n" + indent + "  '*:" + command.positional_live + ":_aibrixctl_live " +
           command.positional_live + "'";
  }
  if (inner.empty()) return out;
  out += " \\\n" + indent + "  '1:command:->inner' \\\n" + indent +
         "  '*::argument:->arguments'\n" + indent + "case $state in\n" + indent +
         "inner) commands=(\n" + zsh_table(inner, indent + "  ") + indent + "  )\n" + indent +
         "  _describe command commands ;;\n" + indent + "arguments) case $line[1] in\n";
  for (const CommandInfo* c : inner) {
    out += indent + "  " + c->name + ")\n" + zsh_arguments(*c, program, indent + "    ") + " ;;\n";
  }
  return out + indent + "  esac ;;\n" + indent + "esac";
}

}  // namespace

std::string zsh_completion(const ProgramInfo& program) {
  std::string out =
      "#compdef aibrixctl kubectl-aibrix\n"
      "# zsh completion for aibrixctl; written by `aibrixctl completion zsh`\n"
      "_aibrixctl_live() {\n"
      "  local -a words\n"
      "  words=(${(f)\"$(aibrixctl __complete $1 2>/dev/null)\"})\n"
      "  compadd -a words\n"
      "}\n\n"
      "_aibrixctl() {\n"
      "  local context state line\n"
      "  local -a commands\n"
      "  commands=(\n";
  out += zsh_table(within(program, ""), "    ");
  out += "  )\n  _arguments -C" + zsh_specs(program.flags, "    ") +
         " \\\n    '1:command:->command' \\\n    '*::argument:->argument'\n"
         "  case $state in\n"
         "  command) _describe command commands ;;\n"
         "  argument)\n    case $line[1] in\n";
  for (const CommandInfo* command : within(program, "")) {
    out += "    " + command->name + ")\n" + zsh_arguments(*command, program, "      ") + " ;;\n";
  }
  return out + "    esac ;;\n  esac\n}\n\n_aibrixctl \"$@\"\n";
}

namespace {

// When fish is to offer what belongs to a command.
std::string fish_inside(const CommandInfo& command) {
  std::string out;
  for (const std::string_view word : base::split(command.path, ' ')) {
    out.append(out.empty() ? "" : "; and ").append("__fish_seen_subcommand_from ").append(word);
  }
  return out;
}

std::string fish_command(const CommandInfo& command, const ProgramInfo& program) {
  if (command.group.empty()) {
    return "complete -c aibrixctl -n __fish_use_subcommand -a " + command.name + " -d " +
           shell_quote(command.help) + "\n";
  }
  const std::string inside = "__fish_seen_subcommand_from " + command.group +
                             "; and not __fish_seen_subcommand_from " +
                             names_of(within(program, command.group));
  return "complete -c aibrixctl -n " + shell_quote(inside) + " -a " + command.name + " -d " +
         shell_quote(command.help) + "\n";
}

}  // namespace

std::string fish_completion(const ProgramInfo& program) {
  std::string out =
      "# fish completion for aibrixctl; written by `aibrixctl completion fish`\n"
      "complete -c aibrixctl -f\n";
  for (const CommandInfo& command : program.commands) out += fish_command(command, program);
  for (const FlagInfo& flag : program.flags) out += fish_flag(flag, "");
  for (const CommandInfo& command : program.commands) {
    const std::string inside = fish_inside(command);
    for (const FlagInfo& flag : command.flags) out += fish_flag(flag, inside);
    std::string words = base::join(command.positional_values, " ");
    if (!command.positional_live.empty()) {
      words += (words.empty() ? "" : " ") + ("(aibrixctl __complete " + command.positional_live) +
               " 2>/dev/null)";
    }
    if (words.empty()) continue;
    out += "complete -c aibrixctl -n " + shell_quote(inside) + " -a " + shell_quote(words) + "\n";
  }
  return out;
}

}  // namespace cli
