// The round trip that a connection's handshakes tell.
#include "kube/http/line.hpp"

#include <algorithm>

namespace kube {
namespace {

using std::chrono::microseconds;

// The kernel answers a TCP handshake at once, a server does a TLS handshake when it has the time
// for it: less than this can be the work of either side.
constexpr microseconds long_tls{25'000};

}  // namespace

std::optional<microseconds> Line::round_trip() const {
  if (!handshake_) return std::nullopt;
  // A tunnel or a forwarded port ends on this machine, and is as long as its TLS handshake tells.
  const microseconds tls = handshake_->tls >= long_tls ? handshake_->tls / 2 : microseconds(0);
  return std::max(handshake_->tcp, tls);
}

}  // namespace kube
