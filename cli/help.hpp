// The text of --help, and the words that a mistyped one may have meant.
#pragma once
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cli {

// The heading of commands that only the main list leaves out.
inline constexpr const char* hidden_heading = "Help";

// Help that looks the same with every CLI11 (its own layout changed between 2.1 and 2.6), also for
// the commands added afterwards.
void use_help(CLI::App& app);
// Of this command, whatever is on the command line (CLI::App::help() goes on to what was chosen).
std::string help_of(const CLI::App& app);
// The flags of every command, as `options` prints them.
std::string options_help(const CLI::App& app);
// "  print  Print the gateway address", a line for each command in it.
std::string command_list(const CLI::App& app);

// Words a user could have meant: flags of the app and its parents, or its commands.
std::vector<std::string> known_words(const CLI::App& app, bool flags);

}  // namespace cli
