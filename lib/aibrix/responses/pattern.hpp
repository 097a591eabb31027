// How the catalogue's patterns are held against the text of an answer.
#pragma once
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace aibrix {

// Matches a pattern of the catalogue (see ResponsePattern): how many of its literal characters were
// seen, nothing when it does not fit. `cut`: the text may end before the pattern does; names it may
// have cut are not kept.
std::optional<std::size_t> match_pattern(std::string_view pattern, std::string_view text, bool cut,
                                         std::map<std::string, std::string>& names);

}  // namespace aibrix
