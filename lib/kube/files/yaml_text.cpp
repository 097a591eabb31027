// The writer of YAML documents, scalars and blocks.
#include "kube/files/yaml_text.hpp"

#include <yaml-cpp/emitter.h>
#include <yaml-cpp/emittermanip.h>

#include <algorithm>
#include <array>

#include "base/chars.hpp"
#include "base/hidden.hpp"
#include "base/log_text.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "kube/files/json_document.hpp"

namespace kube {
namespace {

// It begins with a letter, holds nothing that YAML gives a meaning to, and is no word for a boolean
// or for nothing. (Numbers begin with a digit, a sign or a dot.)
bool is_plain(std::string_view text) {
  constexpr auto reserved = std::to_array<std::string_view>(
      {"null", "true", "false", "yes", "no", "on", "off", "y", "n"});
  if (text.empty() || base::is_digit(text.front()) || !base::is_alnum(text.front())) return false;
  const bool harmless = std::all_of(text.begin(), text.end(), [](char c) {
    return base::is_alnum(c) || c == '-' || c == '.' || c == '/' || c == '_';
  });
  return harmless &&
         std::find(reserved.begin(), reserved.end(), base::lower(text)) == reserved.end();
}

// YAML reads `key: value` only where the key takes at most 1024 characters (1.2, 7.4.2), escapes
// included; a longer one is written `? key`.
bool is_long_key(std::string_view key) {
  return key.size() > (is_plain(key) ? 1000U : 160U);
}

void emit(YAML::Emitter& out, const Json& value) {
  switch (value.type()) {
    case Json::value_t::object:
      if (value.empty()) out << YAML::Flow;
      out << YAML::BeginMap;
      for (const auto& [key, member] : value.items()) {
        if (is_long_key(key)) out << YAML::LongKey;
        out << YAML::Key;
        if (!is_plain(key)) out << YAML::DoubleQuoted;
        out << key << YAML::Value;
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

// The first line says how far a block is indented, so it must not begin with a blank; blank lines
// at the end would be cut off.
bool fits_block(std::string_view text) {
  if (text.empty() || text.front() == ' ' || text.front() == '\n' || text.ends_with("\n\n")) {
    return false;
  }
  for (std::string_view rest = text; !rest.empty();) {
    const base::CodePoint point = base::decode_utf8(rest);
    if (point.bytes == 0 || (point.code != '\n' && base::is_hidden(point.code))) return false;
    rest.remove_prefix(point.bytes);
  }
  return base::log_text(text) == text;
}

}  // namespace

std::string yaml_text(std::string_view json) {
  YAML::Emitter out;
  emit(out, Json::parse(json));
  std::string text(out.c_str(), out.size());
  return base::visible_document(std::move(text), base::Escapes::yaml) + '\n';
}

std::string yaml_scalar(std::string_view text) {
  if (is_plain(text)) return std::string(text);
  const std::string valid = base::utf8(text);
  std::string out = "\"";
  for (std::string_view rest = valid; !rest.empty();) {
    const base::CodePoint point = base::decode_utf8(rest);
    if (base::is_hidden(point.code)) {
      base::append_escape(out, point.code, base::Escapes::yaml);
    } else {
      if (point.code == '"' || point.code == '\\') out += '\\';
      out += rest.substr(0, point.bytes);
    }
    rest.remove_prefix(point.bytes);
  }
  return base::visible_document(std::move(out), base::Escapes::yaml) + '"';
}

std::string yaml_block(std::string_view text, std::size_t indent) {
  if (!fits_block(text)) return yaml_scalar(text) + '\n';
  const bool closed = text.ends_with('\n');
  std::string out = closed ? "|\n" : "|-\n";
  if (closed) text.remove_suffix(1);
  for (const std::string_view line : base::split(text, '\n')) {
    if (!line.empty()) out.append(indent, ' ').append(line);
    out += '\n';
  }
  return out;
}

}  // namespace kube
