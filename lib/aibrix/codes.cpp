// Codes given as text: by users, and by plans that were saved.
#include "aibrix/codes.hpp"

#include <ostream>

namespace aibrix {

std::ostream& operator<<(std::ostream& out, Code code) {
  return out << code.text();
}

std::optional<Code> find_code(std::string_view text) {
  for (std::size_t i = 1; i < static_cast<std::size_t>(CodeNumber::count); ++i) {
    const Code code = CodeFactory::make(static_cast<CodeNumber>(i));
    if (code.text() == text) return code;
  }
  return std::nullopt;
}

}  // namespace aibrix
