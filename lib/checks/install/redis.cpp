// RED001, RED002, RED003: the Redis behind the gateway plugin.
#include "aibrix/redis.hpp"

#include <algorithm>

#include "aibrix/engine/command_line.hpp"
#include "aibrix/model_config.hpp"
#include "aibrix/strategy.hpp"
#include "checks/common/causes.hpp"
#include "checks/common/objects.hpp"
#include "checks/common/pod_trouble.hpp"
#include "checks/core/command.hpp"
#include "checks/core/needs.hpp"

namespace checks {
namespace {

using aibrix::Component;
using aibrix::Redis;
using kube::Object;
using kube::Value;

constexpr kube::Need redis_needs[] = {need::deployments,
                                      need::services,
                                      need::optional(need::endpointslices),
                                      need::optional(need::pods),
                                      need::optional(need::namespaces),
                                      need::optional(need::nodes),
                                      need::optional(need::warning_events)};

const Component& plugins(const Context& context) {
  return context.cluster.component(aibrix::ComponentRole::gateway_plugins);
}

// Says in the result why there is nothing to judge.
std::optional<Redis> redis_to_judge(const Context& context, Reporter& reporter) {
  const Component& part = plugins(context);
  if (part.deployment == nullptr) {
    if (part.state == Component::State::missing) {
      reporter.not_applicable("aibrix-gateway-plugins is not installed");
    } else {
      reporter.undetermined("aibrix-gateway-plugins was not read");
    }
    return std::nullopt;
  }
  const kube::Lookup ns = context.snapshot.find(kube::resources::namespaces, "", part.ref().ns);
  if (ns && ns->deleting()) {
    reporter.not_applicable("namespace " + part.ref().ns + " is being deleted");
    return std::nullopt;
  }
  Redis redis = aibrix::find_redis(context.cluster);
  if (redis.where == Redis::Where::unknown) {
    reporter.undetermined("the gateway plugin's Deployment does not say which Redis it uses");
    return std::nullopt;
  }
  if (redis.where == Redis::Where::external) {
    reporter.not_applicable("the gateway plugin uses Redis at " + redis.host +
                            ", which is not a Service of this cluster");
    return std::nullopt;
  }
  return redis;
}

void run_redis(const Context& context, Reporter& reporter) {
  const auto redis = redis_to_judge(context, reporter);
  if (!redis) return;
  if (redis->service.missing()) {
    return reporter.not_applicable("REDIS_HOST does not name a Service (see RED002)");
  }
  if (!redis->ready)
    return reporter.undetermined("neither endpoints nor the Deployment of Redis were read");
  if (*redis->ready) return reporter.measured(redis->why);
  const Component& part = context.cluster.component(aibrix::ComponentRole::redis);
  const kube::ObjectRef ref = redis->ref(context.cluster);
  const bool ours = ref == part.ref() && part.deployment != nullptr;
  const bool stopped = plugins(context).down();
  const std::string title =
      !ours ? "Redis has no ready endpoint behind Service " + redis->service->full_name()
            : ref.name + (part.state == Component::State::not_ready ? " has " : " is ") +
                  part.describe();
  const Subject subject = ours ? Subject(*part.deployment) : Subject(*redis->service);
  Finding& f = stopped ? reporter.error(subject, title) : reporter.warning(subject, title);
  f.with_consequence(
      stopped
          ? "The gateway plugin cannot start without Redis."
          : "Running gateway plugins continue but cannot restart, and user and model rate limits "
            "fail.");
  f.with_evidence("Redis", redis->why, "at least 1 ready endpoint");
  f.with_related(*redis->service);
  const bool told = ours && part.state == Component::State::not_ready &&
                    explain_workload(context, *part.deployment, part.pods, f);
  if (told) return;
  if (ours && !part.why.empty()) f.with_evidence("pods", part.why);
  if (ours && part.state == Component::State::scaled_to_zero) {
    f.remedy(Confidence::review, "scale Redis up", scale_up_command(ref));
  } else {
    f.remedy(Confidence::manual, "fix what its pods report", kubectl(ref.ns, "describe", "pods"));
  }
}

// The manifest's init container pings without a password and waits for PONG, which a Redis with a
// password never answers (config/gateway/gateway-plugin).
bool waits_without_password(const Component& part) {
  const Value spec = part.deployment->at("spec", "template", "spec");
  for (const Value& container : spec["initContainers"].items()) {
    std::string line;
    for (const aibrix::Word& word : aibrix::command_line(container)) line += ' ' + word.text;
    const bool pings =
        line.find("ping") != std::string::npos && line.find("PONG") != std::string::npos;
    if (!pings || line.find("AUTH") != std::string::npos ||
        line.find(" -a ") != std::string::npos) {
      continue;
    }
    for (const Object* pod : part.pods) {
      for (const Value& status : pod->status()["initContainerStatuses"].items()) {
        const bool running = status["state"]["running"].exists();
        if (status["name"].text() == container["name"].text() && running) return true;
      }
    }
  }
  return false;
}

void run_redis_env(const Context& context, Reporter& reporter) {
  const auto redis = redis_to_judge(context, reporter);
  if (!redis) return;
  const Component& part = plugins(context);
  if (redis->service.unknown()) {
    return reporter.undetermined("Service " + redis->ns + '/' + redis->name + " was not read");
  }
  const auto add = [&](const std::string& title) -> Finding& {
    Finding& f = part.down() ? reporter.error(*part.deployment, title)
                             : reporter.warning(*part.deployment, title);
    f.with_consequence(part.down() ? "The gateway plugin does not start."
                                   : "The gateway plugin cannot restart.");
    return f;
  };
  if (redis->service.missing()) {
    Finding& f = add("REDIS_HOST of aibrix-gateway-plugins does not name a Service");
    f.at_field(redis->path).with_evidence("REDIS_HOST", redis->host, "a Service of this cluster");
    f.with_evidence("Service " + redis->ns + '/' + redis->name, "not found");
    f.remedy(Confidence::review, "set it to the Service of Redis",
             set_env_command(part.ref(), "REDIS_HOST=aibrix-redis-master"));
    return;
  }
  if (redis->password && redis->ready.value_or(false) && waits_without_password(part)) {
    Finding& f = add("aibrix-gateway-plugins pings Redis without the password that Redis requires");
    f.at_field("spec.template.spec.initContainers");
    f.with_evidence("REDIS_PASSWORD", "set", "not set, or also used by the init container");
    f.remedy(
        Confidence::review,
        "ping with the password in the init container (as the chart does), or remove the password");
  }
}

// Models for which prefix-cache is the configured strategy; headers are not in the API.
std::vector<std::string> prefix_cache_models(const Context& context) {
  std::vector<std::string> out;
  for (const aibrix::Model& model : context.cluster.models()) {
    for (const std::string& name :
         aibrix::strategy_members(aibrix::default_strategy(context.cluster, model).strategy)) {
      if (name.starts_with("prefix-cache")) {
        out.push_back(model.name);
        break;
      }
    }
  }
  return out;
}

void run_state_sync(const Context& context, Reporter& reporter) {
  const Component& part = plugins(context);
  if (part.deployment == nullptr) {
    return part.state == Component::State::missing
               ? reporter.not_applicable("aibrix-gateway-plugins is not installed")
               : reporter.undetermined("aibrix-gateway-plugins was not read");
  }
  if (part.desired <= 1) return reporter.measured(part.describe());
  for (const Value& c : part.deployment->at("spec", "template", "spec", "containers").items()) {
    const auto env = aibrix::env_value(c, "AIBRIX_STATESYNC_ENABLED");
    if (env.given && !env.certain)
      return reporter.undetermined("the value of AIBRIX_STATESYNC_ENABLED is unknown");
    if (env.value == "true") return reporter.measured("AIBRIX_STATESYNC_ENABLED=true");
  }
  const std::vector<std::string> models = prefix_cache_models(context);
  if (models.empty()) return;
  Finding& f = reporter.warning(
      *part.deployment, "each replica of aibrix-gateway-plugins keeps its own prefix cache");
  f.with_consequence(
      "Prefix-cache routing hits the cache less often with each additional replica.");
  f.with_evidence("replicas", std::to_string(part.desired));
  f.with_evidence("AIBRIX_STATESYNC_ENABLED", "not true", "true");
  for (const std::string& model : models) f.model(model);
  f.remedy(Confidence::review, "share the state between the replicas",
           set_env_command(part.ref(), "AIBRIX_STATESYNC_ENABLED=true"));
}

}  // namespace

constinit const Check registry::RED001{
    codes::RED001,
    Area::install,
    "Redis has no ready endpoint",
    redis_needs,
    run_redis,
    {"The Redis Service has no ready endpoint. The gateway plugin pings Redis once at startup and "
     "exits without an answer. A running gateway plugin continues, but user and model rate limits "
     "fail.",
     "The Redis (or Valkey) Deployment is scaled to 0 replicas, cannot pull its image, or was "
     "removed.",
     "Bring Redis back. Its data was in memory only.", "every release"}};

constinit const Check registry::RED002{
    codes::RED002,
    Area::install,
    "the gateway plugin's Redis address or password is wrong",
    redis_needs,
    run_redis_env,
    {"REDIS_HOST of the gateway plugin does not name a Service, or its init container pings a "
     "password-protected Redis without a password and waits forever.",
     "Another release name or namespace, your own Redis, or a password that was set outside the "
     "manifest.",
     "Correct the variable, or the init container's ping.", "every release"}};

constinit const Check registry::RED003{
    codes::RED003,
    Area::install,
    "gateway plugin replicas do not share their prefix cache",
    model_lists,
    run_state_sync,
    {"With more than one replica of the gateway plugin, each knows only the prefixes of the "
     "requests it has handled itself, unless AIBRIX_STATESYNC_ENABLED is true.",
     "The replicas were scaled up, by hand or by a HorizontalPodAutoscaler.",
     "Set AIBRIX_STATESYNC_ENABLED=true.", "v0.5 and later"}};

}  // namespace checks
