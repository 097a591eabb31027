// A bad API server, for tests of limits on time and memory.
#pragma once
#include <atomic>
#include <string>
#include <string_view>
#include <vector>

#include "support/loopback_server.hpp"

namespace support {

// A server that hangs, trickles or never ends, over plain HTTP/1.1 on the loopback. What a mode
// says nothing about is answered as by an API server with one namespace and nothing else.
class HostileServer {
 public:
  // One of modes(). `after`: so many requests are answered well before.
  explicit HostileServer(std::string_view mode, int after = 0);

  static std::vector<std::string> modes();
  std::string url() const { return "http://" + server_.authority(); }
  std::string kubeconfig() const;
  int requests() const { return requests_; }

 private:
  class Peer;
  struct Mode;
  static const std::vector<Mode>& table();
  static const Mode* mode_named(std::string_view name);
  void serve(int fd, const std::atomic<bool>& stopping);

  const Mode* mode_;
  int after_;
  std::atomic<int> requests_ = 0;
  LoopbackServer server_;  // the last: its threads use the others
};

}  // namespace support
