// What a parser would let pass or choke on. Both throw base::Error(Fault::usage) naming the file.
#pragma once
#include <string>
#include <string_view>

namespace kube {

// The text without its UTF-8 byte order mark; refuses UTF-16 and binary.
std::string_view without_bom(std::string_view text, const std::string& file);

// Refuses invalid UTF-8, control characters, and more brackets opened on one line than any manifest
// has (libyaml's time would grow with their square).
void check_yaml_text(std::string_view text, const std::string& file);

}  // namespace kube
