// A limit on memory, and shares of it that are given back.
#pragma once
#include <atomic>
#include <cstddef>

namespace base {

// How much memory something may hold, counted by those who hold it, in any thread.
class MemoryBudget {
 public:
  explicit MemoryBudget(std::size_t limit_bytes) : limit_(limit_bytes) {}

  // Counts `bytes` more. Throws Error(unavailable, "MemoryLimit") when that is more than the limit;
  // then nothing is counted.
  void take(std::size_t bytes);
  bool fits(std::size_t bytes) const { return fits_beside(used_.load(), bytes); }
  void give(std::size_t bytes) noexcept {
    std::size_t used = used_.load();
    while (!used_.compare_exchange_weak(used, used - (bytes < used ? bytes : used))) {
    }
  }

  std::size_t used() const { return used_.load(); }
  std::size_t limit() const { return limit_; }

 private:
  bool fits_beside(std::size_t used, std::size_t bytes) const {
    return bytes <= limit_ && used <= limit_ - bytes;
  }

  std::size_t limit_;
  std::atomic<std::size_t> used_{0};
};

// What one holder has taken of a budget, given back with it. Without a budget it counts nothing.
class MemoryShare {
 public:
  explicit MemoryShare(MemoryBudget* budget) : budget_(budget) {}
  ~MemoryShare() {
    if (budget_ != nullptr) budget_->give(held_);
  }
  MemoryShare(const MemoryShare&) = delete;
  MemoryShare& operator=(const MemoryShare&) = delete;

  // It holds so much now. Throws as MemoryBudget::take.
  void set(std::size_t bytes) {
    if (budget_ == nullptr) return;
    if (bytes > held_) {
      budget_->take(bytes - held_);
    } else {
      budget_->give(held_ - bytes);
    }
    held_ = bytes;
  }
  void add(std::size_t bytes) { set(held_ + bytes); }
  std::size_t held() const { return held_; }

 private:
  MemoryBudget* budget_;
  std::size_t held_ = 0;
};

}  // namespace base
