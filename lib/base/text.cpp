// Splitting, joining, matching and shortening of text, and its safe display.
#include "base/text.hpp"

#include <algorithm>
#include <numeric>

#include "base/chars.hpp"
#include "base/hidden.hpp"
#include "base/utf8.hpp"

namespace base {
namespace {

void escape_byte(std::string& out, char c) {
  switch (c) {
    case '\n': out += "\\n"; return;
    case '\t': out += "\\t"; return;
    case '\r': out += "\\r"; return;
    default: break;
  }
  out += "\\x";
  append_hex(out, static_cast<unsigned char>(c));
}

}  // namespace

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string out;
  for (const std::string& part : parts) {
    if (&part != parts.data()) out += separator;
    out += part;
  }
  return out;
}

std::string join_and(std::span<const std::string> parts) {
  if (parts.size() < 2) return parts.empty() ? std::string() : parts.front();
  return join(parts.first(parts.size() - 1), ", ") + " and " + parts.back();
}

std::string plural(std::size_t count, std::string_view one, std::string_view many) {
  std::string out = std::to_string(count) + ' ';
  if (count == 1) return out.append(one);
  return many.empty() ? out.append(one) + 's' : out.append(many);
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = to_lower(c);
  return out;
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = to_upper(c);
  return out;
}

bool glob(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t mark = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::size_t word_end(std::string_view text, std::size_t at) {
  while (at < text.size() && is_alnum(text[at])) ++at;
  return at;
}

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row[b.size()];
}

std::string closest_match(std::string_view word, std::span<const std::string> words) {
  const std::string wanted = lower(word);
  std::string best;
  // Fewer changes than it has letters: "x" is no slip for "y".
  std::size_t best_distance = std::min(std::max<std::size_t>(2, word.size() / 3) + 1, word.size());
  for (const std::string& candidate : words) {
    std::size_t d = distance(wanted, lower(candidate));
    // "qwen" for "qwen-coder-7b-instruct": a prefix is a likely slip however long the rest is.
    if (wanted.size() >= 3 && candidate.size() > word.size() &&
        lower(candidate).starts_with(wanted)) {
      d = std::min<std::size_t>(d, 2);
    }
    if (d < best_distance) {
      best_distance = d;
      best = candidate;
    }
  }
  return best;
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const CodePoint d = decode_utf8(text);
    const std::size_t bytes = d.bytes == 0 ? 1 : d.bytes;
    if (d.bytes == 0 || is_hidden(d.code)) {
      for (const char c : text.substr(0, bytes)) escape_byte(out, c);
    } else {
      out += text.substr(0, bytes);
    }
    text.remove_prefix(bytes);
  }
  return out;
}

std::string percent_encode(std::string_view text, std::string_view plain) {
  std::string out;
  for (const char c : text) {
    if (is_alnum(c) || plain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += '%';
      append_hex(out, static_cast<unsigned char>(c), upper_hex);
    }
  }
  return out;
}

std::string shorten(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return std::string(text);
  std::size_t end = bytes;
  while (end > 0 && continues_utf8(text[end])) --end;
  return std::string(text.substr(0, end)) + "…";
}

}  // namespace base
