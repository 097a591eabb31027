// ASC007: the gateway plugin writes the traces that the GPU optimizer reads
// (pkg/cache/trace.go: AIBRIX_GPU_OPTIMIZER_TRACING_FLAG, false unless set).
#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "aibrix/engine/command_line.hpp"
#include "aibrix/service_address.hpp"
#include "checks/common/causes.hpp"
#include "checks/common/scale_target.hpp"

namespace checks {
namespace {

using aibrix::Component;
using aibrix::ComponentRole;
using kube::Object;
using kube::Value;
using namespace scaling;

constexpr auto gpu_optimizer_needs = with(autoscaler_needs, need::optional(need::services));
constexpr std::string_view tracing_flag = "AIBRIX_GPU_OPTIMIZER_TRACING_FLAG";

// The optimizer by its pods, else by the metric that it alone serves or by its name.
bool asks_optimizer(const Context& context, const Object& autoscaler, const Value& source) {
  const std::string_view type = source["metricSourceType"].text();
  if (type != "domain" && type != "external") return false;
  const auto address = aibrix::service_address(source["endpoint"].text(), autoscaler.ns());
  if (!address) return false;
  if (source["targetMetric"].text() == "vllm:deployment_replicas" ||
      address->name.find("gpu-optimizer") != std::string::npos) {
    return true;
  }
  const Component& optimizer = context.cluster.component(ComponentRole::gpu_optimizer);
  const kube::Lookup service =
      context.snapshot.find(kube::resources::services, address->ns, address->name);
  if (!service || optimizer.pods.empty()) return false;
  const auto behind = context.cluster.pods_for_map(service->ns(), service->spec()["selector"]);
  return std::find(behind.begin(), behind.end(), optimizer.pods.front()) != behind.end();
}

// As Go's strconv.ParseBool reads it.
bool is_true(std::string_view text) {
  constexpr auto words = std::to_array<std::string_view>({"1", "t", "T", "true", "TRUE", "True"});
  return std::find(words.begin(), words.end(), text) != words.end();
}

struct Flag {
  std::optional<bool> on;  // not set: the manifest does not tell
  std::string shown = "not set";
};
Flag flag_of(const Object& deployment) {
  Flag out;
  out.on = false;
  for (const Value& c : deployment.at("spec", "template", "spec", "containers").items()) {
    const auto env = aibrix::env_value(c, tracing_flag);
    if (env.given && env.certain) {
      out.shown = env.value;
      out.on = is_true(env.value);
      return out;
    }
    if (env.given || !c["envFrom"].empty()) out.on.reset();
  }
  return out;
}

void run_gpu_optimizer(const Context& context, Reporter& reporter) {
  const Component& plugins = context.cluster.component(ComponentRole::gateway_plugins);
  for (const Object* autoscaler :
       objects_to_judge(context, aibrix::resources::pod_autoscalers, reporter)) {
    const auto sources = autoscaler->spec()["metricsSources"].items();
    const auto source = std::find_if(sources.begin(), sources.end(), [&](const Value& s) {
      return asks_optimizer(context, *autoscaler, s);
    });
    if (source == sources.end()) continue;
    if (plugins.deployment == nullptr) {
      reporter.undetermined("the Deployment of the gateway plugin was not read");
      continue;
    }
    const Flag flag = flag_of(*plugins.deployment);
    if (!flag.on)
      reporter.undetermined("the value of " + std::string(tracing_flag) + " is unknown");
    if (flag.on.value_or(true)) continue;
    const Target target = target_of_autoscaler(context, *autoscaler);
    Finding& f =
        tell(context, *autoscaler, target,
             " depends on the GPU optimizer, which gets no request traces: " + plugins.name() +
                 " runs without " + std::string(tracing_flag),
             reporter);
    f.at_field("spec.metricsSources[" + std::to_string(source - sources.begin()) + "]")
        .with_related(*plugins.deployment);
    f.with_evidence(std::string(tracing_flag), flag.shown, "true");
    f.with_evidence("endpoint", std::string((*source)["endpoint"].text()));
    f.remedy(Confidence::review, "have the gateway plugin write traces; this restarts it",
             set_env_command(plugins.ref(), std::string(tracing_flag) + "=true"));
  }
}

}  // namespace

constinit const Check registry::ASC007{
    codes::ASC007,
    Area::scaling,
    "the GPU optimizer gets no request traces",
    gpu_optimizer_needs,
    run_gpu_optimizer,
    {"A PodAutoscaler takes its number of replicas from the GPU optimizer, which computes it from "
     "request traces in Redis. The gateway plugin writes none unless "
     "AIBRIX_GPU_OPTIMIZER_TRACING_FLAG is true, so the optimizer has nothing to compute from.",
     "The manifests of every release leave the variable out.",
     "Set AIBRIX_GPU_OPTIMIZER_TRACING_FLAG=true on the gateway plugin.", "every release"}};

}  // namespace checks
