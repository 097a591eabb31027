// The finder of the Envoy Gateway policies that AIBrix installs.
#include "aibrix/policy.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "aibrix/cluster.hpp"
#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"

namespace aibrix {
namespace {

using kube::Object;

constexpr std::string_view filter_prefix = "envoy.filters.http.ext_proc/envoyextensionpolicy/";

// The extProc entry that calls the plugin: false when this policy has none.
bool calls_plugin(const Object& policy, std::string_view plugin, PluginPolicy& out) {
  const auto entries = policy.spec()["extProc"].items();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const kube::Value backend = entries[i]["backendRefs"][0];
    const std::string_view name = backend["name"].text();
    if (name != plugin && !name.ends_with("gateway-plugins")) continue;
    out.ext_proc = entries[i];
    out.path = "spec.extProc[" + std::to_string(i) + "]";
    out.service = name;
    out.service_ns = backend["namespace"].text(policy.ns());
    out.port = backend["port"].integer_or(0);
    return true;
  }
  return false;
}

bool adds_route(const kube::Value& patch) {
  return patch["type"].text().ends_with("RouteConfiguration") &&
         patch.at("operation", "value", "name").text() == "original_route";
}

bool is_strategy_policy(const Object& policy) {
  for (const kube::Value& patch : policy.spec()["jsonPatches"].items()) {
    if (adds_route(patch)) return true;
  }
  return false;
}

void read_patches(const Object& policy, StrategyPatch& out) {
  const auto patches = policy.spec()["jsonPatches"].items();
  for (std::size_t i = 0; i < patches.size(); ++i) {
    const kube::Value value = patches[i].at("operation", "value");
    if (patches[i]["type"].text().ends_with("Cluster")) {
      out.v4_only = out.v4_only || value["dns_lookup_family"].text() == "V4_ONLY";
    }
    if (!adds_route(patches[i])) continue;
    out.has_route = true;
    out.route_path = "spec.jsonPatches[" + std::to_string(i) + "]";
    out.route_configuration = patches[i]["name"].text();
    for (const kube::Member& m : value["typed_per_filter_config"].members()) {
      if (m.key.starts_with(filter_prefix)) out.filter = m.key;
    }
  }
}

}  // namespace

PluginPolicy plugin_policy(const Cluster& cluster) {
  PluginPolicy out;
  const kube::Snapshot& snapshot = cluster.snapshot();
  const std::string plugin = cluster.component(ComponentRole::gateway_plugins).name();
  for (const Object& policy : snapshot.list(resources::envoy_extension_policies)) {
    PluginPolicy candidate;
    if (policy.deleting() || !calls_plugin(policy, plugin, candidate)) continue;
    if (out.policy && policy.ns() != names::system_namespace) continue;
    out = candidate;
    out.policy = {&policy, true};
  }
  if (!out.policy) {
    out.policy = snapshot.find(resources::envoy_extension_policies, names::system_namespace,
                               names::extension_policy);
  }
  return out;
}

kube::Value policy_target(const Object& policy) {
  const kube::Value target = policy.spec()["targetRef"];
  return target.exists() ? target : policy.spec()["targetRefs"][0];
}

StrategyPatch strategy_patch(const Cluster& cluster) {
  StrategyPatch out;
  const kube::Snapshot& snapshot = cluster.snapshot();
  out.policy =
      snapshot.find(resources::envoy_patch_policies, names::system_namespace, names::patch_policy);
  if (!out.policy) {
    for (const Object& policy : snapshot.list(resources::envoy_patch_policies)) {
      if (policy.deleting() || !is_strategy_policy(policy)) continue;
      out.policy = {&policy, true};
      break;
    }
  }
  if (out.policy) read_patches(*out.policy, out);
  return out;
}

std::string ext_proc_filter(std::string_view ns, std::string_view policy) {
  std::string out(filter_prefix);
  return out.append(ns).append("/").append(policy).append("/extproc/0");
}

std::optional<std::int64_t> quantity(const kube::Value& value) {
  if (const auto whole = value.integer()) return whole;
  const std::string_view text = value.scalar();
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  struct Unit {
    std::string_view suffix;
    double factor;
  };
  constexpr auto units = std::to_array<Unit>({{"", 1},
                                              {"k", 1e3},
                                              {"M", 1e6},
                                              {"G", 1e9},
                                              {"Ki", 1024.0},
                                              {"Mi", 1048576.0},
                                              {"Gi", 1073741824.0}});
  for (const Unit& u : units) {
    if (u.suffix == unit) return static_cast<std::int64_t>(std::llround(number * u.factor));
  }
  return std::nullopt;
}

}  // namespace aibrix
