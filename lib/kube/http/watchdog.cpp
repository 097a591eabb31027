// The thread that looks whether a call into libcurl is late.
#include "kube/http/watchdog.hpp"

#include <sys/socket.h>

namespace kube::curl {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds look_every{100};
// What an ordinary call may take: one that is back by itself keeps its connections.
constexpr milliseconds grace{200};

}  // namespace

Watchdog::~Watchdog() {
  {
    const std::lock_guard lock(mutex_);
    quit_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Watchdog::opened(int socket) {
  const std::lock_guard lock(mutex_);
  sockets_.insert(socket);
  if (!thread_.joinable()) thread_ = std::thread([this] { watch(); });
}

void Watchdog::closed(int socket) {
  const std::lock_guard lock(mutex_);
  sockets_.erase(socket);
}

bool Watchdog::is_late() const {
  if (!calling_) return false;
  const auto now = Clock::now();
  const bool stopped = stop_ != nullptr && stop_->load(std::memory_order_relaxed) != 0;
  return (end_ && now >= *end_ + grace) || (stopped && now >= began_ + grace);
}

void Watchdog::watch() {
  std::unique_lock lock(mutex_);
  while (!quit_) {
    wake_.wait_for(lock, look_every);
    if (!is_late()) continue;
    for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  }
}

Watchdog::Call::Call(Watchdog& watchdog, std::optional<Clock::time_point> end)
    : watchdog_(watchdog) {
  const std::lock_guard lock(watchdog_.mutex_);
  watchdog_.calling_ = true;
  watchdog_.began_ = Clock::now();
  watchdog_.end_ = end;
}

Watchdog::Call::~Call() {
  const std::lock_guard lock(watchdog_.mutex_);
  watchdog_.calling_ = false;
}

}  // namespace kube::curl
