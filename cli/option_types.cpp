// The readers of options that take one of some words, or a duration.
#include "option_types.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "suggest.hpp"

namespace cli {

CLI::Validator one_of(std::string name, std::vector<std::string> words) {
  // IsMember also puts the words behind the type's name, where completion finds them.
  CLI::Validator out = CLI::IsMember(words);
  out.operation([name = std::move(name), words = std::move(words)](const std::string& word) {
    if (std::find(words.begin(), words.end(), word) != words.end()) return std::string();
    const std::string quoted = '"' + base::printable(word) + '"';
    const std::string near = mistyped(word, words);
    // Not CLI11's own error: it has no place for a hint.
    throw base::Error(
        base::Fault::usage, "BadArgument",
        name.starts_with("-") ? "invalid value " + quoted + " for " + name
                              : "unknown " + name + ' ' + quoted,
        near.empty() ? "valid values: " + base::join(words, ", ") : "did you mean " + near + '?');
  });
  return out;
}

std::chrono::milliseconds duration(const std::string& flag, const std::string& text,
                                   const std::string& hint) {
  const auto parsed = base::parse_duration(text);
  if (parsed) return *parsed;
  throw base::Error(base::Fault::usage, "BadArgument",
                    "invalid duration \"" + base::printable(text) + "\" for " + flag, hint);
}

}  // namespace cli
