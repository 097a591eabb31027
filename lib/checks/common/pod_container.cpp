// The reader of container statuses.
#include "checks/common/pod_container.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace checks {
namespace {

using kube::Object;
using kube::Value;

// Linux's numbers of the signals that end containers.
std::string_view signal_name(std::int64_t number) {
  constexpr std::array<std::string_view, 32> names = {
      "",        "SIGHUP",  "SIGINT",  "SIGQUIT", "SIGILL",  "SIGTRAP", "SIGABRT", "SIGBUS",
      "SIGFPE",  "SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM",
      "",        "",        "",        "",        "",        "",        "",        "",
      "SIGXCPU", "SIGXFSZ", "",        "",        "",        "",        "",        "SIGSYS"};
  const auto index = static_cast<std::size_t>(number);
  return number > 0 && index < names.size() ? names.at(index) : std::string_view();
}

Value by_name(const Value& list, std::string_view name) {
  for (const Value& entry : list.items()) {
    if (entry["name"].text() == name) return entry;
  }
  return {};
}

std::vector<Container> containers_of(const Object& pod) {
  std::vector<Container> out;
  const Value spec = pod.spec();
  const Value status = pod.status();
  for (const Value& c : spec["initContainers"].items()) {
    const std::string_view name = c["name"].text();
    const bool sidecar = c["restartPolicy"].text() == "Always";
    out.push_back({c, by_name(status["initContainerStatuses"], name), !sidecar, name});
  }
  for (const Value& c : spec["containers"].items()) {
    const std::string_view name = c["name"].text();
    out.push_back({c, by_name(status["containerStatuses"], name), false, name});
  }
  return out;
}

// The higher, the surer that this one is to blame.
int blame(const Container& c) {
  if (!c.status.exists()) return 0;
  const std::string_view waiting = c.waiting();
  const bool waits_for_others = waiting == "PodInitializing" || waiting == "ContainerCreating";
  if (!waiting.empty() && !waits_for_others) return 5;
  const Value ended = c.status["state"]["terminated"];
  if (ended.exists() && (ended["exitCode"].integer_or(0) != 0 || !c.init)) return 4;
  if (c.init) return c.running() ? 3 : 0;
  if (c.ready()) return 0;
  return c.restarts() > 0 ? 2 : 1;
}

Ending make_ending(const Value& terminated) {
  Ending out;
  out.code = terminated["exitCode"].integer_or(0);
  out.signal = terminated["signal"].integer_or(0);
  if (out.signal == 0 && out.code > 128 && out.code < 160) out.signal = out.code - 128;
  out.reason = terminated["reason"].text();
  out.message = terminated["message"].text();
  out.started = base::parse_time(terminated["startedAt"].text());
  out.finished = base::parse_time(terminated["finishedAt"].text());
  return out;
}

}  // namespace

std::optional<std::chrono::seconds> Ending::lived() const {
  if (!started || !finished || *finished < *started) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::seconds>(*finished - *started);
}

std::string Ending::text() const {
  std::string out = "exit code " + std::to_string(code);
  const std::string_view name = signal_name(signal);
  if (!name.empty()) out.append(" (").append(name).append(")");
  return out;
}

std::optional<Ending> Container::ending() const {
  const Value now = status["state"]["terminated"];
  if (now.exists()) return make_ending(now);
  const Value last = status["lastState"]["terminated"];
  if (last.exists()) return make_ending(last);
  return std::nullopt;
}

std::optional<Container> container_to_blame(const Object& pod) {
  std::optional<Container> worst;
  int most = 0;
  for (const Container& c : containers_of(pod)) {
    if (const int now = blame(c); now > most) {
      most = now;
      worst = c;
    }
  }
  return worst;
}

Command log_of_container(const Object& pod, const Container& container) {
  Command out = kubectl(pod.ns(), "logs");
  // The log of the run that ended: of a container that has been started again since.
  const bool again = container.restarts() > 0 &&
                     container.status["lastState"]["terminated"].exists() &&
                     !container.status["state"]["terminated"].exists();
  if (again) out.with("--previous");
  out.with(operand(pod.name()));
  const std::size_t all = pod.spec()["containers"].size() + pod.spec()["initContainers"].size();
  if (all != 1) out.with("-c", container.name);
  return out;
}

}  // namespace checks
