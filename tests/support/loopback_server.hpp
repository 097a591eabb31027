// A TCP server on the loopback with a thread for each connection, for servers of tests that
// misbehave.
#pragma once
#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace support {

class LoopbackServer {
 public:
  // `serve` talks to one connection until its other side goes or `stopping` is set. It may shut the
  // socket down but not close it: the number must not be used again.
  using Serve = std::function<void(int socket, const std::atomic<bool>& stopping)>;
  explicit LoopbackServer(Serve serve);
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  std::string authority() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  void accept_all();

  Serve serve_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;  // over the two below
  std::vector<std::thread> threads_;
  std::vector<int> open_;
  std::thread acceptor_;
};

}  // namespace support
