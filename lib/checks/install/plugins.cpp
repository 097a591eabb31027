// INS010: the gateway plugin, which Envoy asks about every AI request.
#include "aibrix/gateway.hpp"
#include "aibrix/redis.hpp"
#include "checks/common/causes.hpp"
#include "checks/core/commands.hpp"
#include "checks/core/needs.hpp"

namespace checks {
namespace {

using aibrix::Component;

constexpr kube::Need plugin_needs[] = {
    need::deployments,
    need::optional(need::pods),
    need::optional(need::namespaces),
    need::optional(need::services),
    need::optional(need::endpointslices),
    need::optional(need::gateways),
    need::optional(need::gateway_classes),
    need::optional({&kube::resources::crds, kube::Scope::everywhere})};

void advise(const Component& part, Finding& f) {
  const kube::ObjectRef ref = part.ref();
  switch (part.state) {
    case Component::State::scaled_to_zero:
      f.remedy(Confidence::review, "scale it up", scale_up_command(ref));
      return;
    case Component::State::missing:
      f.remedy(Confidence::manual, "install AIBrix's core manifest (or chart) again");
      return;
    case Component::State::not_ready:
    case Component::State::degraded:
    case Component::State::ready:
    case Component::State::unknown: break;
  }
  f.remedy(Confidence::manual, "repair what its pods report",
           kubectl(ref.ns) + " describe pods -l app=gateway-plugins");
}

void report(const Context& context, const Component& part, const ComponentHealth& state,
            Reporter& reporter) {
  Finding& f = reporter.error(
      part.deployment != nullptr ? Subject(*part.deployment) : Subject(part.ref()), state.why);
  f.with_consequence("every AI request fails: the gateway asks it where to send them");
  f.at_field(part.state == Component::State::scaled_to_zero ? "spec.replicas" : "");
  f.with_evidence(
      "replicas",
      std::to_string(part.ready) + " ready, " + std::to_string(part.desired) + " wanted",
      "at least 1 ready");
  if (!part.why.empty()) f.with_evidence("pods", part.why);
  f.caused_by(INS001, {"", "Namespace", "", part.ref().ns});
  const aibrix::Redis redis = aibrix::find_redis(context.cluster);
  if (redis.where == aibrix::Redis::Where::service && part.state == Component::State::not_ready) {
    f.caused_by(RED001, redis.ref(context.cluster));
    f.caused_by(RED002, part.ref());
  }
  advise(part, f);
}

void run_plugins(const Context& context, Reporter& reporter) {
  const Component& part = context.cluster.component(aibrix::ComponentRole::gateway_plugins);
  const ComponentHealth state = gateway_plugins_state(context);
  if (!state.can_return) {
    return reporter.not_applicable("namespace " + part.ref().ns + " is being deleted");
  }
  if (part.state == Component::State::unknown) {
    return reporter.undetermined("no status of Deployment " + part.name() + " was read");
  }
  if (part.up()) return reporter.measured(part.describe());
  const bool missing = part.state == Component::State::missing;
  if (missing && !context.cluster.installed()) {
    return reporter.not_applicable("AIBrix is not installed");
  }
  if (missing && aibrix::gateway_mode(context.cluster) == aibrix::GatewayMode::none) {
    return reporter.not_applicable("this install has no gateway");
  }
  report(context, part, state, reporter);
}

}  // namespace

constinit const Check registry::INS010{
    codes::INS010,
    Area::install,
    "aibrix-gateway-plugins is running",
    plugin_needs,
    run_plugins,
    {"The gateway plugin has no ready replica. Envoy asks it about every AI request and lets none "
     "pass without its answer (failOpen is false): requests get 500 or 503 without any AIBrix "
     "header.",
     "It waits for Redis (init container init-c until Redis answers PONG, then a ping of its own), "
     "its image cannot be pulled, or it was scaled to 0.",
     "Read the reason under `pods`. Redis first, if that is what it waits for.", "every release"}};

}  // namespace checks
