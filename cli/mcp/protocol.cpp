// The reader and writer of MCP's messages.
#include "mcp/protocol.hpp"

#include <algorithm>
#include <array>

#include "base/hidden.hpp"
#include "base/program.hpp"
#include "base/text.hpp"
#include "kube/files/json_document.hpp"

namespace cli {
namespace {

using kube::Json;

constexpr auto handshake_versions =
    std::to_array<std::string_view>({"2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"});
constexpr auto stateless_versions = std::to_array<std::string_view>({"2026-07-28"});

constexpr const char* version_key = "io.modelcontextprotocol/protocolVersion";
constexpr const char* capabilities_key = "io.modelcontextprotocol/clientCapabilities";
constexpr const char* server_key = "io.modelcontextprotocol/serverInfo";

// The tools of a server do not change while it runs.
constexpr int list_lasts_ms = 300'000;

// No message is that deep; what is written back or copied recursively must not be.
bool too_deep(std::string_view text) {
  constexpr int most = 64;
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      if (++depth > most) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

bool is_id(const Json& value) {
  return value.is_string() || value.is_number_integer();
}

McpMessage refused(McpMessage message, McpCode code, std::string why) {
  message.kind = McpMessage::Kind::refused;
  message.code = code;
  message.error = std::move(why);
  return message;
}

std::string text_of(const Json& in, const char* key) {
  const auto it = in.find(key);
  return it == in.end() || !it->is_string() ? std::string() : it->get<std::string>();
}

// What _meta says. Empty, or what is wrong with it.
std::string read_meta(const Json& params, McpMessage& out) {
  const auto meta = params.find("_meta");
  if (meta == params.end() || meta->is_null()) return {};
  if (!meta->is_object()) return "_meta is no object";
  const auto token = meta->find("progressToken");
  if (token != meta->end() && is_id(*token)) out.progress_token = token->dump();
  const auto version = meta->find(version_key);
  if (version == meta->end()) return {};
  if (!version->is_string()) return std::string(version_key) + " is no string";
  if (!meta->contains(capabilities_key)) {
    return std::string("_meta lacks ") + capabilities_key;
  }
  out.stateless = true;
  out.version = version->get<std::string>();
  return {};
}

// Empty, or what is wrong with the params of a known method.
std::string read_params(const Json& params, McpMessage& out) {
  if (std::string wrong = read_meta(params, out); !wrong.empty()) return wrong;
  if (out.method == "server/discover" && !out.stateless) {
    return std::string("_meta lacks ") + version_key;
  }
  if (out.method == "initialize") {
    out.stateless = false;
    out.version = text_of(params, "protocolVersion");
    if (out.version.empty()) return "protocolVersion is missing";
  }
  if (out.method == "tools/list" && params.contains("cursor") && !params["cursor"].is_null()) {
    return "there is no such cursor: all tools are in one list";
  }
  if (out.method == "tools/call") {
    out.tool = text_of(params, "name");
    if (out.tool.empty()) return "the name of the tool is missing";
    const auto arguments = params.find("arguments");
    if (arguments == params.end() || arguments->is_null()) return {};
    if (!arguments->is_object()) return "arguments are an object";
    out.arguments = arguments->dump();
  }
  return {};
}

McpMessage take_request(const Json& json, McpMessage out) {
  const auto params = json.find("params");
  const bool none = params == json.end() || params->is_null();
  if (!none && !params->is_object()) {
    return refused(std::move(out), McpCode::invalid_params, "params are an object");
  }
  const Json empty = Json::object();
  std::string wrong = read_params(none ? empty : *params, out);
  if (!wrong.empty()) return refused(std::move(out), McpCode::invalid_params, std::move(wrong));
  out.kind = McpMessage::Kind::request;
  return out;
}

McpMessage take_notification(const Json& json, McpMessage out) {
  out.kind = McpMessage::Kind::notification;
  const auto params = json.find("params");
  if (out.method != "notifications/cancelled" || params == json.end() || !params->is_object()) {
    return out;
  }
  const auto id = params->find("requestId");
  if (id != params->end() && is_id(*id)) out.cancelled = id->dump();
  return out;
}

Json server_info() {
  return {
      {"name", base::program_name}, {"title", "AIBrix diagnosis"}, {"version", AIBRIXCTL_VERSION}};
}

Json head_of(const std::string& id) {
  return {{"jsonrpc", "2.0"}, {"id", Json::parse(id)}};
}

std::string line_of(const Json& json) {
  return base::visible_document(json.dump(-1, ' ', false, Json::error_handler_t::replace),
                                base::Escapes::json);
}

}  // namespace

McpMessage read_message(std::string_view line) {
  McpMessage out;
  if (too_deep(line)) return refused(out, McpCode::invalid_request, "the message is too deep");
  const Json json = Json::parse(line, nullptr, false);
  if (json.is_discarded()) return refused(out, McpCode::parse_error, "this line is no JSON");
  if (json.is_array()) {
    return refused(out, McpCode::invalid_request, "batches are not supported: one message a line");
  }
  if (!json.is_object()) return refused(out, McpCode::invalid_request, "a message is an object");
  const auto id = json.find("id");
  const bool has_id = id != json.end() && is_id(*id);
  if (has_id) out.id = id->dump();
  if (text_of(json, "jsonrpc") != "2.0") {
    return refused(std::move(out), McpCode::invalid_request, "jsonrpc must be \"2.0\"");
  }
  out.method = text_of(json, "method");
  const bool response = json.contains("result") || json.contains("error");
  if (out.method.empty() && response) {
    out.kind = McpMessage::Kind::response;
    return out;
  }
  if (out.method.empty()) {
    return refused(std::move(out), McpCode::invalid_request, "method is missing");
  }
  if (has_id) return take_request(json, std::move(out));
  if (id != json.end()) {
    return refused(std::move(out), McpCode::invalid_request, "id is a string or a whole number");
  }
  return take_notification(json, std::move(out));
}

std::string_view agreed_version(std::string_view asked) {
  const auto it = std::ranges::find(handshake_versions, asked);
  return it == handshake_versions.end() ? handshake_versions.front() : *it;
}

bool speaks_stateless(std::string_view version) {
  return std::ranges::find(stateless_versions, version) != stateless_versions.end();
}

std::string initialize_result(std::string_view version, std::string_view instructions) {
  return line_of({{"protocolVersion", version},
                  {"capabilities", {{"tools", Json::object()}}},
                  {"serverInfo", server_info()},
                  {"instructions", instructions}});
}

std::string discover_result(std::string_view instructions) {
  Json versions = Json::array();
  for (const std::string_view version : stateless_versions) versions.push_back(version);
  for (const std::string_view version : handshake_versions) versions.push_back(version);
  return line_of({{"supportedVersions", versions},
                  {"capabilities", {{"tools", Json::object()}}},
                  {"instructions", instructions}});
}

std::string result_line(const McpMessage& request, std::string_view result) {
  Json out = head_of(request.id);
  out["result"] = Json::parse(result);
  if (request.stateless) {
    Json& stamped = out["result"];
    stamped["resultType"] = "complete";
    stamped["_meta"][server_key] = server_info();
    if (request.method == "tools/list" || request.method == "server/discover") {
      stamped["ttlMs"] = list_lasts_ms;
      stamped["cacheScope"] = "private";
    }
  }
  return line_of(out);
}

std::string error_line(const McpMessage& request, McpCode code, std::string_view message) {
  Json out = head_of(request.id);
  out["error"] = {{"code", static_cast<int>(code)}, {"message", base::printable(message)}};
  return line_of(out);
}

std::string version_error_line(const McpMessage& request) {
  Json out = head_of(request.id);
  Json spoken = Json::parse(discover_result(""))["supportedVersions"];
  out["error"] = {{"code", static_cast<int>(McpCode::unsupported_version)},
                  {"message", "this version of the protocol is not spoken here"},
                  {"data", {{"supported", spoken}, {"requested", request.version}}}};
  return line_of(out);
}

std::string progress_line(std::string_view token, std::size_t nth, std::string_view message) {
  return line_of({{"jsonrpc", "2.0"},
                  {"method", "notifications/progress"},
                  {"params",
                   {{"progressToken", Json::parse(token)},
                    {"progress", nth},
                    {"message", base::printable(message)}}}});
}

}  // namespace cli
