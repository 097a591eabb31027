// The JSON parser by simdjson, the fast one.
#ifdef AIBRIXCTL_SIMDJSON
#include <simdjson.h>

#include <algorithm>
#include <new>
#include <utility>

#include "base/chars.hpp"
#include "kube/parse/duplicate_keys.hpp"
#include "kube/parse/json_backend.hpp"
#include "kube/parse/json_reader.hpp"

namespace kube::json {
namespace {

using base::is_digit;
namespace ondemand = simdjson::ondemand;

// simdjson hands out a number's text unchecked.
bool is_number(std::string_view text) {
  std::size_t i = 0;
  const auto digits = [&] {
    const std::size_t first = i;
    while (i < text.size() && is_digit(text[i])) ++i;
    return i > first;
  };
  if (i < text.size() && text[i] == '-') ++i;
  if (i < text.size() && text[i] == '0') {
    ++i;
  } else if (!digits()) {
    return false;
  }
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (!digits()) return false;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    if (!digits()) return false;
  }
  return i == text.size();
}

// Walks one document in document order and reports it to a Builder.
class Walker {
 public:
  Walker(const Input& input, Document& document)
      : builder_(document, input.keep),
        duplicates_(input.duplicates),
        counted_(input.text.data()),
        line_(input.first_line) {}

  Value walk(ondemand::value root) {
    value(root);
    return builder_.finish();
  }

  std::uint32_t line_of(const char* position) {
    if (line_ != 0 && position > counted_) {
      line_ += static_cast<std::uint32_t>(std::count(counted_, position, '\n'));
      counted_ = position;
    }
    return line_;
  }

 private:
  std::uint32_t line(ondemand::value& v) {
    return line_ == 0 ? 0 : line_of(v.current_location().value());
  }

  void value(ondemand::value v) {
    const std::uint32_t at = line(v);
    switch (v.type().value()) {
      case ondemand::json_type::object: object(v.get_object().value(), at); return;
      case ondemand::json_type::array: array(v.get_array().value(), at); return;
      case ondemand::json_type::string: builder_.string(v.get_string().value(), at); return;
      case ondemand::json_type::boolean: builder_.boolean(v.get_bool().value(), at); return;
      case ondemand::json_type::null:
        if (!v.is_null().value()) throw SyntaxError{"a word that is not true, false or null", at};
        builder_.null(at);
        return;
      case ondemand::json_type::number: number(v, at); return;
    }
  }

  void number(ondemand::value& v, std::uint32_t at) {
    std::string_view text = v.raw_json_token();
    text = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
    if (!is_number(text)) throw SyntaxError{"malformed number", at};
    builder_.number(text, at);
  }

  void object(ondemand::object o, std::uint32_t at) {
    check_depth(at);
    builder_.begin_object(at);
    if (line_ != 0) keys_.open();
    for (auto result : o) {
      ondemand::field field;
      if (const auto error = std::move(result).get(field)) throw simdjson::simdjson_error(error);
      const char* const position = field.key().raw();
      const std::string_view key = field.unescaped_key();
      if (line_ != 0) check_duplicate(key, line_of(position));
      if (builder_.key(key)) value(field.value());
    }
    const bool repeated = line_ != 0 && keys_.close();
    builder_.end_object(repeated ? Builder::Repeated::yes : Builder::Repeated::no);
  }

  void array(ondemand::array a, std::uint32_t at) {
    check_depth(at);
    builder_.begin_array(at);
    for (auto element : a) value(element.value());
    builder_.end_array();
  }

  void check_depth(std::uint32_t at) {
    if (builder_.depth() >= max_json_depth) {
      throw SyntaxError{"nested deeper than " + std::to_string(max_json_depth) + " levels", at};
    }
  }

  void check_duplicate(std::string_view key, std::uint32_t at) {
    const std::uint32_t first = keys_.add(key, at);
    if (first == 0) return;
    Duplicate duplicate{std::string(key), at, first};
    if (duplicates_ == nullptr) throw SyntaxError{to_string(duplicate), at};
    duplicates_->push_back(std::move(duplicate));
  }

  Builder builder_;
  DuplicateKeyFinder keys_;
  std::vector<Duplicate>* duplicates_;
  const char* counted_;  // line_ is the line of this place
  std::uint32_t line_;
};

}  // namespace

Parsed parse_simdjson(const Input& input, Document& document) {
  try {
    ondemand::parser parser;
    ondemand::document doc =
        parser.iterate(simdjson::padded_string_view(input.text, input.capacity));
    Walker walker(input, document);
    Parsed parsed;
    parsed.value = walker.walk(doc.get_value());
    parsed.end = input.text.size();
    const char* rest = nullptr;  // simdjson reports the end of the text as an error
    if (doc.current_location().get(rest) == simdjson::SUCCESS) {
      parsed.end = static_cast<std::size_t>(rest - input.text.data());
    }
    return parsed;
  } catch (const simdjson::simdjson_error& e) {
    if (e.error() == simdjson::MEMALLOC) throw std::bad_alloc();
    throw SyntaxError{simdjson::error_message(e.error()), 0};
  }
}

}  // namespace kube::json
#endif
