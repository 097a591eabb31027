// Secrets in texts that stand inside of other texts.
#pragma once
#include <string>
#include <string_view>

namespace kube {

// Texts inside of texts are looked into so many times.
inline constexpr int max_depth = 3;

// redact_text() for a text that was found inside of `depth` others.
std::string redact_inner(std::string_view text, int depth);

// Whether an annotation's (or another string's) text is a copy of a whole object, in JSON or YAML,
// or packed.
bool copies_object(std::string_view text);

}  // namespace kube
