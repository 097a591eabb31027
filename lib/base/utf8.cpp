#include "base/utf8.hpp"

#include "base/text.hpp"

namespace base {

std::string utf8(std::string_view text) {
  return valid_utf8(text) ? std::string(text) : printable(text);
}

}  // namespace base
