// Many jobs that share one transport, and what their requests cost.
#pragma once
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/memory_budget.hpp"
#include "kube/http/transport.hpp"

namespace kube {

class RequestBatch;

// Something that asks requests and takes their answers.
class BatchItem {
 public:
  virtual ~BatchItem() = default;
  // As Receiver::on_body.
  virtual bool on_body(std::size_t number, std::string_view so_far, RequestBatch& batch);
  virtual void on_response(std::size_t number, Response&& response, RequestBatch& batch) = 0;
};

// What reading a cluster took (doctor -v).
struct FetchStats {
  std::size_t requests = 0;
  std::size_t retries = 0;
  std::size_t bytes = 0;  // received
  std::size_t connections = 0;
  std::chrono::microseconds connect{0};  // the slowest connection, TLS included
  std::chrono::microseconds waited{0};   // all time in which nothing arrived, connecting included
  std::chrono::microseconds parse{0};    // all parsing
  std::chrono::microseconds total{0};
};

// Many jobs over one Transport::run: each answer goes to the job that asked.
class RequestBatch : public Receiver {
 public:
  // Called after each answer with how many of how many are in.
  using Progress = std::function<void(std::size_t answered, std::size_t asked)>;
  explicit RequestBatch(FetchStats& stats, Progress progress = {},
                        std::shared_ptr<base::MemoryBudget> memory = {})
      : stats_(stats), progress_(std::move(progress)), memory_(std::move(memory)) {}

  // The request's number, valid within this run. Before run(): it goes out with the first batch.
  std::size_t ask(BatchItem& item, Request request);
  // Until every job has all its answers; can be called again with new jobs.
  void run(Transport& transport);
  bool idle() const { return batch_.empty(); }

  std::optional<base::Time> server_time() const { return server_time_; }  // the latest Date
  FetchStats& stats() { return stats_; }
  // While running: Transport::round_trip().
  std::optional<std::chrono::microseconds> round_trip() const {
    return transport_ == nullptr ? std::nullopt : transport_->round_trip();
  }
  // What is read is counted in it; none: in nothing.
  const std::shared_ptr<base::MemoryBudget>& memory() const { return memory_; }

 private:
  bool on_body(std::size_t number, std::string_view so_far, Queue& queue) override;
  void on_response(std::size_t number, Response&& response, Queue& queue) override;

  FetchStats& stats_;
  Progress progress_;
  std::shared_ptr<base::MemoryBudget> memory_;
  std::vector<BatchItem*> owners_;  // by request number
  std::vector<Request> batch_;
  Queue* queue_ = nullptr;  // while running
  const Transport* transport_ = nullptr;
  std::size_t answered_ = 0;
  std::optional<base::Time> server_time_;
};

// One request, one answer.
class SingleRequest : public BatchItem {
 public:
  void on_response(std::size_t, Response&& answer, RequestBatch&) override {
    response = std::move(answer);
  }

  Response response;
};

}  // namespace kube
