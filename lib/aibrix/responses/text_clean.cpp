// The remover of terminal sequences from pasted text, and of line breaks that were not there.
#include "aibrix/responses/text_clean.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "aibrix/responses/response_text.hpp"
#include "aibrix/responses/text_forms.hpp"
#include "aibrix/responses/text_logs.hpp"
#include "base/chars.hpp"
#include "base/text.hpp"

namespace aibrix {
namespace {

constexpr std::size_t most_bytes = std::size_t{1} << 20U;

bool has_at(std::string_view text, std::size_t at, std::string_view what) {
  return text.substr(at, what.size()) == what;
}

// How the escape character is written at this place; 0: there is none.
std::size_t escape_length(std::string_view text, std::size_t at) {
  for (const std::string_view spelt :
       {"\033", "\\u001b", "\\u001B", "\\x1b", "\\x1B", "\\033", "\\e", "^[", "\xE2\x90\x9B"}) {
    if (has_at(text, at, spelt) && (spelt == "\033" || has_at(text, at + spelt.size(), "["))) {
      return spelt.size();
    }
  }
  return 0;
}

// Past "[ … letter", or "] … BEL" of a title.
std::size_t skip_sequence(std::string_view text, std::size_t at) {
  if (at >= text.size()) return at;
  if (text[at] == ']') {
    const std::size_t end = text.find_first_of("\a\n", at);
    return end == std::string_view::npos ? text.size() : end + (text[end] == '\a' ? 1 : 0);
  }
  if (text[at] != '[') return at;
  ++at;
  while (at < text.size() && !(text[at] >= '@' && text[at] <= '~')) ++at;
  return std::min(at + 1, text.size());
}

// "[0;31m" whose escape character was lost on the way; 0: none.
std::size_t bare_colour(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() && (base::is_digit(text[end]) || text[end] == ';')) ++end;
  const bool colour = end > at + 1 && end - at < 12 && end < text.size() && text[end] == 'm' &&
                      !has_at(text, end + 1, "]");
  return colour ? end + 1 - at : 0;
}

bool is_header_name(std::string_view name) {
  for (const std::string_view known : {"server", "date", "location", "host", "via", "vary"}) {
    if (name == known) return true;
  }
  return name.size() > 5 && name.find('-') != std::string_view::npos && !name.starts_with('-');
}

// A line that begins something of its own, so it is nobody's continuation.
bool begins_form(std::string_view line) {
  line = base::trim(line);
  if (line.empty()) return true;
  const auto header = pasted::header_line(line);
  const bool is_header = header && is_header_name(base::lower(header->name));
  return pasted::status_line(line) != 0 || line.front() == '{' || line.starts_with("< ") ||
         line.starts_with("> ") || line.starts_with("* ") || is_header ||
         pasted::server_error(line) || pasted::client_error(line) || pasted::log_line(line) ||
         pasted::access_log(line) || pasted::python_error(line) || line.starts_with("Error") ||
         line.starts_with("error:") || line.starts_with("File \"");
}

// The width at which a terminal broke the lines: of the longest one; 0: none was.
std::size_t wrap_width(const std::vector<std::string_view>& lines) {
  constexpr std::size_t narrowest = 40;
  std::size_t widest = 0;
  for (const std::string_view line : lines) widest = std::max(widest, line.size());
  return widest < narrowest ? 0 : widest;
}

}  // namespace

namespace pasted {

std::string clean(std::string_view text) {
  text = text.substr(0, most_bytes);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    const std::size_t escape = escape_length(text, i);
    if (c == '\r' || c == '\0') {
      ++i;
    } else if (escape != 0) {
      i = skip_sequence(text, i + escape);
    } else if (const std::size_t bare = c == '[' ? bare_colour(text, i) : 0; bare != 0) {
      i += bare;
    } else {
      out += c;
      ++i;
    }
  }
  return out;
}

std::string squeezed(std::string_view text) {
  std::string out;
  for (const char c : base::trim(text)) {
    if (!base::is_space(c)) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  return out;
}

}  // namespace pasted

std::string unwrapped(std::string_view text, bool words) {
  const std::string clean = pasted::clean(text);
  const auto lines = base::split(clean, '\n');
  const std::size_t width = wrap_width(lines);
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    out += lines[i];
    if (i + 1 >= lines.size()) break;
    const std::string_view next = lines[i + 1];
    const bool full = words ? !base::trim(lines[i]).empty() : lines[i].size() == width;
    if (width == 0 || !full || begins_form(next)) {
      out += '\n';
    } else if (words) {
      out += ' ';
    }
  }
  return out;
}

}  // namespace aibrix
