// The wording of what keeps pods from taking requests, and what to do about it.
#include "checks/common/pod_trouble.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "checks/core/command.hpp"

namespace checks {
namespace {

using aibrix::ResourceDemand;
using kube::Object;

// The newest warning about one of these pods: what a probe or the kubelet said.
std::string last_warning(const Context& context, const Object& pod) {
  std::string text;
  for (const Object& event : context.snapshot.list(kube::resources::events, pod.ns())) {
    const kube::Value about = event["involvedObject"];
    if (event["type"].text() == "Normal" || about["name"].text() != pod.name()) continue;
    text = std::string(event["reason"].text()) + ": " + std::string(event["message"].text());
  }
  return text;
}

// "cannot be scheduled (each asks for 16 nvidia.com/gpu, no node has more than 8)"
std::string predicate(const PodTrouble& t) {
  if (const ResourceDemand* d = t.impossible()) {
    return "cannot be scheduled (each requests " + d->asked_text + ' ' + d->resource +
           (d->largest > 0 ? ", no node has more than " + d->largest_text : ", no node has any") +
           ')';
  }
  const std::string_view words = t.state.detail;
  const std::string why(words.substr(0, words.find(". ")));
  return why.empty() ? "cannot be scheduled" : "cannot be scheduled (" + why + ')';
}

void advise(const PodTrouble& t, Finding& f) {
  const Command pod = kubectl(t.first->ns(), "describe").on("pod", t.first->name());
  const std::string_view reason = t.state.reason;
  if (const ResourceDemand* d = t.impossible()) {
    f.remedy(Confidence::manual, "request at most " + d->largest_text + ' ' + d->resource +
                                     " per pod, or add nodes that have " + d->asked_text);
  } else if (reason == "Unschedulable") {
    f.remedy(Confidence::manual, "free or add the resources that the scheduler reports as missing",
             pod);
  } else if (reason.find("Image") != std::string_view::npos) {
    f.remedy(Confidence::manual,
             "correct the image reference, or give the nodes access to its registry", pod);
  } else if (reason == "CrashLoopBackOff" || reason == "Error" || reason == "OOMKilled") {
    f.remedy(Confidence::manual, "find out from the log why the engine exits",
             kubectl(t.first->ns(), "logs", "--previous", operand(t.first->name())));
  } else {
    f.remedy(Confidence::manual, "find out what the pod is waiting for", pod);
  }
}

}  // namespace

const ResourceDemand* PodTrouble::impossible() const {
  const auto it = std::find_if(demands.begin(), demands.end(),
                               [](const ResourceDemand& d) { return d.impossible(); });
  return it == demands.end() ? nullptr : &*it;
}

PodTrouble pod_trouble(const Context& context, std::vector<const Object*> pods) {
  PodTrouble t;
  t.pods = std::move(pods);
  for (const Object* pod : t.pods) {
    aibrix::PodState state = aibrix::pod_state(*pod);
    if (state.routable || (t.first != nullptr && (t.state.terminal || !state.terminal))) continue;
    t.first = pod;
    t.state = std::move(state);
  }
  if (t.first != nullptr && t.unschedulable()) {
    t.demands = aibrix::unmet_demands(*t.first, t.state.detail,
                                      context.snapshot.list(kube::resources::nodes));
  }
  return t;
}

std::string trouble_title(const PodTrouble& t, std::size_t total, const std::string& model) {
  const std::size_t count = t.pods.size();
  const std::string who =
      total == 1 ? "the only pod of " + model
                 : std::to_string(count) + " of " + base::plural(total, "pod") + " of " + model;
  if (t.unschedulable()) return who + ' ' + predicate(t);
  return who + (count == 1 ? " is" : " are") + " unready (" + t.state.reason + ')';
}

void show_trouble(const Context& context, const PodTrouble& t, Finding& f) {
  if (t.unschedulable()) {
    f.with_evidence("scheduler", t.state.detail);
  } else {
    f.with_evidence("pods", aibrix::describe_pods(t.pods), "Ready, with an IP");
  }
  for (const ResourceDemand& d : t.demands) {
    const std::string most = "at most " + d.largest_text + ", the most that any of " +
                             base::plural(d.nodes, "node") + " can allocate";
    f.with_evidence(d.resource + " per pod", d.asked_text + " requested",
                    d.nodes == 0 ? "0: no node has any" : most);
  }
  if (t.state.detail.empty() || t.state.reason == "NotReady") {
    const std::string warning = last_warning(context, *t.first);
    if (!warning.empty()) f.with_evidence("event", warning);
  }
  const kube::Condition ready = t.first->condition("Ready");
  f.since = ready.exists() ? ready.since() : t.first->condition("PodScheduled").since();
  for (std::size_t i = 0; i < t.pods.size() && i < 5; ++i) f.with_related(*t.pods[i]);
  advise(t, f);
}

}  // namespace checks
