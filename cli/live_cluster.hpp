// A cluster that is read once and then followed by watches, for doctor --watch and --wait.
#pragma once
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "kube/read/live_snapshot.hpp"
#include "kube/read/need.hpp"
#include "kube/read/request_batch.hpp"
#include "kube/read/watcher.hpp"

namespace cli {

// What one reading of some kinds brings, and where a watch can go on from.
struct Followed {
  kube::Snapshot snapshot;
  kube::FetchStats stats;
  std::vector<kube::WatchedList> lists;
};

// How it reads and watches; both are the InputSource's.
struct FollowOptions {
  std::function<Followed(std::span<const kube::Need>)> read;
  kube::Watcher::MakeTransport transport;
  std::shared_ptr<base::MemoryBudget> memory;
  // How often what cannot be watched is read again.
  std::chrono::milliseconds interval{30'000};
};

class LiveCluster {
 public:
  using Clock = std::chrono::steady_clock;
  // `needs` outlives it.
  LiveCluster(Followed first, std::vector<kube::Need> needs, FollowOptions options);

  // Begins to watch, once; then waits until something may have changed, at most until `until`, and
  // `settle` longer for what comes with it. False: `stop` is not zero.
  bool wait(Clock::time_point until, std::chrono::milliseconds settle,
            const std::atomic<int>& stop);
  // What is known now. Reads again what has to be, and nothing else.
  kube::Snapshot read(kube::FetchStats& stats);
  // A kind that is needed has come, gone or changed: everything is to be read anew.
  bool outdated() const { return outdated_; }
  // How many lists are watched, and how many kinds are read again in their stead.
  std::size_t watched() const { return watcher_ == nullptr ? 0 : watcher_->watched(); }
  std::size_t polled() const { return polled_.size(); }
  std::chrono::milliseconds interval() const { return options_.interval; }

 private:
  void begin();
  void take_news();
  void read_again(const std::vector<const kube::Resource*>& kinds, kube::FetchStats& stats);
  bool is_poll_due() const;
  bool concerns_a_need(const kube::WatchChange& change) const;
  std::vector<std::string> notes() const;

  std::vector<kube::Need> needs_;
  FollowOptions options_;
  kube::LiveSnapshot state_;
  std::vector<kube::WatchedList> lists_;  // not watched yet
  Clock::time_point read_at_;             // the snapshot's clock
  std::vector<const kube::Resource*> expired_;
  std::map<const kube::Resource*, Clock::time_point> expired_at_;
  // Kinds that are read again every interval: not permitted to watch, or not readable just now.
  std::vector<const kube::Resource*> polled_;
  std::vector<const kube::Resource*> refused_;
  std::string refusal_;  // why, of one of them
  std::string unread_;   // why reading again failed
  Clock::time_point next_poll_{};
  bool outdated_ = false;
  std::unique_ptr<kube::Watcher> watcher_;
};

}  // namespace cli
