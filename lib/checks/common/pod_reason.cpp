// The choice among the reasons why a pod takes no requests, and those that a container's status
// tells.
#include "checks/common/pod_reason.hpp"

#include <algorithm>
#include <array>

#include "aibrix/cluster.hpp"
#include "aibrix/pod.hpp"
#include "base/lists.hpp"
#include "base/text.hpp"
#include "checks/common/pod_architecture.hpp"
#include "checks/common/pod_container.hpp"
#include "checks/common/pod_events.hpp"
#include "checks/common/pod_probe.hpp"
#include "checks/common/pod_scheduling.hpp"
#include "checks/common/pod_workload.hpp"

namespace checks {
namespace {

using kube::Object;
using Kind = PodReason::Kind;

std::string called(const Container& c) {
  return (c.init ? "init container " : "container ") + std::string(c.name);
}

// What registries and runtimes say about an image that cannot be pulled.
struct PullFault {
  std::string_view words;
  std::string_view why;
  std::string_view remedy;
};
constexpr auto pull_faults = std::to_array<PullFault>({
    {"may require", "it does not exist, or its registry asks for a login",
     "correct the image reference, or give the pods its registry's login (imagePullSecrets)"},
    {"toomanyrequests", "its registry limits how often it is asked",
     "log in to the registry (imagePullSecrets), use a mirror, or wait"},
    {"rate limit", "its registry limits how often it is asked",
     "log in to the registry (imagePullSecrets), use a mirror, or wait"},
    {"unauthorized", "its registry asks for a login",
     "give the pods the registry's login (imagePullSecrets)"},
    {"authentication required", "its registry asks for a login",
     "give the pods the registry's login (imagePullSecrets)"},
    {"denied", "its registry refuses the login",
     "give the pods a login of the registry that may pull it (imagePullSecrets)"},
    {"forbidden", "its registry refuses the login",
     "give the pods a login of the registry that may pull it (imagePullSecrets)"},
    {"manifest unknown", "it does not exist", "correct the image reference"},
    {"not found", "it does not exist", "correct the image reference"},
    {"no such host", "its registry's name is not known to the node",
     "correct the registry's name, or give the nodes access to it"},
    {"x509", "the node does not trust its registry's certificate",
     "let the nodes trust the registry's certificate"},
    {"no space left", "the node has no space left", "free space on the node"},
    {"timeout", "the node does not reach its registry", "give the nodes access to the registry"},
    {"refused", "the node does not reach its registry", "give the nodes access to the registry"},
    {"unreachable", "the node does not reach its registry",
     "give the nodes access to the registry"},
});

std::string image_of(const Container& c) {
  const std::string_view name = c.spec["image"].text();
  return (name.empty() ? "the image" : "image " + std::string(name)) + " of " + called(c);
}

bool is_pull(std::string_view waiting) {
  return waiting.find("Image") != std::string_view::npos || waiting == "RegistryUnavailable";
}

void explain_pull(const Context& context, const Object& pod, const Container& c, PodReason& out) {
  constexpr auto reasons = std::to_array<std::string_view>({"Failed", "InspectFailed"});
  out.kind = Kind::image;
  std::string text(c.status["state"]["waiting"]["message"].text());
  // The back-off says only that it waits; the event before it says for what.
  const Object* event = newest_warning(context, pod, std::nullopt, reasons);
  for (const Object* each : events_about(context, pod)) {
    const std::string_view message = each->at("message").text();
    if (message.find("Failed to pull") == message.npos || !event_fits_container(*each, c.name)) {
      continue;
    }
    event = each;
    break;
  }
  if (event != nullptr && event_fits_container(*event, c.name)) {
    out.show("event", event_text(*event));
    text.append(" ").append(event->at("message").text());
  }
  const std::string lower = base::lower(text);
  const std::string image = image_of(c);
  out.why = image + " cannot be pulled";
  std::string remedy = "correct the image reference, or give the nodes access to its registry";
  const auto fault = std::ranges::find_if(pull_faults, [&](const PullFault& known) {
    return lower.find(known.words) != std::string::npos;
  });
  if (c.waiting() == "InvalidImageName") {
    out.why = image + " is no valid image reference";
    remedy = "correct the image reference";
  } else if (c.waiting() == "ErrImageNeverPull") {
    out.why += ": it is not on the node, and imagePullPolicy is Never";
    remedy = "load the image onto the node, or set imagePullPolicy to IfNotPresent";
  } else if (fault != pull_faults.end()) {
    out.why.append(": ").append(fault->why);
    remedy = fault->remedy;
  }
  out.advise(Confidence::manual, std::move(remedy), describe_pod(pod));
}

// What is missing, as the kubelet says it: `secret "hf-token" not found`, `couldn't find key token
// in Secret team-a/hf-token`.
void advise_missing(std::string_view message, const Object& pod, PodReason& out) {
  const std::string text = base::lower(message);
  const bool secret = text.find("secret") != std::string::npos;
  const bool config = text.find("configmap") != std::string::npos;
  const bool key = text.find("find key") != std::string::npos ||
                   text.find("non-existent config key") != std::string::npos;
  const std::string kind = secret ? "Secret" : "ConfigMap";
  if (key && (secret || config)) {
    out.advise(Confidence::manual,
               "add the key to the " + kind +
                   ", or correct its name in the "
                   "pod's template",
               kubectl(pod.ns(), "describe", secret ? "secrets" : "configmaps"));
  } else if (secret || config) {
    out.advise(Confidence::manual,
               "create the " + kind + " in namespace " + std::string(pod.ns()) +
                   ", or correct its name in the pod's template",
               kubectl(pod.ns(), "get", secret ? "secrets" : "configmaps"));
  } else {
    out.advise(Confidence::manual, "correct what the message names in the pod's template",
               describe_pod(pod));
  }
}

void explain_configuration(const Object& pod, const Container& c, PodReason& out) {
  const std::string message(c.status["state"]["waiting"]["message"].text(c.waiting()));
  out.kind = Kind::configuration;
  out.why = called(c) + " cannot be created: " + base::shorten(message, 160);
  advise_missing(message, pod, out);
}

// Scheduled, and its containers are not there yet.
bool explain_not_created(const Context& context, const Object& pod, PodReason& out) {
  constexpr auto reasons = std::to_array<std::string_view>(
      {"FailedMount", "FailedAttachVolume", "FailedMapVolume", "FailedCreatePodSandBox",
       "FailedCreatePodContainer", "NetworkNotReady"});
  const Object* event = newest_warning(context, pod, std::nullopt, reasons);
  if (event == nullptr) return false;
  const std::string_view message = event->at("message").text();
  const std::string_view what = event->at("reason").text();
  const bool volume = what.find("Volume") != what.npos || what.find("Mount") != what.npos;
  out.kind = volume ? Kind::volume : Kind::other;
  out.state = what;
  out.show("event", event_text(*event));
  std::string short_message = base::shorten(message, 160);
  out.why =
      (volume ? "a volume cannot be mounted: " : "its sandbox cannot be made: ") + short_message;
  if (volume && base::lower(message).find("not found") != std::string::npos) {
    advise_missing(message, pod, out);
  } else {
    out.advise(Confidence::manual,
               volume ? "find out from the events why the volume cannot be mounted"
                      : "check the node's container runtime and network plugin",
               describe_pod(pod));
  }
  return true;
}

void explain_memory(const Context& context, const Object& pod, const Container& c, PodReason& out) {
  out.kind = Kind::memory;
  out.state = "OOMKilled";
  const std::string limit(c.spec["resources"]["limits"]["memory"].scalar());
  out.why = called(c) + " is killed for " +
            (limit.empty() ? "want of memory on its node (it has no limit of its own)"
                           : "reaching its memory limit of " + limit);
  out.show("memory limit of " + std::string(c.name), limit.empty() ? "not set" : limit,
           limit.empty() ? "" : "more than it needs");
  const Object* workload = workload_of(context, pod);
  const bool direct = workload != nullptr &&
                      (workload->kind() == "Deployment" || workload->kind() == "StatefulSet") &&
                      template_container(context, pod, c.name).has_value();
  if (limit.empty()) {
    out.advise(Confidence::manual,
               "request the memory that it needs, so that it gets a node that "
               "has it");
  } else if (direct) {
    out.advise(Confidence::manual, "raise its memory limit (here MEMORY, e.g. twice as much)",
               kubectl(pod.ns(), "set", "resources", target_of(*workload), "-c", c.name,
                       "--limits=memory=MEMORY"));
  } else {
    out.advise(Confidence::manual, "raise its memory limit");
  }
}

std::string_view hint_of(const Ending& ending) {
  switch (ending.code) {
    case 0: return "exit code 0: its command is done, although it should go on serving";
    case 126: return "exit code 126: its command cannot be executed";
    case 127: return "exit code 127: its command is not in the image";
    case 134: return "SIGABRT: the program gave up by itself";
    case 137:
      return "SIGKILL comes from the kubelet, or from the kernel of a node that runs out of memory";
    case 139: return "SIGSEGV: the program crashed in native code (driver, CUDA library)";
    case 255:
      return "exit code 255 is also what a program gives that is built for another architecture "
             "(exec format error)";
    default: return {};
  }
}

void explain_crash(const Object& pod, const Container& c, const Ending& ending, PodReason& out) {
  out.kind = Kind::crash;
  out.why = called(c) + (c.restarts() > 0 ? " keeps ending with " : " ended with ") + ending.text();
  if (ending.reason == "StartError" || ending.reason == "ContainerCannotRun") {
    out.why = called(c) + " cannot be started: " + base::shorten(ending.message, 160);
  }
  if (const std::string_view hint = hint_of(ending); !hint.empty()) out.notes.emplace_back(hint);
  out.advise(Confidence::manual,
             "find out from its log why container " + std::string(c.name) + " ends",
             log_of_container(pod, c));
}

void show_ending(const Container& c, const Ending& ending, PodReason& out) {
  std::string text = ending.text();
  if (!ending.reason.empty() && ending.reason != "Error") text += ' ' + ending.reason;
  if (const auto lived = ending.lived()) text += " after " + base::format_age(*lived);
  if (!ending.message.empty()) text += ": " + base::shorten(ending.message, 300);
  out.show("last run of " + std::string(c.name), std::move(text));
  if (c.restarts() > 0) out.show("restarts", std::to_string(c.restarts()));
}

// The end of the run before explains a container that waits, or has come up again only now: what
// has been running for long is not ready for another reason.
bool explains_now(const Context& context, const Container& c, const Ending& ending) {
  constexpr std::chrono::minutes fresh{15};
  if (!c.running()) return true;
  const auto started = base::parse_time(c.status["state"]["running"]["startedAt"].text());
  const auto age = context.snapshot.age(started);
  if (!age) return true;
  const auto lived = ending.lived();
  return *age <= fresh || (lived && *age <= 2 * *lived);
}

bool explain_ending(const Context& context, const Object& pod, const Container& c, PodReason& out) {
  const auto ending = c.ending();
  if (!ending || !explains_now(context, c, *ending)) return false;
  const auto kill = probe_kill(context, pod, c, *ending);
  if (c.running() && !kill && ending->reason != "OOMKilled" && ending->code == 0) return false;
  show_ending(c, *ending, out);
  if (ending->reason == "OOMKilled") {
    explain_memory(context, pod, c, out);
  } else if (kill) {
    explain_kill(context, pod, c, *kill, out);
  } else {
    explain_crash(pod, c, *ending, out);
  }
  return true;
}

// A node that is gone takes its pods with it.
bool explain_node(const Context& context, const Object& pod, PodReason& out) {
  const std::string_view name = pod.spec()["nodeName"].text();
  if (name.empty()) return false;
  const kube::Lookup node = context.snapshot.find(kube::resources::nodes, "", name);
  if (!node) return false;
  const kube::Condition ready = node->condition("Ready");
  if (!ready.exists() || ready.is_true()) return false;
  out.why = "its node " + std::string(name) + " is not Ready";
  out.show("node " + std::string(name), ready.summary() + ": " + std::string(ready.message()));
  out.advise(Confidence::manual,
             "bring the node back, or delete the Node so that its pods are replaced",
             kubectl("", "describe").on("node", name));
  return true;
}

void explain_container(const Context& context, const Object& pod, const Container& c,
                       PodReason& out) {
  out.container = c.name;
  if (const auto foreign = foreign_image(context, pod, c)) {
    return explain_foreign(*foreign, c, out);
  }
  const std::string_view waiting = c.waiting();
  if (is_pull(waiting)) return explain_pull(context, pod, c, out);
  const bool creating = waiting == "CreateContainerConfigError" ||
                        waiting == "CreateContainerError" || waiting == "RunContainerError" ||
                        waiting == "PreStartHookError" || waiting == "PostStartHookError";
  if (creating) return explain_configuration(pod, c, out);
  if (explain_ending(context, pod, c, out)) return;
  if (c.init && c.running()) {
    out.kind = Kind::initialising;
    out.why = called(c) + " is still running";
    out.advise(Confidence::manual, "find out from its log what it waits for",
               log_of_container(pod, c));
    return;
  }
  if (c.running()) return explain_unready(context, pod, c, out);
  if (waiting == "CrashLoopBackOff") {
    out.kind = Kind::crash;
    out.why = called(c) + " keeps ending";
    out.advise(Confidence::manual,
               "find out from its log why container " + std::string(c.name) + " ends",
               log_of_container(pod, c));
    return;
  }
  out.advise(Confidence::manual, "find out what the pod is waiting for", describe_pod(pod));
}

bool has_no_node(const Object& pod, const aibrix::PodState& state) {
  return pod.condition("PodScheduled").is_false() || state.reason == "Unschedulable" ||
         unseen_by_scheduler(pod);
}

}  // namespace

Command describe_pod(const Object& pod) {
  return kubectl(pod.ns(), "describe").on("pod", pod.name());
}

void PodReason::show(std::string key, std::string value, std::string want) {
  evidence.push_back({std::move(key), std::move(value), std::move(want)});
}

void PodReason::advise(Confidence confidence, std::string text, Command command) {
  Remedy remedy;
  remedy.confidence = confidence;
  remedy.text = std::move(text);
  remedy.command = std::move(command);
  remedies.push_back(std::move(remedy));
}

PodReason explain_pod(const Context& context, const Object& pod) {
  const aibrix::PodState state = aibrix::pod_state(pod);
  PodReason out;
  out.state = state.reason;
  const bool ended = state.reason == "Terminating" || state.reason == "NoPodIP";
  if (!ended && has_no_node(pod, state)) {
    explain_unscheduled(context, pod, state, out);
    return out;
  }
  const std::string_view phase = pod.status()["phase"].text();
  if (!ended && phase != "Failed" && phase != "Succeeded") {
    if (explain_node(context, pod, out)) return out;
    if (const auto c = container_to_blame(pod)) {
      const bool waits = c->waiting() == "ContainerCreating" || c->waiting() == "PodInitializing";
      if (waits && explain_not_created(context, pod, out)) return out;
      explain_container(context, pod, *c, out);
      return out;
    }
    if (explain_not_created(context, pod, out)) return out;
  }
  if (!state.detail.empty() && phase == "Failed") out.why = base::shorten(state.detail, 160);
  const Object* event = newest_warning(context, pod, pod.condition("Ready").since());
  if (event != nullptr) out.show("event", event_text(*event));
  out.advise(Confidence::manual, "find out what the pod is waiting for", describe_pod(pod));
  return out;
}

namespace {

std::vector<const Object*> find_pods_that_matter(const Context& context) {
  constexpr std::string_view cache_label = "kvcache.orchestration.aibrix.ai/name";
  std::vector<const Object*> out;
  for (std::size_t role = 0; role < aibrix::component_count; ++role) {
    const auto& part = context.cluster.component(static_cast<aibrix::ComponentRole>(role));
    out.insert(out.end(), part.pods.begin(), part.pods.end());
  }
  for (const aibrix::Model& model : context.cluster.models()) {
    for (const auto* pods : {&model.pods, &model.ignored_pods}) {
      for (const Object* pod : *pods) out.push_back(pod);
    }
  }
  for (const Object& pod : context.snapshot.list(kube::resources::pods)) {
    if (!pod.label(cache_label).empty()) out.push_back(&pod);
  }
  std::erase_if(out, [](const Object* pod) { return pod->deleting(); });
  // A snapshot keeps the objects of a kind by namespace and name.
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

struct PodsThatMatter {
  std::vector<const Object*> pods;
};

}  // namespace

const std::vector<const Object*>& pods_that_matter(const Context& context) {
  return context.memo
      ->once<PodsThatMatter>([&] { return PodsThatMatter{find_pods_that_matter(context)}; })
      .pods;
}

}  // namespace checks
