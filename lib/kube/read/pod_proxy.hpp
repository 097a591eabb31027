// GETs to pods by way of the API server (pods/proxy).
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kube/http/transport.hpp"
#include "kube/pod_log.hpp"

namespace kube {

// What is asked of a pod. Nothing of ours goes with it: the API server takes the Authorization and
// Impersonate headers of a request off once it knows who asks (its filters withAuthentication and
// withImpersonation), and no other header is sent.
struct PodGet {
  std::string ns, pod;
  std::int64_t port = 0;
  std::string path;  // "/v1/models"
};

// The failure of a GET that the API server refuses since pods/proxy may not be used.
inline constexpr std::string_view not_permitted = "not permitted to get pods/proxy";

struct PodsAsked {
  std::vector<PodAnswer> answers;      // in the order asked
  std::vector<std::string> forbidden;  // the namespaces in which pods/proxy may not be used
  std::string failure;                 // why nobody could be asked; empty: they were
  std::size_t requests = 0;
};

// All of them in one batch, each within five seconds.
PodsAsked ask_pods(Transport& transport, std::span<const PodGet> gets);

}  // namespace kube
