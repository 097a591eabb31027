#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace cli {

// One flag as completion scripts and the drift test see it.
struct FlagInfo {
  std::vector<std::string> names;  // "-o", "--output"
  std::string help;
  bool takes_value = false;
  std::vector<std::string> values;  // fixed choices
  std::string live;                 // what `__complete` can list: "contexts", "namespaces", …
  bool file = false;
};

struct CommandInfo {
  std::string name;
  std::string help;
  std::vector<FlagInfo> flags;
  std::string positional_live;                 // for its arguments: "models", "codes"
  std::vector<std::string> positional_values;  // or fixed ones: "bash", …
};

struct ProgramInfo {
  std::vector<FlagInfo> flags;  // those of every command
  std::vector<CommandInfo> commands;
};

// Read from the app itself, so that nothing is described twice.
ProgramInfo describe(const CLI::App& app);

std::string bash_completion(const ProgramInfo& program);
std::string zsh_completion(const ProgramInfo& program);
std::string fish_completion(const ProgramInfo& program);

}  // namespace cli
