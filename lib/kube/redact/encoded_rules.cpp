// Texts that are written inside of a text in another way: percent, \u00XX, base64.
#include <algorithm>
#include <string>

#include "base/base64.hpp"
#include "base/chars.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "kube/redact/redact.hpp"
#include "kube/redact/redact_inner.hpp"
#include "kube/redact/rules.hpp"

namespace kube::rules {
namespace {

using base::hex_value;
using base::is_alnum;

using base::npos;
constexpr std::size_t shortest_base64 = 16;
constexpr std::size_t longest_base64 = std::size_t{1} << 20U;

// Without %XX and \u00XX.
std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto hex = [&](std::size_t at) {
      return at + 1 < text.size() && hex_value(text[at]) >= 0 && hex_value(text[at + 1]) >= 0;
    };
    const auto byte = [&](std::size_t at) {
      return static_cast<char>(hex_value(text[at]) * 16 + hex_value(text[at + 1]));
    };
    if (text[i] == '%' && hex(i + 1)) {
      out += byte(i + 1);
      i += 2;
    } else if (text.substr(i, 4) == "\\u00" && hex(i + 4)) {
      out += byte(i + 4);
      i += 5;
    } else if (text.substr(i, 2) == "\\x" && hex(i + 2)) {
      out += byte(i + 2);
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

bool readable(std::string_view bytes) {
  return base::valid_utf8(bytes) && std::ranges::none_of(bytes, [](char c) {
           const auto code = static_cast<unsigned char>(c);
           return (code < 0x20 && c != '\n' && c != '\t' && c != '\r') || code == 0x7F;
         });
}

void escapes(Marks& marks, int depth) {
  const std::string_view text = marks.text();
  const auto ends = [](char c) { return base::is_space(c) || c == '"' || c == '\'' || c == '`'; };
  for (std::size_t at = 0; at < text.size();) {
    if (ends(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && !ends(text[end])) ++end;
    const std::string_view word = text.substr(at, end - at);
    if (word.find_first_of("%\\") != npos) {
      const std::string plain = decoded(word);
      // What is hidden in the word as it stands needs no more.
      if (plain != word && redact_inner(plain, depth + 1) != plain &&
          redact_inner(word, max_depth) == word)
        marks.hide(at, end);
    }
    at = end;
  }
}

void base64(Marks& marks, int depth) {
  const std::string_view text = marks.text();
  const auto of_base64 = [](char c) {
    return is_alnum(c) || c == '+' || c == '/' || c == '-' || c == '_';
  };
  for (std::size_t at = 0; at < text.size();) {
    if (!of_base64(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && of_base64(text[end])) ++end;
    const std::size_t size = end - at;
    if (size >= shortest_base64 && size < longest_base64 && size % 4 != 1) {
      std::string word(text.substr(at, size));
      std::ranges::replace(word, '-', '+');
      std::ranges::replace(word, '_', '/');
      word.append((4 - size % 4) % 4, '=');
      const base::Decoded64 plain = base::decode_base64(word);
      std::size_t whole = end;
      while (whole < text.size() && text[whole] == '=') ++whole;
      if (plain.problem.empty() && readable(plain.bytes) &&
          (redact_inner(plain.bytes, depth + 1) != plain.bytes))
        marks.hide(at, whole);
    }
    at = end;
  }
}

}  // namespace

void encoded(Marks& marks, int depth) {
  if (depth >= max_depth) return;
  if (marks.text().find_first_of("%\\") != npos) escapes(marks, depth);
  if (marks.text().size() >= shortest_base64) base64(marks, depth);
}

}  // namespace kube::rules
