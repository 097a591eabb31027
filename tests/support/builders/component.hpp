// Deployments of an install in YAML: AIBrix's own, Envoy Gateway's, KubeRay's.
#pragma once
#include <string>

namespace support {

struct Component {
  std::string name = "aibrix-controller-manager";
  std::string image = "aibrix/controller-manager:v0.7.0";
  std::string args = "[--leader-elect]";
  std::string env = "[]";
  int replicas = 1;
  int ready = 1;
  std::string ns = "aibrix-system";
};

inline std::string component(const Component& p) {
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

inline std::string component(const std::string& ns, const std::string& name, int replicas,
                             int ready,
                             const std::string& image = "aibrix/controller-manager:v0.7.0",
                             const std::string& args = "--leader-elect") {
  return component({name, image, "[\"" + args + "\"]", "[]", replicas, ready, ns});
}

// AIBrix's controller-manager.
inline std::string controller(int replicas, int ready, const std::string& args = "--leader-elect") {
  return component("aibrix-system", "aibrix-controller-manager", replicas, ready,
                   "aibrix/controller-manager:v0.7.0", args);
}

inline Component plugins() {
  Component p;
  p.name = "aibrix-gateway-plugins";
  p.image = "aibrix/gateway-plugins:v0.7.0";
  p.args = "[]";
  p.env = "[{name: REDIS_HOST, value: aibrix-redis-master}]";
  return p;
}

inline Component redis() {
  Component p;
  p.name = "aibrix-redis-master";
  p.image = "redis:7.4";
  p.args = "[]";
  return p;
}

}  // namespace support
