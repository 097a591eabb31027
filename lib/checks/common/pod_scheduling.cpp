// The explanation of pods that no node takes.
#include "checks/common/pod_scheduling.hpp"

#include <algorithm>

#include "aibrix/node_fit.hpp"
#include "aibrix/scheduling.hpp"
#include "base/text.hpp"
#include "checks/common/pod_events.hpp"
#include "checks/common/pod_group.hpp"
#include "checks/common/scheduler_message.hpp"

namespace checks {
namespace {

using aibrix::ResourceDemand;
using kube::Object;
using kube::Value;

void show_demands(const std::vector<ResourceDemand>& demands, PodReason& reason) {
  for (const ResourceDemand& d : demands) {
    const std::string most = "at most " + d.largest_text + ", the most that any of " +
                             base::plural(d.nodes, "node") + " can allocate";
    reason.show(d.resource + " per pod", d.asked_text + " requested",
                d.nodes == 0 ? "0: no node has any" : most);
  }
}

// "each requests 16 nvidia.com/gpu, no node has more than 8"; false: no demand is beyond all nodes.
bool explain_demand(const std::vector<ResourceDemand>& demands, PodReason& reason) {
  const auto d = std::ranges::find_if(demands, [](const auto& one) { return one.impossible(); });
  if (d == demands.end()) return false;
  reason.why =
      "each requests " + d->asked_text + ' ' + d->resource +
      (d->largest > 0 ? ", no node has more than " + d->largest_text : ", no node has any");
  reason.advise(Confidence::manual, d->largest > 0
                                        ? "request at most " + d->largest_text + ' ' + d->resource +
                                              " per pod, or add nodes that have " + d->asked_text
                                        : "add nodes that have " + d->resource +
                                              " (and its device plugin), or do not request it");
  return true;
}

// What the spec demands of every node and none offers.
bool explain_fit(const Context& context, const Object& pod, PodReason& reason) {
  const auto nodes = context.snapshot.list(kube::resources::nodes);
  if (!context.snapshot.complete(kube::resources::nodes)) return false;
  const aibrix::NodeFit fit = aibrix::fit_nodes(pod, nodes);
  if (!fit.impossible()) return false;
  const std::string all = " of " + base::plural(fit.nodes, "node");
  for (const aibrix::NodeRefusal& refusal : fit.refusals) {
    reason.show("nodes", refusal.why + " on " + std::to_string(refusal.nodes) + all);
    if (!reason.why.empty() && refusal.nodes < fit.nodes && reason.evidence.size() > 3) break;
    if (!reason.why.empty()) continue;
    reason.why = refusal.why + " on " + std::to_string(refusal.nodes) + all;
  }
  reason.advise(Confidence::manual,
                "correct what the pod demands of nodes, or give a node what it demands",
                describe_pod(pod));
  return true;
}

// Volumes that no claim, or no storage, is bound to: the scheduler waits for them.
bool explain_claims(std::string_view message, const Object& pod, PodReason& reason) {
  const bool unbound = message.find("unbound immediate PersistentVolumeClaim") != message.npos;
  const bool missing = message.find("persistentvolumeclaim \"") != message.npos &&
                       message.find("not found") != message.npos;
  if (!unbound && !missing) return false;
  std::string claims;
  for (const Value& volume : pod.spec()["volumes"].items()) {
    const std::string_view claim = volume["persistentVolumeClaim"]["claimName"].text();
    if (claim.empty()) continue;
    if (!claims.empty()) claims += ", ";
    claims += claim;
  }
  if (!claims.empty()) reason.show("PersistentVolumeClaims", claims, "bound");
  reason.why = std::string(message.substr(0, message.find(". ")));
  reason.advise(Confidence::manual,
                unbound ? "find out why its PersistentVolumeClaims are not bound (StorageClass, "
                          "provisioner, capacity)"
                        : "create the PersistentVolumeClaim, or correct its name",
                kubectl(pod.ns(), "describe", "persistentvolumeclaims"));
  return true;
}

void explain_no_scheduler(const Context& context, const Object& pod, PodReason& reason) {
  const std::string name(own_scheduler(pod));
  reason.state = "Pending";
  if (name.empty()) {
    // Kubernetes' own looks at every pod within moments of its creation.
    constexpr std::chrono::minutes long_ago{1};
    const auto age = context.snapshot.age(pod.created());
    if (!age || *age < long_ago) {
      return reason.advise(Confidence::manual, "find out what the pod is waiting for",
                           describe_pod(pod));
    }
    reason.kind = PodReason::Kind::unscheduled;
    reason.why = "no scheduler has looked at it";
    reason.advise(Confidence::manual, "check whether kube-scheduler runs",
                  kubectl("kube-system", "get", "pods", "-l", "component=kube-scheduler"));
    return;
  }
  reason.kind = PodReason::Kind::no_scheduler;
  const bool all = context.snapshot.complete(kube::resources::pods);
  const auto running = scheduler_pods(context, name);
  reason.why = running.empty() && all ? "scheduler " + name + " does not run"
                                      : "scheduler " + name + " has not looked at it";
  reason.show("schedulerName", name, "a scheduler that runs");
  if (const Object* first = first_waiting(context, name))
    reason.cause = Cause{POD002, first->ref()};
  reason.advise(Confidence::manual, "install scheduler " + name +
                                        ", or take schedulerName (and the gang scheduling that "
                                        "sets it) out of the workload");
}

}  // namespace

std::string_view own_scheduler(const Object& pod) {
  const std::string_view name = pod.spec()["schedulerName"].text();
  return name == "default-scheduler" ? std::string_view() : name;
}

bool unseen_by_scheduler(const Object& pod) {
  const Value status = pod.status();
  return status["phase"].text() == "Pending" && pod.spec()["nodeName"].text().empty() &&
         status["containerStatuses"].empty() && status["initContainerStatuses"].empty() &&
         !pod.condition("PodScheduled").exists();
}

std::vector<const Object*> scheduler_pods(const Context& context, std::string_view name) {
  std::vector<const Object*> out;
  const auto is_named = [&](const Object& pod) {
    if (pod.name().find(name) != std::string_view::npos) return true;
    for (const Value& c : pod.spec()["containers"].items()) {
      for (const char* list : {"command", "args"}) {
        for (const Value& word : c[list].items()) {
          if (word.text().find(name) != std::string_view::npos) return true;
        }
      }
    }
    return false;
  };
  for (const Object& pod : context.snapshot.list(kube::resources::pods)) {
    const bool schedules =
        std::ranges::any_of(pod.spec()["containers"].items(), [](const Value& c) {
          return c["image"].text().find("scheduler") != std::string_view::npos ||
                 c["name"].text().find("scheduler") != std::string_view::npos;
        });
    if ((schedules || pod.name().find("scheduler") != std::string_view::npos) && is_named(pod) &&
        own_scheduler(pod) != name) {
      out.push_back(&pod);
    }
  }
  return out;
}

const Object* first_waiting(const Context& context, std::string_view scheduler) {
  for (const Object* pod : pods_that_matter(context)) {
    if (own_scheduler(*pod) == scheduler && unseen_by_scheduler(*pod)) return pod;
  }
  return nullptr;
}

void explain_unscheduled(const Context& context, const Object& pod, const aibrix::PodState& state,
                         PodReason& reason) {
  if (unseen_by_scheduler(pod)) return explain_no_scheduler(context, pod, reason);
  reason.kind = PodReason::Kind::unscheduled;
  const std::string_view message = state.detail;
  reason.show("scheduler", state.detail);
  if (state.reason == "SchedulingGated") {
    std::string gates;
    for (const Value& gate : pod.spec()["schedulingGates"].items()) {
      if (!gates.empty()) gates += ", ";
      gates += gate["name"].text();
    }
    reason.why = "held back by scheduling gate " + (gates.empty() ? "(not read)" : gates);
    reason.advise(Confidence::manual,
                  "ask who set the gate (a queue such as Kueue) why it does not lift it",
                  describe_pod(pod));
    return;
  }
  const auto demands =
      aibrix::unmet_demands(pod, message, context.snapshot.list(kube::resources::nodes));
  show_demands(demands, reason);
  if (explain_demand(demands, reason) || explain_fit(context, pod, reason)) return;
  if (explain_claims(message, pod, reason) || explain_gang(context, pod, message, reason)) return;
  reason.why = std::string(message.substr(0, message.find(". ")));
  reason.advise(Confidence::manual, advice_on(message), describe_pod(pod));
}

}  // namespace checks
