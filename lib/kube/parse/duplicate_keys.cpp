// The words for keys that come twice.
#include "kube/parse/duplicate_keys.hpp"

#include "base/text.hpp"

namespace kube {

std::string to_string(const Duplicate& duplicate) {
  constexpr std::size_t shown_bytes = 80;
  return "duplicate key \"" + base::printable(base::shorten(duplicate.key, shown_bytes)) +
         "\", first on line " + std::to_string(duplicate.first);
}

std::string to_note(const Duplicate& duplicate, const std::string& file) {
  return base::printable(file) + ":" + std::to_string(duplicate.line) + ": " +
         to_string(duplicate) + "; kubectl uses the last one";
}

}  // namespace kube
