// PRB001: a pod of the install is Ready and says itself that it is not.
#include "aibrix/cluster.hpp"
#include "aibrix/pod.hpp"
#include "checks/common/probe_targets.hpp"
#include "checks/core/command.hpp"
#include "checks/core/needs.hpp"

namespace checks {
namespace {

using kube::Object;

constexpr kube::Need part_needs[] = {need::deployments, need::pods};

std::string where_of(const HealthPath& path) {
  return ":" + std::to_string(path.port) + path.path;
}

void judge_health(const Object& pod, const HealthPath& health, const kube::PodAnswer& answer,
                  Reporter& reporter) {
  const std::string name(pod.name());
  const std::string where = where_of(health);
  if (answer.status == 0) {
    return reporter.undetermined("pod " + name +
                                 " could not be asked by way of the API server: " + answer.failure);
  }
  // A part that wants a login has answered.
  if (answer.status < 400 || answer.status == 401 || answer.status == 403) return;
  Finding& f =
      reporter.warning(pod, "pod " + name + " is marked Ready, but is unready at " + where);
  f.with_consequence("It may fail the requests that it gets.");
  f.with_evidence("GET " + where, "HTTP " + std::to_string(answer.status), "200");
  f.remedy(Confidence::manual, "find out from its log what it lacks",
           kubectl(pod.ns(), "logs", operand(pod.name()), "--tail=100"));
}

// Nothing listens where the pod's own manifest says so. What answers otherwise may be meant to.
void judge_metrics(const Object& pod, const HealthPath& metrics, const kube::PodAnswer& answer,
                   Reporter& reporter) {
  if (answer.failure.find("connection refused") == std::string::npos) return;
  const std::string where = where_of(metrics);
  Finding& f = reporter.info(
      pod, "pod " + std::string(pod.name()) + " refuses connections at its metrics port");
  f.with_consequence("Prometheus gets no metrics from it.");
  f.with_evidence("GET " + where, answer.failure, "metrics");
}

void judge_part(const Context& context, const aibrix::Component& part, Reporter& reporter,
                std::size_t& asked) {
  for (const Object* pod : ready_pods(part.pods)) {
    for (const HealthPath& path : health_paths(*pod)) {
      const kube::PodAnswer* answer = answer_of(context, *pod, path.port, path.path, reporter);
      if (answer == nullptr) continue;
      ++asked;
      judge_health(*pod, path, *answer, reporter);
    }
    for (const HealthPath& path : metrics_paths(*pod)) {
      const kube::PodAnswer* answer = answer_of(context, *pod, path.port, path.path, reporter);
      if (answer == nullptr) continue;
      ++asked;
      judge_metrics(*pod, path, *answer, reporter);
    }
  }
}

void run_parts(const Context& context, Reporter& reporter) {
  if (!pods_were_asked(context, "what the pods of the install answer", reporter)) return;
  std::size_t asked = 0;
  for (std::size_t i = 0; i < aibrix::component_count; ++i) {
    const auto& part = context.cluster.component(static_cast<aibrix::ComponentRole>(i));
    judge_part(context, part, reporter, asked);
  }
  if (asked == 0) {
    reporter.not_applicable(
        "no ready pod of the install has an HTTP readiness probe or a metrics port");
  } else {
    reporter.measured(std::to_string(asked) + " endpoints asked");
  }
}

}  // namespace

constinit const Check registry::PRB001{
    codes::PRB001,
    Area::install,
    "a Ready pod of the install answers that it is unready",
    part_needs,
    run_parts,
    {"With --probe, doctor sends a GET to the readiness endpoint of the install's pods through the "
     "API server. One that Kubernetes marks Ready answered with an error, or "
     "(info) nothing listens at its metrics port.",
     "Its state has changed since the kubelet's last probe, or it answers the kubelet and others "
     "differently.",
     "Run doctor --probe again; if it stays so, read the pod's log.", "every release"}};

}  // namespace checks
