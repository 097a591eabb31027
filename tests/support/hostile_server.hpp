// A bad API server, for tests of limits on time and memory.
#pragma once
#include <atomic>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace support {

// A server that hangs, trickles or never ends, over plain HTTP/1.1 on the loopback. What a mode
// says nothing about is answered as by an API server with one namespace and nothing else.
class HostileServer {
 public:
  // One of modes(). `after`: so many requests are answered well before.
  explicit HostileServer(std::string_view mode, int after = 0);
  ~HostileServer();
  HostileServer(const HostileServer&) = delete;
  HostileServer& operator=(const HostileServer&) = delete;

  static std::vector<std::string> modes();
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::string kubeconfig() const;
  int requests() const { return requests_; }

 private:
  class Peer;
  struct Mode;
  static const std::vector<Mode>& table();
  void accept_all();
  void serve(int fd);

  const Mode* mode_;
  int after_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> requests_ = 0;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;  // over the two below
  std::vector<std::thread> threads_;
  std::vector<int> open_;
  std::thread acceptor_;
};

}  // namespace support
