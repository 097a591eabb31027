// The reader of version numbers, and their order by semver.
#include "base/version.hpp"

#include <charconv>

#include "base/chars.hpp"
#include "base/text.hpp"

namespace base {
namespace {

std::optional<int> take_number(std::string_view& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || value < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

// By the rules of semver.org: numbers by value and below words, words by ASCII, fewer parts first.
std::strong_ordering compare_part(std::string_view a, std::string_view b) {
  if (all_digits(a) != all_digits(b)) {
    return all_digits(a) ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  if (all_digits(a) && a.size() != b.size()) return a.size() <=> b.size();
  return a.compare(b) <=> 0;
}

std::strong_ordering compare_pre(std::string_view a, std::string_view b) {
  const std::vector<std::string_view> left = split(a, '.');
  const std::vector<std::string_view> right = split(b, '.');
  for (std::size_t i = 0; i < left.size() && i < right.size(); ++i) {
    if (const auto c = compare_part(left[i], right[i]); c != 0) return c;
  }
  return left.size() <=> right.size();
}

}  // namespace

std::strong_ordering Version::operator<=>(const Version& other) const {
  if (const auto c = major <=> other.major; c != 0) return c;
  if (const auto c = minor <=> other.minor; c != 0) return c;
  if (const auto c = patch <=> other.patch; c != 0) return c;
  if (pre.empty() != other.pre.empty()) {
    return pre.empty() ? std::strong_ordering::greater : std::strong_ordering::less;
  }
  return compare_pre(pre, other.pre);
}

std::optional<Version> parse_version(std::string_view text) {
  if (text.starts_with('v') || text.starts_with('V')) text.remove_prefix(1);
  Version version;
  const auto major = take_number(text);
  if (!major || text.empty() || text.front() != '.') return std::nullopt;
  text.remove_prefix(1);
  const auto minor = take_number(text);
  if (!minor) return std::nullopt;
  version.major = *major;
  version.minor = *minor;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    const auto patch = take_number(text);
    if (!patch) return std::nullopt;
    version.patch = *patch;
  }
  if (text.starts_with('-')) version.pre = std::string(text.substr(1, text.find('+') - 1));
  return version;
}

std::string format_version(const Version& version) {
  std::string out = "v" + std::to_string(version.major) + '.' + std::to_string(version.minor) +
                    '.' + std::to_string(version.patch);
  return version.pre.empty() ? out : out + '-' + version.pre;
}

}  // namespace base
