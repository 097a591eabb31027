// A client of cli::McpServer inside the test process.
#pragma once
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "mcp/server.hpp"

namespace support {

// Sends messages and keeps what comes back. Waiting ends with std::runtime_error after a minute.
class McpClient {
 public:
  explicit McpClient(cli::McpService service);

  void line(const std::string& text) { server_.receive(text); }
  void send(const nlohmann::json& message) { line(message.dump()); }
  void handshake(const std::string& version = "2025-11-25");
  // Sends a request and waits for its answer: the whole message.
  nlohmann::json ask(const std::string& method, const nlohmann::json& params = nullptr);
  // The result of tools/call.
  nlohmann::json call(const std::string& tool, const nlohmann::json& arguments);
  // Sends tools/call and does not wait; returns its id.
  int begin(const std::string& tool, const nlohmann::json& arguments,
            const nlohmann::json& meta = nullptr);
  void cancel(int id);
  nlohmann::json answer(const nlohmann::json& id);

  // All that came, in order.
  std::vector<nlohmann::json> messages();
  // Waits until so many came.
  void await(std::size_t count);
  // From here on nobody reads: the server is told so.
  void hang_up();
  cli::McpServer& server() { return server_; }

 private:
  template <typename Ready>
  void wait(const Ready& ready);

  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<nlohmann::json> messages_;
  bool gone_ = false;
  int last_id_ = 0;
  cli::McpServer server_;  // the last: its thread uses the others
};

}  // namespace support
