// The SHA-256 digest of a text.
#pragma once
#include <string>
#include <string_view>

namespace base {

// Lower-case hex SHA-256 of text.
std::string sha256_hex(std::string_view text);

}  // namespace base
