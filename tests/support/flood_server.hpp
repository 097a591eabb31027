// A server that floods its client with small HTTP/2 frames, for tests of limits on time.
#pragma once
#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace support {

// Over TLS on the loopback, with a certificate of its own making. After its SETTINGS it sends
// `frame` again and again, as fast as the client reads, and never answers a request.
class FloodServer {
 public:
  explicit FloodServer(std::string frame);
  ~FloodServer();
  FloodServer(const FloodServer&) = delete;
  FloodServer& operator=(const FloodServer&) = delete;

  std::string url() const { return "https://127.0.0.1:" + std::to_string(port_); }
  const std::string& authority_pem() const { return authority_pem_; }

  // Frames (RFC 9113, 6): PING without ACK, PRIORITY of stream 1.
  static std::string ping();
  static std::string priority();

 private:
  void accept_all();
  void serve(int fd);

  std::string frame_;
  std::string authority_pem_, certificate_pem_, key_pem_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;  // over the two below
  std::vector<std::thread> threads_;
  std::vector<int> open_;
  std::thread acceptor_;
};

}  // namespace support
