// Which Redis the install uses, and whether it answers.
#pragma once
#include <optional>
#include <string>

#include "aibrix/cluster.hpp"

namespace aibrix {

// The Redis (or Valkey) the gateway plugin is told to use, by REDIS_HOST. It pings it once at start
// and exits without an answer; losing it later does not stop it (cmd/plugins/main.go).
struct Redis {
  enum class Where {
    unknown,   // the plugin's Deployment was not read, or its environment does not tell
    service,   // a Service of this cluster
    external,  // another host: nothing about it is in the API
  };
  Where where = Where::unknown;
  std::string host;  // as written
  std::string path;  // of the variable in the plugin's Deployment
  std::string ns;    // of the Service
  std::string name;
  kube::Lookup service;
  // Whether something answers behind the Service: its ready endpoints, else the Deployment.
  std::optional<bool> ready;
  std::string why;        // in words: "0 ready endpoints"
  bool password = false;  // REDIS_PASSWORD is set, whatever to

  // What a finding about it names: AIBrix's own Deployment, else the Service.
  kube::ObjectRef ref(const Cluster& cluster) const;
};

// Reads: Deployments, Services; EndpointSlices, Namespaces and Pods when there.
Redis find_redis(const Cluster& cluster);

}  // namespace aibrix
