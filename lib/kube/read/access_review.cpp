// The requests and answers of SelfSubjectAccessReview.
#include "kube/read/access_review.hpp"

#include "base/error.hpp"
#include "kube/parse/json_reader.hpp"

namespace kube {
namespace {

Request request_for(const AccessQuestion& question) {
  Request request;
  request.method = Method::post;
  request.path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  request.content_type = "application/json";
  request.body =
      R"({"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{"resourceAttributes":{"verb":)" +
      json_string(question.verb) + R"(,"group":)" + json_string(question.group) +
      R"(,"resource":)" + json_string(question.resource) +
      (question.ns.empty() ? "" : R"(,"namespace":)" + json_string(question.ns)) + "}}}";
  return request;
}

AccessAnswer read_answer(const Response& response) {
  if (!response.ok()) return AccessAnswer::unknown;
  Document document;
  try {
    const Value allowed = read_json(response.body, document).at("status", "allowed");
    if (allowed.is_true()) return AccessAnswer::allowed;
    return allowed.is_false() ? AccessAnswer::denied : AccessAnswer::unknown;
  } catch (const base::Error&) {
    return AccessAnswer::unknown;
  }
}

}  // namespace

std::vector<AccessAnswer> ask_access(Transport& transport,
                                     std::span<const AccessQuestion> questions) {
  std::vector<Request> batch;
  batch.reserve(questions.size());
  for (const AccessQuestion& question : questions) batch.push_back(request_for(question));
  std::vector<AccessAnswer> out;
  for (const Response& response : transport.send(std::move(batch)))
    out.push_back(read_answer(response));
  return out;
}

}  // namespace kube
