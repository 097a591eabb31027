// Finished lines for people and logs: the last look at what is printed as text.
#pragma once
#include <string>
#include <string_view>

namespace base {

// Text in which nothing is a command but its own layout: line ends, tabs and the colours of this
// program (CSI … m) stay; other hidden characters and invalid UTF-8 become \xHH, as printable()
// has them. A line of which a CI system would make a command of its own, "::name::" after blanks or
// "##[name]" anywhere, gets one of its characters so written too: wrapping can bring "::" to the
// front of a line, so only the finished line can tell. Applied twice it changes nothing more.
std::string log_text(std::string_view text);

}  // namespace base
