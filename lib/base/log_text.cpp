// The last pass over lines that people or CI logs get to see.
#include "base/log_text.hpp"

#include <algorithm>

#include "base/chars.hpp"
#include "base/hidden.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

namespace base {
namespace {

// "\033[1;31m": nothing else of this kind is printed, and no text can get one past printable().
std::size_t colour(std::string_view text) {
  if (!text.starts_with("\033[")) return 0;
  std::size_t end = 2;
  while (end < text.size() && (is_digit(text[end]) || text[end] == ';')) ++end;
  return end < text.size() && text[end] == 'm' ? end + 1 : 0;
}

// The first character of the line that is neither blank nor colour.
std::size_t line_start(std::string_view line) {
  std::size_t at = 0;
  while (at < line.size()) {
    if (line[at] == ' ' || line[at] == '\t') {
      ++at;
    } else if (const std::size_t length = colour(line.substr(at))) {
      at += length;
    } else {
      break;
    }
  }
  return at;
}

void append_line(std::string& out, std::string_view line) {
  std::size_t command =
      line.substr(line_start(line)).starts_with("::") ? line_start(line) : std::string::npos;
  for (std::size_t at = 0; at < line.size();) {
    const std::string_view rest = line.substr(at);
    std::size_t length = 1;
    if (rest.front() >= ' ' && rest.front() < '\x7F' && rest.front() != '#' && at != command) {
      out += rest.front();
    } else if (at == command) {
      out += "\\x3a";
    } else if (rest.front() == '#' && log_command(rest) != 0) {
      out += "#\\x23";
      length = 2;
    } else if (rest.front() == '\t') {
      out += '\t';
    } else if (const std::size_t escape = colour(rest)) {
      out += rest.substr(0, escape);
      length = escape;
    } else {
      length = std::max<std::size_t>(1, decode_utf8(rest).bytes);
      out += printable(rest.substr(0, length));
    }
    at += length;
  }
}

}  // namespace

std::string log_text(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 16);
  for (;;) {
    const std::size_t end = text.find('\n');
    append_line(out, text.substr(0, end));
    if (end == std::string_view::npos) return out;
    out += '\n';
    text.remove_prefix(end + 1);
  }
}

}  // namespace base
