// Text for a POSIX shell: the one place that quotes.
#pragma once
#include <string>
#include <string_view>

namespace base {

// One word as a shell reads it: as it is where that is safe, else in single quotes.
std::string shell_word(std::string_view text);

}  // namespace base
