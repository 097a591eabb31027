// What the systems spell differently, on this one.
#include "base/system.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <set>

#include "catch.hpp"

TEST_CASE("random numbers differ from one another") {
  std::set<std::uint32_t> seen;
  for (int i = 0; i < 16; ++i) seen.insert(base::random_number());
  CHECK(seen.size() > 14);  // that two of sixteen are alike happens once in thirty million
}

TEST_CASE("pipes and sockets are closed in programs that we start") {
  std::array<int, 2> fds{};
  REQUIRE(base::open_pipe(fds));
  const int socket = base::open_socket(AF_INET, SOCK_STREAM, 0);
  REQUIRE(socket >= 0);
  for (const int fd : {fds[0], fds[1], socket}) {
    CHECK((::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
    ::close(fd);
  }
}

TEST_CASE("the null device is known by what it is, not by its name") {
  struct ::stat file {};
  REQUIRE(::stat("/dev/null", &file) == 0);
  CHECK(base::is_null_device(file));
  REQUIRE(::stat("/dev/zero", &file) == 0);
  CHECK_FALSE(base::is_null_device(file));
  REQUIRE(::stat("/", &file) == 0);
  CHECK_FALSE(base::is_null_device(file));
}

TEST_CASE("peak memory is told in bytes") {
  CHECK(base::peak_memory() > 1'000'000);
}
