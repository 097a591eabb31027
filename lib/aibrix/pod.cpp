// The reader of pod status: why one is not ready, and which model it serves.
#include "aibrix/pod.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <vector>

#include "aibrix/names.hpp"
#include "aibrix/release_facts.hpp"
#include "base/text.hpp"
#include "kube/selector.hpp"

namespace aibrix {
namespace {

bool is_terminal_wait(std::string_view reason) {
  return reason == "ImagePullBackOff" || reason == "ErrImagePull" || reason == "InvalidImageName" ||
         reason == "CrashLoopBackOff" || reason == "CreateContainerConfigError" ||
         reason == "CreateContainerError" || reason == "RunContainerError";
}

// Why a container does not run, from its own status; false when it says nothing.
bool from_container(const kube::Value& status, bool init, PodState& state) {
  const kube::Value waiting = status.at("state", "waiting");
  const kube::Value stopped = status.at("state", "terminated");
  const std::string name(status["name"].text());
  const kube::Value last = status.at("lastState", "terminated");
  if (!waiting["reason"].text().empty() && waiting["reason"].text() != "PodInitializing" &&
      waiting["reason"].text() != "ContainerCreating") {
    state.reason = waiting["reason"].text();
    state.terminal = is_terminal_wait(state.reason);
    state.detail = "container " + name + ": " + std::string(waiting["message"].text(state.reason));
    if (last.exists()) {
      state.detail += "; last exit " + std::string(last["exitCode"].scalar());
      if (!last["reason"].text().empty()) state.detail += " " + std::string(last["reason"].text());
    }
    return true;
  }
  if (stopped.exists() && stopped["exitCode"].integer_or(0) != 0) {
    state.reason = stopped["reason"].text("Error");
    state.detail =
        "container " + name + " ended with exit code " + std::string(stopped["exitCode"].scalar());
    if (!stopped["message"].text().empty()) {
      state.detail += ": " + std::string(stopped["message"].text());
    }
    return true;
  }
  if (init && status.at("state", "running").exists()) {
    state.reason = "Init";
    state.detail = "init container " + name + " is still running";
    return true;
  }
  return false;
}

void why_not_ready(const kube::Object& pod, PodState& state) {
  const kube::Value status = pod.status();
  const std::string_view phase = status["phase"].text();
  const kube::Condition scheduled = pod.condition("PodScheduled");
  if (scheduled.is_false()) {
    state.reason = scheduled.reason().empty() ? "Unschedulable" : scheduled.reason();
    state.detail = scheduled.message();
    state.terminal = true;
    return;
  }
  for (const kube::Value& c : status["initContainerStatuses"].items()) {
    if (from_container(c, true, state)) return;
  }
  for (const kube::Value& c : status["containerStatuses"].items()) {
    if (from_container(c, false, state)) return;
  }
  if (phase == "Failed" || phase == "Succeeded") {
    state.reason = status["reason"].text(phase);
    state.detail = status["message"].text();
    state.terminal = true;
    return;
  }
  const kube::Condition ready = pod.condition("Ready");
  state.reason = phase == "Running" ? "NotReady" : phase.empty() ? "NoStatus" : phase;
  state.detail = ready.message();
}

bool is_terminating(const kube::Object& pod) {
  if (!pod.deleting()) return false;
  const std::string_view phase = pod.status()["phase"].text();
  return phase != "Succeeded" && phase != "Failed";
}

}  // namespace

bool is_routable(const kube::Object* pod) {
  return pod->is_ready() && !is_terminating(*pod) && !pod->status()["podIP"].text().empty();
}

PodState pod_state(const kube::Object& pod) {
  PodState state;
  state.ready = pod.is_ready();
  state.routable = is_routable(&pod);
  if (state.routable) return state;
  if (is_terminating(pod)) {
    state.reason = "Terminating";
    if (!pod.finalizers().empty()) {
      state.detail = "held by finalizer " + std::string(pod.finalizers().front());
    }
    return state;
  }
  if (state.ready) {
    state.reason = "NoPodIP";
    return state;
  }
  why_not_ready(pod, state);
  return state;
}

std::string describe_pods(std::span<const kube::Object* const> pods) {
  std::map<std::string, std::vector<std::string>> by_reason;
  for (const kube::Object* pod : pods) {
    const PodState state = pod_state(*pod);
    if (!state.routable) by_reason[state.reason].push_back(state.detail);
  }
  std::vector<std::pair<std::string, std::vector<std::string>>> reasons(by_reason.begin(),
                                                                        by_reason.end());
  std::stable_sort(reasons.begin(), reasons.end(),
                   [](const auto& a, const auto& b) { return a.second.size() > b.second.size(); });
  std::string out;
  for (const auto& [reason, details] : reasons) {
    if (!out.empty()) out += "; ";
    out +=
        std::to_string(details.size()) + " of " + base::plural(pods.size(), "pod") + ' ' + reason;
    if (!details.front().empty()) out += ": " + details.front();
  }
  return out;
}

std::vector<const kube::Object*> selected_pods(const kube::Snapshot& snapshot, std::string_view ns,
                                               const kube::Value& selector) {
  std::vector<const kube::Object*> out;
  if (!selector.exists()) return out;
  for (const kube::Object& pod : snapshot.list(kube::resources::pods, ns)) {
    if (kube::matches_selector(selector, pod.labels())) out.push_back(&pod);
  }
  return out;
}

bool is_group_follower(const kube::Object& pod) {
  int index = 0;
  const std::string_view text = pod.label(names::pod_group_index);
  std::from_chars(text.data(), text.data() + text.size(), index);
  return index > 0;
}

bool is_worker_pod(const kube::Object& pod, const Release& release) {
  if (pod.label(names::ray_node_type) == "worker") {
    return facts::ignores_ray_workers.holds(release).value_or(true);
  }
  return is_group_follower(pod) && facts::ignores_group_followers.holds(release).value_or(true);
}

std::string_view pod_model(const kube::Object& pod, const Release& release) {
  const std::string_view label = pod.label(names::model_name);
  const bool reads_annotation = facts::pod_annotation_names_model.holds(release).value_or(true);
  return label.empty() && reads_annotation ? pod.annotation(names::model_name) : label;
}

std::int64_t pod_model_port(const kube::Object& pod) {
  std::int64_t port = 0;
  const std::string_view text = pod.label(names::model_port);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port > 0 ? port : 8000;
}

}  // namespace aibrix
