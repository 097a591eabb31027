// The text of --help, and the words that a mistyped one may have meant.
#pragma once
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cli {

// Help that looks the same with every CLI11 (its own layout changed between 2.1 and 2.6), also for
// the commands added afterwards.
void use_help(CLI::App& app);

// Words a user could have meant: flags of the app and its parents, or its commands.
std::vector<std::string> known_words(const CLI::App& app, bool flags);

}  // namespace cli
