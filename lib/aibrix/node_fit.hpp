// Which nodes could take a pod, told from what its spec demands of them.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "kube/object.hpp"

namespace aibrix {

// One demand, and how many nodes do not meet it.
struct NodeRefusal {
  std::string why;  // "label accelerator=h100 of its nodeSelector is missing"
  std::size_t nodes = 0;
};

// Whether nodes could take a pod if nothing else ran on them: nodeSelector, required node affinity,
// taints and what they can allocate at most. What only the scheduler knows (what is free, other
// pods' affinity, volumes) is not judged.
struct NodeFit {
  std::size_t nodes = 0;  // that were read
  std::size_t able = 0;
  std::vector<NodeRefusal> refusals;  // those that most nodes make come first

  bool impossible() const { return nodes != 0 && able == 0; }
};
NodeFit fit_nodes(const kube::Object& pod, std::span<const kube::Object> nodes);

// "amd64", "arm64", …: as the kubelet reports it, else by the node's label; empty when unknown.
std::string_view architecture(const kube::Object& node);

}  // namespace aibrix
