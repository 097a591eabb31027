// The output formats of each command.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace cli {

// Of a command of the program ("doctor"): what -o takes. Empty: it has a flag -o of its own.
std::vector<std::string> formats_of(std::string_view command);
// It takes any number of them, FORMAT=FILE among them.
bool writes_files(std::string_view command);

}  // namespace cli
