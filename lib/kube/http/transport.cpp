// The sending of a batch of requests whose answers are all kept.
#include "kube/http/transport.hpp"

#include <utility>

namespace kube {
namespace {

class Collector : public Receiver {
 public:
  explicit Collector(std::vector<std::optional<Response>>& answers) : answers_(answers) {}
  void on_response(std::size_t number, Response&& response, Queue&) override {
    answers_.at(number) = std::move(response);
  }

 private:
  std::vector<std::optional<Response>>& answers_;
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

void Receiver::on_line(std::size_t, std::string_view) {}

void Receiver::on_turn(Queue&) {}

bool Receiver::on_body(std::size_t, std::string_view, Queue&) {
  return false;
}

std::vector<Response> Transport::send(std::vector<Request> batch) {
  std::vector<std::optional<Response>> answers;
  send(std::move(batch), answers);
  std::vector<Response> out;
  out.reserve(answers.size());
  for (std::optional<Response>& answer : answers) out.push_back(std::move(answer).value());
  return out;
}

void Transport::send(std::vector<Request> batch, std::vector<std::optional<Response>>& answers) {
  answers.assign(batch.size(), std::nullopt);
  Collector collector(answers);
  run(std::move(batch), collector);
}

}  // namespace kube
