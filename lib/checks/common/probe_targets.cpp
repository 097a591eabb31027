// The choice of what pods are asked, and the readers of their answers.
#include "checks/common/probe_targets.hpp"

#include <algorithm>
#include <charconv>

#include "aibrix/cluster.hpp"
#include "aibrix/names.hpp"
#include "aibrix/pod.hpp"
#include "aibrix/resources.hpp"
#include "base/error.hpp"
#include "kube/parse/json_reader.hpp"

namespace checks {
namespace {

using aibrix::ComponentRole;
using kube::Object;
using kube::Value;

constexpr std::size_t most_gets = 64;
constexpr kube::ExtraRight proxy_right{"--with-probe",
                                       "It takes the role of rbac print --with-probe"};
constexpr kube::ExtraRight first_gets{"--probe", "At most 64 GETs are sent; name models to choose"};
constexpr std::size_t most_pods = 2;

void add(std::vector<kube::PodGet>& to, const Object& pod, std::int64_t port, std::string path) {
  const bool known = std::ranges::any_of(to, [&](const kube::PodGet& get) {
    return get.ns == pod.ns() && get.pod == pod.name() && get.port == port && get.path == path;
  });
  if (known || port <= 0 || port > 65535 || to.size() >= most_gets) return;
  to.push_back({std::string(pod.ns()), std::string(pod.name()), port, std::move(path)});
}

std::int64_t number(std::string_view text) {
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() ? out : 0;
}

// A probe may name the port of its container.
std::int64_t port_of(const Value& container, const Value& port) {
  if (!port.is_string()) return port.integer_or(0);
  for (const Value& own : container["ports"].items()) {
    if (own["name"].text() == port.text()) return own["containerPort"].integer_or(0);
  }
  return number(port.text());
}

bool is_asked_for(const Context& context, const aibrix::Model& model) {
  return context.models.empty() ||
         std::ranges::find(context.models, model.name) != context.models.end();
}

}  // namespace

std::vector<const Object*> ready_pods(const std::vector<const Object*>& pods) {
  std::vector<const Object*> out;
  for (const Object* pod : pods) {
    if (out.size() < most_pods && aibrix::is_routable(pod)) out.push_back(pod);
  }
  return out;
}

std::vector<HealthPath> health_paths(const Object& pod) {
  std::vector<HealthPath> out;
  for (const Value& container : pod.at("spec", "containers").items()) {
    const Value get = container.at("readinessProbe", "httpGet");
    // The API server's proxy is asked in HTTP; where a probe names a host, it is another's.
    const bool plain = get["scheme"].text("HTTP") == "HTTP" && get["host"].text().empty();
    if (!get.exists() || !plain || !get["path"].text("/").starts_with('/')) continue;
    out.push_back({port_of(container, get["port"]), std::string(get["path"].text("/"))});
  }
  return out;
}

std::vector<HealthPath> metrics_paths(const Object& pod) {
  constexpr std::string_view flag = "--metrics-bind-address=:";
  std::vector<HealthPath> out;
  for (const Value& container : pod.at("spec", "containers").items()) {
    for (const Value& port : container["ports"].items()) {
      if (port["name"].text() == "metrics")
        out.push_back({port["containerPort"].integer_or(0), "/metrics"});
    }
    for (const Value& argument : container["args"].items()) {
      const std::string_view text = argument.text();
      if (text.starts_with(flag)) out.push_back({number(text.substr(flag.size())), "/metrics"});
    }
  }
  return out;
}

std::vector<const Object*> probed_pods(const aibrix::Model& model) {
  return ready_pods(model.pods);
}

std::vector<PodMetric> pod_metrics(const Object& autoscaler) {
  std::vector<PodMetric> out;
  for (const Value& source : autoscaler.spec()["metricsSources"].items()) {
    if (source["metricSourceType"].text() != "pod" || source["protocolType"].text() == "https")
      continue;
    PodMetric metric;
    metric.name = source["targetMetric"].text();
    metric.port = number(source["port"].scalar());
    metric.path = source["path"].text("/metrics");
    if (!metric.path.starts_with('/')) metric.path.insert(0, "/");
    if (!metric.name.empty() && metric.port > 0) out.push_back(std::move(metric));
  }
  return out;
}

const aibrix::Model* scaled_model(const Context& context, const Object& autoscaler) {
  const Value target = autoscaler.spec()["scaleTargetRef"];
  for (const aibrix::Model& model : context.cluster.models()) {
    for (const aibrix::Workload& w : model.workloads) {
      const bool same = w.object->ns() == autoscaler.ns() &&
                        w.object->kind() == target["kind"].text() &&
                        w.object->name() == target["name"].text();
      if (same) return &model;
    }
  }
  return nullptr;
}

std::vector<kube::PodGet> probe_targets(const Context& context) {
  std::vector<kube::PodGet> out;
  for (std::size_t i = 0; i < aibrix::component_count; ++i) {
    const auto& part = context.cluster.component(static_cast<ComponentRole>(i));
    for (const Object* pod : ready_pods(part.pods)) {
      for (HealthPath& health : health_paths(*pod)) {
        add(out, *pod, health.port, std::move(health.path));
      }
      for (HealthPath& metrics : metrics_paths(*pod)) {
        add(out, *pod, metrics.port, std::move(metrics.path));
      }
    }
  }
  for (const aibrix::Model& model : context.cluster.models()) {
    if (!is_asked_for(context, model)) continue;
    for (const Object* pod : probed_pods(model)) {
      const std::int64_t port = aibrix::pod_model_port(*pod);
      add(out, *pod, port, "/v1/models");
      add(out, *pod, port, "/health");
    }
  }
  for (const Object& scaler : context.snapshot.list(aibrix::resources::pod_autoscalers)) {
    const aibrix::Model* model = scaled_model(context, scaler);
    if (model == nullptr || scaler.deleting() || !is_asked_for(context, *model)) continue;
    for (const PodMetric& metric : pod_metrics(scaler)) {
      for (const Object* pod : probed_pods(*model)) add(out, *pod, metric.port, metric.path);
    }
  }
  return out;
}

const kube::PodAnswer* answer_of(const Context& context, const Object& pod, std::int64_t port,
                                 std::string_view path, Reporter& reporter) {
  if (!context.snapshot.answers()) return nullptr;
  for (const kube::PodAnswer& answer : *context.snapshot.answers()) {
    const bool same = answer.pod == pod.name() && answer.ns == pod.ns();
    if (!same || answer.port != port || answer.path != path) continue;
    if (answer.failure != kube::not_permitted) return &answer;
    reporter.not_asked("pods of namespace " + answer.ns, proxy_right);
    return nullptr;
  }
  reporter.not_asked("pod " + std::string(pod.name()), first_gets);
  return nullptr;
}

bool pods_were_asked(const Context& context, const std::string& what, Reporter& reporter) {
  if (context.snapshot.answers()) return true;
  reporter.not_asked(what, kube::probe_right);
  return false;
}

std::vector<std::string> listed_models(const kube::PodAnswer& answer) {
  std::vector<std::string> out;
  if (answer.status != 200) return out;
  kube::Document document;
  try {
    const Value root = kube::read_json(answer.body, document);
    for (const Value& model : root["data"].items()) {
      if (!model["id"].text().empty()) out.emplace_back(model["id"].text());
    }
  } catch (const base::Error&) {
    return {};  // another server, with other words
  }
  return out;
}

}  // namespace checks
