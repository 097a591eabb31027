// The table of the reasons for which the scheduler refuses nodes.
#include "checks/common/scheduler_message.hpp"

#include <array>
#include <vector>

#include "base/lists.hpp"
#include "base/text.hpp"

namespace checks {
namespace {

struct Refusal {
  std::string_view
      reason;  // a part of it, as pkg/scheduler/framework/plugins of Kubernetes writes it
  std::string_view advice;
};

constexpr auto refusals = std::to_array<Refusal>({
    {"Insufficient ", "free or add the resources that the scheduler reports as missing"},
    {"Too many pods", "add nodes, or raise the nodes' limit of pods"},
    {"were unschedulable", "uncordon a node"},
    {"untolerated taint {node.kubernetes.io/",
     "repair the nodes whose condition the taint tells of"},
    {"untolerated taint", "tolerate the taint, or take it off a node"},
    {"topology spread constraints",
     "relax topologySpreadConstraints (whenUnsatisfiable: ScheduleAnyway), or add nodes where they "
     "want a pod"},
    {"existing pods anti-affinity", "add nodes, or relax podAntiAffinity of the pods on them"},
    {"pod anti-affinity", "add nodes, or relax podAntiAffinity"},
    {"pod affinity rules", "start the pods that podAffinity asks for, or correct its labels"},
    {"node affinity/selector", "correct nodeSelector and nodeAffinity, or label a node"},
    {"free ports", "take hostPort out of the pod (a node has each port once), or add nodes"},
    {"volume node affinity conflict",
     "give a node where its volume is room for the pod, or make the PersistentVolumeClaim anew"},
    {"no available volume zone",
     "give a node where its volume is room for the pod, or make the PersistentVolumeClaim anew"},
    {"available persistent volumes to bind",
     "add a PersistentVolume that fits, or a StorageClass that makes one"},
    {"enough free storage", "add storage that the nodes can reach"},
    {"non-existent pv", "make the PersistentVolumeClaim anew: its volume is gone"},
    {"max volume count", "add nodes: these have all the volumes they can attach"},
    {"ReadWriteOncePod", "end the pod that uses the PersistentVolumeClaim"},
    {"cannot allocate all claims", "free or add the devices that its ResourceClaims ask for"},
});

// The first that fits speaks: the narrower one stands before the wider.
std::string_view advice_for(std::string_view reason) {
  for (const Refusal& refusal : refusals) {
    if (reason.find(refusal.reason) != std::string_view::npos) return refusal.advice;
  }
  return {};
}

}  // namespace

std::string advice_on(std::string_view message) {
  // "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable. preemption: …":
  // what follows is about preemption, and names the same nodes again.
  message = message.substr(0, message.find(" preemption: "));
  std::vector<std::string> advice;
  for (const std::string_view reason : base::split(message, ',')) {
    const std::string_view one = advice_for(reason);
    if (!one.empty()) base::add_once(advice, one);
  }
  if (advice.empty()) return "give a node what the scheduler's message says it lacks";
  return base::join(advice, ", or ");
}

}  // namespace checks
