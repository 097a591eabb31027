#include "aibrix/cluster.hpp"

#include <openssl/sha.h>

#include <algorithm>

#include "aibrix/names.hpp"
#include "aibrix/pod.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "kube/selector.hpp"

namespace aibrix {
namespace {

namespace core = kube::resources;
using kube::Object;

struct RoleFacts {
  Role role;
  std::string_view word;
  std::string_view default_name;
  bool envoy_side;             // lives in Envoy Gateway's namespace
  std::string_view image;      // how the image of its main container ends
  std::string_view component;  // app.kubernetes.io/component of manifests and chart
};
// Sources: config/{manager,gateway,metadata,gpu-optimizer,dependency}, dist/chart (v0.1–main).
constexpr RoleFacts role_facts[role_count] = {
    {Role::controller_manager, "controller-manager", names::controller_manager, false,
     "aibrix/controller-manager", "aibrix-controller-manager"},
    {Role::gateway_plugins, "gateway-plugins", names::gateway_plugins, false,
     "aibrix/gateway-plugins", "aibrix-gateway-plugin"},
    {Role::metadata_service, "metadata-service", names::metadata_service, false, "", ""},
    {Role::redis, "redis", names::redis, false, "", "aibrix-metadata-redis"},
    {Role::gpu_optimizer, "gpu-optimizer", names::gpu_optimizer, false, "",
     "aibrix-gpu-optimizer"},
    {Role::kuberay_operator, "kuberay-operator", "aibrix-kuberay-operator", false,
     "/kuberay-operator", ""},
    {Role::envoy_gateway, "envoy-gateway", names::envoy_gateway, true, "", ""},
    {Role::envoy, "envoy", "", true, "", ""},
};

bool has_image(const Object& deployment, std::string_view suffix) {
  if (suffix.empty()) return false;
  for (const kube::Value& c : deployment.at("spec", "template", "spec", "containers").items()) {
    if (image_name(c["image"].text()).ends_with(suffix)) return true;
  }
  return false;
}

// How surely a Deployment plays a role; 0: not at all.
int likeness(const Object& d, const RoleFacts& facts) {
  if (facts.role == Role::envoy_gateway) {
    return d.name() == names::envoy_gateway || d.label("control-plane") == "envoy-gateway" ? 2 : 0;
  }
  if (facts.role == Role::envoy) {
    const bool ours = d.label(names::owning_gateway_name) == names::gateway ||
                      d.label(names::owning_gatewayclass) == names::gateway;
    return ours && d.label("app.kubernetes.io/component") == "proxy" ? 2 : 0;
  }
  if (d.name() == facts.default_name) return 3;
  if (!facts.component.empty() &&
      d.label("app.kubernetes.io/component") == facts.component) {
    return 2;
  }
  // KubeRay's own chart, wherever it is installed.
  if (facts.role == Role::kuberay_operator && has_image(d, "kuberay/operator")) return 1;
  return has_image(d, facts.image) ? 1 : 0;
}

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

std::string_view to_string(Role role) { return role_facts[static_cast<std::size_t>(role)].word; }

std::string Part::name() const {
  return deployment != nullptr ? std::string(deployment->name()) : default_name;
}

kube::ObjectRef Part::ref() const {
  if (deployment != nullptr) return deployment->ref();
  return {"apps", "Deployment", default_ns, default_name};
}

std::string Part::describe() const {
  switch (state) {
    case State::unknown: return "not read";
    case State::missing: return "not installed";
    case State::scaled_to_zero: return "scaled to 0";
    case State::not_ready:
    case State::degraded:
    case State::ready: break;
  }
  return std::to_string(ready) + " of " + base::plural(static_cast<std::size_t>(desired), "replica") +
         " ready";
}

std::string sha256_hex(std::string_view text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  constexpr std::string_view hex = "0123456789abcdef";
  std::string out;
  for (const unsigned char byte : digest) {
    out += hex[byte >> 4U];
    out += hex[byte & 15U];
  }
  return out;
}

std::string hashed_envoy_name(std::string_view key) {
  std::string name(key);
  std::replace(name.begin(), name.end(), '/', '-');
  if (name.size() > 48) {
    name.resize(48);
    if (name.back() == '-') name.pop_back();
  }
  return "envoy-" + name + '-' + sha256_hex(key).substr(0, 8);
}

Cluster::Cluster(const kube::Snapshot& snapshot, ClusterOptions options)
    : snapshot_(snapshot), ns_(std::move(options.install_ns)) {
  find_parts();
  find_release();
  models_ = find_models(snapshot_);
  installed_ = has_aibrix_crd(snapshot_) || has_aibrix_objects(snapshot_) ||
               std::any_of(parts_.begin(), parts_.end(), [](const Part& p) {
                 return p.deployment != nullptr && p.role != Role::envoy_gateway;
               });
}

void Cluster::find_parts() {
  std::array<int, role_count> best{};
  for (const Object& d : snapshot_.list(core::deployments)) {
    for (const RoleFacts& facts : role_facts) {
      const auto i = static_cast<std::size_t>(facts.role);
      const int like = likeness(d, facts) * 2 + (d.ns() == names::system_namespace ? 1 : 0);
      const bool elsewhere = !facts.envoy_side && !ns_.empty() && d.ns() != ns_;
      if (like / 2 == 0 || elsewhere || like <= best[i]) continue;
      best[i] = like;
      parts_[i].deployment = &d;
    }
  }
  const Part& controller = parts_[static_cast<std::size_t>(Role::controller_manager)];
  const Part& plugins = parts_[static_cast<std::size_t>(Role::gateway_plugins)];
  if (ns_.empty() && controller.deployment != nullptr) ns_ = controller.deployment->ns();
  if (ns_.empty() && plugins.deployment != nullptr) ns_ = plugins.deployment->ns();
  if (ns_.empty()) ns_ = names::system_namespace;
  const Part& eg = parts_[static_cast<std::size_t>(Role::envoy_gateway)];
  envoy_gateway_ns_ = eg.deployment != nullptr ? std::string(eg.deployment->ns())
                                               : std::string(names::envoy_gateway_namespace);
  for (const RoleFacts& facts : role_facts) {
    Part& part = parts_[static_cast<std::size_t>(facts.role)];
    part.role = facts.role;
    part.default_name = facts.default_name;
    part.default_ns = facts.envoy_side ? envoy_gateway_ns_ : ns_;
    assess(part);
  }
  Part& envoy = parts_[static_cast<std::size_t>(Role::envoy)];
  if (envoy.default_name.empty()) {
    envoy.default_name = hashed_envoy_name(std::string(names::system_namespace) + '/' +
                                           std::string(names::gateway));
  }
}

void Cluster::assess(Part& part) {
  if (part.deployment == nullptr) {
    part.state = snapshot_.complete(core::deployments, part.default_ns) ? Part::State::missing
                                                                        : Part::State::unknown;
    return;
  }
  const Object& d = *part.deployment;
  part.desired = d.spec()["replicas"].integer_or(1);
  part.ready = d.status()["readyReplicas"].integer_or(0);
  part.pods = pods_for_selector(d.ns(), d.spec()["selector"]);
  if (part.desired == 0) {
    part.state = Part::State::scaled_to_zero;
  } else if (!d.status().exists()) {
    part.state = Part::State::unknown;  // a manifest, not a running workload
  } else if (part.ready == 0) {
    part.state = Part::State::not_ready;
  } else {
    part.state = part.ready < part.desired ? Part::State::degraded : Part::State::ready;
  }
  if (part.state == Part::State::not_ready || part.state == Part::State::degraded) {
    part.why = describe_pods(part.pods);
  }
}

void Cluster::find_release() {
  const Part& controller = part(Role::controller_manager);
  const Part& plugins = part(Role::gateway_plugins);
  if (controller.deployment != nullptr) {
    release_ = release_of(*controller.deployment, "controller-manager");
  }
  if (!release_.known() && plugins.deployment != nullptr) {
    release_ = release_of(*plugins.deployment, "gateway-plugins");
  }
  const Part& eg = part(Role::envoy_gateway);
  if (eg.deployment != nullptr) {
    envoy_gateway_release_ = release_of(*eg.deployment, "envoyproxy/gateway");
  }
}

kube::Lookup Cluster::gateway() const {
  return snapshot_.find(resources::gateways, names::system_namespace, names::gateway);
}

kube::Lookup Cluster::gateway_class() const {
  const kube::Lookup gw = gateway();
  const std::string_view name = gw ? gw->spec()["gatewayClassName"].text(names::gateway)
                                   : names::gateway;
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
    const bool by_mode = s.label(names::gateway_name_label) == names::gateway &&
                         s.ns() == names::system_namespace;
    if (by_gateway || by_class || by_mode) owned.push_back(&s);
  }
  if (owned.empty()) {
    const std::string key = std::string(names::system_namespace) + '/' + std::string(names::gateway);
    const kube::Lookup s = snapshot_.find(core::services, envoy_gateway_ns_, hashed_envoy_name(key));
    if (s) owned.push_back(s.object);
  }
  return owned;
}

const Model* Cluster::model(std::string_view name) const {
  const auto it = std::lower_bound(models_.begin(), models_.end(), name,
                                   [](const Model& m, std::string_view n) { return m.name < n; });
  return it != models_.end() && it->name == name ? &*it : nullptr;
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
  std::vector<const Object*> out;
  if (!selector.exists()) return out;
  for (const Object& pod : snapshot_.list(core::pods, ns)) {
    if (kube::matches_selector(selector, pod.labels())) out.push_back(&pod);
  }
  return out;
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
