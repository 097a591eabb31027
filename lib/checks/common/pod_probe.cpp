// What probes do to containers: budgets, kills, and what leaves an engine the time to load.
#include "checks/common/pod_probe.hpp"

#include <algorithm>
#include <array>

#include "aibrix/engine/command_line.hpp"
#include "aibrix/engine/engine.hpp"
#include "checks/common/pod_events.hpp"
#include "checks/common/pod_workload.hpp"

namespace checks {
namespace {

using kube::Object;
using kube::Value;
using std::chrono::seconds;

// A big model comes over the network and is loaded onto the GPUs in this time; everything else that
// AIBrix runs starts much faster.
constexpr std::int64_t engine_failures = 120;
constexpr std::int64_t other_failures = 30;
constexpr std::int64_t startup_period = 10;
// The kubelet's clock and the runtime's are read at different moments.
constexpr seconds slack{5};

seconds grace_of(const Object& pod, const Value& probe) {
  return seconds(probe["terminationGracePeriodSeconds"].integer_or(
      pod.spec()["terminationGracePeriodSeconds"].integer_or(30)));
}

bool is_engine(const Object& pod, std::string_view container) {
  const auto engine = aibrix::find_engine(pod.root());
  return engine ? engine->container == container : false;
}

// What a server ends with that was told to stop, or was killed when it did not.
bool ended_by_others(const Ending& ending) {
  constexpr std::int64_t sigkill = 9;
  constexpr std::int64_t sigterm = 15;
  return ending.reason != "OOMKilled" &&
         (ending.code == 0 || ending.signal == sigkill || ending.signal == sigterm);
}

std::string_view probe_named(std::string_view message) {
  for (const std::string_view probe : {"liveness", "startup"}) {
    if (message.find("failed " + std::string(probe) + " probe") != std::string_view::npos) {
      return probe;
    }
  }
  if (message.starts_with("Liveness probe")) return "liveness";
  if (message.starts_with("Startup probe")) return "startup";
  return {};
}

// The event that tells of a kill: the kubelet's own word for it, or of a container that was stopped
// from outside the probe's failures.
const Object* kill_event(const Context& context, const Object& pod, const Container& container,
                         const Ending& ending, std::string_view& probe) {
  for (const Object* event : events_about(context, pod)) {
    const auto time = event_time(*event);
    if (time && ending.started && *time + slack < *ending.started) return nullptr;
    const std::string_view reason = event->at("reason").text();
    const std::string_view message = event->at("message").text();
    const bool names_it =
        message.find("Container " + std::string(container.name) + ' ') != std::string_view::npos;
    const bool killing = reason == "Killing" && names_it;
    const bool failing = reason == "Unhealthy" && ended_by_others(ending) &&
                         event_fits_container(*event, container.name);
    if (!killing && !failing) continue;
    probe = probe_named(message);
    if (!probe.empty() && container.spec[std::string(probe) + "Probe"].exists()) return event;
  }
  return nullptr;
}

// It was killed again and again, each time when its liveness probe's patience, and then the time
// that it is given to end, were over.
bool lived_as_long(const Object& pod, const Container& container, const Ending& ending) {
  const Value probe = container.spec["livenessProbe"];
  const auto lived = ending.lived();
  if (!probe.exists() || !lived || container.restarts() < 2) return false;
  if (ending.code != 137 || ending.reason == "OOMKilled") return false;
  const ProbeBudget budget = budget_of(probe);
  const seconds least = budget.total() - budget.period;
  const seconds most = budget.total() + budget.period + grace_of(pod, probe) + slack;
  return *lived >= least && *lived <= most;
}

// The members of a probe that say how to ask.
std::string handler_of(const Value& probe) {
  std::string out;
  for (const std::string_view member : {"httpGet", "tcpSocket", "grpc", "exec"}) {
    if (!probe[member].exists()) continue;
    out += kube::json_string(member) + ':' + kube::to_json(probe[member]) + ',';
  }
  return out;
}

void advise_startup(const Context& context, const Object& pod, const Container& container,
                    const ProbeKill& kill, PodReason& reason) {
  const std::int64_t failures = is_engine(pod, container.name) ? engine_failures : other_failures;
  const auto place = template_container(context, pod, container.name);
  const Value startup = container.spec["startupProbe"];
  if (kill.probe == "startup") {
    const std::int64_t more = std::max(failures, 4 * budget_of(startup).failures);
    reason.advise(
        Confidence::review,
        "give it longer to start: " + std::to_string(more) +
            " failures of its startupProbe before it is killed",
        place ? set_in_container(*place, "startupProbe/failureThreshold", std::to_string(more))
              : Command());
    return;
  }
  const std::string asks = handler_of((place ? place->value : container.spec)["livenessProbe"]);
  const std::string probe = '{' + asks + "\"periodSeconds\":" + std::to_string(startup_period) +
                            ",\"failureThreshold\":" + std::to_string(failures) + '}';
  reason.advise(
      Confidence::review,
      "give it up to " + std::to_string(failures * startup_period / 60) +
          " minutes to start, with a startupProbe; the liveness probe begins after it",
      place && !asks.empty() ? set_in_container(*place, "startupProbe", probe) : Command());
}

// Where a probe asks: a port, or the name of one of the container's. 0: nowhere that is known.
std::int64_t asked_port(const Value& container, const Value& port) {
  if (const auto number = port.integer()) return *number;
  for (const Value& p : container["ports"].items()) {
    if (p["name"].text() == port.text()) return p["containerPort"].integer_or(0);
  }
  return 0;
}

// A probe that asks an engine at a port where it does not listen. True: told, with the patch.
bool explain_port(const Context& context, const Object& pod, const Container& container,
                  const std::string& field, PodReason& reason) {
  const auto engine = aibrix::find_engine(pod.root());
  if (!engine || !engine->port || engine->container != container.name) return false;
  // As somebody wrote it: service meshes let the probes of a pod ask their own proxy.
  const auto place = template_container(context, pod, container.name);
  const Value written = place ? place->value : container.spec;
  for (const std::string_view handler : {"httpGet", "tcpSocket"}) {
    const Value port = written[field][handler]["port"];
    const std::int64_t asked = asked_port(written, port);
    if (asked == 0 || asked == *engine->port) continue;
    const std::string right = std::to_string(*engine->port);
    reason.why += ": its " + field + " asks port " + std::to_string(asked) +
                  ", and the engine listens on port " + right;
    reason.show("port of " + field, std::to_string(asked), right);
    reason.advise(
        Confidence::review, "let the probe ask the port where the engine listens",
        place ? set_in_container(*place, field + '/' + std::string(handler) + "/port", right)
              : Command());
    return true;
  }
  return false;
}

// The port of "http://localhost:8001/x"; 0 when it names none.
std::int64_t port_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find('/'));
  const std::size_t colon = url.rfind(':');
  if (colon == std::string_view::npos) return 0;
  std::int64_t port = 0;
  for (const char c : url.substr(colon + 1)) {
    if (c < '0' || c > '9' || port > 65535) return 0;
    port = port * 10 + (c - '0');
  }
  return port;
}

