// Fields of pasted text that is nearly JSON.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace aibrix {

// One "key: value" of a text that is JSON, the beginning of one, or a dict as Python prints it.
struct LenientField {
  std::string key;
  std::string value;  // a string's text, or a number or word as written
  bool quoted = false;
  bool number = false;
  bool cut = false;  // the text ends before the string does
};

// The scalars of all objects in it, in order of appearance, however deep; brackets are not checked.
std::vector<LenientField> lenient_fields(std::string_view text);
// The first field of that name with a scalar, nullptr when there is none.
const LenientField* find_field(const std::vector<LenientField>& fields, std::string_view key);
// Where the bracket that opens at `start` closes, one past it; the text's end when it does not.
std::size_t lenient_end(std::string_view text, std::size_t start);

}  // namespace aibrix
