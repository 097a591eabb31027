// The finder of the Redis that the gateway plugin's environment names.
#include "aibrix/redis.hpp"

#include <algorithm>

#include "aibrix/engine/command_line.hpp"
#include "aibrix/names.hpp"
#include "base/text.hpp"
#include "kube/name_rules.hpp"
#include "kube/selector.hpp"

namespace aibrix {
namespace {

using kube::Object;
using kube::Value;

// The plugin's container and its index: the one that is told about Redis.
std::optional<std::size_t> container_with_host(const Object& deployment) {
  const auto containers = deployment.at("spec", "template", "spec", "containers").items();
  for (std::size_t i = 0; i < containers.size(); ++i) {
    if (env_value(containers[i], "REDIS_HOST").given) return i;
  }
  return std::nullopt;
}

// "name", "name.ns", "name.ns.svc[.cluster.local]" name a Service; other dots, an address or
// localhost do not.
bool read_service(const std::string& host, const std::string& own_ns, Redis& redis) {
  const auto parts = base::split(host, '.');
  const bool word = std::all_of(parts.begin(), parts.end(), kube::is_subdomain);
  const bool address = host.find_first_not_of("0123456789.") == std::string::npos;
  if (!word || address || host == "localhost") return false;
  if (parts.size() > 2 && parts[2] != "svc") return false;
  redis.name = parts[0];
  redis.ns = parts.size() > 1 ? std::string(parts[1]) : own_ns;
  return true;
}

void assess(const Cluster& cluster, Redis& redis) {
  redis.service = cluster.snapshot().find(kube::resources::services, redis.ns, redis.name);
  if (redis.service.missing()) {
    redis.ready = false;
    redis.why = "there is no Service " + redis.ns + '/' + redis.name;
    return;
  }
  if (!redis.service) return;
  if (const auto endpoints = cluster.ready_endpoints(redis.ns, redis.name)) {
    redis.ready = *endpoints != 0;
    redis.why = "Service " + redis.service->full_name() + " has " +
                base::plural(*endpoints, "ready endpoint");
    return;
  }
  const Component& part = cluster.component(ComponentRole::redis);
  if (part.state == Component::State::unknown || part.state == Component::State::missing) return;
  redis.ready = part.up();
  redis.why = part.name() + ": " + part.describe();
}

}  // namespace

kube::ObjectRef Redis::ref(const Cluster& cluster) const {
  const Component& part = cluster.component(ComponentRole::redis);
  const bool ours = part.deployment != nullptr && part.deployment->ns() == ns;
  if (ours && (!service ||
               kube::matches_map(service->spec()["selector"],
                                 part.deployment->at("spec", "template", "metadata", "labels")))) {
    return part.ref();
  }
  return {"", "Service", ns, name};
}

Redis find_redis(const Cluster& cluster) {
  Redis redis;
  const Component& plugins = cluster.component(ComponentRole::gateway_plugins);
  if (plugins.deployment == nullptr) return redis;
  const Object& deployment = *plugins.deployment;
  const auto index = container_with_host(deployment);
  if (!index) return redis;
  const Value container = deployment.at("spec", "template", "spec", "containers")[*index];
  const EnvValue host = env_value(container, "REDIS_HOST");
  redis.path = "spec.template.spec.containers[" + std::to_string(*index) + "].env[REDIS_HOST]";
  redis.password = env_value(container, "REDIS_PASSWORD").given;
  if (!host.certain) return redis;
  redis.host = host.value;
  // "redis.prod" may be a Service in namespace prod or a host outside: only a namespace tells.
  const bool two_words = std::count(host.value.begin(), host.value.end(), '.') == 1;
  if (!read_service(host.value, std::string(deployment.ns()), redis) ||
      (two_words && !cluster.snapshot().find(kube::resources::namespaces, "", redis.ns))) {
    redis.where = Redis::Where::external;
    return redis;
  }
  redis.where = Redis::Where::service;
  assess(cluster, redis);
  return redis;
}

}  // namespace aibrix
