// Wrapping, padding, colours and the width of characters.
#include "report/layout.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace report {
namespace {

char32_t next_code_point(std::string_view& text) {
  const base::CodePoint point = base::decode_utf8(text);
  const char32_t code = point.bytes == 0 ? static_cast<unsigned char>(text.front()) : point.code;
  text.remove_prefix(std::max<std::size_t>(1, point.bytes));
  return code;
}

std::size_t columns_of(char32_t c) {
  const bool combining = (c >= 0x300 && c <= 0x36F) || (c >= 0xFE00 && c <= 0xFE0F);
  if (combining) return 0;
  const bool wide = (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) ||
                    (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
                    (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
                    (c >= 0x1F300 && c <= 0x1FAFF);
  return wide ? 2 : 1;
}

// Copied as it stands: half of it names something else.
bool is_path(std::string_view word) {
  word.remove_prefix(std::min(word.find_first_not_of("(\"'"), word.size()));
  return word.starts_with('/') || word.starts_with("./") || word.starts_with("~/") ||
         word.find("://") != std::string_view::npos;
}

// A word too long for a line, in pieces that end on '/'. Pieces without one stay whole: names and
// commands are never cut. Nor are paths and addresses.
std::vector<std::string_view> pieces(std::string_view word) {
  std::vector<std::string_view> out;
  if (is_path(word)) return {word};
  std::size_t start = 0;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] != '/') continue;
    out.push_back(word.substr(start, i + 1 - start));
    start = i + 1;
  }
  if (start < word.size()) out.push_back(word.substr(start));
  return out;
}

class Wrapper {
 public:
  // The first line may be narrower or wider than the others.
  Wrapper(std::size_t first, std::size_t others)
      : columns_(std::max<std::size_t>(first, 8)), others_(std::max<std::size_t>(others, 8)) {}

  void word(std::string_view text) {
    const std::size_t width = display_width(text);
    if (used_ != 0 && used_ + 1 + width <= columns_) {
      line_ += ' ';
      append(text, width + 1);
      return;
    }
    flush();
    if (width <= columns_) {
      append(text, width);
      return;
    }
    for (const std::string_view piece : pieces(text)) {
      const std::size_t w = display_width(piece);
      if (used_ != 0 && used_ + w > columns_) flush();
      append(piece, w);
    }
  }
  void whole(std::string_view line) {
    flush();
    append(line, display_width(line));
    flush();
  }
  void flush() {
    if (used_ == 0) return;
    lines_.push_back(std::move(line_));
    columns_ = others_;
    line_.clear();
    used_ = 0;
  }
  std::vector<std::string> lines() && {
    flush();
    if (lines_.empty()) lines_.emplace_back();
    return std::move(lines_);
  }

 private:
  void append(std::string_view text, std::size_t width) {
    line_ += text;
    used_ += width;
  }
  std::size_t columns_;
  std::size_t others_;
  std::vector<std::string> lines_;
  std::string line_;
  std::size_t used_ = 0;
};

}  // namespace

std::string paint(const Style& style, Colour colour, std::string_view text) {
  std::string_view code;
  switch (colour) {
    case Colour::none: break;
    case Colour::error: code = "\033[1;31m"; break;
    case Colour::warning: code = "\033[33m"; break;
    case Colour::info: code = "\033[36m"; break;
    case Colour::ok: code = "\033[32m"; break;
    case Colour::bold: code = "\033[1m"; break;
    case Colour::dim: code = "\033[2m"; break;
  }
  if (!style.colour || code.empty() || text.empty()) return std::string(text);
  return std::string(code).append(text).append("\033[0m");
}

Colour colour_of(checks::Level level) {
  switch (level) {
    case checks::Level::info: return Colour::info;
    case checks::Level::warning: return Colour::warning;
    case checks::Level::error: return Colour::error;
  }
  return Colour::none;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) width += columns_of(next_code_point(text));
  return width;
}

std::string pad(std::string_view text, std::size_t columns) {
  const std::size_t width = display_width(text);
  return std::string(text) + std::string(width < columns ? columns - width : 0, ' ');
}

std::string as_sentence(std::string_view text) {
  std::string out(text);
  if (out.empty()) return out;
  // A name at its beginning stays as it is: "aibrix-system", "llama3".
  const std::size_t end = std::min(out.find(' '), out.size());
  const bool word = std::ranges::all_of(std::string_view(out).substr(0, end),
                                        [](char c) { return c >= 'a' && c <= 'z'; });
  if (word) out.front() = static_cast<char>(out.front() - 'a' + 'A');
  if (out.back() != '.' && out.back() != '!' && out.back() != '?') out += '.';
  return out;
}

namespace {

std::vector<std::string> wrap(std::string_view text, std::size_t first, std::size_t others) {
  Wrapper wrapper(first, others);
  for (const std::string_view line : base::split(text, '\n')) {
    if (line.starts_with("$ ")) {  // a command
      wrapper.whole(line);
      continue;
    }
    for (const std::string_view word : base::split(line, ' ')) {
      if (!word.empty()) wrapper.word(word);
    }
    wrapper.flush();
  }
  return std::move(wrapper).lines();
}

}  // namespace

std::vector<std::string> wrap(std::string_view text, std::size_t columns) {
  return wrap(text, columns, columns);
}

std::string block(std::string_view text, std::string_view first, std::string_view rest,
                  std::size_t columns) {
  const auto left = [&](std::string_view margin) {
    const std::size_t width = display_width(margin);
    return columns > width ? columns - width : 0;
  };
  std::string out;
  for (const std::string& line : wrap(text, left(first), left(rest))) {
    out.append(out.empty() ? first : rest).append(line).append("\n");
  }
  return out;
}

}  // namespace report
