// Characters that a reader does not see, and how text says that they are there.
#pragma once
#include <string>
#include <string_view>

namespace base {

// A control character, a character that only changes how others are laid out (direction overrides,
// joiners, tags, variation selectors), a blank other than the space, or no character at all: a
// terminal shows nothing of it, or lets it hide or reorder the text around it.
bool is_hidden(char32_t code);

// The escapes of a target's strings: \n, \xHH, \uHHHH and \UHHHHHHHH of YAML and Python; \uHHHH of
// JSON, in pairs above U+FFFF.
enum class Escapes { json, yaml };
void append_escape(std::string& out, char32_t code, Escapes escapes);

// A finished document (JSON, or YAML or Python whose foreign text stands in double quotes) with the
// same values, but such that it can be looked at: hidden characters other than the end of a line as
// escapes, and no "##[" or "##name[" for the log of a CI system to take for a command.
std::string visible_document(std::string text, Escapes escapes);

// The length of "##[" or of "##vso[" at the beginning of the text, which the runners of GitHub,
// Azure and TeamCity take for a command of their own wherever it stands in a line; 0: it does not
// begin with one.
std::size_t log_command(std::string_view text);

}  // namespace base
