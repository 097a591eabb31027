// What the user calls this program: "aibrixctl", or "kubectl aibrix" when kubectl started it.
#pragma once
#include <string>
#include <string_view>

namespace checks {
struct Command;
}

namespace cli {

// At start, with argv[0].
void set_called_as(std::string_view path);
const std::string& called();
// The same name in a text that tells people what to type ("see: aibrixctl doctor --help"). Other
// mentions stay: the name of a role, of a document's format, of the release.
std::string as_called(std::string_view text);
void as_called(checks::Command& command);

}  // namespace cli
