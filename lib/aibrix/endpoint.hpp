// The addresses under which clients reach AIBrix's gateway: computed from the Service of Envoy, its
// type, the Gateway's listeners, and the nodes that run Envoy.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kube/snapshot.hpp"

namespace aibrix {

class Cluster;

// Where a client stands.
enum class Vantage {
  outside,  // anywhere
  node,     // in the nodes' network, or on a node
  inside,   // in a pod
};
std::string_view to_string(Vantage vantage);

struct Address {
  std::string scheme = "http";
  std::string host;  // an IP without brackets, or a name
  std::int64_t port = 0;
  std::string hostname;  // that the listener asks for; empty: any. Clients use it as the URL's
                         // host, and their DNS (or curl --resolve) leads it to `host`
  std::string listener;  // "http"
  std::string how;       // "load balancer's IP", "node port on node-2 (InternalIP)"
  std::string caution;   // what may keep it from working; empty: nothing known
  Vantage reach = Vantage::outside;  // the widest place it is reachable from
  const kube::Object* service = nullptr;

  std::string authority() const;  // "[fd00::1]:80", "llm.example.com:443"
  std::string url() const;        // "http://[fd00::1]:80"
};

struct EndpointFacts {
  std::vector<const kube::Object*> services;  // of the gateway
  std::vector<Address> addresses;             // that answer from `from`: first the best one
  std::vector<std::string> why_not;           // when there is none, and what was passed over
  bool known = true;     // false: Services, or what else decides, were not read
  bool unready = false;  // no Envoy pod is ready: no way leads in
  bool pending = false;  // a load balancer that has no address yet
};

// `scheme` empty: http before https.
EndpointFacts find_endpoint(const Cluster& cluster, Vantage from, std::string_view scheme = {});

// "http://[fd00::1]:80": brackets where the host is an IPv6 address.
std::string bracketed(std::string_view host);

}  // namespace aibrix
