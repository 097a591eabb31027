#pragma once
#include <string>
#include <string_view>

namespace report {

// A JSON document as YAML, members in the same order; strings that YAML would read as something
// else are quoted.
std::string yaml_text(std::string_view json);

}  // namespace report
