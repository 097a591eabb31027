// Commands that were broken at words to fit the screen, on one line again.
#pragma once
#include <string>

namespace support {

inline std::string unwrap(std::string text) {
  for (auto at = text.find(" \\\n"); at != text.npos; at = text.find(" \\\n", at)) {
    text.erase(at + 1, text.find_first_not_of(' ', at + 3) - at - 1);
  }
  return text;
}

}  // namespace support
