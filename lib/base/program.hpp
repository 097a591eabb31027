// What this program calls itself, wherever it says so: lower floors name it only through these.
#pragma once
#include <string_view>

namespace base {

inline constexpr std::string_view program_name = "aibrixctl";
// `apiVersion` of every document it writes. Fields may be added within it, none changes its
// meaning.
inline constexpr std::string_view document_format = "aibrixctl/v1";

}  // namespace base
