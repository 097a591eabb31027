// The choice between fewer bytes and less work for the server.
#include "kube/http/compression.hpp"

#include <algorithm>

namespace kube {
namespace {

using std::chrono::microseconds;

// The kernel answers a TCP handshake at once, a server does a TLS handshake when it has the time
// for it. Lines of this length are hardly ever faster than a server compresses.
constexpr microseconds long_tcp{3'000};
// A tunnel or a forwarded port ends on this machine, and is as long as its TLS handshake tells.
constexpr microseconds long_tls{25'000};
// A short line can be narrow all the same. Less than this a second, of enough to measure it:
constexpr double narrow = 30e6;
constexpr std::size_t enough = std::size_t{256} << 10;

}  // namespace

void CompressionChoice::connected(const Handshake& handshake) {
  handshake_ = handshake;
  slow_line_ = slow_line_ || handshake.tcp >= long_tcp || handshake.tls >= long_tls;
}

void CompressionChoice::received(std::size_t bytes, microseconds time) {
  // Nothing on this machine is narrow: the server was busy.
  if (!handshake_ || handshake_->loopback || bytes < enough || time.count() <= 0) return;
  const double each_second = static_cast<double>(bytes) * 1e6 / static_cast<double>(time.count());
  slow_line_ = slow_line_ || each_second < narrow;
}

std::optional<microseconds> CompressionChoice::round_trip() const {
  if (!handshake_) return std::nullopt;
  // Of TLS only what cannot be the work of either side.
  const microseconds tls = handshake_->tls >= long_tls ? handshake_->tls / 2 : microseconds(0);
  return std::max(handshake_->tcp, tls);
}

}  // namespace kube
