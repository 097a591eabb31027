// Watches of many lists at once, in a thread of their own.
#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <vector>

#include "base/error.hpp"
#include "base/memory_budget.hpp"
#include "base/system.hpp"
#include "kube/http/transport.hpp"
#include "kube/read/list_query.hpp"
#include "kube/read/watch_change.hpp"

namespace kube {

// What happened since it was last asked. Of each object only how it is now.
struct WatchNews {
  std::vector<WatchChange> changes;
  std::vector<const Resource*> expired;            // must be read again, and then watched again
  std::map<const Resource*, std::string> refused;  // cannot be watched, and why not

  bool empty() const { return changes.empty() && expired.empty() && refused.empty(); }
};

// One request for each list, all over one connection where the server speaks HTTP/2. The server
// ends each after some minutes, and it goes on from where it was. A list whose past the server has
// forgotten (410), or that tells what cannot be read, has to be read again. A connection that is
// lost is tried for again, less and less often.
class Watcher : private Receiver {
 public:
  using Clock = std::chrono::steady_clock;
  // Made and used in the watcher's thread; requests are to end when the flag is not zero.
  using MakeTransport = std::function<std::unique_ptr<Transport>(const std::atomic<int>& stop)>;
  // `memory`: what changed objects take is counted in it; none: in nothing.
  explicit Watcher(MakeTransport make, std::shared_ptr<base::MemoryBudget> memory = nullptr);
  ~Watcher() override;
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  // From now on also these. Those of the same kinds that were watched are forgotten.
  void watch(const std::vector<WatchedList>& lists);
  // True: there is news. False: `until` is reached, or `stop` is not zero.
  bool wait(Clock::time_point until, const std::atomic<int>& stop);
  // Throws base::Error(MemoryLimit).
  WatchNews take();
  // Why the connection is lost; empty: it is not.
  std::string lost() const;
  std::size_t watched() const;  // lists

 private:
  struct Stream {
    WatchedList list;
    bool asked = false;
    bool told = false;         // the server said something, in this request
    bool broken = false;       // … an error
    std::size_t failures = 0;  // one after the other
    std::size_t idle = 0;      // requests that ended at once, without a word
    Clock::time_point due{}, began{};
    std::size_t number = 0;  // of the request, once asked
  };

  void work();
  std::vector<Request> due_requests();
  Request request_for(Stream& stream);
  void on_response(std::size_t number, Response&& response, Queue& queue) override;
  void on_line(std::size_t number, std::string_view line) override;
  void on_turn(Queue& queue) override;

  // All with mutex_ held.
  Stream* find(std::size_t number);
  void read_event(Stream& stream, std::string_view line);
  void note_change(const Stream& stream, WatchChange change);
  void expire(const Resource* kind);
  void refuse(const Resource* kind, std::string why);
  void forget(const Resource* kind);
  void fail(Stream& stream, std::string why);
  void ended(Stream& stream);

  MakeTransport make_;
  std::shared_ptr<base::MemoryBudget> memory_;
  std::atomic<int> stop_{0};
  mutable std::mutex mutex_;  // over all below
  std::condition_variable changed_;
  std::vector<std::unique_ptr<Stream>> streams_;
  std::map<std::tuple<const Resource*, std::string, std::string>, WatchChange> changes_;
  std::vector<const Resource*> expired_;
  std::map<const Resource*, std::string> refused_;
  std::string lost_;
  bool lost_changed_ = false;           // since take()
  std::optional<base::Error> failure_;  // nothing is watched any more
  std::size_t next_number_ = 0;         // of requests of this run
  std::minstd_rand random_{base::random_number()};
  std::thread thread_;
};

}  // namespace kube
