// A reader of JSON-like text that takes what is cut off or printed by Python.
#include "aibrix/responses/lenient_json.hpp"

#include <algorithm>

#include "base/chars.hpp"
#include "base/utf8.hpp"

namespace aibrix {
namespace {

using base::is_space;

bool is_quote(char c) {
  return c == '"' || c == '\'';
}

std::size_t skip_space(std::string_view text, std::size_t at) {
  while (at < text.size() && is_space(text[at])) ++at;
  return at;
}

// `at` is behind the u of \uXXXX. Halves of surrogate pairs become a question mark.
std::size_t unicode(std::string_view text, std::size_t at, std::string& out) {
  char32_t code = 0;
  for (int i = 0; i < 4; ++i, ++at) {
    const int digit = at < text.size() ? base::hex_value(text[at]) : -1;
    if (digit < 0) return at;
    code = code << 4U | static_cast<char32_t>(digit);
  }
  base::append_utf8(out, code >= 0xD800 && code < 0xE000 ? U'?' : code);
  return at;
}

std::size_t escape(std::string_view text, std::size_t at, std::string& out) {
  const char c = text[at++];
  switch (c) {
    case 'n': out += '\n'; return at;
    case 't': out += '\t'; return at;
    case 'r': out += '\r'; return at;
    case 'b':
    case 'f': return at;
    case 'u': return unicode(text, at, out);
    default: out += c; return at;
  }
}

struct Quoted {
  std::string text;
  std::size_t end = 0;  // one past the closing quote
  bool cut = false;
};

// `at` is on the opening quote.
Quoted read_quoted(std::string_view text, std::size_t at) {
  Quoted out;
  const char quote = text[at++];
  while (at < text.size() && text[at] != quote) {
    if (text[at] == '\\' && at + 1 < text.size()) {
      at = escape(text, at + 1, out.text);
    } else {
      out.text += text[at++];
    }
  }
  out.cut = at >= text.size();
  out.end = std::min(at + 1, text.size());
  return out;
}

bool ends_scalar(char c) {
  return is_space(c) || c == ',' || c == '}' || c == ']' || c == '{' || c == '[' || is_quote(c);
}

bool is_word(char c) {
  return base::is_alnum(c) || c == '_' || c == '$';
}

// Length of a word that begins here with a colon and a blank behind it; 0: none does.
std::size_t bare_key(std::string_view text, std::size_t at) {
  if (!is_word(text[at]) || base::is_digit(text[at]) || (at > 0 && !ends_scalar(text[at - 1])))
    return 0;
  std::size_t end = at;
  while (end < text.size() && end - at < 64 && is_word(text[end])) ++end;
  const bool key = end + 1 < text.size() && text[end] == ':' && is_space(text[end + 1]);
  return key ? end - at : 0;
}

bool is_number(std::string_view word) {
  return !word.empty() && word.find_first_not_of("0123456789.-") == std::string_view::npos;
}

}  // namespace

std::vector<LenientField> lenient_fields(std::string_view text) {
  constexpr std::size_t most = 4096;
  std::vector<LenientField> out;
  std::size_t at = 0;
  while (at < text.size() && out.size() < most) {
    // JavaScript prints keys without quotes.
    const std::size_t bare = is_quote(text[at]) ? 0 : bare_key(text, at);
    if (!is_quote(text[at]) && bare == 0) {
      ++at;
      continue;
    }
    Quoted key = bare == 0 ? read_quoted(text, at)
                           : Quoted{std::string(text.substr(at, bare)), at + bare, false};
    at = skip_space(text, key.end);
    if (at >= text.size() || text[at] != ':') continue;
    at = skip_space(text, at + 1);
    if (at >= text.size() || text[at] == '{' || text[at] == '[') continue;
    LenientField field;
    field.key = std::move(key.text);
    if (is_quote(text[at])) {
      Quoted value = read_quoted(text, at);
      field.value = std::move(value.text);
      field.quoted = true;
      field.cut = value.cut;
      at = value.end;
    } else {
      const std::size_t start = at;
      while (at < text.size() && !ends_scalar(text[at])) ++at;
      field.value = text.substr(start, at - start);
      field.number = is_number(field.value);
    }
    out.push_back(std::move(field));
  }
  return out;
}

const LenientField* find_field(const std::vector<LenientField>& fields, std::string_view key) {
  const auto it = std::find_if(fields.begin(), fields.end(),
                               [&](const LenientField& f) { return f.key == key; });
  return it == fields.end() ? nullptr : &*it;
}

std::size_t lenient_end(std::string_view text, std::size_t start) {
  std::size_t depth = 0;
  std::size_t at = start;
  while (at < text.size()) {
    const char c = text[at];
    if (is_quote(c)) {
      at = read_quoted(text, at).end;
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') {
      if (depth <= 1) return at + 1;
      --depth;
    }
    ++at;
  }
  return text.size();
}

}  // namespace aibrix
