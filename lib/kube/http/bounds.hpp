// Limits on the time and memory that reading a cluster takes.
#pragma once
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

#include "base/memory_budget.hpp"

namespace kube {

// One answer, and all that are under way at a time, when nothing else is said.
inline constexpr std::size_t max_body_bytes = std::size_t{256} << 20;

// What reading a cluster may take: time and memory. One for all transports and readers of a run.
class Bounds {
 public:
  using Clock = std::chrono::steady_clock;

  // `time`: of one reading, 0: no limit. `memory_bytes`: the whole process, as a rule of thumb: a
  // quarter is left for what is not counted (parsing, checks, the program itself). `memory`: of
  // memory_for(memory_bytes), where several clusters are read at once and share it.
  Bounds(std::chrono::milliseconds time, std::size_t memory_bytes,
         std::shared_ptr<base::MemoryBudget> memory = nullptr)
      : time_(time),
        memory_bytes_(memory_bytes),
        memory_(memory ? std::move(memory) : memory_for(memory_bytes)) {}

  static std::shared_ptr<base::MemoryBudget> memory_for(std::size_t memory_bytes) {
    return std::make_shared<base::MemoryBudget>(memory_bytes - memory_bytes / 4);
  }

  // A reading begins and has all of the time, or goes on and has what is left of it; it ends.
  // Outside of one nothing is late: what waits for a person, or for something to happen, reads anew
  // each time it looks.
  void begin() {
    left_ = time_;
    go_on();
  }
  void go_on() {
    if (time_.count() != 0) end_ = Clock::now() + left_;
  }
  void end() {
    if (end_) left_ = std::max(*end_ - Clock::now(), Clock::duration(0));
    end_.reset();
  }
  // Somebody had to log in meanwhile: that is not the server's time.
  void forgive(Clock::duration pause) {
    if (end_) *end_ += pause;
  }
  std::optional<Clock::time_point> deadline() const { return end_; }
  std::chrono::milliseconds time() const { return time_; }

  base::MemoryBudget& memory() { return *memory_; }
  std::size_t max_answer() const {
    return std::max(std::min(max_body_bytes, memory_bytes_ / 4), memory_bytes_ / 8);
  }
  std::size_t max_under_way() const {
    return std::max(std::min(max_body_bytes, memory_bytes_ / 2), memory_bytes_ / 8);
  }

 private:
  std::chrono::milliseconds time_;
  std::size_t memory_bytes_;
  std::shared_ptr<base::MemoryBudget> memory_;
  Clock::duration left_{0};
  std::optional<Clock::time_point> end_;
};

// One reading, from here to the end of the block.
class ReadingTime {
 public:
  enum class Of { new_reading, same_reading };
  explicit ReadingTime(Bounds& bounds, Of of = Of::new_reading) : bounds_(bounds) {
    of == Of::new_reading ? bounds_.begin() : bounds_.go_on();
  }
  ~ReadingTime() { bounds_.end(); }
  ReadingTime(const ReadingTime&) = delete;
  ReadingTime& operator=(const ReadingTime&) = delete;

 private:
  Bounds& bounds_;
};

}  // namespace kube
