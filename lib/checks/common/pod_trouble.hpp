// Why pods that belong together take no requests, told once for all of them.
#pragma once
#include <string>
#include <vector>

#include "aibrix/scheduling.hpp"
#include "checks/common/pod_reason.hpp"

namespace checks {

// Pods that belong together, and what is the matter with those of them that take no requests.
struct PodTrouble {
  struct Group {
    PodReason reason;                       // of the first of them
    std::vector<const kube::Object*> pods;  // with the same trouble
  };
  std::vector<const kube::Object*> pods;        // all
  std::vector<Group> groups;                    // most pods first; empty: all of them are routable
  std::vector<aibrix::ResourceDemand> demands;  // what the scheduler finds too little of

  // All that is the matter follows from findings of their own.
  bool explained_elsewhere() const;
};
// Reads what explain_pod() does (pod_reason_lists).
PodTrouble pod_trouble(const Context& context, std::vector<const kube::Object*> pods);

// "container engine keeps ending with exit code 1"; of pods in different states how many are in
// which: "2 CrashLoopBackOff, 1 Unschedulable". Empty when nothing is the matter.
std::string trouble_reason(const PodTrouble& trouble);
// "2 of 3 pods of MODEL cannot be scheduled (…)"; `total` pods there are.
std::string trouble_title(const PodTrouble& trouble, std::size_t total, const std::string& model);
// Adds evidence, the pods, since when, what it follows from, and what to do.
void show_trouble(const PodTrouble& trouble, Finding& finding);

// The same for a workload of the install or of KubeRay that has no ready pod: adds why to the
// title, in brackets. Pods that are ready or on their way out do not count. False: its pods tell
// nothing.
bool explain_workload(const Context& context, const kube::Object& workload,
                      const std::vector<const kube::Object*>& pods, Finding& finding);

}  // namespace checks
