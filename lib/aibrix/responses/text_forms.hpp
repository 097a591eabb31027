// The forms in which single lines and bodies come, but for logs (text_logs.hpp). For
// response_text.cpp.
#pragma once
#include <optional>
#include <string_view>

#include "aibrix/responses/lenient_json.hpp"
#include "aibrix/responses/response_text.hpp"

namespace aibrix::pasted {

// "HTTP/1.1 503 Service Unavailable", "HTTP/2 200": the status; 0: no status line.
int status_line(std::string_view line);
// "x-error-routing: true"; nothing when it is no header.
struct Header {
  std::string_view name, value;
};
std::optional<Header> header_line(std::string_view line);

// Fills in what a body says: JSON of any error shape, kind Status, Envoy's JSON access log, text.
void read_body(ResponseText& answer, std::string_view body);

// A status of HTTP written as three digits; else 0.
int http_status(std::string_view text);
// Takes the next word off the text.
std::string_view next_word(std::string_view& text);
// A field's text or number; empty when it is not there, or null.
std::string text_of(const std::vector<LenientField>& fields, std::string_view key);

// One line of a known form; nothing when it is none.
std::optional<ResponseText> server_error(std::string_view line);   // "Error from server (X): …"
std::optional<ResponseText> client_error(std::string_view line);   // "curl: (7) …"
std::optional<ResponseText> python_error(std::string_view line);   // "Error code: 400 - {…}"
std::optional<ResponseText> library_error(std::string_view line);  // "NotFoundError: 404 model …"
std::optional<ResponseText> status_alone(std::string_view line);   // "503", "HTTP 503"

}  // namespace aibrix::pasted
