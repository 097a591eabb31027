// The reader of Kubernetes quantities.
#include "kube/quantity.hpp"

#include <array>
#include <cmath>
#include <cstdlib>
#include <string>

#include "base/chars.hpp"

namespace kube {
namespace {

using base::is_digit;

struct Suffix {
  std::string_view text;
  double factor;
};
constexpr auto suffixes = std::to_array<Suffix>({
    {"", 1},
    {"n", 1e-9},
    {"u", 1e-6},
    {"m", 1e-3},
    {"k", 1e3},
    {"M", 1e6},
    {"G", 1e9},
    {"T", 1e12},
    {"P", 1e15},
    {"E", 1e18},
    {"Ki", 0x1p10},
    {"Mi", 0x1p20},
    {"Gi", 0x1p30},
    {"Ti", 0x1p40},
    {"Pi", 0x1p50},
    {"Ei", 0x1p60},
});

// The length of "12", "-1.5", "1e3", "2E-3" at the start; "1E" is one exa, so an E needs digits.
std::size_t number_length(std::string_view text) {
  std::size_t i = 0;
  bool digits = false;
  if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
  for (; i < text.size() && (is_digit(text[i]) || text[i] == '.'); ++i) {
    digits = digits || is_digit(text[i]);
  }
  if (!digits) return 0;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    std::size_t end = i + 1;
    if (end < text.size() && (text[end] == '+' || text[end] == '-')) ++end;
    if (end < text.size() && is_digit(text[end])) {
      while (end < text.size() && is_digit(text[end])) ++end;
      return end;
    }
  }
  return i;
}

}  // namespace

std::optional<double> parse_quantity(std::string_view text) {
  const std::size_t length = number_length(text);
  if (length == 0 || length > 40) return std::nullopt;
  const std::string number(text.substr(0, length));
  char* end = nullptr;
  const double value = std::strtod(number.c_str(), &end);
  if (end != number.c_str() + number.size() || !std::isfinite(value)) return std::nullopt;
  const std::string_view suffix = text.substr(length);
  for (const Suffix& s : suffixes) {
    if (s.text == suffix) return value * s.factor;
  }
  return std::nullopt;
}

}  // namespace kube
