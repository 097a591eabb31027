// Why the scheduler finds no node for a pod: resources asked for and there.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "kube/object.hpp"

namespace aibrix {

// What a pod asks of one resource the scheduler found too little of, against the nodes.
struct ResourceDemand {
  std::string resource;   // "nvidia.com/gpu"
  double asked = 0;       // by the pod, all its containers
  double largest = 0;     // most that one node can allocate; 0: no node has any
  std::size_t nodes = 0;  // nodes that have some
  std::string asked_text;
  std::string largest_text;

  // No node could ever hold the pod, however empty.
  bool impossible() const { return asked > largest; }
};

// What a pod requests of a resource: all its containers together, or the greediest init container.
double requested(const kube::Object& pod, std::string_view resource);
// The resources named in "Insufficient <resource>" of the scheduler's message, in its order.
std::vector<std::string> scarce_resources(std::string_view scheduler_message);
// Compares the pod with the nodes, for each scarce resource it asks for. Empty without nodes.
std::vector<ResourceDemand> unmet_demands(const kube::Object& pod,
                                          std::string_view scheduler_message,
                                          std::span<const kube::Object> nodes);

}  // namespace aibrix
