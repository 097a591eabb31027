// Parsed JSON or YAML, as values that are cheap to hand around.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace kube {

class Document;
struct Member;

// A read-only view of one place in a parsed JSON or YAML document: 16 bytes, cheap to copy.
// It borrows from its Document, which must outlive it. Reading never throws: what is not there, or
// is of another type, reads as missing, empty or nullopt.
class Value {
 public:
  enum class Type : std::uint8_t { missing, null, boolean, number, string, array, object };

  Value() = default;

  Type type() const { return static_cast<Type>(type_); }
  // True for anything but missing: an explicit null exists.
  bool exists() const { return type() != Type::missing; }
  bool is_null() const { return type() == Type::null; }
  bool is_string() const { return type() == Type::string; }
  bool is_object() const { return type() == Type::object; }
  bool is_array() const { return type() == Type::array; }

  // A string's text; the fallback for any other type.
  std::string_view text(std::string_view fallback = {}) const;
  // A scalar as it would be written (string, number or boolean), e.g. for an IntOrString or to show
  // it; empty for null, arrays, objects and missing.
  std::string_view scalar() const;
  // A whole number that fits; also from "8000.0" or "8e3", not from a string.
  std::optional<std::int64_t> integer() const;
  std::int64_t integer_or(std::int64_t fallback) const { return integer().value_or(fallback); }
  std::optional<double> number() const;
  bool is_true() const;   // a boolean that is true
  bool is_false() const;  // a boolean that is false

  // Number of elements or members; 0 for scalars.
  std::size_t size() const;
  bool empty() const { return size() == 0; }
  std::span<const Value> items() const;     // of an array, else empty
  std::span<const Member> members() const;  // of an object, else empty, in document order

  Value operator[](std::string_view key) const;
  Value operator[](std::size_t index) const;
  // at("spec", "template", "metadata") is [..][..][..].
  template <typename... Keys>
  Value at(Keys... keys) const {
    Value value = *this;
    ((value = value[std::string_view(keys)]), ...);
    return value;
  }

  // 1-based line in the file it came from; 0 when not from a file.
  std::uint32_t line() const { return line_; }

  // Deep equality; key order does not matter, numbers compare as written.
  bool same(const Value& other) const;

 private:
  friend class Builder;
  union {
    const char* text_ = nullptr;
    const Value* items_;
    const Member* members_;
  };
  std::uint32_t size_ = 0;
  std::uint32_t line_ : 28 = 0;
  std::uint32_t type_ : 4 = 0;
};
static_assert(sizeof(Value) == 16);

struct Member {
  std::string_view key;
  Value value;
};

// Compact JSON text of a value. Numbers as they were written.
std::string to_json(const Value& value);
// A text as a JSON string, with its quotes.
std::string json_string(std::string_view text);

// Owns the memory of what was built into it; freed as a whole.
class Document {
 public:
  Document();
  ~Document();
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  std::size_t bytes() const;  // memory taken from the system

 private:
  friend class Builder;
  struct Store;
  std::unique_ptr<Store> store_;
};

}  // namespace kube
