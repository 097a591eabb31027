// Expected output that is kept in files.
#pragma once
#include <string>
#include <string_view>

namespace support {

// Compares with tests/golden/<name>; with UPDATE_GOLDEN=1 in the environment writes it instead.
// Returns an empty string when equal, else both texts, for CHECK(golden(...) == "").
std::string golden(const std::string& name, std::string_view text);

}  // namespace support
