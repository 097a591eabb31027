// ASC003: the port a PodAutoscaler reads metrics from is served by a container of its target.
#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <vector>

#include "aibrix/engine/command_line.hpp"
#include "aibrix/engine/engine.hpp"
#include "aibrix/model.hpp"
#include "aibrix/release_facts.hpp"
#include "base/text.hpp"
#include "checks/common/scale_target.hpp"
#include "checks/core/command.hpp"

namespace checks {
namespace {

using aibrix::PodTemplate;
using kube::Object;
using kube::Value;
using namespace scaling;

// What a pod's manifest tells of the ports on which it listens.
struct Listening {
  std::set<std::string> ports;
  std::string engine;     // that of the engine, when certain
  bool all_known = true;  // no container could listen elsewhere without saying so
};

void add_probe_ports(const Value& container, Listening& out) {
  for (const std::string_view probe : {"livenessProbe", "readinessProbe", "startupProbe"}) {
    for (const std::string_view way : {"httpGet", "tcpSocket", "grpc"}) {
      const std::string_view port = container[probe][way]["port"].scalar();
      if (!port.empty()) out.ports.emplace(port);
    }
  }
}

// Numbers among the words of its command line and in its environment: "--port 8000", ":9090".
void add_told_ports(const Value& container, const Value& metadata, Listening& out) {
  const auto add_numbers = [&](std::string_view text) {
    std::string number;
    for (const char c : std::string(text) + ' ') {
      if (c >= '0' && c <= '9') {
        number += c;
      } else {
        if (!number.empty()) out.ports.insert(number);
        number.clear();
      }
    }
  };
  for (const aibrix::Word& word : aibrix::command_line(container, metadata)) add_numbers(word.text);
  for (const Value& env : container["env"].items()) add_numbers(env["value"].scalar());
}

Listening listening(const Value& pod) {
  Listening out;
  const auto engine = aibrix::find_engine(pod);
  if (engine && engine->port) {
    out.engine = std::to_string(*engine->port);
    out.ports.insert(out.engine);
  }
  const auto look = [&](const Value& container, bool is_engine) {
    for (const Value& port : container["ports"].items())
      out.ports.emplace(port["containerPort"].scalar());
    add_probe_ports(container, out);
    add_told_ports(container, pod["metadata"], out);
    // The runtime's own port (python/aibrix/aibrix/runtime): it is rarely written down.
    if (container["name"].text() == "aibrix-runtime") {
      out.ports.emplace("8080");
    } else if (container["ports"].empty() && !(is_engine && engine->port)) {
      out.all_known = false;
    }
  };
  const auto containers = pod["spec"]["containers"].items();
  for (std::size_t i = 0; i < containers.size(); ++i)
    look(containers[i], engine && engine->index == i);
  for (const Value& container : pod["spec"]["initContainers"].items()) {
    if (container["restartPolicy"].text() == "Always") look(container, false);
  }
  return out;
}

// Of a fleet the head alone is asked, of a role its own pods.
std::vector<PodTemplate> asked_templates(const Target& target) {
  std::vector<PodTemplate> out;
  const auto roles = target.found->spec().at("template", "spec", "roles").items();
  const std::vector<PodTemplate> all = aibrix::pod_templates(*target.found);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool worker = all[i].path.find("workerGroupSpecs") != std::string::npos;
    const bool other_role = target.storm() && !target.role.empty() && i < roles.size() &&
                            roles[i]["name"].text() != target.role;
    if (!worker && !other_role) out.push_back(all[i]);
  }
  return out;
}

// The container that serves the runtime's port comes with admission.
bool sidecar_comes(const Object& workload) {
  return workload.metadata()["annotations"]["model.aibrix.ai/sidecar-injection"].exists();
}

std::string consequence(const Context& context, const Target& target) {
  const bool zero =
      aibrix::facts::unread_metric_is_zero.holds(context.cluster.release()).value_or(false);
  return zero ? "A metric that cannot be read counts as 0, so " + target.text +
                    " is scaled down to minReplicas and never up."
              : "Without metrics " + target.text + " is not scaled by its load.";
}

void judge_source(const Context& context, const Object& autoscaler, const Target& target,
                  std::size_t index, Reporter& reporter) {
  const std::string port(autoscaler.spec()["metricsSources"][index]["port"].scalar());
  std::set<std::string> engines;
  bool known = true;
  for (const PodTemplate& pod : asked_templates(target)) {
    const Listening l = listening(pod.value);
    if (l.ports.contains(port)) return;
    known = known && l.all_known;
    if (!l.engine.empty()) engines.insert(l.engine);
  }
  if (!known || (port == "8080" && sidecar_comes(*target.found))) {
    return reporter.undetermined("whether a container of " + kind_and_name(*target.found) +
                                 " serves port " + port + " is not in its manifest");
  }
  Finding& f = tell(context, autoscaler, target,
                    " reads metrics from port " + port + ", which no container of " +
                        kind_and_name(*target.found) + " serves",
                    reporter);
  const std::string path = "/spec/metricsSources/" + std::to_string(index) + "/port";
  f.with_consequence(consequence(context, target))
      .at_field("spec.metricsSources[" + std::to_string(index) + "].port")
      .with_related(*target.found);
  const std::vector<std::string> ports(engines.begin(), engines.end());
  f.with_evidence(
      "port", port,
      ports.empty() ? "a port of its containers" : base::join(ports, " or ") + ", the engine's");
  if (ports.size() != 1) {
    f.remedy(Confidence::review, "set it to the port on which the engine serves its metrics");
    return;
  }
  f.remedy(
      Confidence::review, "read them from the engine's port",
      kubectl(autoscaler.ns(), "patch")
          .on(autoscaler)
          .with("--type=json", "-p",
                R"([{"op":"replace","path":")" + path + R"(","value":")" + ports[0] + R"("}])"));
}

void run_metric_port(const Context& context, Reporter& reporter) {
  for (const Object* autoscaler :
       objects_to_judge(context, aibrix::resources::pod_autoscalers, reporter)) {
    const Target target = target_of_autoscaler(context, *autoscaler);
    // Strategy HPA asks Kubernetes' metrics API, not the pods.
    if (!target.found || autoscaler->spec()["scalingStrategy"].text() == "HPA") continue;
    if (asked_templates(target).empty()) continue;
    const Value sources = autoscaler->spec()["metricsSources"];
    for (std::size_t i = 0; i < sources.size(); ++i) {
      if (sources[i]["metricSourceType"].text() == "pod" && !sources[i]["port"].scalar().empty())
        judge_source(context, *autoscaler, target, i, reporter);
    }
  }
}

}  // namespace

constinit const Check registry::ASC003{
    codes::ASC003,
    Area::scaling,
    "a PodAutoscaler reads metrics from a port that no container serves",
    autoscaler_needs,
    run_metric_port,
    {"The port in metricsSources of a PodAutoscaler is none on which a container of its target "
     "listens, as far as the manifest tells: its ports, probes, command line and environment. The "
     "read fails; v0.6 and v0.7 take that for 0 and scale down, and only the controller's log says "
     "so.",
     "The engine's port was changed, or the port of an example was kept (8080 is the runtime "
     "sidecar's).",
     "Set spec.metricsSources[].port to the engine's port.", "every release"}};

}  // namespace checks
