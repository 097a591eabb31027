// Words and durations as values of options, with errors that name the nearest word.
#pragma once
#include <chrono>
#include <string>
#include <vector>

namespace CLI {
class Validator;
}

// What options take, beyond what CLI11 checks.
namespace cli {

// For an option that takes one of these words. Another one ends the command with a usage error that
// names the word meant, if one is near. `name`: "--to", or for an argument what it is: "fix".
CLI::Validator one_of(std::string name, std::vector<std::string> words);

// What a flag of a duration was given ("5m"); throws base::Error(usage) with the hint.
std::chrono::milliseconds duration(const std::string& flag, const std::string& text,
                                   const std::string& hint = "write it like 30s, 5m or 1h30m");

}  // namespace cli
