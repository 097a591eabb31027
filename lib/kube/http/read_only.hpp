// A transport that lets nothing but reading through.
#pragma once
#include <memory>
#include <optional>

#include "kube/http/transport.hpp"

namespace kube {

// A GET of what the API server itself has: objects, lists, logs, discovery. Not what it passes on
// to somebody else: the proxies of pods, Services and nodes, exec, attach, portforward.
bool only_reads(const Request& request);

// Sends what only_reads(), by way of another transport. Anything else is a fault of this program:
// it throws base::Error(internal) before a byte of the batch is sent.
class ReadOnlyTransport : public Transport {
 public:
  explicit ReadOnlyTransport(std::unique_ptr<Transport> inner);

  void run(std::vector<Request> batch, Receiver& receiver) override;
  std::chrono::microseconds waited() const override { return inner_->waited(); }
  std::size_t rounds() const override { return inner_->rounds(); }
  std::optional<std::chrono::microseconds> round_trip() const override {
    return inner_->round_trip();
  }

 private:
  std::unique_ptr<Transport> inner_;
};

}  // namespace kube
