// The hand-over of answers to the jobs that asked for them.
#include "kube/read/request_batch.hpp"

#include <algorithm>

namespace kube {

bool BatchItem::on_body(std::size_t, std::string_view, RequestBatch&) {
  return false;
}

std::size_t RequestBatch::ask(BatchItem& item, Request request) {
  owners_.push_back(&item);
  ++stats_.requests;
  if (queue_ != nullptr) return queue_->add(std::move(request));
  batch_.push_back(std::move(request));
  return batch_.size() - 1;
}

void RequestBatch::run(Transport& transport) {
  std::vector<Request> batch = std::exchange(batch_, {});
  answered_ = 0;
  const auto waited_before = transport.waited();
  transport_ = &transport;
  if (!batch.empty()) transport.run(std::move(batch), *this);
  transport_ = nullptr;
  stats_.waited += transport.waited() - waited_before;
  queue_ = nullptr;
  owners_.clear();
}

bool RequestBatch::on_body(std::size_t number, std::string_view so_far, Queue& queue) {
  queue_ = &queue;
  return owners_.at(number)->on_body(number, so_far, *this);
}

void RequestBatch::on_response(std::size_t number, Response&& response, Queue& queue) {
  queue_ = &queue;
  stats_.retries += static_cast<std::size_t>(std::max(response.attempts - 1, 0));
  stats_.bytes += response.bytes;
  stats_.connections += static_cast<std::size_t>(response.connections);
  stats_.connect = std::max(stats_.connect, response.timing.connect);
  if (response.date && (!server_time_ || *response.date > *server_time_)) {
    server_time_ = response.date;
  }
  BatchItem& item = *owners_.at(number);
  item.on_response(number, std::move(response), *this);
  ++answered_;
  if (progress_) progress_(answered_, owners_.size());
}

}  // namespace kube
