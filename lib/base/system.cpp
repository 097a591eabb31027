// The calls that glibc, musl and macOS have under different names.
#include "base/system.hpp"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "base/error.hpp"

namespace base {
namespace {

#if !defined(__linux__)
bool closes_in_children(int fd) {
  return ::fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}
#endif

}  // namespace

std::uint32_t random_number() {
  std::uint32_t out = 0;
  if (::getentropy(&out, sizeof out) != 0) {
    throw Error(Fault::internal, "NoRandomNumbers", "the system gives no random numbers");
  }
  return out;
}

bool open_pipe(std::array<int, 2>& fds) {
#if defined(__linux__)
  return ::pipe2(fds.data(), O_CLOEXEC) == 0;
#else
  return ::pipe(fds.data()) == 0 && closes_in_children(fds[0]) && closes_in_children(fds[1]);
#endif
}

int open_socket(int family, int type, int protocol) {
#if defined(__linux__)
  return ::socket(family, type | SOCK_CLOEXEC, protocol);
#else
  const int fd = ::socket(family, type, protocol);
  if (fd >= 0) closes_in_children(fd);
  return fd;
#endif
}

void keep_three_files(posix_spawn_file_actions_t& actions, short& flags) {
#if defined(__APPLE__)
  flags = static_cast<short>(flags | POSIX_SPAWN_CLOEXEC_DEFAULT);
  for (const int fd : {0, 1, 2}) ::posix_spawn_file_actions_addinherit_np(&actions, fd);
#elif defined(__GLIBC__)
  static_cast<void>(flags);
  ::posix_spawn_file_actions_addclosefrom_np(&actions, 3);
#else
  // musl has no such action: what is open now is closed when the program starts.
  static_cast<void>(actions);
  static_cast<void>(flags);
  const int end = static_cast<int>(std::clamp(::sysconf(_SC_OPEN_MAX), 256L, 65536L));
  for (int fd = 3; fd < end; ++fd) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
#endif
}

int flush_file(int fd) {
#if defined(__APPLE__)
  return ::fsync(fd);
#else
  return ::fdatasync(fd);
#endif
}

std::size_t peak_memory() {
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) != 0) return 0;
  const auto most = static_cast<std::size_t>(usage.ru_maxrss);
#if defined(__APPLE__)
  return most;
#else
  return most * 1024;
#endif
}

bool is_null_device(const struct ::stat& file) {
  struct ::stat null {};
  return ::stat("/dev/null", &null) == 0 && S_ISCHR(file.st_mode) && file.st_rdev == null.st_rdev;
}

}  // namespace base
