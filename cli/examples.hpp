// Examples of use, for --help and the manual page.
#pragma once
#include <span>
#include <string>
#include <string_view>

namespace cli {

struct Example {
  std::string_view path;     // of the command: "fix finalizers"; empty: of the program
  std::string_view what;     // "A model does not answer"
  std::string_view command;  // as it is typed, with @ for the program
};

std::span<const Example> examples();
// "aibrixctl doctor -n team-a"
std::string example_text(const Example& example, std::string_view program);

}  // namespace cli
