// A server that floods its client with small HTTP/2 frames, for tests of limits on time.
#pragma once
#include <atomic>
#include <string>

#include "support/certificates.hpp"
#include "support/loopback_server.hpp"

namespace support {

// Over TLS on the loopback, with a certificate of its own making. After its SETTINGS it sends
// `frame` again and again, as fast as the client reads, and never answers a request.
class FloodServer {
 public:
  explicit FloodServer(std::string frame)
      : FloodServer(std::move(frame), make_authority("flood-ca")) {}

  std::string url() const { return "https://" + server_.authority(); }
  const std::string& authority_pem() const { return authority_pem_; }

  // Frames (RFC 9113, 6): PING without ACK, PRIORITY of stream 1.
  static std::string ping();
  static std::string priority();

 private:
  FloodServer(std::string frame, const Identity& authority);
  void serve(int fd, const std::atomic<bool>& stopping) const;

  std::string frame_;
  std::string authority_pem_;
  Identity own_;
  LoopbackServer server_;  // the last: its threads use the others
};

}  // namespace support
