// How long a line is.
#include "kube/http/line.hpp"

#include "catch.hpp"

using kube::Line;
using std::chrono::microseconds;
using std::chrono::milliseconds;

namespace {

Line connected(microseconds tcp, microseconds tls) {
  Line line;
  line.connected({tcp, tls});
  return line;
}

}  // namespace

TEST_CASE("a line's round trip is not known before it is connected") {
  CHECK_FALSE(Line().known());
  CHECK_FALSE(Line().round_trip().has_value());
}

TEST_CASE("a line's round trip is that of the TCP handshake") {
  CHECK(connected(milliseconds(20), milliseconds(24)).round_trip() == milliseconds(20));
  CHECK(connected(microseconds(60), milliseconds(9)).round_trip() == microseconds(60));
}

TEST_CASE("a tunnel that ends on this machine is as long as its TLS handshake tells") {
  CHECK(connected(microseconds(60), milliseconds(60)).round_trip() == milliseconds(30));
}
