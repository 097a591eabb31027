#pragma once
#include <string>

// Parts of an AIBrix install in YAML, for tests that break one thing about it.
namespace support {

struct PartYaml {
  std::string name = "aibrix-controller-manager";
  std::string image = "aibrix/controller-manager:v0.7.0";
  std::string args = "[--leader-elect]";
  std::string env = "[]";
  int replicas = 1;
  int ready = 1;
  std::string ns = "aibrix-system";
};

inline std::string part(const PartYaml& p) {
  return "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: " + p.name +
         ", namespace: " + p.ns + ", uid: d-" + p.name +
         "}\nspec:\n  replicas: " + std::to_string(p.replicas) +
         "\n  selector: {matchLabels: {app: " + p.name +
         "}}\n  template:\n    metadata: {labels: {app: " + p.name +
         "}}\n    spec:\n      serviceAccountName: " + p.name +
         "\n      initContainers:\n      - name: init-c\n        command: [sh, -c, 'until echo "
         "ping | nc "
         "aibrix-redis-master 6379 | grep -c PONG; do sleep 2; done']\n      containers:\n      - "
         "name: main\n        image: " +
         p.image + "\n        args: " + p.args + "\n        env: " + p.env +
         "\nstatus: {replicas: " + std::to_string(p.replicas) +
         ", readyReplicas: " + std::to_string(p.ready) + "}\n";
}

inline PartYaml plugins() {
  PartYaml p;
  p.name = "aibrix-gateway-plugins";
  p.image = "aibrix/gateway-plugins:v0.7.0";
  p.args = "[]";
  p.env = "[{name: REDIS_HOST, value: aibrix-redis-master}]";
  return p;
}

inline PartYaml redis() {
  PartYaml p;
  p.name = "aibrix-redis-master";
  p.image = "redis:7.4";
  p.args = "[]";
  return p;
}

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
  return system_namespace() + part({}) + part(plugins()) + part(redis()) + redis_service() +
         redis_slice(true) + crds();
}

}  // namespace support
