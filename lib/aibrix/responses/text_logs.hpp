// Lines of logs: of AIBrix's programs and what works with them, and Envoy's access log.
#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "aibrix/responses/lenient_json.hpp"
#include "aibrix/responses/response_text.hpp"

namespace aibrix::pasted {

// Fills in what Envoy's access log in JSON says.
void read_access(ResponseText& answer, const std::vector<LenientField>& fields);

// Whether the object is a log line in JSON (level, msg); then it fills in what it says.
bool read_log_object(ResponseText& answer, const std::vector<LenientField>& fields);

// One line of a known form; nothing when it is none.
std::optional<ResponseText> log_line(std::string_view line);
std::optional<ResponseText> access_log(std::string_view line);
std::optional<ResponseText> flags_alone(std::string_view line);  // "503 UF,URX"

}  // namespace aibrix::pasted
