// The table of hidden Unicode characters, and the writing of them as escapes.
#include "base/hidden.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/chars.hpp"
#include "base/utf8.hpp"

namespace base {
namespace {

struct Range {
  char32_t first, last;
};

// Unicode 14: general categories Cc, Cf, Zl, Zp, and Zs but the space;
// Default_Ignorable_Code_Point; noncharacters; and what is drawn as nothing: the empty Braille
// pattern, the null note head, the Khitan filler.
constexpr auto ranges = std::to_array<Range>({
    {0x0, 0x1F},        {0x7F, 0xA0},       {0xAD, 0xAD},       {0x34F, 0x34F},
    {0x600, 0x605},     {0x61C, 0x61C},     {0x6DD, 0x6DD},     {0x70F, 0x70F},
    {0x890, 0x891},     {0x8E2, 0x8E2},     {0x115F, 0x1160},   {0x1680, 0x1680},
    {0x17B4, 0x17B5},   {0x180B, 0x180F},   {0x2000, 0x200F},   {0x2028, 0x202F},
    {0x205F, 0x206F},   {0x2800, 0x2800},   {0x3000, 0x3000},   {0x3164, 0x3164},
    {0xFDD0, 0xFDEF},   {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},
    {0xFFF0, 0xFFFB},   {0x110BD, 0x110BD}, {0x110CD, 0x110CD}, {0x13430, 0x1343F},
    {0x16FE4, 0x16FE4}, {0x1BCA0, 0x1BCA3}, {0x1D159, 0x1D159}, {0x1D173, 0x1D17A},
    {0xE0000, 0xE0FFF},
});

// Of an ASCII text nothing is hidden but controls.
bool is_shown(char c) {
  return c >= ' ' && c < '\x7F';
}

void append_hex_digits(std::string& out, char32_t code, unsigned digits) {
  for (unsigned i = digits; i-- > 0;) out += upper_hex[(code >> (4 * i)) & 15U];
}

}  // namespace

bool is_hidden(char32_t code) {
  if (code >= ' ' && code < 0x7F) return false;
  if ((code & 0xFFFEU) == 0xFFFE) return true;  // the last two of each plane
  const auto* range = std::partition_point(ranges.begin(), ranges.end(),
                                           [&](const Range& r) { return r.last < code; });
  return range != ranges.end() && range->first <= code;
}

void append_escape(std::string& out, char32_t code, Escapes escapes) {
  if (escapes == Escapes::yaml && code == '\n') {
    out += "\\n";
  } else if (escapes == Escapes::yaml && code <= 0xFF) {
    append_hex_digits(out += "\\x", code, 2);
  } else if (code <= 0xFFFF) {
    append_hex_digits(out += "\\u", code, 4);
  } else if (escapes == Escapes::yaml) {
    append_hex_digits(out += "\\U", code, 8);
  } else {
    append_hex_digits(out += "\\u", 0xD800 + ((code - 0x10000) >> 10U), 4);
    append_hex_digits(out += "\\u", 0xDC00 + ((code - 0x10000) & 0x3FFU), 4);
  }
}

std::size_t log_command(std::string_view text) {
  if (!text.starts_with("##")) return 0;
  std::size_t end = 2;
  while (end < text.size() && is_alnum(text[end])) ++end;
  return end < text.size() && text[end] == '[' ? end + 1 : 0;
}

std::string visible_document(std::string text, Escapes escapes) {
  const auto plain = [](char c) { return is_shown(c) || c == '\n'; };
  if (std::all_of(text.begin(), text.end(), plain) && text.find("##") == std::string::npos) {
    return text;
  }
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (std::string_view rest = text; !rest.empty();) {
    const CodePoint point = decode_utf8(rest);
    const std::size_t bytes = std::max<std::size_t>(1, point.bytes);
    if (rest.front() == '#' && log_command(rest) != 0) {
      append_escape(out += '#', '#', escapes);
      rest.remove_prefix(2);
      continue;
    }
    if (point.code != '\n' && point.bytes != 0 && is_hidden(point.code)) {
      append_escape(out, point.code, escapes);
    } else {
      out += rest.substr(0, bytes);
    }
    rest.remove_prefix(bytes);
  }
  return out;
}

}  // namespace base
