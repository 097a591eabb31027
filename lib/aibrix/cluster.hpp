// One AIBrix install as its parts: components, release, gateway, models.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aibrix/components.hpp"
#include "aibrix/model.hpp"
#include "aibrix/releases.hpp"
#include "kube/snapshot.hpp"

namespace aibrix {

struct ClusterOptions {
  std::string install_ns;    // --install-namespace; empty: discovered
  std::string release = {};  // --aibrix-version: where nothing in the snapshot tells it
};

// The typed view of an AIBrix install that all checks share. Built once per run from the snapshot,
// immutable, borrows from it.
class Cluster {
 public:
  explicit Cluster(const kube::Snapshot& snapshot, ClusterOptions options = {});

  const kube::Snapshot& snapshot() const { return snapshot_; }
  // AIBrix's own namespace: --install-namespace, else where its Deployments are, else
  // aibrix-system. The controllers hard-code aibrix-system whatever this says.
  const std::string& ns() const { return parts_.ns; }
  const std::string& envoy_gateway_ns() const { return parts_.envoy_gateway_ns; }
  const Component& component(ComponentRole role) const { return parts_[role]; }
  // Any sign of AIBrix at all in the snapshot: a part, a CRD, an object of its kinds.
  bool installed() const { return installed_; }
  const Release& release() const { return release_; }  // AIBrix
  const ProgramVersion& envoy_gateway_release() const { return envoy_gateway_release_; }

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
  // The models that this workload serves, each with its view of it. One lookup, however many there
  // are: what is asked for each finding must not walk all models.
  struct Serving {
    const Model* model;
    const Workload* workload;
  };
  std::vector<Serving> served_by(const kube::ObjectRef& workload) const;

  // Pods a plain selector map (of a Service) or a LabelSelector (of a workload) picks.
  std::vector<const kube::Object*> pods_for_map(std::string_view ns, const kube::Value& map) const;
  std::vector<const kube::Object*> pods_for_selector(std::string_view ns,
                                                     const kube::Value& selector) const;
  // Ready endpoints behind a Service; nullopt when EndpointSlices were not read for its namespace.
  std::optional<std::size_t> ready_endpoints(std::string_view ns, std::string_view service) const;

 private:
  void find_release(const std::string& given);
  void index_workloads();

  const kube::Snapshot& snapshot_;
  bool installed_ = false;
  Components parts_;
  Release release_;
  ProgramVersion envoy_gateway_release_;
  std::vector<Model> models_;
  struct Place {
    kube::ObjectRef workload;
    std::size_t model;  // in models_
    std::size_t index;  // in its workloads
  };
  std::vector<Place> workloads_;  // ordered by the first; for served_by()
};

}  // namespace aibrix
