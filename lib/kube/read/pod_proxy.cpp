// The sender of GETs to pods, and who answered them: the pod, or the API server in its place.
#include "kube/read/pod_proxy.hpp"

#include "base/lists.hpp"
#include "base/text.hpp"
#include "kube/http/api_error.hpp"
#include "kube/resource.hpp"

namespace kube {
namespace {

constexpr std::chrono::seconds proxy_patience{5};
// Metrics of an engine with many models have a few hundred kilobytes.
constexpr std::size_t most_proxied_bytes = std::size_t{4} << 20;

Request request_for(const PodGet& get) {
  Request request;
  request.path = api_path(resources::pods, resources::pods.version, get.ns, get.pod);
  request.path += ':' + std::to_string(get.port) + "/proxy";
  request.path += base::percent_encode(get.path, "-._~/?=&");
  request.accept = "*/*";
  request.max_bytes = most_proxied_bytes;
  request.patience = proxy_patience;
  request.once = true;
  return request;
}

// A Status of the API server: of its own refusal, or of not having got through to the pod.
bool is_from_server(const Response& response) {
  return response.status >= 400 && !read_status(response).reason.empty() &&
         response.body.find("\"Status\"") != std::string::npos;
}

// "dial tcp 10.0.0.5:8000: connect: connection refused", out of the server's sentence around it.
std::string server_failure(const Response& response) {
  std::string text = read_status(response).message;
  constexpr std::string_view before = "error trying to reach service: ";
  const std::size_t at = text.find(before);
  return at == std::string::npos ? text : text.substr(at + before.size());
}

}  // namespace

PodsAsked ask_pods(Transport& transport, std::span<const PodGet> gets) {
  PodsAsked out;
  std::vector<Request> batch;
  for (const PodGet& get : gets) batch.push_back(request_for(get));
  out.requests = batch.size();
  if (batch.empty()) return out;
  std::vector<Response> responses = transport.send(std::move(batch));
  for (std::size_t i = 0; i < gets.size(); ++i) {
    Response& response = responses[i];
    PodAnswer answer{gets[i].ns, gets[i].pod, gets[i].port, gets[i].path, 0, {}, {}};
    if (response.status == 403 && is_from_server(response)) {
      base::add_once(out.forbidden, gets[i].ns);
      answer.failure = not_permitted;
    } else if (response.failure != Failure::none) {
      answer.failure = describe_failure(response);
    } else if (is_from_server(response)) {
      answer.failure = server_failure(response);
    } else {
      answer.status = response.status;
      answer.body = std::move(response.body);
    }
    out.answers.push_back(std::move(answer));
  }
  return out;
}

}  // namespace kube
