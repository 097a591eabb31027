// The words of a shell script, told apart without running it.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aibrix {

// One word of a command line, as the program would get it.
struct Word {
  std::string text;
  bool certain = true;     // false: holds a substitution that cannot be followed from here
  bool separator = false;  // between the commands of a script: newline ; & | && ||
};

// Stands in a word for text that is not known.
inline constexpr char unknown_text = '\x01';
// A word is certain unless it holds unknown text.
Word make_word(std::string text);

// In the name of a shell variable (its first character is no digit).
bool in_variable_name(char c);

// Takes a shell script apart by the shell's rules for quotes, comments and continued lines. Plain
// variables are asked of `lookup` (nothing: not known); whatever else a shell would work out makes
// its word uncertain. Redirections read as words: scripts in manifests hold "<placeholder>".
using VariableLookup = std::function<std::optional<std::string>(std::string_view)>;
std::vector<Word> shell_words(std::string_view script, const VariableLookup& lookup);

}  // namespace aibrix
