// What the program's own option tables say, for completion scripts and manual page.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "command_line.hpp"
#include "commands.hpp"
#include "completion.hpp"
#include "formats.hpp"

namespace cli {
namespace {

// CLI11 puts the choices of an IsMember behind the type's name: "FORMAT:{text,json}".
std::vector<std::string> choices(const std::string& type) {
  const std::size_t open = type.find('{');
  const std::size_t close = type.rfind('}');
  std::vector<std::string> out;
  if (open == std::string::npos || close == std::string::npos) return out;
  for (const std::string_view word :
       base::split(std::string_view(type).substr(open + 1, close - open - 1), ',')) {
    out.emplace_back(base::trim(word));
  }
  return out;
}

std::string live_source(const CLI::Option& option) {
  static const std::map<std::string, std::string> sources = {{"--context", "contexts"},
                                                             {"--contexts", "contexts"},
                                                             {"--namespace", "namespaces"},
                                                             {"--install-namespace", "namespaces"},
                                                             {"--only", "checks"},
                                                             {"--skip", "checks"},
                                                             {"MODEL", "models"},
                                                             {"CODE", "codes"},
                                                             {"RUN", "runs"},
                                                             {"ROLE", "roles"},
                                                             {"TOPIC", "commands"}};
  const auto it = sources.find(
      option.get_positional()
          ? option.get_name(true)
          : "--" + (option.get_lnames().empty() ? std::string() : option.get_lnames().front()));
  return it == sources.end() ? std::string() : it->second;
}

FlagInfo describe_flag(const CLI::Option& option) {
  FlagInfo flag;
  for (const std::string& name : option.get_snames()) flag.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) flag.names.push_back("--" + name);
  const std::string type = option.get_type_name();
  flag.help = option.get_description();
  flag.group = option.get_group();
  flag.takes_value = option.get_items_expected_max() > 0;
  if (flag.takes_value) flag.value_name = type.substr(0, type.find(':'));
  flag.values = choices(type);
  flag.live = live_source(option);
  flag.file = option.get_type_name() == "FILE";
  flag.repeatable = option.get_expected_max() > 1;
  flag.list = option.get_delimiter() != '\0' || flag.live == "namespaces";
  return flag;
}

std::vector<FlagInfo> flags_of(const CLI::App& app) {
  std::vector<FlagInfo> flags;
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_positional() && !option->get_group().empty()) {
      flags.push_back(describe_flag(*option));
    }
  }
  return flags;
}

CommandInfo describe_command(const CLI::App& command) {
  CommandInfo info;
  info.name = command.get_name();
  info.path = path_of(command);
  info.group = path_of(*command.get_parent());
  const std::string text = command.get_description();
  info.help = text.substr(0, text.find('\n'));
  info.description = text;
  info.flags = flags_of(command);
  info.formats = formats_of(info.path.substr(0, info.path.find(' ')));
  for (const CLI::Option* option : command.get_options()) {
    if (!option->get_positional()) continue;
    info.arguments.push_back({option->get_name(true), option->get_description(),
                              option->get_required(), option->get_expected_max() > 1});
    info.positional_live = live_source(*option);
    info.most_positionals += static_cast<std::size_t>(option->get_expected_max());
    for (std::string& value : choices(option->get_type_name())) {
      info.positional_values.push_back(std::move(value));
    }
  }
  return info;
}

void describe_commands(const CLI::App& app, std::vector<CommandInfo>& out) {
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_group().empty()) continue;
    out.push_back(describe_command(*command));
    describe_commands(*command, out);
  }
}

}  // namespace

ProgramInfo describe(const CLI::App& app) {
  ProgramInfo program;
  program.flags = flags_of(app);
  describe_commands(app, program.commands);
  return program;
}

ProgramInfo described() {
  CLI::App app;
  Global global;
  Action chosen;
  app.name("aibrixctl");
  build(app, global, chosen);
  return describe(app);
}

std::vector<const CommandInfo*> within(const ProgramInfo& program, const std::string& group) {
  std::vector<const CommandInfo*> out;
  for (const CommandInfo& command : program.commands) {
    if (command.group == group) out.push_back(&command);
  }
  return out;
}

std::vector<FlagInfo> all_flags(const CommandInfo& command, const ProgramInfo& program) {
  std::vector<FlagInfo> out = command.flags;
  const auto add = [&](const std::vector<FlagInfo>& flags) {
    for (const FlagInfo& flag : flags) {
      const bool known = std::any_of(out.begin(), out.end(),
                                     [&](const FlagInfo& f) { return f.names == flag.names; });
      if (known) continue;
      out.push_back(flag);
      if (flag.names.back() == "--output") out.back().values = command.formats;
    }
  };
  for (const CommandInfo& group : program.commands) {
    if (group.path == command.group) add(group.flags);
  }
  add(program.flags);
  return out;
}

}  // namespace cli
