// The sending of a batch of requests whose answers are all kept.
#include "kube/http/transport.hpp"

#include <utility>

namespace kube {
namespace {

class Collector : public Receiver {
 public:
  explicit Collector(std::size_t count) : responses(count) {}
  void on_response(std::size_t number, Response&& response, Queue&) override {
    responses.at(number) = std::move(response);
  }

  std::vector<Response> responses;
};

}  // namespace

std::string_view verb(Method method) {
  switch (method) {
    case Method::get: return "GET";
    case Method::post: return "POST";
    case Method::put: return "PUT";
    case Method::patch: return "PATCH";
    case Method::remove: return "DELETE";
  }
  return "GET";
}

bool Receiver::on_body(std::size_t, std::string_view, Queue&) {
  return false;
}

std::vector<Response> Transport::send(std::vector<Request> batch) {
  Collector collector(batch.size());
  run(std::move(batch), collector);
  return std::move(collector.responses);
}

}  // namespace kube
