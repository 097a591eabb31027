// What a terminal, a log viewer or a chat has put into pasted text. For response_text.cpp.
#pragma once
#include <string>
#include <string_view>

namespace aibrix::pasted {

// Without carriage returns and terminal sequences, also where their escape character was lost or is
// spelt out; at most 1 MiB.
std::string clean(std::string_view text);
// Runs of blanks and line breaks as one blank.
std::string squeezed(std::string_view text);

}  // namespace aibrix::pasted
