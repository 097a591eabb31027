// Small tools for text: lists, plurals, globs, near misses, safe display.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace base {

inline constexpr std::size_t npos = std::string_view::npos;

std::string_view trim(std::string_view text);
// Always at least one part; no part is dropped for being empty.
std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);
// "a", "a and b", "a, b and c".
std::string join_and(std::span<const std::string> parts);
// plural(1, "pod") is "1 pod", plural(2, "pod") "2 pods"; `many` where adding an s is wrong.
std::string plural(std::size_t count, std::string_view one, std::string_view many = {});
std::string lower(std::string_view text);  // ASCII only, as upper()
std::string upper(std::string_view text);
// '*' matches any run of characters, '?' one character; the whole text must match.
bool glob(std::string_view pattern, std::string_view text);
// Where the letters and digits (ASCII) at `at` end.
std::size_t word_end(std::string_view text, std::size_t at);
// Levenshtein distance, in bytes.
std::size_t distance(std::string_view a, std::string_view b);
// The nearest of `words` when it is near enough to be a slip of the pen, else empty.
std::string closest_match(std::string_view word, std::span<const std::string> words);
// Text from a cluster or a file, made safe for a terminal: what a reader would not see
// (is_hidden()) and invalid UTF-8 as \n, \t, \xHH, a byte each. Other valid UTF-8 stays.
std::string printable(std::string_view text);
// As in a URL: letters, digits and the characters in `plain` stay, other bytes become %XX.
std::string percent_encode(std::string_view text, std::string_view plain);
// Cut to at most `bytes` at a character border, with "…" at the end when cut.
std::string shorten(std::string_view text, std::size_t bytes);

}  // namespace base
