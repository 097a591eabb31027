// How long the line to the server is, as its first connection told.
#pragma once
#include <chrono>
#include <optional>

namespace kube {

// How long the handshakes of a new connection took.
struct Handshake {
  std::chrono::microseconds tcp{0};
  std::chrono::microseconds tls{0};  // 0: none
};

// One for all requests of a transport.
class Line {
 public:
  bool known() const { return handshake_.has_value(); }
  void connected(const Handshake& handshake) { handshake_ = handshake; }
  // One round trip, as far as the handshakes tell; nothing before there was one.
  std::optional<std::chrono::microseconds> round_trip() const;

 private:
  std::optional<Handshake> handshake_;
};

}  // namespace kube
