#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace cli {

// For an option that takes one of these words. Another one ends the command with a usage error that
// names the word meant, if one is near. `name`: "--to", or for an argument what it is: "fix".
CLI::Validator one_of(std::string name, std::vector<std::string> words);

}  // namespace cli
