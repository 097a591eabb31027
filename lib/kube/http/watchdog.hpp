// Ends calls into libcurl that do not come back.
#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

namespace kube::curl {

// A flood of small HTTP/2 frames (PING, PRIORITY) keeps libcurl in one call for as long as the
// server sends, without any callback. A thread of its own then shuts the connections down, which
// that call takes for their end.
class Watchdog {
 public:
  using Clock = std::chrono::steady_clock;

  Watchdog() = default;
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  // Not zero: the user wants to stop, so calls are to come back at once.
  void stop_by(const std::atomic<int>* stop) { stop_ = stop; }

  // The connections that libcurl has; told from within its calls.
  void opened(int socket);
  void closed(int socket);

  // One call into libcurl, from here to the end of the block. `end`: when it has to be back.
  class Call {
   public:
    Call(Watchdog& watchdog, std::optional<Clock::time_point> end);
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

   private:
    Watchdog& watchdog_;
  };

 private:
  void watch();
  bool is_late() const;  // with mutex_ held

  const std::atomic<int>* stop_ = nullptr;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::set<int> sockets_;
  bool calling_ = false;
  bool quit_ = false;
  Clock::time_point began_{};
  std::optional<Clock::time_point> end_;
  std::thread thread_;  // from the first connection on
};

}  // namespace kube::curl
