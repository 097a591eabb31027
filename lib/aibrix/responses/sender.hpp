// Who can have sent an answer, by what its headers and body prove.
#pragma once
#include <string>
#include <string_view>

#include "aibrix/responses/response_text.hpp"

namespace aibrix {

// Headers only the gateway plugin sets.
bool is_aibrix_header(std::string_view name);
bool has_aibrix_header(const ResponseText& answer);

// The header server; empty: there is none.
std::string server_of(const ResponseText& answer);
// The server named is neither Envoy nor one that engines are built with, and the plugin has left no
// header: a proxy in front, or another server at this address.
bool is_foreign(const ResponseText& answer);
// Through Envoy only where nothing says otherwise: Envoy Gateway sets no header server, Envoy alone
// "envoy".
bool may_be_envoy(const ResponseText& answer);
// Python's web servers: engines, and AIBrix's own services.
bool is_python_server(const ResponseText& answer);
bool is_html(const ResponseText& answer);
// A completion or a list of them, as engines send it.
bool is_completion(const ResponseText& answer);

}  // namespace aibrix
