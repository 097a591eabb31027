// Test requests to the gateway's OpenAI API, direct or by way of the API server.
#pragma once
#include <memory>
#include <string>

#include "endpoint/endpoint.hpp"
#include "kube/http/transport.hpp"
#include "report/endpoint_test.hpp"

namespace cli {

// Where requests go: directly, or by way of the API server.
struct ProbeTarget {
  kube::Transport* transport = nullptr;
  std::string prefix;  // of paths
  std::string shown;   // of addresses, for people
  std::string how;
  bool by_api_server = false;
  std::string host;  // for header Host, when the listener asks for one
  std::unique_ptr<kube::Transport> own;
};

// A connection of its own to a gateway, with the key of --api-key-file. Throws base::Error for a
// file that cannot be used.
std::unique_ptr<kube::Transport> dial(const Global& global, const EndpointTestOptions& options,
                                      const std::string& url, const std::string& hostname);

// Sends the one request of `endpoint test` and reads its answer; strategy empty: sends none.
report::Probe send_probe(const EndpointTestOptions& options, const ProbeTarget& target,
                         const std::string& strategy);

}  // namespace cli
