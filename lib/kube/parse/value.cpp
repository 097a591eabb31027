// The access to parsed values, their comparison, and their text as JSON.
#include "kube/parse/value.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include "base/chars.hpp"
#include "kube/parse/value_builder.hpp"

namespace kube {
namespace {

void write_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\t': out += "\\t"; break;
      case '\r': out += "\\r"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\\u00";
          base::append_hex(out, static_cast<unsigned char>(c));
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void write(std::string& out, const Value& value) {
  switch (value.type()) {
    case Value::Type::missing:
    case Value::Type::null: out += "null"; return;
    case Value::Type::boolean:
    case Value::Type::number: out += value.scalar(); return;
    case Value::Type::string: write_string(out, value.text()); return;
    case Value::Type::array: {
      char separator = '[';
      for (const Value& item : value.items()) {
        out += separator;
        write(out, item);
        separator = ',';
      }
      out += separator == '[' ? "[]" : "]";
      return;
    }
    case Value::Type::object: {
      char separator = '{';
      for (const Member& member : value.members()) {
        out += separator;
        write_string(out, member.key);
        out += ':';
        write(out, member.value);
        separator = ',';
      }
      out += separator == '{' ? "{}" : "}";
      return;
    }
  }
}

const Value* find(std::span<const Member> members, std::string_view key) {
  // Most keys differ in length or in how they begin.
  const char first = key.empty() ? '\0' : key.front();
  for (const Member& member : members) {
    if (member.key.size() != key.size()) continue;
    if (key.empty() || (member.key.front() == first && member.key == key)) return &member.value;
  }
  return nullptr;
}

#ifndef NDEBUG
// `origin` stands before an object's members in debug builds: the key of the object, and whether
// its builder left members out.
void refuse_pruned(const Member& origin, std::string_view key) {
  if (!origin.value.is_true() || !is_pruned(origin.key, key)) return;
  throw std::logic_error("the readers leave out \"" + std::string(key) + "\" of \"" +
                         std::string(origin.key) + "\" (kube::is_pruned): it is never found");
}
#endif

}  // namespace

std::string_view Value::text(std::string_view fallback) const {
  return type() == Type::string ? std::string_view(text_, size_) : fallback;
}

std::string_view Value::scalar() const {
  switch (type()) {
    case Type::boolean:
    case Type::number:
    case Type::string: return {text_, size_};
    default: return {};
  }
}

std::optional<std::int64_t> Value::integer() const {
  if (type() != Type::number) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text_, text_ + size_, value);
  if (error == std::errc() && end == text_ + size_) return value;
  const auto real = number();
  if (!real || std::trunc(*real) != *real || std::fabs(*real) > 9e15) return std::nullopt;
  return static_cast<std::int64_t>(*real);
}

std::optional<double> Value::number() const {
  if (type() != Type::number) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text_, text_ + size_, value);
  if (error != std::errc() || end != text_ + size_) return std::nullopt;
  return value;
}

bool Value::is_true() const {
  return type() == Type::boolean && size_ == 4;
}
bool Value::is_false() const {
  return type() == Type::boolean && size_ == 5;
}

std::size_t Value::size() const {
  return is_array() || is_object() ? size_ : 0;
}

std::span<const Value> Value::items() const {
  if (!is_array()) return {};
  return {items_, size_};
}

std::span<const Member> Value::members() const {
  if (!is_object()) return {};
  return {members_, size_};
}

Value Value::operator[](std::string_view key) const {
  const Value* value = find(members(), key);
#ifndef NDEBUG
  if (value == nullptr && !members().empty()) refuse_pruned(members().data()[-1], key);
#endif
  return value == nullptr ? Value() : *value;
}

Value Value::operator[](std::size_t index) const {
  return index < items().size() ? items()[index] : Value();
}

bool Value::same(const Value& other) const {
  if (type() != other.type() || size() != other.size()) return false;
  if (is_array()) {
    return std::equal(items().begin(), items().end(), other.items().begin(),
                      [](const Value& a, const Value& b) { return a.same(b); });
  }
  if (is_object()) {
    return std::all_of(members().begin(), members().end(), [&](const Member& m) {
      const Value* value = find(other.members(), m.key);
      return value != nullptr && m.value.same(*value);
    });
  }
  return scalar() == other.scalar();
}

std::string to_json(const Value& value) {
  std::string out;
  write(out, value);
  return out;
}

std::string json_string(std::string_view text) {
  std::string out;
  write_string(out, text);
  return out;
}

}  // namespace kube
