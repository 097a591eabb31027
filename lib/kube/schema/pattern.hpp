// Regular expressions of schemas.
#pragma once
#include <optional>
#include <string_view>

namespace kube {

// Whether the text fits; nullopt: the expression is beyond what is understood here.
std::optional<bool> fits(std::string_view pattern, std::string_view text);

}  // namespace kube
