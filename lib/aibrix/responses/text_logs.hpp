// Lines of logs: the gateway plugin's, and Envoy's with its response flags.
#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "aibrix/responses/lenient_json.hpp"
#include "aibrix/responses/response_text.hpp"

namespace aibrix::pasted {

// Fills in what Envoy's access log in JSON says.
void read_access(ResponseText& answer, const std::vector<LenientField>& fields);

// One line of a known form; nothing when it is none.
std::optional<ResponseText> plugin_log(std::string_view line);
std::optional<ResponseText> access_log(std::string_view line);
std::optional<ResponseText> flags_alone(std::string_view line);  // "503 UF,URX"

}  // namespace aibrix::pasted
