// The checks of a text's bytes before a parser gets it.
#include "kube/parse/input_checks.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "kube/parse/parse_error.hpp"

namespace kube {
namespace {

// libyaml looks for the colon of a key behind each bracket that is open on the line: 200,000 of
// them take it many seconds.
constexpr std::int64_t max_open_brackets = 2000;

[[noreturn]] void refuse(const std::string& reason, const std::string& message, std::string hint) {
  throw base::Error(base::Fault::usage, reason, message, std::move(hint));
}

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

struct Spot {
  std::string_view text;
  std::size_t offset;
  const std::string& file;
};

[[noreturn]] void refuse_at(const Spot& spot, const std::string& reason, const std::string& words,
                            std::string hint) {
  const std::string_view before = spot.text.substr(0, spot.offset);
  const auto line = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n')) + 1;
  const std::size_t column = before.size() - (before.rfind('\n') + 1) + 1;
  throw ParseError({base::Fault::usage, reason,
                    spot.file + ":" + std::to_string(line) + ": " + words, std::move(hint)},
                   words, {line, static_cast<std::uint32_t>(column)});
}

// Where the first byte is that is not UTF-8. Only called when there is one.
std::size_t first_invalid(std::string_view text) {
  constexpr std::size_t longest = 4;
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t bytes = 1;
    while (bytes <= longest && !base::valid_utf8(text.substr(at, bytes))) ++bytes;
    if (bytes > longest) break;
    at += bytes;
  }
  return at;
}

enum class Byte : std::uint8_t { plain, opening, closing, line_end, control };

constexpr std::array<Byte, 256> byte_classes = [] {
  std::array<Byte, 256> classes{};
  for (std::size_t c = 0; c < 0x20; ++c) classes[c] = Byte::control;
  classes['\t'] = Byte::plain;
  classes['\r'] = Byte::plain;
  classes[0x7F] = Byte::control;
  classes['\n'] = Byte::line_end;
  classes['['] = Byte::opening;
  classes['{'] = Byte::opening;
  classes[']'] = Byte::closing;
  classes['}'] = Byte::closing;
  return classes;
}();

// Whether these bytes hold nothing to look at, but for ends of lines. Written so that a compiler
// makes a few instructions of it: nearly all of a text is like that.
constexpr std::size_t block_bytes = 32;
bool is_plain_block(const char* bytes) {
  unsigned found = 0;
  for (std::size_t i = 0; i < block_bytes; ++i) {
    const auto c = static_cast<unsigned char>(bytes[i]);
    const auto folded = static_cast<unsigned char>(c & 0xDFU);  // '{' as '[', '}' as ']'
    const bool control = (static_cast<unsigned>(c < 0x20) & static_cast<unsigned>(c != '\n') &
                          static_cast<unsigned>(c != '\t') & static_cast<unsigned>(c != '\r')) != 0;
    found |= static_cast<unsigned>(control) | static_cast<unsigned>(c == 0x7F) |
             static_cast<unsigned>(folded == '[') | static_cast<unsigned>(folded == ']');
  }
  return found == 0;
}

void check_bytes(std::string_view text, const std::string& file) {
  std::int64_t open = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    while (open == 0 && text.size() - i >= block_bytes && is_plain_block(text.data() + i)) {
      i += block_bytes;
    }
    if (i == text.size()) return;
    switch (byte_classes[static_cast<unsigned char>(text[i])]) {
      case Byte::plain: break;
      case Byte::opening:
        if (++open > max_open_brackets) {
          refuse_at({text, i, file}, "BadYaml", "nested too deeply",
                    "no Kubernetes object is nested that deeply; check where the file comes from");
        }
        break;
      case Byte::closing: --open; break;
      case Byte::line_end: open = 0; break;
      case Byte::control:
        refuse_at({text, i, file}, "NotText",
                  "control character " + base::printable(text.substr(i, 1)) + " in the text",
                  "remove it, or write it as an escape in double quotes");
    }
  }
}

}  // namespace

std::string_view without_bom(std::string_view text, const std::string& file) {
  if (starts_with(text, "\xEF\xBB\xBF")) text.remove_prefix(3);
  if (starts_with(text, "\xFF\xFE") || starts_with(text, "\xFE\xFF")) {
    refuse("NotText", file + " is UTF-16", "save it as UTF-8");
  }
  if (text.find('\0') != std::string_view::npos) {
    refuse("NotText", file + " is not YAML or JSON: it is binary",
           "give a file with Kubernetes objects, as kubectl get … -o yaml writes it");
  }
  return text;
}

void check_yaml_text(std::string_view text, const std::string& file) {
  if (!base::valid_utf8(text)) {
    const std::size_t offset = first_invalid(text);
    const std::size_t line_start = text.rfind('\n', offset) + 1;
    refuse_at({text, offset, file}, "NotText",
              "byte " + std::to_string(offset - line_start + 1) + " of the line is not UTF-8",
              "save the file as UTF-8");
  }
  check_bytes(text, file);
}

}  // namespace kube
