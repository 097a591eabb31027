// Node ports and the nodes behind them, by externalTrafficPolicy.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "kube/snapshot.hpp"

namespace aibrix {

class Cluster;

// Which Ready nodes answer on a Service's node port. With externalTrafficPolicy Local only those
// that run one of its ready endpoints do: kube-proxy drops what arrives at the others.
struct PortNodes {
  std::vector<const kube::Object*> answering;
  std::vector<const kube::Object*> silent;
};
// nullopt when Nodes, or with Local the EndpointSlices, were not read: all of them, or where the
// nodes that answer are all that is wanted (`any`), some of them.
enum class NodesRead { all, any };
std::optional<PortNodes> port_nodes(const Cluster& cluster, const kube::Object& service,
                                    NodesRead wanted = NodesRead::all);

// Names of the nodes that run a ready endpoint of the Service.
std::set<std::string_view> hosting_nodes(const kube::Snapshot& snapshot,
                                         const kube::Object& service);

// InternalIP, else ExternalIP; empty when it has neither.
std::string node_address(const kube::Object& node);
// "node-2 (10.0.0.2), node-3 (10.0.0.3)", at most five of them.
std::string name_nodes(const std::vector<const kube::Object*>& nodes);

// The node port behind the Service's first port for HTTP; 0 when it has none.
std::int64_t node_port(const kube::Object& service);

}  // namespace aibrix
