// Where a model's default routing strategy is set, and which one decides.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aibrix/cluster.hpp"

namespace aibrix {

// The annotation model.aibrix.ai/config of a pod (v0.6 and later), as the gateway plugin reads it
// (pkg/plugins/gateway/configprofiles).
struct ModelConfig {
  enum class State {
    absent,
    invalid,      // not JSON, or a member of another type: ignored as a whole
    no_profiles,  // JSON without profiles: ignored as a whole
    read,
  };
  struct Profile {
    std::string name;
    std::string strategy;  // empty: none set
  };
  State state = State::absent;
  std::string error;   // of an invalid one
  std::string locked;  // lockedRoutingStrategy (main)
  std::string default_profile = "default";
  std::vector<Profile> profiles;

  const Profile* profile(std::string_view name) const;
};
ModelConfig read_model_config(std::string_view annotation);

// The strategy a request gets that brings none of its own.
struct DefaultStrategy {
  enum class Source { none, locked, profile, environment };
  // False: pods or the gateway plugin were not read, or its environment comes from elsewhere.
  bool known = false;
  Source source = Source::none;
  std::string strategy;
};
DefaultStrategy default_strategy(const Cluster& cluster, const Model& model);

// ROUTING_ALGORITHM of the gateway plugin. `given` is also true when it is set to nothing, which
// counts as a strategy with an empty name.
struct RoutingEnvironment {
  bool known = false;  // the Deployment was read and tells
  bool given = false;
  std::string value;
  std::string path;  // of the variable in the Deployment
};
RoutingEnvironment routing_environment(const Cluster& cluster);

// Where a model's config annotations are: its pods' own, else those of its pod templates.
struct ConfigSite {
  const kube::Object* object = nullptr;
  std::string path;  // of the metadata that has it: "spec.template.metadata"
  std::string annotation;
};
std::vector<ConfigSite> config_sites(const Model& model);

}  // namespace aibrix