// AIBrix's runtime beside an engine asks it at INFERENCE_ENGINE_ENDPOINT, and is ready when that
// answers (python/aibrix/aibrix/{runtime/app,envs}.py, v0.7.0).
void compare_endpoint(const Context& context, const Object& pod, const Container& container,
                      PodReason& reason) {
  constexpr std::string_view variable = "INFERENCE_ENGINE_ENDPOINT";
  const auto engine = aibrix::find_engine(pod.root());
  if (!engine || !engine->port || engine->container == container.name) return;
  const aibrix::EnvValue set = aibrix::env_value(container.spec, variable, pod.metadata());
  if (!set.given || !set.certain) return;
  const std::int64_t asked = port_of(set.value);
  if (asked == 0 || asked == *engine->port) return;
  const std::string right = std::to_string(*engine->port);
  reason.why = "container " + std::string(container.name) +
               " is not ready: " + std::string(variable) + " is " + set.value +
               ", and the engine listens on port " + right;
  reason.show(std::string(variable) + " of " + std::string(container.name), set.value,
              "port " + right + ", where container " + engine->container + " listens");
  std::string url = set.value;
  url.replace(url.rfind(std::to_string(asked)), std::to_string(asked).size(), right);
  const auto place = template_container(context, pod, container.name);
  Command command;
  if (place) {
    const Value env = place->value["env"];
    for (std::size_t i = 0; i < env.size(); ++i) {
      if (env[i]["name"].text() != variable) continue;
      command =
          set_in_container(*place, "env/" + std::to_string(i) + "/value", kube::json_string(url));
    }
  }
  reason.advise(Confidence::review, "let it ask the engine at its port", std::move(command));
}

}  // namespace

