#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace cli {

// Help that looks the same with every CLI11 (its own layout changed between 2.1 and 2.6).
class Help : public CLI::FormatterBase {
 public:
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override;
};

// Words a user could have meant: flags of the app and its parents, or its commands.
std::vector<std::string> known_words(const CLI::App& app, bool flags);

}  // namespace cli
