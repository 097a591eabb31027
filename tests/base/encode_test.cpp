// Foreign text for terminals, logs and shells.
#include "base/hidden.hpp"
#include "base/log_text.hpp"
#include "base/process.hpp"
#include "base/shell.hpp"
#include "base/text.hpp"
#include "catch.hpp"

TEST_CASE("what is not seen, or moves what is, is escaped; what is seen stays") {
  for (const char* text :
       {"\u00ad", "\u00a0", "\u034f",     "\u061c",     "\u115f",     "\u180e",     "\u2060",
        "\u2063", "\u206a", "\u2800",     "\u3000",     "\u3164",     "\ufe0f",     "\uffa0",
        "\ufff9", "\ufffe", "\U0001d173", "\U000e0001", "\U000e0041", "\U000e01ef", "\U0010ffff"}) {
    CAPTURE(base::printable(text));
    CHECK(base::printable(text).starts_with("\\x"));
  }
  const std::string seen = "Grüße, 漢字 かな 한글 العربية עברית ไทย 🚀 … – “a” ✔ ✖ ○ \ufffd e\u0301";
  CHECK(base::printable(seen) == seen);
}

TEST_CASE("a finished line is no command of a CI system, and colours stay") {
  CHECK(base::log_text("a\n  ::error::b\n") == "a\n  \\x3a:error::b\n");
  CHECK(base::log_text("\033[1m ::x::\033[0m") == "\033[1m \\x3a:x::\033[0m");
  CHECK(base::log_text("a ##[stop]b ##vso[c]") == "a #\\x23[stop]b #\\x23vso[c]");
  CHECK(base::log_text("###[x]") == "##\\x23[x]");
  CHECK(base::log_text("a ::b:: ## [c] # heading\t\n") == "a ::b:: ## [c] # heading\t\n");
  CHECK(base::log_text("\033]0;x\a\r") == "\\x1b]0;x\\x07\\r");
  CHECK(base::log_text("a\xFF\u202e") == "a\\xff\\xe2\\x80\\xae");
}

TEST_CASE("a document has the same values when it can be looked at") {
  using base::Escapes;
  CHECK(base::visible_document("{\"a\":\"\u202e\x7f ##[x]\"}\n", Escapes::json) ==
        R"({"a":"\u202E\u007F #\u0023[x]"})"
        "\n");
  CHECK(base::visible_document("\U000e0041", Escapes::json) == R"(\uDB40\uDC41)");
  CHECK(base::visible_document("\U000e0041 \u00ad ##a[", Escapes::yaml) ==
        R"(\U000E0041 \xAD #\x23a[)");
}

TEST_CASE("a shell reads a word back that shows all of what is in it") {
  CHECK(base::shell_word("a") == "a");
  CHECK(base::shell_word("=ls") == "'=ls'");
  CHECK(base::shell_word("\u202e") == R"~(''"$(printf '\342\200\256')"'')~");
  CHECK(base::shell_word("a\nbc") == R"~('a'"$(printf '\012\142')"'c')~");
  for (const std::string text :
       {"\x1b]0;x\a", "a\tb", "\u202ea\u00ad", "\xFF", "a\n\n", "\n  ::x::\n::", "##[x] ##vso[x]",
        "###[", "'\x01'\n'", "\r", "$(id) `id` !! \\"}) {
    const std::string word = base::shell_word(text);
    CAPTURE(word);
    base::Command command;
    command.argv = {"sh", "-c", "printf %s " + word};
    CHECK(base::run(command).out == text);
    CHECK(base::log_text("x " + word) == "x " + word);
  }
}
