// The client's side of a connection that is two functions.
#include "support/mcp_client.hpp"

#include <chrono>
#include <stdexcept>

namespace support {

using nlohmann::json;

McpClient::McpClient(cli::McpService service)
    : server_(std::move(service), [this](std::string_view line) {
        const std::lock_guard lock(mutex_);
        if (gone_) return false;
        if (line.find('\n') != std::string_view::npos) throw std::logic_error("a line end within");
        messages_.push_back(json::parse(line));
        came_.notify_all();
        return true;
      }) {}

template <typename Ready>
void McpClient::wait(const Ready& ready) {
  std::unique_lock lock(mutex_);
  if (!came_.wait_for(lock, std::chrono::minutes(1), ready)) {
    throw std::runtime_error("no such message came; the last was " +
                             (messages_.empty() ? std::string("none") : messages_.back().dump()));
  }
}

void McpClient::handshake(const std::string& version) {
  ask("initialize", {{"protocolVersion", version},
                     {"capabilities", json::object()},
                     {"clientInfo", {{"name", "test"}, {"version", "1"}}}});
  send({{"jsonrpc", "2.0"}, {"method", "notifications/initialized"}});
}

json McpClient::ask(const std::string& method, const json& params) {
  json message = {{"jsonrpc", "2.0"}, {"id", ++last_id_}, {"method", method}};
  if (!params.is_null()) message["params"] = params;
  const json id = message["id"];
  send(message);
  return answer(id);
}

json McpClient::call(const std::string& tool, const json& arguments) {
  return answer(begin(tool, arguments)).at("result");
}

int McpClient::begin(const std::string& tool, const json& arguments, const json& meta) {
  json params = {{"name", tool}, {"arguments", arguments}};
  if (!meta.is_null()) params["_meta"] = meta;
  const int id = ++last_id_;
  send({{"jsonrpc", "2.0"}, {"id", id}, {"method", "tools/call"}, {"params", params}});
  return id;
}

void McpClient::cancel(int id) {
  send({{"jsonrpc", "2.0"},
        {"method", "notifications/cancelled"},
        {"params", {{"requestId", id}, {"reason", "no longer wanted"}}}});
}

json McpClient::answer(const json& id) {
  json out;
  wait([&] {
    for (const json& message : messages_) {
      if (!message.contains("id") || message["id"] != id) continue;
      out = message;
      return true;
    }
    return false;
  });
  return out;
}

std::vector<json> McpClient::messages() {
  const std::lock_guard lock(mutex_);
  return messages_;
}

void McpClient::await(std::size_t count) {
  wait([&] { return messages_.size() >= count; });
}

void McpClient::hang_up() {
  const std::lock_guard lock(mutex_);
  gone_ = true;
}

}  // namespace support
