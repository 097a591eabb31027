// What each workload of an install is called, how it is found, and whether it is ready.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "aibrix/codes.hpp"
#include "kube/snapshot.hpp"

namespace aibrix {

// The workloads an install consists of.
enum class ComponentRole {
  controller_manager,
  gateway_plugins,
  metadata_service,
  redis,
  gpu_optimizer,
  kuberay_operator,
  envoy_gateway,
  envoy
};
inline constexpr std::size_t component_count = 8;
std::string_view to_string(ComponentRole role);  // "controller-manager"

// What is known of a component before any cluster is looked at: one row of the table in
// components.cpp. (AIBrix's webhook is no workload of its own: the controller-manager serves it.)
struct ComponentFacts {
  // A name, an image or a label by which a Deployment is told, and how surely.
  struct Sign {
    std::string_view key;  // "name", "image", or a label
    std::string_view value;
    int weight = 0;            // the highest one counts
    std::string_view image{};  // that it must have as well; empty: any
  };
  ComponentRole role{};
  std::string_view word;
  std::string_view default_name;
  bool envoy_side = false;  // lives in Envoy Gateway's namespace
  std::array<Sign, 3> signs{};
  Sign required{};             // that it must show as well; none: no such
  Code code{};                 // of the check that says it is down; none: no check does
  std::string_view absence{};  // what it does to users
};
const ComponentFacts& facts_of(ComponentRole role);

// One part of the install and whether it can do its work.
struct Component {
  enum class State {
    unknown,         // Deployments (or its namespace) were not read
    missing,         // looked, and there is none
    scaled_to_zero,  // spec.replicas is 0
    not_ready,       // wanted, but no replica is ready
    degraded,        // some replicas are ready
    ready,
  };
  ComponentRole role{};
  State state = State::unknown;
  const kube::Object* deployment = nullptr;
  std::int64_t desired = 0;
  std::int64_t ready = 0;
  std::vector<const kube::Object*> pods;  // those its selector matches, when pods were read
  std::string why;                        // for not_ready and degraded: what its pods say
  std::string default_name;               // "aibrix-controller-manager": for messages when missing
  std::string default_ns;

  // It certainly does nothing: missing, scaled to 0, or nothing ready.
  bool down() const {
    return state == State::missing || state == State::scaled_to_zero || state == State::not_ready;
  }
  bool up() const { return state == State::ready || state == State::degraded; }
  kube::ObjectRef ref() const;   // of the Deployment, also when it is missing
  std::string name() const;      // its Deployment's name
  std::string describe() const;  // "scaled to 0", "0 of 1 replicas ready", "not installed", …
};

// All parts, found by their usual names, the labels of manifests and chart, or their images.
struct Components {
  std::array<Component, component_count> all;
  std::string ns;  // of AIBrix itself: as asked, else where its Deployments are, else aibrix-system
  std::string envoy_gateway_ns;  // of Envoy Gateway: where it is, else envoy-gateway-system

  Component& operator[](ComponentRole role) { return all[static_cast<std::size_t>(role)]; }
  const Component& operator[](ComponentRole role) const {
    return all[static_cast<std::size_t>(role)];
  }
};
// Reads: Deployments; Pods when there.
Components find_components(const kube::Snapshot& snapshot, std::string install_ns);

}  // namespace aibrix
