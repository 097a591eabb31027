// When tokens of service accounts and single sign-ons expire.
#pragma once
#include <optional>
#include <string_view>

#include "base/time.hpp"

namespace kube {

// Until when a bearer token says that it is good: the claim "exp" of a JWT, which is not verified
// here. Nothing for any other token.
std::optional<base::Time> jwt_expiry(std::string_view token);

}  // namespace kube
