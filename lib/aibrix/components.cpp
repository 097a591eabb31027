#include "aibrix/components.hpp"

#include "aibrix/gateway.hpp"
#include "aibrix/image.hpp"
#include "aibrix/names.hpp"
#include "aibrix/pod.hpp"
#include "base/text.hpp"

namespace aibrix {
namespace {

namespace core = kube::resources;
using kube::Object;

struct RoleFacts {
  ComponentRole role;
  std::string_view word;
  std::string_view default_name;
  bool envoy_side;             // lives in Envoy Gateway's namespace
  std::string_view image;      // how the image of its main container ends
  std::string_view component;  // app.kubernetes.io/component of manifests and chart
};
// Sources: config/{manager,gateway,metadata,gpu-optimizer,dependency}, dist/chart (v0.1–main).
constexpr RoleFacts role_facts[role_count] = {
    {ComponentRole::controller_manager, "controller-manager", names::controller_manager, false,
     "aibrix/controller-manager", "aibrix-controller-manager"},
    {ComponentRole::gateway_plugins, "gateway-plugins", names::gateway_plugins, false,
     "aibrix/gateway-plugins", "aibrix-gateway-plugin"},
    {ComponentRole::metadata_service, "metadata-service", names::metadata_service, false, "", ""},
    {ComponentRole::redis, "redis", names::redis, false, "", "aibrix-metadata-redis"},
    {ComponentRole::gpu_optimizer, "gpu-optimizer", names::gpu_optimizer, false, "",
     "aibrix-gpu-optimizer"},
    {ComponentRole::kuberay_operator, "kuberay-operator", "aibrix-kuberay-operator", false,
     "/kuberay-operator", ""},
    {ComponentRole::envoy_gateway, "envoy-gateway", names::envoy_gateway, true, "", ""},
    {ComponentRole::envoy, "envoy", "", true, "", ""},
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
  if (facts.role == ComponentRole::envoy_gateway) {
    return d.name() == names::envoy_gateway || d.label("control-plane") == "envoy-gateway" ? 2 : 0;
  }
  if (facts.role == ComponentRole::envoy) {
    const bool ours = d.label(names::owning_gateway_name) == names::gateway ||
                      d.label(names::owning_gatewayclass) == names::gateway;
    return ours && d.label("app.kubernetes.io/component") == "proxy" ? 2 : 0;
  }
  if (d.name() == facts.default_name) return 3;
  if (!facts.component.empty() && d.label("app.kubernetes.io/component") == facts.component) {
    return 2;
  }
  // KubeRay's own chart, wherever it is installed.
  if (facts.role == ComponentRole::kuberay_operator && has_image(d, "kuberay/operator")) return 1;
  return has_image(d, facts.image) ? 1 : 0;
}

void assess(const kube::Snapshot& snapshot, Component& part) {
  if (part.deployment == nullptr) {
    part.state = snapshot.complete(core::deployments, part.default_ns) ? Component::State::missing
                                                                       : Component::State::unknown;
    return;
  }
  const Object& d = *part.deployment;
  part.desired = d.spec()["replicas"].integer_or(1);
  part.ready = d.status()["readyReplicas"].integer_or(0);
  part.pods = selected_pods(snapshot, d.ns(), d.spec()["selector"]);
  if (part.desired == 0) {
    part.state = Component::State::scaled_to_zero;
  } else if (!d.status().exists()) {
    part.state = Component::State::unknown;  // a manifest, not a running workload
  } else if (part.ready == 0) {
    part.state = Component::State::not_ready;
  } else {
    part.state = part.ready < part.desired ? Component::State::degraded : Component::State::ready;
  }
  if (part.state == Component::State::not_ready || part.state == Component::State::degraded) {
    part.why = describe_pods(part.pods);
  }
}

}  // namespace

std::string_view to_string(ComponentRole role) {
  return role_facts[static_cast<std::size_t>(role)].word;
}

std::string Component::name() const {
  return deployment != nullptr ? std::string(deployment->name()) : default_name;
}

kube::ObjectRef Component::ref() const {
  if (deployment != nullptr) return deployment->ref();
  return {"apps", "Deployment", default_ns, default_name};
}

std::string Component::describe() const {
  switch (state) {
    case State::unknown: return "not read";
    case State::missing: return "not installed";
    case State::scaled_to_zero: return "scaled to 0";
    case State::not_ready:
    case State::degraded:
    case State::ready: break;
  }
  return std::to_string(ready) + " of " +
         base::plural(static_cast<std::size_t>(desired), "replica") + " ready";
}

Components find_components(const kube::Snapshot& snapshot, std::string install_ns) {
  Components out;
  out.ns = std::move(install_ns);
  std::array<int, role_count> best{};
  for (const Object& d : snapshot.list(core::deployments)) {
    for (const RoleFacts& facts : role_facts) {
      const auto i = static_cast<std::size_t>(facts.role);
      const int like = likeness(d, facts) * 2 + (d.ns() == names::system_namespace ? 1 : 0);
      const bool elsewhere = !facts.envoy_side && !out.ns.empty() && d.ns() != out.ns;
      if (like / 2 == 0 || elsewhere || like <= best[i]) continue;
      best[i] = like;
      out.all[i].deployment = &d;
    }
  }
  const Component& controller = out[ComponentRole::controller_manager];
  const Component& plugins = out[ComponentRole::gateway_plugins];
  if (out.ns.empty() && controller.deployment != nullptr) out.ns = controller.deployment->ns();
  if (out.ns.empty() && plugins.deployment != nullptr) out.ns = plugins.deployment->ns();
  if (out.ns.empty()) out.ns = names::system_namespace;
  const Component& eg = out[ComponentRole::envoy_gateway];
  out.envoy_gateway_ns = eg.deployment != nullptr ? std::string(eg.deployment->ns())
                                                  : std::string(names::envoy_gateway_namespace);
  for (const RoleFacts& facts : role_facts) {
    Component& part = out[facts.role];
    part.role = facts.role;
    part.default_name = facts.default_name;
    part.default_ns = facts.envoy_side ? out.envoy_gateway_ns : out.ns;
    assess(snapshot, part);
  }
  Component& envoy = out[ComponentRole::envoy];
  if (envoy.default_name.empty()) {
    envoy.default_name =
        hashed_envoy_name(std::string(names::system_namespace) + '/' + std::string(names::gateway));
  }
  return out;
}

}  // namespace aibrix
