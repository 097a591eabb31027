#include <map>

#include "base/text.hpp"
#include "completion.hpp"

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
                                                             {"--namespace", "namespaces"},
                                                             {"--install-namespace", "namespaces"},
                                                             {"--only", "checks"},
                                                             {"--skip", "checks"},
                                                             {"MODEL", "models"},
                                                             {"CODE", "codes"}};
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
  flag.help = option.get_description();
  flag.takes_value = option.get_items_expected_max() > 0;
  flag.values = choices(option.get_type_name());
  flag.live = live_source(option);
  flag.file = option.get_type_name() == "FILE";
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

}  // namespace

ProgramInfo describe(const CLI::App& app) {
  ProgramInfo program;
  program.flags = flags_of(app);
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_group().empty()) continue;
    CommandInfo info;
    info.name = command->get_name();
    info.help = command->get_description();
    info.flags = flags_of(*command);
    for (const CLI::Option* option : command->get_options()) {
      if (!option->get_positional()) continue;
      info.positional_live = live_source(*option);
      for (std::string& value : choices(option->get_type_name())) {
        info.positional_values.push_back(std::move(value));
      }
    }
    program.commands.push_back(std::move(info));
  }
  return program;
}

}  // namespace cli
