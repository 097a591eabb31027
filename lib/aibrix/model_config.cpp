// The reader of pods' routing profiles and of the plugin's default routing strategy.
#include "aibrix/model_config.hpp"

#include <algorithm>

#include "aibrix/engine/command_line.hpp"
#include "aibrix/names.hpp"
#include "aibrix/release_facts.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "kube/parse/json_reader.hpp"

namespace aibrix {
namespace {

using kube::Object;
using kube::Value;

ModelConfig invalid(std::string error) {
  ModelConfig config;
  config.state = ModelConfig::State::invalid;
  config.error = std::move(error);
  return config;
}

bool text_or_absent(const Value& value) {
  return !value.exists() || value.is_null() || value.is_string();
}

// Go's decoder refuses the whole text when one member has another type than expected.
ModelConfig from_json(const Value& root) {
  if (!root.is_object()) return invalid("it is not a JSON object");
  ModelConfig config;
  for (const std::string_view key : {"lockedRoutingStrategy", "defaultProfile"}) {
    if (!text_or_absent(root[key])) return invalid(std::string(key) + " is not a string");
  }
  config.locked = root["lockedRoutingStrategy"].text();
  if (!root["defaultProfile"].text().empty())
    config.default_profile = root["defaultProfile"].text();
  const Value profiles = root["profiles"];
  if (profiles.exists() && !profiles.is_null() && !profiles.is_object()) {
    return invalid("profiles is not an object");
  }
  for (const kube::Member& member : profiles.members()) {
    const std::string name(member.key);
    const Value& profile = member.value;
    if (!profile.is_object() && !profile.is_null()) {
      return invalid("profile " + name + " is not an object");
    }
    if (!text_or_absent(profile["routingStrategy"])) {
      return invalid("routingStrategy of profile " + name + " is not a string");
    }
    config.profiles.push_back({name, std::string(profile["routingStrategy"].text())});
  }
  config.state =
      config.profiles.empty() ? ModelConfig::State::no_profiles : ModelConfig::State::read;
  return config;
}

// The gateway takes the first pod whose annotation it can read.
std::optional<ModelConfig> effective_config(const Model& model) {
  for (const ConfigSite& site : config_sites(model)) {
    ModelConfig config = read_model_config(site.annotation);
    if (config.state == ModelConfig::State::read) return config;
  }
  return std::nullopt;
}

}  // namespace

const ModelConfig::Profile* ModelConfig::profile(std::string_view name) const {
  const auto it = std::find_if(profiles.begin(), profiles.end(),
                               [&](const Profile& p) { return p.name == name; });
  return it == profiles.end() ? nullptr : &*it;
}

ModelConfig read_model_config(std::string_view annotation) {
  if (base::trim(annotation).empty()) return {};
  kube::Document document;
  try {
    return from_json(kube::read_json(annotation, document));
  } catch (const base::Error& error) {
    return invalid(error.what());
  }
}

std::vector<ConfigSite> config_sites(const Model& model) {
  std::vector<ConfigSite> out;
  for (const Object* pod : model.pods) {
    const std::string_view text = pod->annotation(names::model_config);
    if (!text.empty()) out.push_back({pod, "metadata", std::string(text)});
  }
  if (!model.pods.empty()) return out;
  for (const Workload& workload : model.workloads) {
    for (const PodTemplate& t : pod_templates(*workload.object)) {
      const std::string_view text =
          t.value.at("metadata", "annotations", names::model_config).text();
      if (!text.empty()) out.push_back({workload.object, t.path + ".metadata", std::string(text)});
    }
  }
  return out;
}

RoutingEnvironment routing_environment(const Cluster& cluster) {
  RoutingEnvironment out;
  const Component& plugins = cluster.component(ComponentRole::gateway_plugins);
  if (plugins.deployment == nullptr) {
    out.known = plugins.state == Component::State::missing;
    return out;
  }
  const auto containers = plugins.deployment->at("spec", "template", "spec", "containers").items();
  out.known = true;
  for (std::size_t i = 0; i < containers.size(); ++i) {
    const EnvValue env = env_value(containers[i], "ROUTING_ALGORITHM");
    // A ConfigMap may bring it; nothing in the install does.
    if (!env.given && containers[i]["envFrom"].size() != 0) out.known = false;
    if (!env.given) continue;
    out.known = env.certain;
    out.given = true;
    out.value = env.value;
    out.path = "spec.template.spec.containers[" + std::to_string(i) + "].env[ROUTING_ALGORITHM]";
    break;
  }
  return out;
}

DefaultStrategy default_strategy(const Cluster& cluster, const Model& model) {
  using Source = DefaultStrategy::Source;
  DefaultStrategy out;
  const bool reads_config = facts::reads_model_config.holds(cluster.release()).value_or(true);
  const bool reads_locked = facts::reads_locked_strategy.holds(cluster.release()).value_or(true);
  if (const auto config = reads_config ? effective_config(model) : std::nullopt) {
    if (reads_locked && !config->locked.empty()) return {true, Source::locked, config->locked};
    const ModelConfig::Profile* profile = config->profile(config->default_profile);
    if (profile != nullptr && !profile->strategy.empty()) {
      return {true, Source::profile, profile->strategy};
    }
  }
  const RoutingEnvironment env = routing_environment(cluster);
  out.known = env.known;
  if (env.given) {
    out.source = Source::environment;
    out.strategy = env.value;
  }
  return out;
}

}  // namespace aibrix
