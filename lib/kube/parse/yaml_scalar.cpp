// The rules that make numbers, booleans or strings of YAML scalars.
#include "kube/parse/yaml_scalar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <system_error>
#include <utility>

#include "base/base64.hpp"
#include "base/chars.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

namespace kube {
namespace {

using base::is_digit;
using Type = Value::Type;

struct Word {
  std::string_view text;
  Type type;
  std::string_view meaning;
};

// Only these spellings; "nO" is a string.
constexpr auto words = std::to_array<Word>({
    {"y", Type::boolean, "true"},
    {"Y", Type::boolean, "true"},
    {"yes", Type::boolean, "true"},
    {"Yes", Type::boolean, "true"},
    {"YES", Type::boolean, "true"},
    {"true", Type::boolean, "true"},
    {"True", Type::boolean, "true"},
    {"TRUE", Type::boolean, "true"},
    {"on", Type::boolean, "true"},
    {"On", Type::boolean, "true"},
    {"ON", Type::boolean, "true"},
    {"n", Type::boolean, "false"},
    {"N", Type::boolean, "false"},
    {"no", Type::boolean, "false"},
    {"No", Type::boolean, "false"},
    {"NO", Type::boolean, "false"},
    {"false", Type::boolean, "false"},
    {"False", Type::boolean, "false"},
    {"FALSE", Type::boolean, "false"},
    {"off", Type::boolean, "false"},
    {"Off", Type::boolean, "false"},
    {"OFF", Type::boolean, "false"},
    {"~", Type::null, ""},
    {"null", Type::null, ""},
    {"Null", Type::null, ""},
    {"NULL", Type::null, ""},
    {".nan", Type::missing, ""},
    {".NaN", Type::missing, ""},
    {".NAN", Type::missing, ""},
    {".inf", Type::missing, ""},
    {".Inf", Type::missing, ""},
    {".INF", Type::missing, ""},
    {"+.inf", Type::missing, ""},
    {"+.Inf", Type::missing, ""},
    {"+.INF", Type::missing, ""},
    {"-.inf", Type::missing, ""},
    {"-.Inf", Type::missing, ""},
    {"-.INF", Type::missing, ""},
});
constexpr std::size_t longest_word = 5;

// Most texts begin as none of them does.
constexpr std::array<bool, 256> begins_word = [] {
  std::array<bool, 256> begins{};
  for (const Word& word : words) begins[static_cast<unsigned char>(word.text[0])] = true;
  return begins;
}();

// Go's strconv.ParseInt and ParseUint with base 0: 0x, 0o, 0b and a bare 0 choose the base.
bool read_integer(std::string_view text, std::string& out) {
  bool negative = false;
  bool sign = false;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    negative = text[0] == '-';
    sign = true;
    text.remove_prefix(1);
  }
  int base = 10;
  if (text.size() > 1 && text[0] == '0') {
    const char letter = text[1];
    base = letter == 'x' || letter == 'X' ? 16 : letter == 'b' || letter == 'B' ? 2 : 8;
    text.remove_prefix(is_digit(letter) ? 1 : 2);
    if (base == 8 && letter != 'o' && letter != 'O' && !is_digit(letter)) return false;
  }
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return false;
  constexpr std::uint64_t top = std::numeric_limits<std::int64_t>::max();
  if (value > top + (negative ? 1U : 0U) && sign) return false;
  out = negative && value != 0 ? "-" : "";
  out += std::to_string(value);
  return true;
}

// [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?, rewritten as JSON wants it; also an integer
// of any size.
bool read_float(std::string_view text, std::string& out) {
  const auto digits = [&text] {
    const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
    const auto taken = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(taken.size());
    return taken;
  };
  const auto take = [&text](std::string_view any) {
    if (text.empty() || any.find(text[0]) == std::string_view::npos) return '\0';
    const char c = text[0];
    text.remove_prefix(1);
    return c;
  };
  out.clear();
  if (take("+-") == '-') out += '-';
  std::string_view whole = digits();
  const bool point = take(".") != '\0';
  const std::string_view fraction = point ? digits() : std::string_view();
  if (whole.empty() && fraction.empty()) return false;
  whole.remove_prefix(std::min(whole.find_first_not_of('0'), whole.size()));
  out += whole.empty() ? "0" : whole;
  if (point) out.append(".").append(fraction.empty() ? "0" : fraction);
  bool shrinks = false;
  if (take("eE") != '\0') {
    out += 'e';
    const char sign = take("+-");
    shrinks = sign == '-';
    if (sign != '\0') out += sign;
    const std::string_view exponent = digits();
    if (exponent.empty()) return false;
    out += exponent;
  }
  double value = 0;
  const auto result = std::from_chars(out.data(), out.data() + out.size(), value);
  // Too large for a double is a string, too small is a number.
  return text.empty() && (result.ec == std::errc() || shrinks);
}

std::optional<Scalar> read_number(std::string_view text, std::string& scratch) {
  std::string plain(text);
  std::erase(plain, '_');
  if (!read_integer(plain, scratch) && !read_float(plain, scratch)) return std::nullopt;
  return Scalar{Type::number, scratch, false};
}

}  // namespace

Scalar resolve_scalar(std::string_view text, std::string& scratch) {
  if (text.empty()) return {Type::null, text, false};
  const char first = text[0];
  if (text.size() <= longest_word && begins_word[static_cast<unsigned char>(first)]) {
    for (const Word& word : words) {
      if (word.text.front() != first || word.text != text) continue;
      return {word.type, word.meaning, word.type == Type::missing};
    }
  }
  if (is_digit(first) || first == '+' || first == '-' || first == '.') {
    if (const auto number = read_number(text, scratch)) return *number;
  }
  return {Type::string, text, false};
}

Scalar resolve_tagged(std::string_view tag, std::string_view text, std::string& scratch) {
  constexpr std::string_view standard = "tag:yaml.org,2002:";
  if (tag.substr(0, standard.size()) != standard) return {Type::string, text, false};
  tag.remove_prefix(standard.size());
  if (tag == "binary") {
    const base::Decoded64 decoded = base::decode_base64(text);
    if (!decoded.problem.empty()) return {Type::missing, {}, true};
    // What is not text cannot be shown or compared as text: it stays encoded.
    if (!base::valid_utf8(decoded.bytes)) return {Type::string, text, false};
    scratch = decoded.bytes;
    return {Type::string, scratch, false};
  }
  const bool number = tag == "int" || tag == "float";
  if (!number && tag != "bool" && tag != "null") return {Type::string, text, false};
  const Scalar plain = resolve_scalar(text, scratch);
  const Type wanted = number ? Type::number : tag == "bool" ? Type::boolean : Type::null;
  const bool fraction = plain.text.find_first_of(".e") != std::string_view::npos;
  if (plain.type != wanted || (tag == "int" && fraction)) return {Type::missing, {}, true};
  return plain;
}

std::string_view key_text(const Scalar& scalar, std::string& scratch) {
  if (scalar.type != Type::number) return scalar.text;
  const bool whole = scalar.text.find_first_of(".e") == std::string_view::npos;
  if (whole && scalar.text.size() < 20) return scalar.text;
  double value = 0;
  std::from_chars(scalar.text.data(), scalar.text.data() + scalar.text.size(), value);
  std::array<char, 32> buffer{};
  const auto result =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), static_cast<float>(value));
  scratch.assign(buffer.data(), result.ptr);
  return scratch;
}

}  // namespace kube
