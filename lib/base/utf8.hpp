#pragma once
#include <string>
#include <string_view>

namespace base {

// Text as a document can carry it: foreign text may be no UTF-8, which no JSON can hold. As it is,
// or else as printable().
std::string utf8(std::string_view text);

}  // namespace base
