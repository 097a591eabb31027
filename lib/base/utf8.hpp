// UTF-8: code points read, written and checked.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace base {

struct CodePoint {
  char32_t code = 0;
  std::size_t bytes = 0;  // 0: the text does not begin with valid UTF-8
};
// The first one of a text that is not empty. Overlong forms and surrogates are not valid.
CodePoint decode_utf8(std::string_view text);
void append_utf8(std::string& out, char32_t code);
bool valid_utf8(std::string_view text);
// A byte that continues a character: no text may be cut in front of it.
constexpr bool continues_utf8(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80;
}
// Text as a document can carry it: foreign text may be no UTF-8, which no JSON can hold. As it is,
// or else as printable().
std::string utf8(std::string_view text);

}  // namespace base
