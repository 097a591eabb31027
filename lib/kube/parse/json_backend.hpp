// The two parsers behind json_reader.hpp. Both give equal trees; simdjson is some ten times faster,
// nlohmann's knows where in the text a fault is.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kube/parse/duplicate_keys.hpp"
#include "kube/parse/value.hpp"
#include "kube/parse/value_builder.hpp"

namespace kube::json {

struct Input {
  std::string_view text;
  std::size_t capacity = 0;  // readable bytes from text.data(), for simdjson's padding
  std::uint32_t first_line =
      0;  // of text.data(); 0: values get no lines, duplicates are not looked for
  Builder::Keep keep = Builder::Keep::pruned;
  // Where duplicate keys go, of which the last counts; without it they are a SyntaxError.
  std::vector<Duplicate>* duplicates = nullptr;
};

struct Parsed {
  Value value;
  std::size_t end = 0;  // offset of what follows the document, or its size
};

// Why a text is not JSON. The message never repeats the text: it may hold a secret.
struct SyntaxError {
  std::string message;
  std::uint32_t line = 0;    // 0: unknown
  std::uint32_t column = 0;  // 0: unknown
};

// Both read the first document of the input and throw SyntaxError.
Parsed parse_nlohmann(const Input& input, Document& document);
#ifdef AIBRIXCTL_SIMDJSON
Parsed parse_simdjson(const Input& input, Document& document);
#endif

}  // namespace kube::json
