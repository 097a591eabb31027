// Whether answers are asked for compressed: only where the line is slower than the server
// compresses.
#pragma once
#include <chrono>
#include <cstddef>
#include <optional>

namespace kube {

enum class Compression { automatic, on, off };

// What a new connection told of the line: how long its TCP and TLS handshakes took, and whether it
// ends on this machine.
struct Handshake {
  std::chrono::microseconds tcp{0};
  std::chrono::microseconds tls{0};  // 0: none
  bool loopback = false;
};

// One for all requests of a transport. An API server compresses (gzip, level 1, answers of 128 kB
// and more: k8s.io/apiserver, endpoints/handlers/responsewriters, v1.36) about 100 MB a second with
// one core; a line that carries more is better left alone.
class CompressionChoice {
 public:
  explicit CompressionChoice(Compression wish = Compression::off) : wish_(wish) {}

  // For a request that is sent now.
  bool gzip() const {
    return wish_ == Compression::on || (wish_ == Compression::automatic && slow_line_);
  }
  // What the first connection tells is worth waiting for.
  bool undecided() const { return wish_ == Compression::automatic && !handshake_; }

  void connected(const Handshake& handshake);
  // What came over the line while an answer of `bytes` did, after its first byte.
  void received(std::size_t bytes, std::chrono::microseconds time);
  // One round trip, as far as the handshakes tell; nothing before there was one.
  std::optional<std::chrono::microseconds> round_trip() const;

 private:
  Compression wish_;
  bool slow_line_ = false;
  std::optional<Handshake> handshake_;
};

}  // namespace kube
