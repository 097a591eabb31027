#pragma once
#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aibrix/model.hpp"
#include "aibrix/release.hpp"
#include "kube/snapshot.hpp"

namespace aibrix {

// The workloads an install consists of.
enum class Role { controller_manager, gateway_plugins, metadata_service, redis, gpu_optimizer,
                  kuberay_operator, envoy_gateway, envoy };
inline constexpr std::size_t role_count = 8;
std::string_view to_string(Role role);  // "controller-manager"

// One part of the install and whether it can do its work.
struct Part {
  enum class State {
    unknown,         // Deployments (or its namespace) were not read
    missing,         // looked, and there is none
    scaled_to_zero,  // spec.replicas is 0
    not_ready,       // wanted, but no replica is ready
    degraded,        // some replicas are ready
    ready,
  };
  Role role{};
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
  kube::ObjectRef ref() const;  // of the Deployment, also when it is missing
  std::string name() const;     // its Deployment's name
  std::string describe() const; // "scaled to 0", "0 of 1 replicas ready", "not installed", …
};

struct ClusterOptions {
  std::string install_ns;  // --install-namespace; empty: discovered
};

// The typed view of an AIBrix install that all checks share. Built once per run from the snapshot,
// immutable, borrows from it.
class Cluster {
 public:
  explicit Cluster(const kube::Snapshot& snapshot, ClusterOptions options = {});

  const kube::Snapshot& snapshot() const { return snapshot_; }
  // AIBrix's own namespace: --install-namespace, else where its Deployments are, else
  // aibrix-system. The controllers hard-code aibrix-system whatever this says.
  const std::string& ns() const { return ns_; }
  const std::string& envoy_gateway_ns() const { return envoy_gateway_ns_; }
  const Part& part(Role role) const { return parts_[static_cast<std::size_t>(role)]; }
  // Any sign of AIBrix at all in the snapshot: a part, a CRD, an object of its kinds.
  bool installed() const { return installed_; }
  const Release& release() const { return release_; }              // AIBrix
  const Release& envoy_gateway_release() const { return envoy_gateway_release_; }

  // Envoy Gateway's side of the install; known() is false when not read.
  kube::Lookup gateway_class() const;  // the one the Gateway names, else aibrix-eg
  kube::Lookup gateway() const;        // aibrix-system/aibrix-eg
  // The EnvoyProxy that decides: Gateway.spec.infrastructure, else GatewayClass.spec.parametersRef.
  // Not set when nothing is referenced; a Lookup that may be missing when something is.
  std::optional<kube::ObjectRef> envoy_proxy_ref() const;
  kube::Lookup envoy_proxy() const;
  // EnvoyProxy spec.mergeGateways.
  bool merged_gateways() const;
  // Services Envoy Gateway made for our Gateway, by ownership labels (all modes), else by the
  // computed name. Several when something is wrong.
  std::vector<const kube::Object*> gateway_services() const;

  const std::vector<Model>& models() const { return models_; }  // ordered by name
  const Model* model(std::string_view name) const;

  // Pods a plain selector map (of a Service) or a LabelSelector (of a workload) picks.
  std::vector<const kube::Object*> pods_for_map(std::string_view ns, const kube::Value& map) const;
  std::vector<const kube::Object*> pods_for_selector(std::string_view ns,
                                                     const kube::Value& selector) const;
  // Ready endpoints behind a Service; nullopt when EndpointSlices were not read for its namespace.
  std::optional<std::size_t> ready_endpoints(std::string_view ns, std::string_view service) const;

 private:
  void find_parts();
  void assess(Part& part);
  void find_release();

  const kube::Snapshot& snapshot_;
  std::string ns_;
  std::string envoy_gateway_ns_;
  bool installed_ = false;
  std::array<Part, role_count> parts_;
  Release release_;
  Release envoy_gateway_release_;
  std::vector<Model> models_;
};

// "envoy-aibrix-system-aibrix-eg-903790dc" for aibrix-system/aibrix-eg; a GatewayClass name alone
// for merged gateways. Envoy Gateway v1.1–v1.9, internal/utils/misc.go GetHashedName.
std::string hashed_envoy_name(std::string_view key);
// Lower-case hex SHA-256 of text.
std::string sha256_hex(std::string_view text);

}  // namespace aibrix
