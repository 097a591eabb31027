// The words of a command line, read into the app.
#pragma once
#include <string>
#include <vector>

#include "commands.hpp"

namespace cli {

// A command that only has commands ("endpoint"): one of them must be named. It may stand behind
// flags: `endpoint --from inside print`.
CLI::App* add_group(CLI::App& app, Action& chosen, const std::string& name,
                    const std::string& description);
// Throws base::Error(usage) with a hint, or CLI::CallForHelp.
void parse(CLI::App& app, std::vector<std::string> words);
// The innermost command on the command line: its help is the one to show.
const CLI::App& innermost(const CLI::App& app);
// "fix finalizers"; empty for the program itself.
std::string path_of(const CLI::App& app);

}  // namespace cli
