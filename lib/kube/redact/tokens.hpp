// Secrets that are known by how they look.
#pragma once
#include <string_view>

namespace kube {

// Known shapes of credentials: Hugging Face, OpenAI, AWS, GitHub, GitLab, Slack, Google, JWT, …
bool known_token(std::string_view word);

// One word of letters of both cases and figures, as nobody writes by hand.
bool random_word(std::string_view word);

// A whole value that is nothing but random: long, or hexadecimal of a key's length. Digests look
// like that too: only for values that stand alone.
bool random_value(std::string_view value);

// Base64 of a private key in DER: its PEM without the first and the last line.
bool bare_private_key(std::string_view base64);

}  // namespace kube
