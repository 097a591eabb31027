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

std::size_t next_bytes(std::string_view text) {
  return std::max<std::size_t>(1, decode_utf8(text).bytes);
}

// How much of the text in front is to be written in octal: what is hidden or no UTF-8. $(…) drops
// line ends at its end: a character behind keeps them, and at the end of a word they stand as they
// are.
std::size_t octal_bytes(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size()) {
    const CodePoint point = decode_utf8(text.substr(length));
    if (point.bytes != 0 && !is_hidden(point.code)) break;
    length += next_bytes(text.substr(length));
  }
  if (length == 0 || text[length - 1] != '\n') return length;
  if (length < text.size()) return length + next_bytes(text.substr(length));
  return text.find_last_not_of('\n') + 1;
}

}  // namespace

std::string shell_word(std::string_view text) {
  if (is_plain(text)) return std::string(text);
  std::string out = "'";
  while (!text.empty()) {
    std::size_t length = octal_bytes(text);
    if (length != 0) {
      append_octal(out, text.substr(0, length));
    } else if (log_command(text) != 0) {
      out += "#''";
      length = 1;
    } else if (text.front() == '\'') {
      out += R"('\'')";
      length = 1;
    } else {
      length = next_bytes(text);
      out += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  return out + '\'';
}

std::vector<std::string> shell_words(std::string_view command) {
  std::vector<std::string> out;
  std::string word;
  char quote = 0;
  for (std::size_t i = 0; i < command.size(); ++i) {
    const char c = command[i];
    if (c == ' ' && quote == 0) {
      if (!word.empty()) out.push_back(std::move(word));
      word.clear();
      continue;
    }
    word += c;
    if (c == '\\' && quote != '\'' && i + 1 < command.size()) {
      word += command[++i];
    } else if (c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    }
  }
  if (!word.empty()) out.push_back(std::move(word));
  return out;
}

}  // namespace base
