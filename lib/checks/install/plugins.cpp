// INS010: the gateway plugin, which Envoy asks about every AI request.
#include "aibrix/gateway.hpp"
#include "aibrix/redis.hpp"
#include "checks/causes.hpp"
#include "checks/commands.hpp"
#include "checks/needs.hpp"

namespace checks {
namespace {

using aibrix::Part;

constexpr kube::Need plugin_needs[] = {
    need::deployments,
    need::optional(need::pods),
    need::optional(need::namespaces),
    need::optional(need::services),
    need::optional(need::endpointslices),
    need::optional(need::gateways),
    need::optional(need::gateway_classes),
    need::optional({&kube::resources::crds, kube::Scope::everywhere})};

void advise(const Part& part, Finding& f) {
  const kube::ObjectRef ref = part.ref();
  switch (part.state) {
    case Part::State::scaled_to_zero:
      f.remedy(Confidence::review, "scale it up", scale_up_command(ref));
      return;
    case Part::State::missing:
      f.remedy(Confidence::manual, "install AIBrix's core manifest (or chart) again");
      return;
    case Part::State::not_ready:
    case Part::State::degraded:
    case Part::State::ready:
    case Part::State::unknown: break;
  }
  f.remedy(Confidence::manual, "repair what its pods report",
           kubectl(ref.ns) + " describe pods -l app=gateway-plugins");
}

void report(const Context& context, const Part& part, const PartState& state, Result& result) {
  Finding& f = result.error(part.deployment != nullptr ? Subject(*part.deployment)
                                                       : Subject(part.ref()), state.why);
  f.so("every AI request fails: the gateway asks it where to send them");
  f.at(part.state == Part::State::scaled_to_zero ? "spec.replicas" : "");
  f.shows("replicas", std::to_string(part.ready) + " ready, " + std::to_string(part.desired) +
                          " wanted", "at least 1 ready");
  if (!part.why.empty()) f.shows("pods", part.why);
  f.because("INS001", {"", "Namespace", "", part.ref().ns});
  const aibrix::Redis redis = aibrix::find_redis(context.cluster);
  if (redis.where == aibrix::Redis::Where::service && part.state == Part::State::not_ready) {
    f.because("RED001", redis.ref(context.cluster));
    f.because("RED002", part.ref());
  }
  advise(part, f);
}

void run_plugins(const Context& context, Result& result) {
  const Part& part = context.cluster.part(aibrix::Role::gateway_plugins);
  const PartState state = gateway_plugins_state(context);
  if (!state.can_return) {
    return result.not_applicable("namespace " + part.ref().ns + " is being deleted");
  }
  if (part.state == Part::State::unknown) {
    return result.undetermined("no status of Deployment " + part.name() + " was read");
  }
  if (part.up()) return result.measured(part.describe());
  const bool missing = part.state == Part::State::missing;
  if (missing && !context.cluster.installed()) {
    return result.not_applicable("AIBrix is not installed");
  }
  if (missing && aibrix::gateway_mode(context.cluster) == aibrix::GatewayMode::none) {
    return result.not_applicable("this install has no gateway");
  }
  report(context, part, state, result);
}

}  // namespace

extern constinit const Check INS010{
    "INS010",
    Area::install,
    "aibrix-gateway-plugins is running",
    plugin_needs,
    run_plugins,
    {"The gateway plugin has no ready replica. Envoy asks it about every AI request and lets none "
     "pass without its answer (failOpen is false): requests get 500 or 503 without any AIBrix header.",
     "It waits for Redis (init container init-c until Redis answers PONG, then a ping of its own), "
     "its image cannot be pulled, or it was scaled to 0.",
     "Read the reason under `pods`. Redis first, if that is what it waits for.", "every release"}};

}  // namespace checks
