// Which of AIBrix's controllers run, and with what leader election and webhooks.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "aibrix/releases.hpp"
#include "kube/object.hpp"

namespace aibrix {

class Cluster;

// Names that --controllers takes (AIBrix pkg/features/features.go, v0.2 to v0.8).
namespace controller_names {
inline constexpr std::string_view pod_autoscaler = "pod-autoscaler-controller";
inline constexpr std::string_view distributed_inference = "distributed-inference-controller";
inline constexpr std::string_view model_adapter = "model-adapter-controller";
inline constexpr std::string_view model_route = "model-route-controller";
inline constexpr std::string_view kv_cache = "kv-cache-controller";
inline constexpr std::string_view model_claim = "model-claim-controller";
inline constexpr std::string_view model_warmup = "model-warmup-controller";
inline constexpr std::string_view storm_service = "stormservice-controller";
}  // namespace controller_names

// Whether a --controllers list starts this controller: "*" all, "name", "-name"; read from left to
// right, a later entry wins over an earlier one. What is not named is off.
bool controller_enabled(std::string_view list, std::string_view name);

// Names in a --controllers list that this release does not know: its manager ends at once with
// "invalid controller specified". With an unknown release those that no release knows.
std::vector<std::string> unknown_controllers(std::string_view list, const Release& release);

// One Deployment that runs AIBrix's controller-manager program: the install's own, or one of the
// standalone controllers (config/standalone).
struct ControllerProcess {
  const kube::Object* deployment = nullptr;
  std::string controllers = "*";
  bool leader_election = false;
  std::string lease_ns;    // --leader-election-namespace, default aibrix-system
  std::string lease_name;  // --leader-election-id
  bool webhook = true;     // not --disable-webhook

  bool runs(std::string_view controller) const {
    return controller_enabled(controllers, controller);
  }
};

// All of them; the install's own comes first. Reads: Deployments.
std::vector<ControllerProcess> controller_processes(const Cluster& cluster);

}  // namespace aibrix
