// Text for a POSIX shell: the one place that quotes.
#include "base/shell.hpp"

#include <algorithm>

#include "base/chars.hpp"
#include "base/hidden.hpp"
#include "base/utf8.hpp"

namespace base {
namespace {

// (zsh takes a word that begins with '=' for the path of a command.)
bool is_plain(std::string_view text) {
  return !text.empty() && text.front() != '=' && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alnum(c) || std::string_view("._-/:=,@%+").find(c) != std::string_view::npos;
  });
}

// Behind the end of a line: blanks and "::" there would be a command for GitHub's runner.
bool begins_log_command(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  return line.starts_with("::");
}

// What is not seen, or is no text: a shell makes it of its octal digits.
void append_octal(std::string& out, std::string_view bytes) {
  out += "'\"$(printf '";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += '\\';
    out += static_cast<char>('0' + (byte >> 6U));
    out += static_cast<char>('0' + (byte >> 3U & 7U));
    out += static_cast<char>('0' + (byte & 7U));
  }
  out += "')\"'";
}

// How much of the text in front is hidden or no UTF-8; a line end is neither.
std::size_t hidden_bytes(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size() && text[length] != '\n') {
    const CodePoint point = decode_utf8(text.substr(length));
    if (point.bytes != 0 && !is_hidden(point.code)) break;
    length += std::max<std::size_t>(1, point.bytes);
  }
  return length;
}

}  // namespace

std::string shell_word(std::string_view text) {
  if (is_plain(text)) return std::string(text);
  std::string out = "'";
  while (!text.empty()) {
    std::size_t length = hidden_bytes(text);
    if (length != 0) {
      append_octal(out, text.substr(0, length));
    } else if (log_command(text) != 0) {
      out += "#''";
      length = 1;
    } else if (text.front() == '\'') {
      out += R"('\'')";
      length = 1;
    } else {
      length = decode_utf8(text).bytes;
      out += text.substr(0, length);
      if (text.front() == '\n' && begins_log_command(text.substr(1))) out += "''";
    }
    text.remove_prefix(length);
  }
  return out + '\'';
}

}  // namespace base
