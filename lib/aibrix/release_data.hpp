// What the manifests of a release of AIBrix hold: made from them by scripts/release-data, one file
// a release in release_data/.
#pragma once
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace aibrix {

// One release. Every text borrows from the program itself. What its sources do not prove is not
// known, and nothing may be concluded from its absence here.
struct ReleaseData {
  struct Crd {
    std::string_view name;    // "modeladapters.model.aibrix.ai"
    std::string_view served;  // versions, separated by commas
    std::string_view stored;
    bool in_core = false;  // the core manifest holds it; else a manifest of its own
  };
  // Objects of one kind and namespace in the core manifest.
  struct Objects {
    std::string_view group;
    std::string_view kind;
    std::string_view ns;  // empty: cluster-scoped
    std::vector<std::string_view> names;
  };
  struct Container {
    std::string_view deployment;
    std::string_view name;
    std::string_view image;
    std::vector<std::string_view> flags;  // "--leader-elect", without values
    std::vector<std::string_view> env;
  };
  struct Webhook {
    std::string_view kind;  // of its configuration
    std::string_view configuration;
    std::string_view name;
    std::string_view failure_policy;
    std::vector<std::string_view> resources;
  };
  // What a ClusterRole permits; "*" as in the manifest.
  struct Rule {
    bool chart = false;  // the chart's role; else the core manifest's
    std::string_view role;
    std::string_view group;
    std::vector<std::string_view> resources;
    std::vector<std::string_view> verbs;

    bool permits(std::string_view in_group, std::string_view resource, std::string_view verb) const;
  };

  std::string_view release;  // "v0.7.0"
  bool knows_crds = true;    // `crds` are all and as in the tag
  bool knows_objects = true;
  bool knows_containers = true;
  bool knows_webhooks = true;
  bool knows_rules = true;
  std::string_view envoy_gateway;        // "v1.2.8", of its dependency manifest
  std::string_view gateway_api;          // "v1.2.1", same
  std::string_view gateway_api_channel;  // "experimental"
  std::string_view envoy_image;          // that its EnvoyProxy names; empty: not known
  std::vector<Crd> crds;
  std::vector<Objects> objects;
  std::vector<Container> containers;
  std::vector<Webhook> webhooks;
  std::vector<Rule> rules;

  const Crd* crd(std::string_view name) const;
  // Of a Deployment; nullptr when it is not in the manifest.
  const Container* container(std::string_view deployment, std::string_view image_suffix) const;
  // The core manifest makes this object.
  bool makes(std::string_view kind, std::string_view name) const;
};

// Of the release with exactly this name; nullopt: none was made.
std::optional<ReleaseData> release_data(std::string_view release);
// The releases that have one, oldest to newest.
std::span<const std::string_view> releases_with_data();

}  // namespace aibrix
