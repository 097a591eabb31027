// The requests that were pasted beside their answers: curl -v, curl's own command line, HTTPie.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aibrix/responses/response_text.hpp"

namespace aibrix::pasted {

// "/v1/models?x=y", or a whole URL: the path alone; empty when it is none.
std::string path_of(std::string_view target);
// "POST /v1/completions HTTP/1.1"; nothing when it is none.
std::optional<ResponseText::Request> request_line(std::string_view line);
// What the line adds to the request above it: a header, curl's command line, the body's model.
void add_request_line(ResponseText::Request& request, std::string_view line);
// "curl … http://h/v1/completions": begins a request.
std::optional<ResponseText::Request> curl_command(std::string_view line);
// A body as clients send it: a model and what it is asked.
bool is_request_body(std::string_view object);

}  // namespace aibrix::pasted
