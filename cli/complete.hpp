// What may follow a command line that somebody is typing.
#pragma once
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "completion.hpp"

namespace cli {

// One word that fits, and what it is ("Find problems and their root causes").
struct Candidate {
  std::string word;
  std::string help = {};
};

// The words before the one that is being typed, taken apart as the parser would.
struct TypedLine {
  const CommandInfo* command = nullptr;  // the innermost; null: of the program itself
  std::vector<std::string> arguments;
  std::vector<std::pair<FlagInfo, std::string>> flags;  // with their values
  bool only_arguments = false;                          // a "--" was typed
  std::vector<std::string> values_of(const std::string& flag) const;
};

// Looks up what must be looked up ("models"), for the line as far as it was typed.
using LiveWords = std::function<std::vector<Candidate>(const std::string& what, const TypedLine&)>;

struct Completions {
  std::vector<Candidate> words;
  bool files = false;  // the shell is to offer the names of files
};

// `words` are all words behind the program's name; the last one is being typed and may be empty.
Completions complete(const ProgramInfo& program, const std::vector<std::string>& words,
                     const LiveWords& live);

}  // namespace cli
