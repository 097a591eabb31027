// Text that fits a terminal.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "report/report.hpp"

namespace report {

enum class Colour { none, error, warning, info, ok, bold, dim };
std::string paint(const Style& style, Colour colour, std::string_view text);
Colour colour_of(checks::Level level);

// Columns a text takes: wide East Asian characters take two, combining marks none.
std::size_t display_width(std::string_view text);
std::string pad(std::string_view text, std::size_t columns);

// With a capital letter and a full stop.
std::string as_sentence(std::string_view text);

// Breaks at spaces, and at '/' inside words that are longer than a line; never cuts a word
// otherwise. Newlines in the text are kept as line breaks.
std::vector<std::string> wrap(std::string_view text, std::size_t columns);

// Wrapped lines with `first` before the first and `rest` before the others; ends with a newline.
std::string block(std::string_view text, std::string_view first, std::string_view rest,
                  std::size_t columns);

}  // namespace report
