// The pairing of the Gateway's listeners with the ports of Envoy's Service.
#include "aibrix/listener_ports.hpp"

#include <algorithm>

#include "aibrix/cluster.hpp"
#include "aibrix/gateway.hpp"

namespace aibrix {
namespace {

using kube::Object;
using kube::Value;

std::string scheme_of(std::string_view protocol) {
  if (protocol == "HTTP") return "http";
  return protocol == "HTTPS" || protocol == "TLS" ? "https" : "";
}

// The Service has the listener's port under its number.
void add_listener_doors(const Value& port, const Object& gateway, std::vector<ListenerPort>& out) {
  for (const Value& listener : gateway.spec()["listeners"].items()) {
    if (listener["port"].integer() != port["port"].integer()) continue;
    ListenerPort door;
    door.scheme = scheme_of(listener["protocol"].text());
    if (door.scheme.empty()) continue;  // TCP, UDP: no place for HTTP
    door.port = port["port"].integer_or(0);
    door.node_port = port["nodePort"].integer_or(0);
    door.hostname = listener["hostname"].text();
    door.listener = listener["name"].text();
    out.push_back(std::move(door));
  }
}

void add_plain_door(const Value& port, std::vector<ListenerPort>& out) {
  const std::string_view name = port["name"].text();
  ListenerPort door;
  door.port = port["port"].integer_or(0);
  door.node_port = port["nodePort"].integer_or(0);
  door.scheme = name.starts_with("https") || door.port == 443 ? "https" : "http";
  door.listener = name;
  out.push_back(std::move(door));
}

bool is_http_port(const Value& port) {
  const std::string_view protocol = port["protocol"].text("TCP");
  return protocol == "TCP" && port["port"].integer_or(0) > 0;
}

}  // namespace

std::vector<ListenerPort> listener_ports(const Cluster& cluster, const Object& service,
                                         std::string_view scheme) {
  std::vector<ListenerPort> out;
  const kube::Lookup gateway = cluster.gateway();
  const bool side_car = gateway_mode(cluster) == GatewayMode::side_car;
  for (const Value& port : service.spec()["ports"].items()) {
    if (!is_http_port(port)) continue;
    if (gateway && !side_car) {
      add_listener_doors(port, *gateway, out);
    } else if (!side_car || port["port"].integer() == 10080) {  // beside Envoy's: the plugin's own
      add_plain_door(port, out);
    }
  }
  std::erase_if(out, [&](const ListenerPort& d) { return !scheme.empty() && d.scheme != scheme; });
  // A listener that takes any host name before one that asks for its own, http before https.
  std::stable_sort(out.begin(), out.end(), [](const ListenerPort& a, const ListenerPort& b) {
    if (a.hostname.empty() != b.hostname.empty()) return a.hostname.empty();
    return a.scheme < b.scheme;
  });
  return out;
}

}  // namespace aibrix
