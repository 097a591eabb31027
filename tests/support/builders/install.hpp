// What an AIBrix install holds beside its Deployments, in YAML, for tests that break one thing
// about it.
#pragma once
#include <string>

#include "support/builders/component.hpp"

namespace support {

inline std::string redis_service() {
  return "---\napiVersion: v1\nkind: Service\nmetadata: {name: aibrix-redis-master, namespace: "
         "aibrix-system, uid: s}\nspec: {selector: {app: aibrix-redis-master}, ports: [{port: "
         "6379}]}\n";
}

// The Service's endpoint, ready or not.
inline std::string redis_slice(bool ready) {
  return "---\napiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: redis-1, "
         "namespace: aibrix-system, labels: {kubernetes.io/service-name: aibrix-redis-master}}\n"
         "endpoints: [{addresses: [10.0.0.1], conditions: {ready: " +
         std::string(ready ? "true" : "false") + "}}]\n";
}

inline std::string system_namespace(const std::string& more = "") {
  return "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: aibrix-system" + more + "}\n";
}

inline std::string crd(const std::string& name, const std::string& status = "{}") {
  return "---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: "
         "{name: " +
         name + "}\nstatus: " + status + "\n";
}

// Those of v0.7.
inline std::string crds() {
  std::string out;
  for (const char* name :
       {"modeladapters.model.aibrix.ai", "podautoscalers.autoscaling.aibrix.ai",
        "rayclusterfleets.orchestration.aibrix.ai", "rayclusterreplicasets.orchestration.aibrix.ai",
        "kvcaches.orchestration.aibrix.ai", "stormservices.orchestration.aibrix.ai",
        "rolesets.orchestration.aibrix.ai", "podsets.orchestration.aibrix.ai"}) {
    out += crd(name);
  }
  return out;
}

inline std::string whole_install() {
  return system_namespace() + component({}) + component(plugins()) + component(redis()) +
         redis_service() + redis_slice(true) + crds();
}

}  // namespace support
