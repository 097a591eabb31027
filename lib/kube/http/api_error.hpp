// Answers of the API server that are errors, as errors for people.
#pragma once
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "kube/auth/access.hpp"
#include "kube/http/transport.hpp"
#include "kube/resource.hpp"

namespace kube {

// What a metav1.Status says; empty members when the body is none.
struct Status {
  std::string reason;   // "Forbidden", "Expired", "AlreadyExists"
  std::string message;  // printable, cut to a sensible length
};
Status read_status(const Response& response);
// The server writes its refusals in the form that was asked for. One in protobuf becomes the JSON
// that everything else reads; nothing, when it is broken.
void refusal_as_json(Response& response);

// The server's URL without user and password.
std::string public_url(std::string_view server);

// Why an answer is of no use, as a phrase: "connection refused", "HTTP 500: etcd leader changed".
std::string describe_failure(const Response& response);

// "dev-user may not list pods in namespace team-a": a 403, in our words. `ns` empty: all of them.
std::string forbidden_text(std::string_view verb, const Resource& resource, std::string_view ns,
                           const Response& response);

// The error that ends the command when this answer, or none, is all there is: network, TLS, 401,
// 403, a server that is not Kubernetes.
base::Error access_error(const Response& response, const Access& access);

// What /version told.
struct ServerVersion {
  std::string text;      // gitVersion; empty: the answer is not that of a Kubernetes API server
  bool too_old = false;  // before v1.27
};
ServerVersion read_version(const Response& response);
base::Error too_old_error(const ServerVersion& version, const Access& access);
base::Error no_files_error();
// Reading took longer than it may, with so many of the requests answered.
base::Error reading_timeout(const Access& access, std::chrono::milliseconds limit,
                            std::size_t answered, std::size_t asked);
base::Error not_kubernetes_error(const Response& response, const Access& access);

}  // namespace kube
