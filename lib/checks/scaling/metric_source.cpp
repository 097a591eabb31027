// ASC004: the API or the Service that a PodAutoscaler reads its metrics from is there and answers.
// Which it asks: pkg/controller/podautoscaler/metrics/fetcher.go and hpa_resources.go of v0.7.0.
#include <algorithm>
#include <string>
#include <vector>

#include "aibrix/service_address.hpp"
#include "base/lists.hpp"
#include "base/text.hpp"
#include "checks/common/scale_target.hpp"
#include "checks/core/command.hpp"

namespace checks {
namespace {

using kube::Object;
using kube::Value;
using namespace scaling;

constexpr auto metric_source_needs =
    with(autoscaler_needs, need::optional({&kube::resources::apiservices, kube::Scope::everywhere}),
         need::optional(need::services), need::optional(need::endpointslices));

// The API group it is read from; empty: no API of Kubernetes.
std::string_view api_of(const Object& autoscaler, const Value& source) {
  const std::string metric = base::lower(source["targetMetric"].text());
  if (autoscaler.spec()["scalingStrategy"].text() == "HPA") {
    return metric == "cpu" || metric == "memory" ? "metrics.k8s.io" : "custom.metrics.k8s.io";
  }
  const std::string_view type = source["metricSourceType"].text();
  if (type == "resource") return "metrics.k8s.io";
  return type == "custom" ? "custom.metrics.k8s.io" : "";
}

// Those that serve a group, whatever their version.
std::vector<const Object*> services_of(const Context& context, std::string_view group) {
  std::vector<const Object*> out;
  for (const Object& api : context.snapshot.list(kube::resources::apiservices)) {
    const std::string_view name = api.name();
    if (name.substr(std::min(name.find('.'), name.size() - 1) + 1) == group) out.push_back(&api);
  }
  return out;
}

void install_remedy(std::string_view group, Finding& f) {
  f.remedy(Confidence::manual,
           group == "metrics.k8s.io"
               ? "install metrics-server, which serves it"
               : "install an adapter that serves it, such as prometheus-adapter, or let metrics be "
                 "read from the pods (strategy KPA or APA, metricSourceType pod)");
}

void judge_api(const Context& context, const Object& autoscaler, const Target& target,
               std::string_view group, Reporter& reporter) {
  const std::vector<const Object*> apis = services_of(context, group);
  if (apis.empty()) {
    if (!context.snapshot.complete(kube::resources::apiservices)) {
      return reporter.undetermined("whether the cluster serves API " + std::string(group) +
                                   " was not read");
    }
    Finding& f =
        tell(context, autoscaler, target,
             " needs API " + std::string(group) + ", which the cluster does not serve", reporter);
    f.at_field("spec.metricsSources")
        .with_evidence("APIService of " + std::string(group), "none", "one that is available");
    return install_remedy(group, f);
  }
  const bool works = std::any_of(apis.begin(), apis.end(), [](const Object* api) {
    return !api->condition("Available").is_false();
  });
  if (works) return;
  const Object& api = *apis.front();
  Finding& f = tell(context, autoscaler, target,
                    " needs API " + std::string(group) + ", which is not available", reporter);
  f.at_field("spec.metricsSources").with_related(api);
  show_condition(api.condition("Available"), f);
  f.remedy(Confidence::manual, "repair the server behind it", kubectl("", "describe").on(api));
}

void judge_endpoint(const Context& context, const Object& autoscaler, const Target& target,
                    const std::string& endpoint, const std::string& path, Reporter& reporter) {
  const auto address = aibrix::service_address(endpoint, autoscaler.ns());
  if (!address || !address->certain) return;
  const aibrix::ServiceState state = aibrix::service_state(context.cluster, *address);
  if (!state.bad()) {
    if (!state.known) reporter.undetermined("Service " + address->text() + " was not read");
    return;
  }
  Finding& f =
      tell(context, autoscaler, target,
           " reads metrics from Service " + address->text() + ", which " + state.what(), reporter);
  f.at_field(path).with_evidence("endpoint", endpoint);
  if (!state.measured.empty()) f.with_evidence("Service", state.measured, state.want);
  if (state.service) f.with_related(*state.service);
  f.remedy(Confidence::manual,
           state.service ? "bring back the pods behind this Service"
                         : "correct the endpoint, or install what serves it",
           state.service ? kubectl(address->ns, "describe").on(*state.service) : Command());
}

void run_metric_source(const Context& context, Reporter& reporter) {
  for (const Object* autoscaler :
       objects_to_judge(context, aibrix::resources::pod_autoscalers, reporter)) {
    const Target target = target_of_autoscaler(context, *autoscaler);
    if (target.found.missing()) continue;  // ASC001's
    const Value sources = autoscaler->spec()["metricsSources"];
    std::vector<std::string> groups;
    for (std::size_t i = 0; i < sources.size(); ++i) {
      const std::string group(api_of(*autoscaler, sources[i]));
      if (!group.empty()) base::add_once(groups, group);
      const std::string_view type = sources[i]["metricSourceType"].text();
      const std::string endpoint(sources[i]["endpoint"].text());
      if (group.empty() && (type == "domain" || type == "external") && !endpoint.empty()) {
        judge_endpoint(context, *autoscaler, target, endpoint,
                       "spec.metricsSources[" + std::to_string(i) + "].endpoint", reporter);
      }
    }
    for (const std::string& group : groups)
      judge_api(context, *autoscaler, target, group, reporter);
  }
}

}  // namespace

constinit const Check registry::ASC004{
    codes::ASC004,
    Area::scaling,
    "a PodAutoscaler has no source for its metrics",
    metric_source_needs,
    run_metric_source,
    {"What a PodAutoscaler reads its metrics from is missing: the API metrics.k8s.io (CPU and "
     "memory), custom.metrics.k8s.io (other metrics with strategy HPA), or the Service of "
     "an endpoint such as the GPU optimizer's. The number of replicas does not follow the load.",
     "metrics-server or a metrics adapter is not installed or down, or the GPU optimizer is not "
     "installed, scaled to 0 replicas or in another namespace.",
     "Install or repair the source, or scale by metrics of the engines (metricSourceType pod).",
     "every release"}};

}  // namespace checks
