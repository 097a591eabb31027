// The finder of the Services and engines behind a model's route.
#include "checks/common/model_backend.hpp"
#include "aibrix/release_facts.hpp"

#include <algorithm>
#include <unordered_map>

#include "aibrix/model_config.hpp"
#include "aibrix/names.hpp"
#include "aibrix/route.hpp"
#include "checks/common/gateway.hpp"

namespace checks {
namespace {

using aibrix::Model;
using aibrix::Workload;

const Workload* workload_in(const Model& model, std::string_view ns) {
  const auto it = std::find_if(model.workloads.begin(), model.workloads.end(),
                               [&](const Workload& w) { return w.object->ns() == ns; });
  return it == model.workloads.end() ? nullptr : &*it;
}

void add(std::vector<Backend>& out, Backend backend) {
  const bool known = std::any_of(out.begin(), out.end(), [&](const Backend& b) {
    return b.service == backend.service && b.port == backend.port;
  });
  if (!known) out.push_back(std::move(backend));
}

std::vector<Backend> written_backends(const Context& context, const Model& model) {
  std::vector<Backend> out;
  const aibrix::Route& route = route_view(context, *model.route);
  for (const aibrix::BackendRef& ref : route.backends()) {
    if (ref.mirror || !ref.is_service()) continue;
    Backend b;
    b.service = ref.target;
    b.port = ref.port.value_or(0);
    b.from_route = true;
    b.workload = workload_in(model, b.service.ns);
    add(out, std::move(b));
  }
  return out;
}

std::vector<Backend> find_backends(const Context& context, const Model& model) {
  if (model.route && !model.route->deleting()) return written_backends(context, model);
  std::vector<Backend> out;
  for (const Workload& w : model.workloads) {
    if (w.metadata_model != model.name) continue;
    if (!aibrix::gets_route(w.object->kind(), context.cluster.release()).value_or(false)) continue;
    Backend b;
    b.service = {"", "Service", std::string(w.object->ns()), aibrix::backend_service_name(w)};
    b.port = aibrix::backend_port(*w.object);
    b.workload = &w;
    add(out, std::move(b));
  }
  if (model.adapter != nullptr && !model.adapter->label(aibrix::names::model_name).empty()) {
    Backend b;
    b.service = {"", "Service", std::string(model.adapter->ns()), model.name};
    add(out, std::move(b));
  }
  return out;
}

struct Backends {
  mutable std::unordered_map<const Model*, std::vector<Backend>> of;
};

}  // namespace

const std::vector<Backend>& backends_of(const Context& context, const Model& model) {
  auto& known = context.memo->once<Backends>([] { return Backends{}; }).of;
  const auto [place, is_new] = known.try_emplace(&model);
  if (is_new) place->second = find_backends(context, model);
  return place->second;
}

bool goes_by_route(const Context& context, const Model& model) {
  const auto strategy = aibrix::default_strategy(context.cluster, model);
  return strategy.source == aibrix::DefaultStrategy::Source::none;
}

std::optional<kube::Condition> route_word(const Context& context, const Model& model) {
  if (!model.route) return std::nullopt;
  const kube::Condition condition = route_view(context, *model.route).condition("ResolvedRefs");
  if (!condition.exists()) return std::nullopt;
  return condition;
}

std::optional<aibrix::Engine> engine_of(const Workload& workload, std::string_view model) {
  for (const aibrix::PodTemplate& t : aibrix::pod_templates(*workload.object)) {
    const kube::Value metadata = t.value["metadata"];
    std::string_view name = metadata["labels"][aibrix::names::model_name].text();
    if (name.empty()) name = metadata["annotations"][aibrix::names::model_name].text();
    if (name != model) continue;
    if (auto engine = aibrix::find_engine(t.value)) return engine;
  }
  return std::nullopt;
}

}  // namespace checks
