// Where answers are asked for compressed.
#include "kube/http/compression.hpp"

#include "catch.hpp"

using kube::Compression;
using kube::CompressionChoice;
using std::chrono::microseconds;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t megabyte = 1'000'000;

CompressionChoice connected(microseconds tcp, microseconds tls, bool loopback = false) {
  CompressionChoice choice(Compression::automatic);
  choice.connected({tcp, tls, loopback});
  return choice;
}

}  // namespace

TEST_CASE("compression: a wish holds whatever the line is like") {
  CompressionChoice on(Compression::on);
  CompressionChoice off(Compression::off);
  CHECK_FALSE(on.undecided());
  CHECK_FALSE(off.undecided());
  off.connected({milliseconds(50), milliseconds(100), false});
  off.received(megabyte, milliseconds(1000));
  CHECK(on.gzip());
  CHECK_FALSE(off.gzip());
}

TEST_CASE("compression: a long line gets it, this machine and the next one do not") {
  CompressionChoice choice(Compression::automatic);
  CHECK(choice.undecided());
  CHECK_FALSE(choice.gzip());
  choice.connected({milliseconds(20), milliseconds(45), false});
  CHECK_FALSE(choice.undecided());
  CHECK(choice.gzip());
  CHECK_FALSE(connected(microseconds(60), milliseconds(9), true).gzip());
  CHECK_FALSE(connected(microseconds(400), milliseconds(9)).gzip());
}

TEST_CASE("compression: a tunnel that ends on this machine is as long as its TLS handshake") {
  const auto tunnel = connected(microseconds(60), milliseconds(60), true);
  CHECK(tunnel.gzip());
  CHECK(tunnel.round_trip() == milliseconds(30));
}

TEST_CASE("compression: a short line that turns out narrow gets it from then on") {
  auto wide = connected(microseconds(400), milliseconds(5));
  wide.received(10 * megabyte, milliseconds(100));
  CHECK_FALSE(wide.gzip());
  auto narrow = connected(microseconds(400), milliseconds(5));
  narrow.received(100'000, milliseconds(50));  // too little to tell
  CHECK_FALSE(narrow.gzip());
  narrow.received(megabyte, milliseconds(100));
  CHECK(narrow.gzip());
}

TEST_CASE("compression: a busy machine is no narrow line") {
  auto here = connected(microseconds(60), milliseconds(5), true);
  here.received(megabyte, milliseconds(1000));
  CHECK_FALSE(here.gzip());
}
