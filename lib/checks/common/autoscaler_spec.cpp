// The rules are those of pkg/controller/podautoscaler (validateSpec) at v0.6 and v0.7, and of the
// webhook that main has.
#include "checks/common/autoscaler_spec.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"
#include "checks/common/objects.hpp"

namespace checks::scaling {
namespace {

using kube::Object;
using kube::Value;

struct Scalable {
  std::string_view api_version;
  std::string_view kind;
};
constexpr auto scalables = std::to_array<Scalable>({
    {"apps/v1", "Deployment"},
    {"apps/v1", "StatefulSet"},
    {"orchestration.aibrix.ai/v1alpha1", "RayClusterFleet"},
    {"orchestration.aibrix.ai/v1alpha1", "StormService"},
    {"orchestration.aibrix.ai/v1alpha1", "RoleSet"},
    {"leaderworkerset.x-k8s.io/v1", "LeaderWorkerSet"},
});

// A kind that this program knows, under a group or in letters that no API server has.
std::optional<SpecFault> wrong_kind(const Value& ref) {
  const std::string kind(ref["kind"].text());
  const std::string api(ref["apiVersion"].text());
  for (const Scalable& known : scalables) {
    const std::string_view group = known.api_version.substr(0, known.api_version.find('/'));
    const bool same_group = api.substr(0, api.find('/')) == group;
    if (base::lower(kind) != base::lower(known.kind) || (same_group && kind == known.kind)) {
      continue;
    }
    return SpecFault{" scales " + kind + " of " + (api.empty() ? "no apiVersion" : api) +
                         ", which is not a kind",
                     "spec.scaleTargetRef",
                     "scaleTargetRef",
                     kind + " of " + api,
                     std::string(known.kind) + " of " + std::string(known.api_version),
                     "correct kind and apiVersion in spec.scaleTargetRef"};
  }
  constexpr auto of_apps = std::to_array<std::string_view>(
      {"Deployment", "StatefulSet", "ReplicaSet", "DaemonSet", "ControllerRevision"});
  const bool is_kind = std::ranges::find(of_apps, kind) != of_apps.end();
  if (is_kind || kind.empty() || api.substr(0, api.find('/')) != "apps") return std::nullopt;
  return SpecFault{" scales " + kind + " of " + api + ", which is not a kind",
                   "spec.scaleTargetRef",
                   "scaleTargetRef",
                   kind + " of " + api,
                   "Deployment or StatefulSet",
                   "correct kind and apiVersion in spec.scaleTargetRef"};
}

std::optional<SpecFault> wrong_bounds(const Value& spec) {
  const auto least = spec["minReplicas"].integer();
  const auto most = spec["maxReplicas"].integer();
  if (!least || !most || *least <= *most) return std::nullopt;
  return SpecFault{" has minReplicas " + std::to_string(*least) + ", larger than maxReplicas " +
                       std::to_string(*most),
                   "spec.minReplicas",
                   "minReplicas",
                   std::to_string(*least),
                   "at most " + std::to_string(*most) + " (maxReplicas)",
                   "set minReplicas to at most maxReplicas"};
}

bool is_number(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

std::optional<SpecFault> wrong_metrics(const Value& spec) {
  const Value sources = spec["metricsSources"];
  if (sources.empty()) {
    return SpecFault{
        " has no metricsSources", "spec.metricsSources",
        "metricsSources",         "none",
        "at least one",           "name a metric of the engine in spec.metricsSources"};
  }
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const Value source = sources[i];
    const std::string path = "spec.metricsSources[" + std::to_string(i) + "].";
    const std::string value(source["targetValue"].scalar());
    const std::string metric(source["targetMetric"].text());
    if (!is_number(value)) {
      return SpecFault{" has a targetValue that is not a number",
                       path + "targetValue",
                       "targetValue",
                       value.empty() ? "none" : value,
                       "a number, such as \"0.5\"",
                       "set targetValue to a plain number"};
    }
    if (source["metricSourceType"].text() == "resource" && metric != "cpu" && metric != "memory") {
      return SpecFault{" scales by resource metric " + metric + ", which does not exist",
                       path + "targetMetric",
                       "targetMetric",
                       metric,
                       "cpu or memory",
                       "set targetMetric to cpu or memory, or metricSourceType to pod"};
    }
  }
  return std::nullopt;
}

// What each type of source cannot be asked without (validatePodMetricSource and its like).
std::optional<SpecFault> missing_setting(const Value& spec) {
  const Value sources = spec["metricsSources"];
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const std::string type(sources[i]["metricSourceType"].text());
    // "external" is Kubernetes' own metrics API on main, which has no endpoint.
    const bool outside = type == "domain";
    if (type != "pod" && !outside) continue;
    for (const std::string_view field :
         {std::string_view(outside ? "endpoint" : "port"), std::string_view("path"),
          std::string_view("targetMetric")}) {
      if (!sources[i][field].scalar().empty()) continue;
      const std::string name(field);
      return SpecFault{" has a metric source of type " + type + " without " + name,
                       "spec.metricsSources[" + std::to_string(i) + "]." + name,
                       name,
                       "none",
                       "set",
                       "set " + name + " of the metric source"};
    }
  }
  return std::nullopt;
}

// Main: bounds by the time of day, and the windows over which metrics are averaged.
std::optional<SpecFault> wrong_schedule(const Value& spec) {
  const Value schedules = spec["schedules"];
  for (std::size_t i = 0; i < schedules.size(); ++i) {
    const Value one = schedules[i];
    const std::string path = "spec.schedules[" + std::to_string(i) + "].";
    const std::string name(one["name"].text());
    const std::string start(one["startTime"].text());
    const std::string end(one["endTime"].text());
    if (!start.empty() && !end.empty() && start >= end) {
      return SpecFault{" has schedule " + name + ", whose end is not after its start",
                       path + "endTime",
                       "endTime",
                       end,
                       "later than " + start + " (startTime) of the same day",
                       "split a schedule that crosses midnight in two"};
    }
    if (auto fault = wrong_bounds(one)) {
      fault->what = " has schedule " + name + " with" + fault->what.substr(4);
      fault->field = path + "minReplicas";
      return fault;
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (schedules[j]["name"].text() == name) {
        return SpecFault{" has more than one schedule called " + name,
                         path + "name",
                         "name",
                         name,
                         "a name of its own",
                         "rename one of them"};
      }
    }
  }
  const auto observe = spec["observeWindowSeconds"].integer();
  const auto panic = spec["panicWindowSeconds"].integer();
  if (!observe || !panic || *panic <= *observe) return std::nullopt;
  return SpecFault{" has a panic window larger than its observation window",
                   "spec.panicWindowSeconds",
                   "panicWindowSeconds",
                   std::to_string(*panic),
                   "at most " + std::to_string(*observe) + " (observeWindowSeconds)",
                   "shorten panicWindowSeconds"};
}

}  // namespace

std::optional<SpecFault> spec_fault(const Object& autoscaler, const Target& target) {
  const Value spec = autoscaler.spec();
  if (target.kind == nullptr) {
    if (auto fault = wrong_kind(spec["scaleTargetRef"])) return fault;
  }
  // Where its controller writes conditions it has looked at these itself.
  const bool looked_at = autoscaler.status()["conditions"].size() != 0;
  if (auto fault = wrong_bounds(spec); fault && !looked_at) return fault;
  if (auto fault = wrong_metrics(spec); fault && !(looked_at && spec["metricsSources"].empty()))
    return fault;
  if (!from_api_server(autoscaler)) {
    if (auto fault = missing_setting(spec)) return fault;
  }
  if (auto fault = wrong_schedule(spec)) return fault;
  if (!target.role.empty() && spec["scalingStrategy"].text() == "HPA") {
    return SpecFault{" names role " + target.role + ", and strategy HPA scales no single role",
                     "spec.scalingStrategy",
                     "scalingStrategy",
                     "HPA",
                     "APA or KPA",
                     "set scalingStrategy to APA or KPA"};
  }
  return std::nullopt;
}

}  // namespace checks::scaling
