// Which ports of the gateway's Service lead to which listener.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kube/object.hpp"

namespace aibrix {

class Cluster;

// A port of the Service that leads to a listener of our Gateway.
struct ListenerPort {
  std::int64_t port = 0;
  std::int64_t node_port = 0;
  std::string scheme;
  std::string hostname;
  std::string listener;
};
// Those of one Service, of this scheme when one is given: first the listener that takes any host
// name, http before https. Without a Gateway the Service's own ports; in side-car mode Envoy's
// alone.
std::vector<ListenerPort> listener_ports(const Cluster& cluster, const kube::Object& service,
                                         std::string_view scheme);

}  // namespace aibrix