std::string ProbeBudget::text() const {
  std::string out = base::format_age(total()) + " (";
  if (delay.count() > 0) out += base::format_age(delay) + " + ";
  return out + std::to_string(failures) + " × " + base::format_age(period) + ')';
}

ProbeBudget budget_of(const Value& probe) {
  return {seconds(probe["initialDelaySeconds"].integer_or(0)),
          seconds(probe["periodSeconds"].integer_or(10)), probe["failureThreshold"].integer_or(3)};
}

std::optional<ProbeKill> probe_kill(const Context& context, const Object& pod,
                                    const Container& container, const Ending& ending) {
  if (container.init || container.restarts() == 0) return std::nullopt;
  ProbeKill out;
  out.event = kill_event(context, pod, container, ending, out.probe);
  if (out.event == nullptr) {
    if (!lived_as_long(pod, container, ending)) return std::nullopt;
    out.probe = "liveness";
  }
  const Value probe = container.spec[std::string(out.probe) + "Probe"];
  const ProbeBudget budget = budget_of(probe);
  const seconds most = budget.total() + 2 * budget.period + grace_of(pod, probe) + slack;
  const auto lived = ending.lived();
  const bool own_start = out.probe == "startup" || !container.spec["startupProbe"].exists();
  out.while_starting = own_start && (!lived || *lived <= most);
  return out;
}

void explain_kill(const Context& context, const Object& pod, const Container& container,
                  const ProbeKill& kill, PodReason& reason) {
  const std::string field = std::string(kill.probe) + "Probe";
  const ProbeBudget budget = budget_of(container.spec[field]);
  reason.kind = PodReason::Kind::probe;
  reason.why = "container " + std::string(container.name) + " is killed by its " +
               std::string(kill.probe) + " probe ";
  if (kill.while_starting) {
    reason.why += base::format_age(budget.total()) + " after it starts";
    reason.show(field, "gives up after " + budget.text(),
                "longer than the container takes to start");
    if (!explain_port(context, pod, container, field, reason)) {
      advise_startup(context, pod, container, kill, reason);
    }
  } else {
    const std::int64_t timeout = container.spec[field]["timeoutSeconds"].integer_or(1);
    reason.why += "because it no longer answers";
    reason.show(field, std::to_string(budget.failures) + " failures in a row, each of " +
                           std::to_string(timeout) + "s");
  }
  if (kill.event != nullptr) {
    reason.show("event", event_text(*kill.event));
  } else {
    reason.notes.push_back(
        "no event tells what killed it: it lived each time as long as its liveness probe allows");
  }
  reason.advise(Confidence::manual,
                kill.while_starting ? "see in its log how far it came"
                                    : "find out from its log why it stopped answering",
                log_of_container(pod, container));
}

void explain_unready(const Context& context, const Object& pod, const Container& container,
                     PodReason& reason) {
  constexpr auto reasons = std::to_array<std::string_view>({"Unhealthy", "ProbeWarning"});
  reason.kind = PodReason::Kind::unready;
  const std::string name(container.name);
  const auto started = base::parse_time(container.status["state"]["running"]["startedAt"].text());
  const Object* event = newest_warning(context, pod, started, reasons);
  if (event == nullptr) event = newest_warning(context, pod, started);
  if (event != nullptr) reason.show("event", event_text(*event));
  reason.why = "container " + name + " is not ready";
  if (container.status["started"].is_false() && container.spec["startupProbe"].exists()) {
    reason.why = "container " + name + " is still starting";
    reason.show("startupProbe",
                "gives up after " + budget_of(container.spec["startupProbe"]).text());
  }
  compare_endpoint(context, pod, container, reason);
  explain_port(context, pod, container, "readinessProbe", reason);
  if (pod.spec()["containers"].size() > 1) {
    std::string others;
    for (const Value& c : pod.status()["containerStatuses"].items()) {
      if (!c["ready"].is_true()) continue;
      if (!others.empty()) others += ", ";
      others += c["name"].text();
    }
    if (!others.empty()) reason.show("ready containers", others);
  }
  reason.advise(Confidence::manual, "find out from its log why it is not ready",
                log_of_container(pod, container));
}

}  // namespace checks
