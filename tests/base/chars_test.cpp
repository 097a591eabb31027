// Single characters: ASCII, hex digits, UTF-8; and lists without repeats.
#include "base/chars.hpp"

#include "base/lists.hpp"
#include "base/utf8.hpp"
#include "catch.hpp"

TEST_CASE("bytes of longer characters are no letters, digits or blanks") {
  for (int byte = 0x80; byte < 0x100; ++byte) {
    const char c = static_cast<char>(byte);
    CHECK_FALSE(base::is_alnum(c));
    CHECK_FALSE(base::is_space(c));
    CHECK(base::to_lower(c) == c);
    CHECK(base::to_upper(c) == c);
    CHECK(base::hex_value(c) == -1);
  }
}

TEST_CASE("hex digits go both ways") {
  for (int byte = 0; byte < 0x100; ++byte) {
    std::string text;
    base::append_hex(text, static_cast<unsigned char>(byte));
    base::append_hex(text, static_cast<unsigned char>(byte), base::upper_hex);
    REQUIRE(text.size() == 4);
    CHECK(base::hex_value(text[0]) * 16 + base::hex_value(text[1]) == byte);
    CHECK(base::hex_value(text[2]) * 16 + base::hex_value(text[3]) == byte);
  }
  CHECK(base::all_digits("0123456789"));
  CHECK_FALSE(base::all_digits(""));
  CHECK_FALSE(base::all_digits("1a"));
}

TEST_CASE("a character is the same after it was written and read") {
  for (const char32_t code :
       {U'\0', U'a', U'\x7f', U'\x80', U'\x7ff', U'\x800', U'\xffff', U'\x10000', U'\x10ffff'}) {
    std::string text;
    base::append_utf8(text, code);
    const base::CodePoint point = base::decode_utf8(text);
    CHECK(point.code == code);
    CHECK(point.bytes == text.size());
  }
  CHECK(base::decode_utf8("\xC0\x80").bytes == 0);      // overlong
  CHECK(base::decode_utf8("\xED\xA0\x80").bytes == 0);  // a surrogate
  CHECK(base::decode_utf8("\xE2\x82").bytes == 0);      // cut
}

TEST_CASE("an entry that a list holds already is not added again") {
  std::vector<std::string> list;
  CHECK(base::add_once(list, "a"));
  CHECK_FALSE(base::add_once(list, std::string_view("a")));
  CHECK(base::add_once(list, std::string("b")));
  CHECK(list == std::vector<std::string>{"a", "b"});
}
