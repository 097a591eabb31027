// How well an answer fits a row of the catalogue. For responses.cpp.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "aibrix/responses/responses.hpp"

namespace aibrix {

// Points for what fits, by its weight: a message more than a header, a header more than a status.
// 0 or less: not at all. `names` gets what the row's patterns caught.
int score(const ResponsePattern& kind, const ResponseText& answer,
          std::map<std::string, std::string>& names);

// Headers only the gateway plugin sets.
bool is_aibrix_header(std::string_view name);

}  // namespace aibrix
