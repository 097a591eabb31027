// The wording of what keeps pods from taking requests, and what to do about it.
#include "checks/common/pod_trouble.hpp"

#include <algorithm>
#include <map>

#include "aibrix/pod.hpp"
#include "base/text.hpp"
#include "checks/common/pod_refusal.hpp"

namespace checks {
namespace {

using kube::Object;
using Group = PodTrouble::Group;
using Kind = PodReason::Kind;

bool same_trouble(const PodReason& a, const PodReason& b) {
  return a.kind == b.kind && a.state == b.state && a.container == b.container;
}

bool is_unscheduled(const Group& group) {
  const Kind kind = group.reason.kind;
  return kind == Kind::unscheduled || kind == Kind::no_scheduler || kind == Kind::gang;
}

// The state in Kubernetes' word for it, and what that means here.
std::string reason_text(const PodReason& reason) {
  if (reason.why.empty()) return reason.state;
  const bool word_says_more = reason.kind == Kind::image || reason.kind == Kind::configuration ||
                              reason.kind == Kind::crash || reason.kind == Kind::memory ||
                              reason.kind == Kind::volume;
  return word_says_more ? reason.state + ": " + reason.why : reason.why;
}

std::string counted(const std::vector<Group>& groups) {
  std::vector<std::pair<std::string, std::size_t>> states;
  for (const Group& group : groups) {
    const auto known = std::ranges::find_if(
        states, [&](const auto& state) { return state.first == group.reason.state; });
    if (known != states.end()) {
      known->second += group.pods.size();
    } else {
      states.emplace_back(group.reason.state, group.pods.size());
    }
  }
  std::string out;
  for (const auto& [state, count] : states) {
    if (!out.empty()) out += ", ";
    out += std::to_string(count) + ' ' + state;
  }
  return out;
}

// What repairs a cause that is a finding of its own is told there.
void show_group(const Group& group, bool single, bool elsewhere, Finding& f) {
  const PodReason& reason = group.reason;
  if (!single && !reason.why.empty()) {
    f.with_evidence(base::plural(group.pods.size(), "pod") + ' ' + reason.state, reason.why);
  }
  for (const Evidence& e : reason.evidence) f.with_evidence(e.key, e.value, e.want);
  for (const std::string& note : reason.notes) f.note(note);
  if (elsewhere) return;
  for (const Remedy& remedy : reason.remedies) f.remedies.push_back(remedy);
}

}  // namespace

bool PodTrouble::explained_elsewhere() const {
  return !groups.empty() && std::ranges::all_of(groups, [](const Group& group) {
    return group.reason.cause.has_value();
  });
}

PodTrouble pod_trouble(const Context& context, std::vector<const Object*> pods) {
  PodTrouble t;
  t.pods = std::move(pods);
  for (const Object* pod : t.pods) {
    if (aibrix::is_routable(pod)) continue;
    PodReason reason = explain_pod(context, *pod);
    const auto known = std::ranges::find_if(
        t.groups, [&](const Group& group) { return same_trouble(group.reason, reason); });
    if (known != t.groups.end()) {
      known->pods.push_back(pod);
    } else {
      t.groups.push_back({std::move(reason), {pod}});
    }
  }
  std::ranges::stable_sort(
      t.groups, [](const Group& a, const Group& b) { return a.pods.size() > b.pods.size(); });
  if (!t.groups.empty() && is_unscheduled(t.groups.front())) {
    const Object& pod = *t.groups.front().pods.front();
    t.demands = aibrix::unmet_demands(pod, pod.condition("PodScheduled").message(),
                                      context.snapshot.list(kube::resources::nodes));
  }
  return t;
}

std::string trouble_reason(const PodTrouble& t) {
  if (t.groups.empty()) return {};
  return t.groups.size() == 1 ? reason_text(t.groups.front().reason) : counted(t.groups);
}

std::string trouble_title(const PodTrouble& t, std::size_t total, const std::string& model) {
  const std::size_t count = t.pods.size();
  const std::string who =
      total == 1 ? "the only pod of " + model
                 : std::to_string(count) + " of " + base::plural(total, "pod") + " of " + model;
  const std::string why = trouble_reason(t);
  if (std::ranges::all_of(t.groups, is_unscheduled) && t.groups.size() == 1) {
    return who + " cannot be scheduled" + (why.empty() ? "" : " (" + why + ')');
  }
  return who + (count == 1 ? " is" : " are") + " unready (" + why + ')';
}

void show_trouble(const PodTrouble& t, Finding& f) {
  if (t.groups.empty()) return;
  const bool single = t.groups.size() == 1;
  if (!single || !is_unscheduled(t.groups.front())) {
    f.with_evidence("pods", aibrix::describe_pods(t.pods), "Ready, with an IP");
  }
  for (const Group& group : t.groups) show_group(group, single, t.explained_elsewhere(), f);
  const Object& first = *t.groups.front().pods.front();
  const kube::Condition ready = first.condition("Ready");
  f.since = ready.exists() ? ready.since() : first.condition("PodScheduled").since();
  std::size_t related = 0;
  for (const Group& group : t.groups) {
    for (const Object* pod : group.pods) {
      if (related++ < 5) f.with_related(*pod);
    }
  }
  if (!t.explained_elsewhere()) return;
  for (const Group& group : t.groups)
    f.caused_by(group.reason.cause->code, group.reason.cause->object);
}

bool explain_workload(const Context& context, const Object& workload,
                      const std::vector<const Object*>& pods, Finding& finding) {
  std::vector<const Object*> lame;
  std::ranges::copy_if(pods, std::back_inserter(lame), [](const Object* pod) {
    const std::string_view phase = pod->status()["phase"].text();
    return !pod->deleting() && !aibrix::is_routable(pod) && phase != "Succeeded" &&
           phase != "Failed";
  });
  if (lame.empty()) {
    const auto failures = failures_of(context, workload);
    if (failures.empty() || !pods.empty()) return false;
    finding.title += " (" + explain_failures(failures, workload, finding) + ')';
    return true;
  }
  const PodTrouble t = pod_trouble(context, std::move(lame));
  const std::string why = trouble_reason(t);
  if (!why.empty()) finding.title += " (" + why + ')';
  const std::size_t before = finding.remedies.size();
  const auto since = finding.since;
  show_trouble(t, finding);
  if (since) finding.since = since;
  return finding.remedies.size() > before || t.explained_elsewhere();
}

}  // namespace checks
