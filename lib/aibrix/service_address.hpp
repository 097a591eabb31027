// Addresses of Services as people write them into environment variables and specs.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "aibrix/cluster.hpp"

namespace aibrix {

// A host that can only be, or is most likely, a Service of this cluster.
struct ServiceAddress {
  std::string ns;
  std::string name;
  std::optional<std::int64_t> port;
  // It says so itself ("redis.prod.svc"). A single word is a Service of the pod's own namespace
  // unless something else in the pod gives it an address.
  bool certain = false;

  std::string text() const { return ns + '/' + name; }
};
// From "redis", "redis.prod.svc.cluster.local:6379", "http://cache.prod.svc:8080/path",
// "redis://:password@redis.prod.svc". Nothing for IP addresses, localhost and hosts with other
// dots. `own_ns`: of who uses it.
std::optional<ServiceAddress> service_address(std::string_view text, std::string_view own_ns);

// Whether something answers there.
struct ServiceState {
  bool known = false;  // enough was read to tell
  kube::Lookup service;
  bool missing = false;
  bool wrong_port = false;
  bool unready = false;  // no ready endpoint
  std::string measured;  // "0 ready endpoints", "ports 6379"
  std::string want;

  bool bad() const { return missing || wrong_port || unready; }
  std::string what() const;  // "does not exist", "has no ready endpoint"
};
// Reads: Services, EndpointSlices.
ServiceState service_state(const Cluster& cluster, const ServiceAddress& address);

}  // namespace aibrix
