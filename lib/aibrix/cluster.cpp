// The install's parts, Gateway, EnvoyProxy, models and pods, looked up in a snapshot.
#include "aibrix/cluster.hpp"

#include <algorithm>

#include "aibrix/gateway.hpp"
#include "aibrix/names.hpp"
#include "aibrix/pod.hpp"
#include "aibrix/resources.hpp"
#include "base/version.hpp"
#include "kube/selector.hpp"

namespace aibrix {
namespace {

namespace core = kube::resources;
using kube::Object;

bool has_aibrix_crd(const kube::Snapshot& snapshot) {
  const auto crds = snapshot.list(core::crds);
  return std::any_of(crds.begin(), crds.end(),
                     [](const Object& crd) { return crd.name().ends_with(".aibrix.ai"); });
}

bool has_aibrix_objects(const kube::Snapshot& snapshot) {
  for (const kube::Resource* r : resources::all()) {
    if (r->group.ends_with("aibrix.ai") && !snapshot.list(*r).empty()) return true;
  }
  return false;
}

}  // namespace

Cluster::Cluster(const kube::Snapshot& snapshot, ClusterOptions options)
    : snapshot_(snapshot), parts_(find_components(snapshot, std::move(options.install_ns))) {
  find_release(options.release);
  models_ = find_models(snapshot_, release_);
  index_workloads();
  installed_ = has_aibrix_crd(snapshot_) || has_aibrix_objects(snapshot_) ||
               std::any_of(parts_.all.begin(), parts_.all.end(), [](const Component& p) {
                 return p.deployment != nullptr && p.role != ComponentRole::envoy_gateway;
               });
}

void Cluster::find_release(const std::string& given) {
  const Component& controller = component(ComponentRole::controller_manager);
  const Component& plugins = component(ComponentRole::gateway_plugins);
  if (controller.deployment != nullptr) {
    release_ = Release(program_version(*controller.deployment, "controller-manager"));
  }
  if (!release_.known() && plugins.deployment != nullptr) {
    release_ = Release(program_version(*plugins.deployment, "gateway-plugins"));
  }
  if (!release_.known() && !given.empty()) {
    release_ = Release({base::parse_version(given), given.starts_with('v') ? given : 'v' + given,
                        "--aibrix-version"});
  }
  const Component& eg = component(ComponentRole::envoy_gateway);
  if (eg.deployment != nullptr) {
    envoy_gateway_release_ = program_version(*eg.deployment, "envoyproxy/gateway");
  }
}

kube::Lookup Cluster::gateway() const {
  return snapshot_.find(resources::gateways, names::system_namespace, names::gateway);
}

kube::Lookup Cluster::gateway_class() const {
  const kube::Lookup gw = gateway();
  const std::string_view name =
      gw ? gw->spec()["gatewayClassName"].text(names::gateway) : names::gateway;
  return snapshot_.find(resources::gateway_classes, "", name);
}

std::optional<kube::ObjectRef> Cluster::envoy_proxy_ref() const {
  const auto make = [](const kube::Value& ref, std::string_view ns) {
    return kube::ObjectRef{"gateway.envoyproxy.io", "EnvoyProxy",
                           std::string(ref["namespace"].text(ns)), std::string(ref["name"].text())};
  };
  if (const kube::Lookup gw = gateway()) {
    const kube::Value ref = gw->spec().at("infrastructure", "parametersRef");
    if (ref.exists()) return make(ref, gw->ns());
  }
  if (const kube::Lookup gc = gateway_class()) {
    const kube::Value ref = gc->spec()["parametersRef"];
    if (ref.exists() && ref["kind"].text() == "EnvoyProxy") return make(ref, "");
  }
  return std::nullopt;
}

kube::Lookup Cluster::envoy_proxy() const {
  const auto ref = envoy_proxy_ref();
  if (!ref) return {};
  return snapshot_.find(resources::envoy_proxies, ref->ns, ref->name);
}

bool Cluster::merged_gateways() const {
  const kube::Lookup proxy = envoy_proxy();
  return proxy && proxy->spec()["mergeGateways"].is_true();
}

std::vector<const Object*> Cluster::gateway_services() const {
  std::vector<const Object*> owned;
  const kube::Lookup gc = gateway_class();
  const std::string_view class_name = gc ? gc->name() : names::gateway;
  for (const Object& s : snapshot_.list(core::services)) {
    const bool by_gateway = s.label(names::owning_gateway_name) == names::gateway &&
                            s.label(names::owning_gateway_ns) == names::system_namespace;
    const bool by_class = s.label(names::owning_gatewayclass) == class_name;
    const bool by_mode =
        s.label(names::gateway_name_label) == names::gateway && s.ns() == names::system_namespace;
    if (by_gateway || by_class || by_mode) owned.push_back(&s);
  }
  if (owned.empty()) {
    const std::string key =
        std::string(names::system_namespace) + '/' + std::string(names::gateway);
    const kube::Lookup s =
        snapshot_.find(core::services, parts_.envoy_gateway_ns, hashed_envoy_name(key));
    if (s) owned.push_back(s.object);
  }
  return owned;
}

const Model* Cluster::model(std::string_view name) const {
  const auto it = std::lower_bound(models_.begin(), models_.end(), name,
                                   [](const Model& m, std::string_view n) { return m.name < n; });
  return it != models_.end() && it->name == name ? &*it : nullptr;
}

void Cluster::index_workloads() {
  for (std::size_t m = 0; m < models_.size(); ++m) {
    for (std::size_t w = 0; w < models_[m].workloads.size(); ++w) {
      workloads_.push_back({models_[m].workloads[w].object->ref(), m, w});
    }
  }
  std::ranges::stable_sort(workloads_, {}, &Place::workload);
}

std::vector<Cluster::Serving> Cluster::served_by(const kube::ObjectRef& workload) const {
  std::vector<Serving> out;
  auto place = std::ranges::lower_bound(workloads_, workload, {}, &Place::workload);
  for (; place != workloads_.end() && place->workload == workload; ++place) {
    const Model& model = models_[place->model];
    out.push_back({&model, &model.workloads[place->index]});
  }
  return out;
}

std::vector<const Object*> Cluster::pods_for_map(std::string_view ns,
                                                 const kube::Value& map) const {
  std::vector<const Object*> out;
  for (const Object& pod : snapshot_.list(core::pods, ns)) {
    if (kube::matches_map(map, pod.labels())) out.push_back(&pod);
  }
  return out;
}

std::vector<const Object*> Cluster::pods_for_selector(std::string_view ns,
                                                      const kube::Value& selector) const {
  return selected_pods(snapshot_, ns, selector);
}

std::optional<std::size_t> Cluster::ready_endpoints(std::string_view ns,
                                                    std::string_view service) const {
  std::size_t ready = 0;
  bool any = false;
  for (const Object& slice : snapshot_.list(core::endpointslices, ns)) {
    if (slice.label(names::service_name_label) != service) continue;
    any = true;
    for (const kube::Value& endpoint : slice["endpoints"].items()) {
      // A missing `ready` means true (discovery.k8s.io/v1 EndpointConditions).
      if (!endpoint.at("conditions", "ready").is_false()) ++ready;
    }
  }
  if (!any && !snapshot_.complete(core::endpointslices, ns)) return std::nullopt;
  return ready;
}

}  // namespace aibrix
