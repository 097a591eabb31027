// What pods are asked with --probe, and what they answered.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "checks/core/check.hpp"
#include "kube/read/pod_proxy.hpp"

namespace aibrix {
struct Model;
}

namespace checks {

// Harmless GETs, 64 at most: health of the pods of the install, models, health and metrics of two
// routable pods of each model, and the metrics that PodAutoscalers read from them.
std::vector<kube::PodGet> probe_targets(const Context& context);

// Of the pods of a part of the install, those that are asked: ready ones, two at most.
std::vector<const kube::Object*> ready_pods(const std::vector<const kube::Object*>& pods);
// The pods of a model that are asked: ready ones, two at most.
std::vector<const kube::Object*> probed_pods(const aibrix::Model& model);

// Where a part of the install says that it is ready: the HTTP probe of a container.
struct HealthPath {
  std::int64_t port = 0;
  std::string path;
};
std::vector<HealthPath> health_paths(const kube::Object& pod);
// Where its manifest says that it serves metrics: a port named metrics, --metrics-bind-address.
std::vector<HealthPath> metrics_paths(const kube::Object& pod);

// Where a PodAutoscaler reads a metric of each pod; path and port as its controller takes them.
struct PodMetric {
  std::string name;
  std::int64_t port = 0;
  std::string path;
};
std::vector<PodMetric> pod_metrics(const kube::Object& autoscaler);
// The model that it scales; nullptr: none.
const aibrix::Model* scaled_model(const Context& context, const kube::Object& autoscaler);

// What the pod answered; nullptr: it was not asked this, and the result says why not.
const kube::PodAnswer* answer_of(const Context& context, const kube::Object& pod, std::int64_t port,
                                 std::string_view path, Reporter& reporter);
// False: pods were not asked, which is said.
bool pods_were_asked(const Context& context, const std::string& what, Reporter& reporter);

// The ids of an answer to /v1/models; none when it is no such list.
std::vector<std::string> listed_models(const kube::PodAnswer& answer);

}  // namespace checks
