// The description of commands and flags that completion scripts and manual page are written from.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cli {

// One flag as completion scripts, manual page and their tests see it.
struct FlagInfo {
  std::vector<std::string> names;  // "-o", "--output"
  std::string help;
  std::string group;       // "Output"; "Options" for a command's own
  std::string value_name;  // "FORMAT"
  bool takes_value = false;
  std::vector<std::string> values;  // fixed choices
  std::string live;                 // what `__complete` can list: "contexts", "namespaces", …
  bool file = false;
  bool list = false;        // takes several words with commas between them
  bool repeatable = false;  // may be given more than once
};

struct ArgumentInfo {
  std::string name;  // "MODEL"
  std::string help;
  bool required = false;
  bool repeatable = false;
};

struct CommandInfo {
  std::string name;   // "finalizers"
  std::string path;   // "fix finalizers"
  std::string group;  // "fix"; empty for a command of the program itself
  std::string help;
  std::string description;  // help and the paragraphs below it
  std::vector<FlagInfo> flags;
  std::vector<ArgumentInfo> arguments;
  std::string positional_live;                 // for its arguments: "models", "codes"
  std::vector<std::string> positional_values;  // or fixed ones: "bash", …
  std::size_t most_positionals = 0;
  std::vector<std::string> formats;  // that -o of every command takes here; empty: see its flags
};

struct ProgramInfo {
  std::vector<FlagInfo> flags;        // those of every command
  std::vector<CommandInfo> commands;  // each group is followed by the commands in it
};

// Of a group: its commands.
std::vector<const CommandInfo*> within(const ProgramInfo& program, const std::string& group);
// Its own flags, then those of its group and of every command, as far as it has none of the name.
std::vector<FlagInfo> all_flags(const CommandInfo& command, const ProgramInfo& program);

// The program as the user sees it, built only to be described.
ProgramInfo described();
// Read from the app itself, so that nothing is described twice.
ProgramInfo describe(const CLI::App& app);

std::string bash_completion();
std::string zsh_completion();
std::string fish_completion();

// For the scripts, and kubectl: what may follow these words, the last of which is being typed.
// Never an error in the middle of somebody's typing.
int print_completions(const std::vector<std::string>& words);

// The manual page with its lists of flags made anew: what stands between `.\" flags: NAME` and
// `.\" end`, where NAME is a group of flags ("Output") or a command ("fix finalizers"). Throws
// base::Error(usage) when there is none of the name.
std::string renew_manual(const std::string& page, const ProgramInfo& program);
// "aibrixctl-fix-finalizers.1", and the whole page, which stands beside aibrixctl.1.
std::string manual_file(const CommandInfo& command);
std::string command_manual(const CommandInfo& command, const ProgramInfo& program);

}  // namespace cli
