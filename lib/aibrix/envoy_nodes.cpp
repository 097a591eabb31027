// The nodes that run Envoy or answer on its node port, and their addresses.
#include "aibrix/envoy_nodes.hpp"

#include <algorithm>
#include <set>

#include "aibrix/cluster.hpp"
#include "aibrix/names.hpp"
#include "base/text.hpp"

namespace aibrix {

namespace core = kube::resources;
using kube::Object;

std::set<std::string_view> hosting_nodes(const kube::Snapshot& snapshot, const Object& service) {
  std::set<std::string_view> hosting;
  for (const Object& slice : snapshot.list(core::endpointslices, service.ns())) {
    if (slice.label(names::service_name_label) != service.name()) continue;
    for (const kube::Value& endpoint : slice["endpoints"].items()) {
      if (endpoint.at("conditions", "ready").is_false()) continue;
      hosting.insert(endpoint["nodeName"].text());
    }
  }
  return hosting;
}

std::optional<PortNodes> port_nodes(const Cluster& cluster, const Object& service,
                                    NodesRead wanted) {
  const kube::Snapshot& snapshot = cluster.snapshot();
  const bool local = service.spec()["externalTrafficPolicy"].text() == "Local";
  const bool all = wanted == NodesRead::all;
  if (!snapshot.loaded(core::nodes) || (all && !snapshot.complete(core::nodes)))
    return std::nullopt;
  if (local && !cluster.ready_endpoints(service.ns(), service.name())) return std::nullopt;
  const std::set<std::string_view> hosting = hosting_nodes(snapshot, service);
  PortNodes out;
  for (const Object& node : snapshot.list(core::nodes)) {
    if (!node.condition("Ready").is_true()) continue;
    const bool answers = !local || hosting.count(node.name()) != 0;
    (answers ? out.answering : out.silent).push_back(&node);
  }
  return out;
}

std::string node_address(const Object& node) {
  std::string out;
  for (const kube::Value& address : node.status()["addresses"].items()) {
    const std::string_view type = address["type"].text();
    if (type == "InternalIP") return std::string(address["address"].text());
    if (type == "ExternalIP" && out.empty()) out = address["address"].text();
  }
  return out;
}

std::string name_nodes(const std::vector<const Object*>& nodes) {
  constexpr std::size_t most = 5;
  std::vector<std::string> names;
  for (const Object* node : nodes) {
    if (names.size() == most) break;
    names.push_back(std::string(node->name()) + " (" + node_address(*node) + ")");
  }
  std::string out = base::join(names, ", ");
  if (nodes.size() > most) out += " and " + std::to_string(nodes.size() - most) + " more";
  return out;
}

std::int64_t node_port(const Object& service) {
  const auto ports = service.spec()["ports"].items();
  // Envoy Gateway names a port after protocol and number: "http-80".
  const auto http = std::find_if(ports.begin(), ports.end(), [](const kube::Value& port) {
    return port["name"].text().starts_with("http-");
  });
  if (http != ports.end()) return (*http)["nodePort"].integer_or(0);
  return ports.empty() ? 0 : ports.front()["nodePort"].integer_or(0);
}

}  // namespace aibrix
