// An HTTP/2 front for the fake API server.
#pragma once
#include <sys/types.h>

#include <string>
#include <vector>

#include "base/temp_folder.hpp"
#include "support/fake_api_server.hpp"

namespace support {

// nghttpx (Debian package nghttp2-proxy) in front of a FakeApiServer: the same answers over HTTP/2.
class Nghttpx {
 public:
  static bool installed();

  // Throws std::runtime_error when it does not start.
  explicit Nghttpx(const FakeApiServer& backend);
  ~Nghttpx();
  Nghttpx(const Nghttpx&) = delete;
  Nghttpx& operator=(const Nghttpx&) = delete;

  std::string url() const { return "https://127.0.0.1:" + std::to_string(port_); }
  // Ends it as a crash would: connections break.
  void kill();

  struct Access {
    std::string peer_port;
    std::string protocol;  // "h2", "http/1.1"
    std::string request;
  };
  std::vector<Access> log() const;
  std::size_t connections() const;  // that requests came over

 private:
  TempFolder folder_;
  int port_ = 0;
  pid_t pid_ = -1;
};

}  // namespace support
