// The workloads an install consists of: how each is found, what its absence does, which check
// tells.
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

// How a Deployment gives itself away.
constexpr std::string_view by_name = "name";
constexpr std::string_view by_image = "image";  // of one of its containers: how its name ends
constexpr std::string_view component_label = "app.kubernetes.io/component";

// Sources: config/{manager,gateway,metadata,gpu-optimizer,dependency}, dist/chart (v0.1 to main);
// Envoy Gateway internal/infrastructure/kubernetes; KubeRay helm-chart/kuberay-operator.
constexpr ComponentFacts table[component_count] = {
    {.role = ComponentRole::controller_manager,
     .word = "controller-manager",
     .default_name = names::controller_manager,
     .signs = {{{by_name, names::controller_manager, 3},
                {component_label, "aibrix-controller-manager", 2},
                {by_image, "aibrix/controller-manager", 1}}},
     .code = codes::INS005,
     .absence = "Finalizers, HTTPRoutes and LoRA loading are not being processed."},
    {.role = ComponentRole::gateway_plugins,
     .word = "gateway-plugins",
     .default_name = names::gateway_plugins,
     .signs = {{{by_name, names::gateway_plugins, 3},
                {component_label, "aibrix-gateway-plugin", 2},
                {by_image, "aibrix/gateway-plugins", 1}}},
     .code = codes::INS010,
     .absence = "Every AI request fails, because Envoy cannot route it without the plugin."},
    {.role = ComponentRole::metadata_service,
     .word = "metadata-service",
     .default_name = names::metadata_service,
     // Redis has its label, and since v0.5 the GPU optimizer runs its image.
     .signs = {{{by_name, names::metadata_service, 3},
                {component_label, "aibrix-metadata-service", 2, "aibrix/metadata-service"}}},
     .code = codes::INS016,
     .absence =
         "Requests to /v1/models fail (from v0.5 on also /v1/files and /v1/batches); requests to "
         "models still work."},
    {.role = ComponentRole::redis,
     .word = "redis",
     .default_name = names::redis,
     .signs = {{{by_name, names::redis, 3}, {component_label, "aibrix-metadata-redis", 2}}},
     .code = codes::RED001},
    {.role = ComponentRole::gpu_optimizer,
     .word = "gpu-optimizer",
     .default_name = names::gpu_optimizer,
     .signs = {{{by_name, names::gpu_optimizer, 3}, {component_label, "aibrix-gpu-optimizer", 2}}}},
    {.role = ComponentRole::kuberay_operator,
     .word = "kuberay-operator",
     .default_name = "aibrix-kuberay-operator",
     // KubeRay's own chart, wherever it is installed, as well as AIBrix's.
     .signs = {{{by_name, "aibrix-kuberay-operator", 3},
                {by_image, "/kuberay-operator", 1},
                {by_image, "kuberay/operator", 1}}},
     .code = codes::INS015},
    {.role = ComponentRole::envoy_gateway,
     .word = "envoy-gateway",
     .default_name = names::envoy_gateway,
     .envoy_side = true,
     .signs = {{{by_name, names::envoy_gateway, 2}, {"control-plane", "envoy-gateway", 2}}},
     .code = codes::GW001,
     .absence = "Changes to routes, policies and the Gateway have no effect."},
    {.role = ComponentRole::envoy,
     .word = "envoy",
     .default_name = "",  // computed: hashed_envoy_name()
     .envoy_side = true,
     .signs = {{{names::owning_gateway_name, names::gateway, 2},
                {names::owning_gatewayclass, names::gateway, 2}}},
     .required = {component_label, "proxy", 0},
     .code = codes::GW008,
     .absence = "Every request to the gateway fails."},
};

bool has_image(const Object& deployment, std::string_view suffix) {
  for (const kube::Value& c : deployment.at("spec", "template", "spec", "containers").items()) {
    if (image_name(c["image"].text()).ends_with(suffix)) return true;
  }
  return false;
}

bool shows(const Object& d, const ComponentFacts::Sign& sign) {
  if (!sign.image.empty() && !has_image(d, sign.image)) return false;
  if (sign.key == by_name) return d.name() == sign.value;
  if (sign.key == by_image) return has_image(d, sign.value);
  return d.label(sign.key) == sign.value;
}

// How surely a Deployment is this component; 0: not at all.
int likeness(const Object& d, const ComponentFacts& facts) {
  if (!facts.required.key.empty() && !shows(d, facts.required)) return 0;
  int best = 0;
  for (const ComponentFacts::Sign& sign : facts.signs) {
    if (!sign.key.empty() && sign.weight > best && shows(d, sign)) best = sign.weight;
  }
  return best;
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

const ComponentFacts& facts_of(ComponentRole role) {
  return table[static_cast<std::size_t>(role)];
}

std::string_view to_string(ComponentRole role) {
  return facts_of(role).word;
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
    case State::scaled_to_zero: return "scaled to 0 replicas";
    case State::not_ready:
    case State::degraded:
    case State::ready: break;
  }
  return std::to_string(ready) + '/' + std::to_string(desired) + " replicas ready";
}

Components find_components(const kube::Snapshot& snapshot, std::string install_ns) {
  Components out;
  out.ns = std::move(install_ns);
  std::array<int, component_count> best{};
  for (const Object& d : snapshot.list(core::deployments)) {
    for (const ComponentFacts& facts : table) {
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
  for (const ComponentFacts& facts : table) {
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
