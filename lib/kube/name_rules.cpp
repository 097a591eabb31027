// The forms of names, labels and keys.
#include "kube/name_rules.hpp"

#include <algorithm>

#include "base/chars.hpp"
#include "base/text.hpp"

namespace kube {
namespace {

constexpr std::size_t label_length = 63;
constexpr std::size_t subdomain_length = 253;

bool is_low(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}
bool is_letter(char c) {
  return is_low(c) || (c >= 'A' && c <= 'Z');
}

}  // namespace

bool is_dns_label(std::string_view text) {
  return !text.empty() && text.size() <= label_length && is_low(text.front()) &&
         is_low(text.back()) &&
         std::ranges::all_of(text, [](char c) { return is_low(c) || c == '-'; });
}

bool is_dns1035_label(std::string_view text) {
  return is_dns_label(text) && !base::is_digit(text.front());
}

bool is_subdomain(std::string_view text) {
  if (text.empty() || text.size() > subdomain_length) return false;
  return std::ranges::all_of(base::split(text, '.'), [](std::string_view part) {
    return !part.empty() && is_low(part.front()) && is_low(part.back()) &&
           std::ranges::all_of(part, [](char c) { return is_low(c) || c == '-'; });
  });
}

bool is_label_value(std::string_view text) {
  if (text.empty()) return true;
  return text.size() <= label_length && is_letter(text.front()) && is_letter(text.back()) &&
         std::ranges::all_of(
             text, [](char c) { return is_letter(c) || c == '-' || c == '_' || c == '.'; });
}

bool is_qualified_name(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash != std::string_view::npos && !is_subdomain(text.substr(0, slash))) return false;
  const std::string_view name = slash == std::string_view::npos ? text : text.substr(slash + 1);
  return !name.empty() && is_label_value(name);
}

}  // namespace kube
