#pragma once
#include <string>
#include <string_view>

namespace kube {

// What stands in place of a secret, everywhere. Redacting twice changes nothing.
inline constexpr std::string_view redacted = "<redacted>";

// Without user, password and secret-like query parameters.
std::string redact_url(std::string_view url);

// Free text, a script or a message: URLs, "name=value", "--name value", "Bearer …", tokens known by
// their prefix, private keys.
std::string redact_text(std::string_view text);

// One argument of a command line; `previous` is the one before it, for "--api-key" "x".
std::string redact_argument(std::string_view argument, std::string_view previous = {});

// The value of an environment variable, a header or a map's key.
std::string redact_named(std::string_view name, std::string_view value);

}  // namespace kube
