// The choice of containers whose logs are read.
#include "checks/common/log_targets.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "aibrix/cluster.hpp"
#include "aibrix/names.hpp"
#include "aibrix/pod.hpp"
#include "checks/common/objects.hpp"

namespace checks {
namespace {

using aibrix::Component;
using aibrix::ComponentRole;
using kube::Object;
using Pods = std::vector<const Object*>;

constexpr std::size_t most_logs = 8;
// An engine and the sidecar without which it is not ready.
constexpr std::size_t most_of_one_pod = 2;

// Pods, each once, as they come.
struct PodsOnce {
  Pods pods;
  std::set<const Object*> known;

  void add(const Pods& more) {
    for (const Object* pod : more) {
      if (known.insert(pod).second) pods.push_back(pod);
    }
  }
};

// What ended with it: of this run, else of the last.
kube::Value last_end(const kube::Value& status) {
  const kube::Value now = status.at("state", "terminated");
  return now.exists() ? now : status.at("lastState", "terminated");
}

std::optional<AilingContainer> ailing(const Object& pod, const kube::Value& status) {
  const kube::Value ended = status.at("state", "terminated");
  const kube::Value last = status.at("lastState", "terminated");
  const bool runs = status.at("state", "running").exists();
  const bool restarts = last.exists() || status["restartCount"].integer_or(0) > 0;
  if (status["ready"].is_true() || (ended.exists() && ended["exitCode"].integer_or(0) == 0)) {
    return std::nullopt;
  }
  if (!ended.exists() && !runs && !restarts) return std::nullopt;  // it has not said anything yet
  AilingContainer out;
  out.pod = &pod;
  out.ref = {std::string(pod.ns()), std::string(pod.name()), std::string(status["name"].text())};
  out.ended = ended.exists() || restarts;
  out.previous = !ended.exists() && restarts;
  const kube::Value end = last_end(status);
  const std::int64_t code = end["exitCode"].integer_or(0);
  // 137 and 143: SIGKILL and SIGTERM.
  out.killed = end["reason"].text() == "OOMKilled" || code == 137 || code == 143;
  return out;
}

const Component* component_of(const Context& context, const kube::ObjectRef& ref) {
  for (std::size_t i = 0; i < aibrix::component_count; ++i) {
    const Component& part = context.cluster.component(static_cast<ComponentRole>(i));
    if (part.deployment != nullptr && part.ref() == ref) return &part;
  }
  return nullptr;
}

Pods pods_of_model(const Context& context, const kube::ObjectRef& ref) {
  PodsOnce out;
  for (const auto& [model, workload] : context.cluster.served_by(ref)) {
    out.add(pods_of(*workload, model->pods));
    out.add(pods_of(*workload, model->ignored_pods));
  }
  return std::move(out.pods);
}

Pods pods_behind(const Context& context, const kube::ObjectRef& ref) {
  const kube::Snapshot& snapshot = context.snapshot;
  if (ref.kind == "Pod" && ref.group.empty()) {
    const kube::Lookup pod = snapshot.find(kube::resources::pods, ref.ns, ref.name);
    return pod ? Pods{pod.object} : Pods();
  }
  if (ref.kind == "Gateway") return context.cluster.component(ComponentRole::envoy).pods;
  if (ref.kind == "Service" && ref.group.empty()) {
    const kube::Lookup service = snapshot.find(kube::resources::services, ref.ns, ref.name);
    return service ? context.cluster.pods_for_map(ref.ns, service->spec()["selector"]) : Pods();
  }
  if (const Component* part = component_of(context, ref)) return part->pods;
  if (Pods pods = pods_of_model(context, ref); !pods.empty()) return pods;
  for (const kube::Resource* kind :
       {&kube::resources::deployments, &kube::resources::statefulsets}) {
    if (ref.kind != kind->kind || ref.group != kind->group) continue;
    const kube::Lookup found = snapshot.find(*kind, ref.ns, ref.name);
    if (found) return context.cluster.pods_for_selector(ref.ns, found->spec()["selector"]);
  }
  return {};
}

// What made the pod: one of its pods tells for all.
std::string workload_key(const Object& pod) {
  std::string name(pod.name());
  for (const kube::Value& owner : pod.metadata()["ownerReferences"].items()) {
    if (!owner["controller"].is_true()) continue;
    name = owner["name"].text();
    // A rollout has a ReplicaSet of each revision.
    if (owner["kind"].text() == "ReplicaSet") name = name.substr(0, name.rfind('-'));
    name = std::string(owner["kind"].text()) + '/' + name;
  }
  return std::string(pod.ns()) + '/' + name + '/' +
         std::string(pod.label(aibrix::names::role_name));
}

// Whether it says that a part of the install is down.
bool tells_of_part(Code code) {
  for (std::size_t i = 0; i < aibrix::component_count; ++i) {
    if (aibrix::facts_of(static_cast<ComponentRole>(i)).code == code) return true;
  }
  return false;
}

bool is_looked_into(const Finding& finding) {
  return finding.level == Level::error || tells_of_part(finding.code) ||
         std::ranges::any_of(finding.symptoms, [](const Symptom& s) {
           return s.level == Level::error || tells_of_part(s.code);
         });
}

// Of each workload the pod that is worst off.
std::vector<std::vector<AilingContainer>> worst_pods(const Pods& pods,
                                                     std::set<std::string>& done) {
  std::vector<std::pair<std::string, std::vector<AilingContainer>>> by_workload;
  for (const Object* pod : pods) {
    std::vector<AilingContainer> found = ailing_containers(*pod);
    if (found.empty()) continue;
    const std::string key = workload_key(*pod);
    if (done.contains(key)) continue;
    const auto known =
        std::ranges::find(by_workload, key, &decltype(by_workload)::value_type::first);
    if (known == by_workload.end()) {
      by_workload.emplace_back(key, std::move(found));
    } else if (found.front().ended && !known->second.front().ended) {
      known->second = std::move(found);
    }
  }
  std::vector<std::vector<AilingContainer>> out;
  for (auto& [key, found] : by_workload) {
    done.insert(key);
    out.push_back(std::move(found));
  }
  return out;
}

}  // namespace

std::vector<AilingContainer> ailing_containers(const Object& pod) {
  std::vector<AilingContainer> out;
  if (pod.deleting()) return out;
  for (const std::string_view list : {"initContainerStatuses", "containerStatuses"}) {
    for (const kube::Value& status : pod.status()[list].items()) {
      if (auto found = ailing(pod, status)) out.push_back(std::move(*found));
    }
  }
  std::stable_partition(out.begin(), out.end(), [](const AilingContainer& c) { return c.ended; });
  if (out.size() > most_of_one_pod) out.erase(out.begin() + most_of_one_pod, out.end());
  return out;
}

std::vector<const Object*> pods_spoken_of(const Context& context, const Finding& finding) {
  PodsOnce out;
  out.add(pods_behind(context, finding.subject.ref));
  for (const Subject& related : finding.related) out.add(pods_behind(context, related.ref));
  for (const Symptom& symptom : finding.symptoms) {
    out.add(pods_behind(context, symptom.subject.ref));
  }
  return std::move(out.pods);
}

bool tells_of_pods(Code code) {
  constexpr auto others = std::to_array<Code>({MDL006, MDL007, KVC001, CLM001});
  return std::ranges::find(others, code) != others.end() || tells_of_part(code);
}

std::vector<AilingContainer> log_targets(const Context& context,
                                         const std::vector<Finding>& findings) {
  std::vector<AilingContainer> out;
  std::set<std::string> done;
  for (const Finding& finding : findings) {
    if (!is_looked_into(finding)) continue;
    for (auto& found : worst_pods(pods_spoken_of(context, finding), done)) {
      for (AilingContainer& container : found) {
        out.push_back(std::move(container));
        if (out.size() == most_logs) return out;
      }
    }
  }
  return out;
}

}  // namespace checks
