#pragma once
#include <string_view>

namespace kube {

// Whether something of this name (environment variable, flag, header, key of a map) holds a secret:
// "HF_TOKEN", "--api-key", "Authorization"; but not "--max-num-batched-tokens" or "tokenizer".
bool secret_like(std::string_view name);

// Known shapes of credentials: Hugging Face, OpenAI, AWS, GitHub, GitLab, Slack, Google, JWT.
bool known_token(std::string_view word);

}  // namespace kube
