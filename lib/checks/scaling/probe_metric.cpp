// PRB005: the metric that a PodAutoscaler reads from pods is not among what they serve.
#include <algorithm>
#include <array>

#include "aibrix/resources.hpp"
#include "base/lists.hpp"
#include "base/text.hpp"
#include "checks/common/objects.hpp"
#include "checks/common/probe_targets.hpp"

namespace checks {
namespace {

using kube::Object;

constexpr auto metric_needs = with(model_lists, kube::Need{&aibrix::resources::pod_autoscalers});

// Names that the controller translates into each engine's own since v0.5 (pkg/metrics/metrics.go):
// that the engine does not have them by this name says nothing.
constexpr auto translated = std::to_array<std::string_view>(
    {"num_requests_running", "num_requests_waiting", "num_requests_swapped", "gpu_cache_usage_perc",
     "cpu_cache_usage_perc", "kv_cache_usage_perc", "engine_utilization",
     "avg_prompt_throughput_toks_per_s", "avg_generation_throughput_toks_per_s",
     "prompt_token_total", "generation_token_total", "time_to_first_token_seconds",
     "time_per_output_token_seconds"});

bool serves_metric(std::string_view body, std::string_view name) {
  for (const std::string_view line : base::split(body, '\n')) {
    // As ParseMetricFromBody of the controller looks for it.
    if (!line.starts_with('#') && line.find(name) != std::string_view::npos) return true;
  }
  return false;
}

void report_metric(const Object& scaler, const aibrix::Model& model, const Object& pod,
                   const PodMetric& metric, const kube::PodAnswer& answer, Reporter& reporter) {
  const std::string where = ":" + std::to_string(metric.port) + metric.path;
  const std::string owner = kind_and_name(scaler);
  const bool answered = answer.status >= 200 && answer.status < 300;
  Finding& f = reporter.warning(
      scaler, answered
                  ? owner + " scales by metric " + metric.name + ", which is missing in its pods"
                  : owner + " reads metrics where its pods serve none");
  f.model(model.name).at_field("spec.metricsSources");
  f.with_consequence("The number of replicas does not follow the load.");
  f.with_evidence("GET " + where + " of " + std::string(pod.name()),
                  answered             ? "no " + metric.name
                  : answer.status != 0 ? "HTTP " + std::to_string(answer.status)
                                       : answer.failure,
                  metric.name);
  f.with_related(pod).caused_by(ASC001, scaler.ref());
  f.remedy(Confidence::review,
           answered ? "set targetMetric to a metric that the engine serves"
                    : "set port and path of the metricsSources to those of the engine's metrics");
}

void judge_metric(const Context& context, const Object& scaler, const aibrix::Model& model,
                  const PodMetric& metric, Reporter& reporter) {
  for (const Object* pod : probed_pods(model)) {
    const kube::PodAnswer* answer = answer_of(context, *pod, metric.port, metric.path, reporter);
    if (answer == nullptr) continue;
    const bool refused = answer->failure.find("connection refused") != std::string::npos;
    const bool told = answer->status == 404 || refused ||
                      (answer->status == 200 && !base::contains(translated, metric.name));
    if (answer->status == 200 && serves_metric(answer->body, metric.name)) return;
    if (!told) {
      return reporter.undetermined("whether pod " + std::string(pod->name()) + " serves metric " +
                                   metric.name + " could not be told");
    }
    return report_metric(scaler, model, *pod, metric, *answer, reporter);
  }
}

void run_metrics(const Context& context, Reporter& reporter) {
  if (!pods_were_asked(context, "which metrics engines serve", reporter)) return;
  for (const Object* scaler :
       objects_to_judge(context, aibrix::resources::pod_autoscalers, reporter)) {
    const aibrix::Model* model = scaled_model(context, *scaler);
    if (model == nullptr) continue;
    for (const PodMetric& metric : pod_metrics(*scaler)) {
      judge_metric(context, *scaler, *model, metric, reporter);
    }
  }
}

}  // namespace

constinit const Check registry::PRB005{
    codes::PRB005,
    Area::scaling,
    "the metric of a PodAutoscaler is missing in its pods",
    metric_needs,
    run_metrics,
    {"With --probe, doctor reads the metrics of two pods where a PodAutoscaler reads them "
     "(metricsSources of type pod). The metric is not among them, or nothing serves metrics there.",
     "A typo in targetMetric, port or path, or an engine of another version or kind.",
     "Correct spec.metricsSources; /metrics of the engine lists what there is.", "every release"}};

}  // namespace checks
