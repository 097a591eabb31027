// MDL023, MDL024: in a manifest, a probe asks a port on which nothing listens, or the engine
// listens on the pod's loopback alone.
#include <algorithm>
#include <set>
#include <utility>

#include "aibrix/engine/command_line.hpp"
#include "aibrix/engine/engine.hpp"
#include "base/text.hpp"
#include "checks/common/written.hpp"

namespace checks {
namespace {

using kube::Object;
using kube::Value;

// What listens in a pod, as far as its manifest tells. Containers of one pod share their ports.
struct Ports {
  std::set<std::string> told;
  bool all = true;  // nothing can listen elsewhere unsaid
};

void add_numbers(std::string_view text, std::set<std::string>& out) {
  std::string number;
  for (const char c : std::string(text) + ' ') {
    if (c >= '0' && c <= '9') {
      number += c;
    } else if (!number.empty()) {
      out.insert(std::exchange(number, {}));
    }
  }
}

Ports ports_of(const Value& pod, const aibrix::Engine& engine) {
  Ports out;
  out.told.insert(std::to_string(*engine.port));
  const auto look = [&](const Value& container, bool is_engine) {
    for (const Value& port : container["ports"].items()) {
      out.told.emplace(port["containerPort"].scalar());
      // The kubelet takes a name for the port that carries it.
      if (!port["name"].text().empty()) out.told.emplace(port["name"].text());
    }
    for (const aibrix::Word& word : aibrix::command_line(container, pod["metadata"])) {
      add_numbers(word.text, out.told);
    }
    for (const Value& env : container["env"].items()) add_numbers(env["value"].scalar(), out.told);
    if (!is_engine && container["ports"].empty()) out.all = false;
  };
  const auto containers = pod.at("spec", "containers").items();
  for (std::size_t i = 0; i < containers.size(); ++i) look(containers[i], i == engine.index);
  for (const Value& container : pod.at("spec", "initContainers").items()) {
    if (container["restartPolicy"].text() == "Always") look(container, false);
  }
  return out;
}

std::string container_path(const aibrix::PodTemplate& pod, const aibrix::Engine& engine) {
  return pod.path + ".spec.containers[" + std::to_string(engine.index) + ']';
}

void judge_probes(const Object& object, const aibrix::PodTemplate& pod, Reporter& reporter) {
  const auto engine = aibrix::find_engine(pod.value);
  if (!engine || !engine->port || !engine->port_told) return;
  const Ports ports = ports_of(pod.value, *engine);
  if (!ports.all) return;
  const Value container = pod.value.at("spec", "containers")[engine->index];
  for (const std::string_view probe : {"startupProbe", "readinessProbe", "livenessProbe"}) {
    for (const std::string_view way : {"httpGet", "tcpSocket", "grpc"}) {
      const Value port = container[probe][way]["port"];
      // httpGet.host asks another machine.
      if (port.scalar().empty() || container[probe][way]["host"].exists()) continue;
      if (ports.told.contains(std::string(port.scalar()))) continue;
      const std::string name(probe);
      Finding& f =
          reporter.error(object, "the " + name + " of " + kind_and_name(object) + " asks port " +
                                     std::string(port.scalar()) + ", on which nothing listens");
      f.at_field(container_path(pod, *engine) + '.' + name + '.' + std::string(way) + ".port");
      f.with_consequence(probe == "readinessProbe"
                             ? "Its pods never become ready."
                             : "The kubelet restarts the engine again and again.");
      f.with_evidence("probe", std::string(port.scalar()), std::to_string(*engine->port));
      f.with_evidence("engine port", std::to_string(*engine->port));
      f.remedy(Confidence::review, "set the port of the probe to " + std::to_string(*engine->port));
    }
  }
}

// A proxy beside the engine would reach it.
bool alone(const Value& pod) {
  if (pod.at("spec", "containers").size() != 1) return false;
  return std::ranges::none_of(pod.at("spec", "initContainers").items(),
                              [](const Value& c) { return c["restartPolicy"].text() == "Always"; });
}

void judge_host(const Object& object, const aibrix::PodTemplate& pod, Reporter& reporter) {
  const auto engine = aibrix::find_engine(pod.value);
  if (!engine || !alone(pod.value)) return;
  const Value container = pod.value.at("spec", "containers")[engine->index];
  const auto words = aibrix::command_line(container, pod.value["metadata"]);
  const auto host = aibrix::flag_value(words, "--host");
  if (!host || !is_loopback(*host)) return;
  Finding& f = reporter.error(
      object, "the engine of " + kind_and_name(object) + " listens on " + *host + " only");
  f.at_field(container_path(pod, *engine));
  f.with_consequence("Nothing outside the pod reaches it, and its probes fail.");
  f.with_evidence("--host", *host, "0.0.0.0");
  f.remedy(Confidence::review, "start the engine with --host 0.0.0.0");
}

void run_probes(const Context& context, Reporter& reporter) {
  judge_written(context, reporter, judge_probes);
}

void run_hosts(const Context& context, Reporter& reporter) {
  judge_written(context, reporter, judge_host);
}

}  // namespace

constinit const Check registry::MDL023{
    codes::MDL023,
    Area::models,
    "a probe asks a port on which nothing listens",
    model_lists,
    run_probes,
    {"In a manifest, a probe of the engine asks a port that no container of the pod declares, and "
     "that is not the one of the engine's --port. The probe fails for ever: the pods do not become "
     "ready, or are restarted.",
     "The engine's port was changed and the probe's was not.",
     "Set the probe's port to the engine's.", "every release"}};

constinit const Check registry::MDL024{
    codes::MDL024,
    Area::models,
    "an engine listens on localhost only",
    model_lists,
    run_hosts,
    {"In a manifest, the engine is started with --host 127.0.0.1 or localhost, and no other "
     "container of the pod could forward requests to it. Neither the gateway nor the kubelet "
     "reaches it.",
     "A command line that was copied from a workstation.",
     "Start it with --host 0.0.0.0, or leave --host out where the image's default is that.",
     "every release"}};

}  // namespace checks
