// The tools for text: lists, globs, near misses, safe display.
#include "base/text.hpp"

#include "base/utf8.hpp"
#include "catch.hpp"

using Words = std::vector<std::string>;

TEST_CASE("trim takes white space off both ends") {
  CHECK(base::trim(" \t a b\r\n") == "a b");
  CHECK(base::trim(" \n").empty());
  CHECK(base::trim("").empty());
}

TEST_CASE("split keeps empty parts") {
  const auto parts = base::split("a::b:", ':');
  REQUIRE(parts.size() == 4);
  CHECK(parts[1].empty());
  CHECK(parts[2] == "b");
  CHECK(parts[3].empty());
  CHECK(base::split("", ':').size() == 1);
}

TEST_CASE("lists are joined and enumerated") {
  const Words words = {"a", "b", "c"};
  CHECK(base::join(words, ", ") == "a, b, c");
  CHECK(base::join(Words{}, ", ").empty());
  CHECK(base::join_and(words) == "a, b and c");
  CHECK(base::join_and(Words{"a", "b"}) == "a and b");
  CHECK(base::join_and(Words{"a"}) == "a");
  CHECK(base::join_and(Words{}).empty());
}

TEST_CASE("one pod, two pods, three policies") {
  CHECK(base::plural(1, "pod") == "1 pod");
  CHECK(base::plural(2, "pod") == "2 pods");
  CHECK(base::plural(0, "pod") == "0 pods");
  CHECK(base::plural(3, "policy", "policies") == "3 policies");
}

TEST_CASE("lower changes ASCII letters alone") {
  CHECK(base::lower("AZaz09-Ä") == "azaz09-Ä");
}

TEST_CASE("globs match the whole text") {
  CHECK(base::glob("FIN*", "FIN001"));
  CHECK(base::glob("*0?1", "FIN001"));
  CHECK(base::glob("*", ""));
  CHECK(base::glob("a*b*c", "aXbYbZc"));
  CHECK_FALSE(base::glob("FIN", "FIN001"));
  CHECK_FALSE(base::glob("?", ""));
  CHECK_FALSE(base::glob("a*b", "abc"));
}

TEST_CASE("a hostile glob does not take exponential time") {
  const std::string text(5000, 'a');
  CHECK_FALSE(base::glob("a*a*a*a*a*a*a*a*a*a*b", text));
}

TEST_CASE("distance counts insertions, deletions and changes") {
  CHECK(base::distance("kitten", "sitting") == 3);
  CHECK(base::distance("", "abc") == 3);
  CHECK(base::distance("abc", "abc") == 0);
}

TEST_CASE("the nearest word is a likely slip or nothing") {
  const Words words = {"production", "staging", "qwen-coder-7b-instruct"};
  CHECK(base::closest_match("prodution", words) == "production");
  CHECK(base::closest_match("STAGING", words) == "staging");
  CHECK(base::closest_match("qwen", words) == "qwen-coder-7b-instruct");
  CHECK(base::closest_match("minikube", words).empty());
  CHECK(base::closest_match("a", Words{}).empty());
  CHECK(base::closest_match("a", Words{"b", "bc"}).empty());
  CHECK(base::closest_match("ab", Words{"cd"}).empty());
  CHECK(base::closest_match("ab", Words{"ac"}) == "ac");
  CHECK(base::closest_match("", Words{"a"}).empty());
  CHECK(base::closest_match("A", Words{"a"}) == "a");
}

TEST_CASE("printable text cannot drive a terminal") {
  CHECK(base::printable("plain ünïcode 漢字 🚀") == "plain ünïcode 漢字 🚀");
  CHECK(base::printable("\x1b[31mred\n\t\r\x7f") == "\\x1b[31mred\\n\\t\\r\\x7f");
  CHECK(base::printable(std::string_view("\0", 1)) == "\\x00");
  // C1's CSI, a right-to-left override and a zero-width space.
  CHECK(base::printable("\xC2\x9B") == "\\xc2\\x9b");
  CHECK(base::printable("\xE2\x80\xAE") == "\\xe2\\x80\\xae");
  CHECK(base::printable("\xE2\x80\x8B") == "\\xe2\\x80\\x8b");
}

TEST_CASE("invalid UTF-8 is found and shown byte by byte") {
  for (const char* text : {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                           "\xF8\x88\x80\x80\x80", "\x80", "\xE2\x82", "\xC3"}) {
    CAPTURE(base::printable(text));
    CHECK_FALSE(base::valid_utf8(text));
    CHECK(base::printable(text).starts_with("\\x"));
  }
  CHECK(base::valid_utf8("\xF4\x8F\xBF\xBF"));
  CHECK(base::printable("a\xFFz") == "a\\xffz");
}

TEST_CASE("shortening cuts between characters") {
  CHECK(base::shorten("abc", 3) == "abc");
  CHECK(base::shorten("abcd", 3) == "abc…");
  CHECK(base::shorten("aüb", 2) == "a…");
  CHECK(base::shorten("ü", 1) == "…");
}
