// What is secret is taken out of everything that leaves: reports, plans, errors, journals,
// snapshots. redact_text() is for texts, redact_object() (redact_object.hpp) for objects. Which
// names, tokens and tools there are stands in tables: secret_names.cpp, tokens.cpp, tools.cpp.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kube {

// What stands in place of a secret, everywhere. Redacting twice changes nothing.
inline constexpr std::string_view redacted = "<redacted>";

// Whether something was taken out of this text.
bool holds_placeholder(std::string_view text);

// Without user, password and secret-like query parameters.
std::string redact_url(std::string_view url);

// Free text, a script or a message: URLs, "name=value", "--name value", "Bearer …", tokens known by
// their shape, private keys, arguments of known tools; also in JSON, base64 and percent-encoded.
std::string redact_text(std::string_view text);
void redact_in_place(std::string& text);

// One argument of a command line; `previous` is the one before it, for "--api-key" "x".
std::string redact_argument(std::string_view argument, std::string_view previous = {});
// All of them; `command` is what they are given to.
std::vector<std::string> redact_arguments(std::span<const std::string_view> arguments,
                                          std::span<const std::string_view> command = {});

// The value of an environment variable, a header or a map's key.
std::string redact_named(std::string_view name, std::string_view value);

// Without these values, which this run was given itself (a key, a header), wherever they stand: as
// they are, percent-encoded, in base64. Values of a few characters are left: they stand anywhere.
std::string without_values(std::string_view text, std::span<const std::string> values);

}  // namespace kube
