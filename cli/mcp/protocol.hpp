// Messages of the Model Context Protocol: JSON-RPC 2.0, one in a line.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace cli {

// JSON-RPC's codes, and MCP's for a version that nobody here speaks.
enum class McpCode {
  parse_error = -32700,
  invalid_request = -32600,
  method_not_found = -32601,
  invalid_params = -32602,
  internal_error = -32603,
  unsupported_version = -32022,
  busy = -32000,
};

// A line from the client, taken apart. Values that only go back stay JSON text.
struct McpMessage {
  enum class Kind {
    request,
    notification,
    response,  // to a request that was never sent: ignored
    refused,   // code and error say why
  };
  Kind kind = Kind::refused;
  std::string id = "null";  // JSON
  std::string method;
  // It says which version it speaks, as every request does since 2026-07-28, and needs no
  // handshake.
  bool stateless = false;
  std::string version;         // that one, or what initialize asks for
  std::string tool;            // of tools/call
  std::string arguments;       // of tools/call: a JSON object; empty: none
  std::string progress_token;  // JSON; empty: the client wants no progress
  std::string cancelled;       // of notifications/cancelled: the request's id, JSON
  McpCode code = McpCode::invalid_request;
  std::string error;
};

// Throws nothing but for want of memory, whatever the line holds.
McpMessage read_message(std::string_view line);

// The longest line that is read.
inline constexpr std::size_t most_message = std::size_t{4} << 20U;

// The version that initialize agrees on: what is asked for where it is known, else the newest of
// those that have a handshake.
std::string_view agreed_version(std::string_view asked);
bool speaks_stateless(std::string_view version);

// Answers, each a line without its end. `result` is an object in JSON.
std::string initialize_result(std::string_view version, std::string_view instructions);
std::string discover_result(std::string_view instructions);
std::string result_line(const McpMessage& request, std::string_view result);
std::string error_line(const McpMessage& request, McpCode code, std::string_view message);
// For a request of a version that is not spoken: names those that are.
std::string version_error_line(const McpMessage& request);
// `nth` grows with each one of a request.
std::string progress_line(std::string_view token, std::size_t nth, std::string_view message);

}  // namespace cli
