// What a name says about its value.
#pragma once
#include <string_view>

namespace kube {

// Whether something of this name (environment variable, flag, header, key of a map) holds a secret:
// "HF_TOKEN", "--api-key", "Authorization"; but not "--max-num-batched-tokens" or "tokenizer", and
// not what only leads to one: "HF_TOKEN_PATH", "--api-key-file", "secretName".
bool secret_like(std::string_view name);

// The same where a name is surely that of a setting (an environment variable, a flag, NAME=value):
// there also "SVC_LOGIN" and "SIGNING_SEED", words that mean little in a sentence.
bool secret_setting(std::string_view name);

// A name that means a secret even in a sentence, where "token: expired" does not.
bool strong_name(std::string_view name);

// A flag that takes no value: "--enable-auth".
bool is_switch(std::string_view flag);

// A value that is no secret whatever its name: a path, a file, a number, true, $(REFERENCE), what
// is redacted already. A number may be a password where `name` says password.
bool harmless_value(std::string_view name, std::string_view value);

// A word that reports how something went ("expired", "not"), as it follows a colon in a message.
bool status_word(std::string_view word);

}  // namespace kube
