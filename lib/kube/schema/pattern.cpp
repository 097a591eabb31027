// Regular expressions of schemas, in the words of POSIX.
#include "kube/schema/pattern.hpp"

#include <regex.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <memory>
#include <string>
#include <unordered_map>

namespace kube {
namespace {

// A CRD in a file is foreign text: long expressions and nested repetition can take any time.
constexpr std::size_t max_pattern = 600;
constexpr std::ptrdiff_t max_counts = 8;
constexpr std::size_t max_text = 4096;

// What a letter behind a backslash stands for inside brackets.
std::string_view class_of(char letter) {
  switch (letter) {
    case 'd': return "0-9";
    case 's': return "[:space:]";
    case 'w': return "[:alnum:]_";
    default: return {};
  }
}

// The character that \n, \t, \r or \xHH is; steps over the digits. 0: none of them.
char control_of(std::string_view pattern, std::size_t& at) {
  switch (pattern[at]) {
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'x': break;
    default: return '\0';
  }
  unsigned code = 0;
  const std::string_view digits = pattern.substr(at + 1, 2);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
  if (error != std::errc() || end != digits.data() + 2 || code == 0 || code > 126) return '\0';
  at += 2;
  return static_cast<char>(code);
}

// A bracket expression, in which POSIX has no backslash. Empty: not expressible.
std::string brackets(std::string_view pattern, std::size_t& at) {
  std::string out = "[";
  std::string last;  // - and ] have places of their own
  std::string first;
  std::size_t i = at + 1;
  if (i < pattern.size() && pattern[i] == '^') out += pattern[i++];
  for (const std::size_t start = i; i < pattern.size(); ++i) {
    if (pattern[i] == ']' && i != start) {
      at = i;
      return out.substr(0, out.starts_with("[^") ? 2 : 1) + first +
             out.substr(out.starts_with("[^") ? 2 : 1) + last + "]";
    }
    if (pattern[i] != '\\') {
      out += pattern[i];
      continue;
    }
    if (++i == pattern.size()) return {};
    const std::string_view named = class_of(pattern[i]);
    if (!named.empty()) {
      out += named;
    } else if (pattern[i] == '-') {
      last = "-";
    } else if (pattern[i] == ']') {
      first = "]";
    } else if (const char plain = control_of(pattern, i); plain != '\0') {
      out += plain;
    } else if (pattern.substr(i).starts_with("x00")) {
      i += 2;  // no text holds it
    } else if (std::isalnum(static_cast<unsigned char>(pattern[i])) != 0) {
      return {};
    } else {
      out += pattern[i];
    }
  }
  return {};
}

std::optional<std::string> to_posix(std::string_view pattern) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '[') {
      const std::string part = brackets(pattern, i);
      if (part.empty()) return std::nullopt;
      out += part;
    } else if (pattern.substr(i).starts_with("(?:")) {
      out += '(';
      i += 2;
    } else if (pattern.substr(i).starts_with("(?")) {
      return std::nullopt;
    } else if (pattern[i] == '\\') {
      if (++i == pattern.size()) return std::nullopt;
      const std::string_view named = class_of(pattern[i]);
      if (!named.empty()) {
        out += '[' + std::string(named) + ']';
      } else if (pattern[i] == 'S') {
        out += "[^[:space:]]";
      } else if (std::isalnum(static_cast<unsigned char>(pattern[i])) != 0) {
        return std::nullopt;
      } else {
        out += '\\';
        out += pattern[i];
      }
    } else if (pattern.substr(i).starts_with("*?") || pattern.substr(i).starts_with("+?")) {
      out += pattern[i++];
    } else {
      out += pattern[i];
    }
  }
  return out;
}

}  // namespace

struct Pattern::Compiled {
  regex_t regex{};
  bool good = false;

  explicit Compiled(std::string_view pattern) {
    if (pattern.size() > max_pattern) return;
    if (std::count(pattern.begin(), pattern.end(), '{') > max_counts) return;
    std::string text(pattern);
    int flags = REG_EXTENDED | REG_NOSUB;
    if (const std::size_t at = text.find("(?i)"); at == 0 || (at == 1 && text[0] == '^')) {
      text.erase(at, 4);
      flags |= REG_ICASE;
    }
    const auto posix = to_posix(text);
    good = posix && ::regcomp(&regex, posix->c_str(), flags) == 0;
  }
  ~Compiled() {
    if (good) ::regfree(&regex);
  }
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;
};

Pattern::Pattern(std::string_view pattern) : compiled_(std::make_shared<Compiled>(pattern)) {}

std::optional<bool> Pattern::fits(std::string_view text) const {
  if (text.size() > max_text || text.find('\0') != std::string_view::npos) return std::nullopt;
  if (!compiled_->good) return std::nullopt;
  return ::regexec(&compiled_->regex, std::string(text).c_str(), 0, nullptr, 0) == 0;
}

std::optional<bool> fits(std::string_view pattern, std::string_view text) {
  return Pattern(pattern).fits(text);
}

}  // namespace kube
