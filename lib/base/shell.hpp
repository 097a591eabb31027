// Text for a POSIX shell: the one place that quotes.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace base {

// One word as a shell reads it: as it is where that is safe, else in single quotes. Hidden
// characters and what is no UTF-8 are written as "$(printf '\NNN')", so that the command can be
// looked at and copied on one line (line ends at the end of a word stand as they are); nor is any
// of it a command for the log of a CI system. NUL, which no argument can hold, is the one character
// that does not come back.
std::string shell_word(std::string_view text);

// The words of a command that shell_word() quoted, as they stand in it, quotes and all.
std::vector<std::string> shell_words(std::string_view command);

}  // namespace base
