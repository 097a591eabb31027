// Why pods of a model are not ready, told once for all of them.
#pragma once
#include <string>
#include <vector>

#include "aibrix/pod.hpp"
#include "aibrix/scheduling.hpp"
#include "checks/core/check.hpp"

namespace checks {

// Pods that belong together and what is the matter with those of them that take no requests.
struct PodTrouble {
  std::vector<const kube::Object*> pods;
  const kube::Object* first = nullptr;  // the one to look at; nullptr: all of them are routable
  aibrix::PodState state;               // of that one
  std::vector<aibrix::ResourceDemand> demands;  // what the scheduler finds too little of

  bool unschedulable() const { return state.reason == "Unschedulable"; }
  // A demand that no node can ever meet; nullptr when there is none.
  const aibrix::ResourceDemand* impossible() const;
};
// Reads: Nodes when there.
PodTrouble pod_trouble(const Context& context, std::vector<const kube::Object*> pods);

// "2 of 3 pods of MODEL cannot be scheduled (…)"; `total` pods there are.
std::string trouble_title(const PodTrouble& trouble, std::size_t total, const std::string& model);
// Adds evidence, the pods, since when, and what to do. Reads: Events when there.
void show_trouble(const Context& context, const PodTrouble& trouble, Finding& finding);

}  // namespace checks
