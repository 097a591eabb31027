#include "kube/files/yaml_text.hpp"

#include <yaml-cpp/emitter.h>
#include <yaml-cpp/emittermanip.h>

#include <algorithm>
#include <array>

#include "base/chars.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "kube/files/json_document.hpp"

namespace kube {
namespace {

void emit(YAML::Emitter& out, const Json& value) {
  switch (value.type()) {
    case Json::value_t::object:
      if (value.empty()) out << YAML::Flow;
      out << YAML::BeginMap;
      for (const auto& [key, member] : value.items()) {
        out << YAML::Key << key << YAML::Value;
        emit(out, member);
      }
      out << YAML::EndMap;
      return;
    case Json::value_t::array:
      if (value.empty()) out << YAML::Flow;
      out << YAML::BeginSeq;
      for (const Json& item : value) emit(out, item);
      out << YAML::EndSeq;
      return;
    // Double quotes are right whatever the text looks like ("yes", "1e3", "~", "a: b").
    case Json::value_t::string: out << YAML::DoubleQuoted << value.get<std::string>(); return;
    default: out << value.dump(); return;
  }
}

// It begins with a letter, holds nothing that YAML gives a meaning to, and is no word for a boolean
// or for nothing. (Numbers begin with a digit, a sign or a dot.)
bool is_plain(std::string_view text) {
  constexpr auto reserved = std::to_array<std::string_view>(
      {"null", "true", "false", "yes", "no", "on", "off", "y", "n"});
  if (text.empty() || base::is_digit(text.front()) || !base::is_alnum(text.front())) return false;
  const bool harmless = std::all_of(text.begin(), text.end(), [](char c) {
    return base::is_alnum(c) || c == '-' || c == '.' || c == '/';
  });
  return harmless &&
         std::find(reserved.begin(), reserved.end(), base::lower(text)) == reserved.end();
}

// Control characters, and what YAML 1.1 takes for the end of a line or of the text.
bool must_escape(char32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029 ||
         code == 0xFEFF;
}

void append_escape(std::string& out, char32_t code) {
  out += code > 0xFF ? "\\u" : "\\x";
  if (code > 0xFF) base::append_hex(out, static_cast<unsigned char>(code >> 8U), base::upper_hex);
  base::append_hex(out, static_cast<unsigned char>(code & 0xFFU), base::upper_hex);
}

}  // namespace

std::string yaml_text(std::string_view json) {
  YAML::Emitter out;
  emit(out, Json::parse(json));
  return std::string(out.c_str(), out.size()) + '\n';
}

std::string yaml_scalar(std::string_view text) {
  if (is_plain(text)) return std::string(text);
  const std::string valid = base::utf8(text);
  std::string out = "\"";
  for (std::string_view rest = valid; !rest.empty();) {
    const base::CodePoint point = base::decode_utf8(rest);
    if (must_escape(point.code)) {
      append_escape(out, point.code);
    } else {
      if (point.code == '"' || point.code == '\\') out += '\\';
      out += rest.substr(0, point.bytes);
    }
    rest.remove_prefix(point.bytes);
  }
  return out + '"';
}

}  // namespace kube
