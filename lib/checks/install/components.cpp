// INS005, INS010, INS016, GW001, GW008: the workloads an install consists of, one row each.
#include "aibrix/gateway.hpp"
#include "aibrix/redis.hpp"
#include "aibrix/resources.hpp"
#include "checks/common/causes.hpp"
#include "checks/common/crds.hpp"
#include "checks/common/gateway.hpp"
#include "checks/common/gateway_versions.hpp"
#include "checks/common/pod_needs.hpp"
#include "checks/common/pod_trouble.hpp"
#include "checks/common/unknown_flags.hpp"
#include "checks/core/needs.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

using aibrix::Component;
using aibrix::ComponentRole;
using State = Component::State;

// One component as its check sees it.
struct Seen {
  const Context& context;
  const Component& component;
  ComponentHealth health;

  kube::ObjectRef ref() const { return component.ref(); }
};

// What differs between the checks of components. How each is found, its code and what its absence
// does stand in aibrix/components.cpp.
struct Row {
  ComponentRole role;
  Level level;  // of its absence
  // Says in `reporter` whether there is anything to report: true: the component is down.
  bool (*is_down)(const Seen& seen, Reporter& reporter);
  std::string_view scale_up;   // what scaling it up does
  std::string_view reinstall;  // what brings it back where it is missing; empty: `causes` says it
  std::string_view pods;       // label selector of its pods, for kubectl describe
  void (*causes)(const Seen& seen, Finding& finding);  // what it follows from; may add remedies
  // Where the finding is not about the Deployment: the object that it is about, and its title.
  const kube::Object* (*subject)(const Context& context) = nullptr;
  std::string (*title)(const Component& component) = nullptr;
};

Finding& start_finding(const Row& row, const Seen& seen, Reporter& reporter) {
  const Component& part = seen.component;
  const std::string consequence(aibrix::facts_of(row.role).absence);
  if (row.subject != nullptr) {
    const kube::Object& about = *row.subject(seen.context);
    Finding& f = report(reporter, row.level, about, row.title(part));
    f.with_consequence(consequence);
    show_condition(f, about.condition("Programmed"));
    if (part.deployment != nullptr) f.with_related(*part.deployment);
    return f;
  }
  const Subject subject =
      part.deployment != nullptr ? Subject(*part.deployment) : Subject(part.ref());
  Finding& f = report(reporter, row.level, subject, seen.health.why);
  f.with_consequence(consequence);
  f.at_field(part.state == State::scaled_to_zero ? "spec.replicas" : "");
  f.with_evidence("replicas",
                  std::to_string(part.ready) + "/" + std::to_string(part.desired) + " ready",
                  "at least 1 ready");
  return f;
}

void advise(const Row& row, const Component& part, Finding& f) {
  if (part.state == State::scaled_to_zero) {
    f.remedy(Confidence::review, std::string(row.scale_up), scale_up_command(part.ref()));
  } else if (part.deployment != nullptr) {
    f.remedy(Confidence::manual, "fix what its pods report",
             kubectl(part.ref().ns, "describe", "pods", "-l", row.pods));
  } else if (!row.reinstall.empty()) {
    f.remedy(Confidence::manual, std::string(row.reinstall));
  }
}

template <const Row& row>
void run_component(const Context& context, Reporter& reporter) {
  const Seen seen{context, context.cluster.component(row.role),
                  component_health(context, row.role)};
  if (!row.is_down(seen, reporter)) return;
  Finding& f = start_finding(row, seen, reporter);
  const bool told = seen.component.state == State::not_ready &&
                    explain_workload(context, *seen.component.deployment, seen.component.pods, f);
  if (!told && !seen.component.why.empty()) f.with_evidence("pods", seen.component.why);
  row.causes(seen, f);
  if (seen.health.can_return && !told) advise(row, seen.component, f);
}

// Tells by its Deployment alone. What is up, or cannot be told, is said.
bool down_by_status(const Seen& seen, Reporter& reporter) {
  if (seen.component.state == State::unknown) {
    reporter.undetermined("the status of Deployment " + seen.component.name() + " was not read");
    return false;
  }
  if (seen.component.up()) {
    reporter.measured(seen.component.describe());
    return false;
  }
  return true;
}

bool installed_and_down(const Seen& seen, Reporter& reporter) {
  if (!down_by_status(seen, reporter)) return false;
  const bool nothing = seen.component.state == State::missing && !seen.context.cluster.installed();
  if (nothing) reporter.not_applicable("AIBrix is not installed");
  return !nothing;
}

// What is down in a namespace that goes will not come back, and is no finding of its own.
bool in_lasting_namespace(const Seen& seen, Reporter& reporter) {
  if (seen.health.can_return) return true;
  reporter.not_applicable("namespace " + seen.ref().ns + " is being deleted");
  return false;
}

// A pod that waits for Redis says so in its init container.
void blame_redis(const Seen& seen, Finding& f) {
  if (seen.component.state != State::not_ready) return;
  if (seen.component.deployment != nullptr) blame_needs(*seen.component.deployment, true, f);
  const aibrix::Redis redis = aibrix::find_redis(seen.context.cluster);
  if (redis.where != aibrix::Redis::Where::service) return;
  f.caused_by(RED001, redis.ref(seen.context.cluster));
  if (seen.component.role == ComponentRole::gateway_plugins) f.caused_by(RED002, seen.ref());
}

// A program ends over a flag it does not know.
void blame_flags(const Seen& seen, Finding& f) {
  if (seen.component.state != State::not_ready) return;
  if (unknown_flags(seen.context, seen.component.role)) f.caused_by(VER004, seen.ref());
}
void metadata_causes(const Seen& seen, Finding& f) {
  blame_flags(seen, f);
  blame_redis(seen, f);
}

// ---- controller-manager. Nothing fails the moment it stops: finalizers, routes and LoRAs wait for
// it. What does wait (a deletion, a model without a route) names this finding as its cause and
// raises it.
void controller_causes(const Seen& seen, Finding& f) {
  blame_flags(seen, f);
  const kube::ObjectRef ns{"", "Namespace", "", seen.ref().ns};
  if (seen.component.state == State::missing) f.caused_by(INS001, ns);
  if (seen.component.state == State::not_ready) {
    const std::vector<std::string> missing = missing_crds(seen.context);
    if (!missing.empty()) f.caused_by(INS002, crd_ref(missing.front()));
    f.caused_by(INS017, seen.ref());  // a name in --controllers that ends it
  }
  if (seen.health.can_return) return;
  for (const Code code : {NS002, NS001}) f.caused_by(code, ns);
}
constexpr Row controller_row{.role = ComponentRole::controller_manager,
                             .level = Level::warning,
                             .is_down = installed_and_down,
                             .scale_up = "scale it up; it then processes the pending deletions",
                             .reinstall = "reinstall AIBrix's core manifest (or chart)",
                             .pods = "control-plane=controller-manager",
                             .causes = controller_causes};
constexpr kube::Need controller_needs[] = {
    need::deployments,
    need::optional(need::pods),
    need::optional(need::namespaces),
    need::optional({&kube::resources::crds, kube::Scope::everywhere}),
    need::optional(need::nodes),
    need::optional(need::warning_events)};

// ---- gateway plugin.
bool plugins_down(const Seen& seen, Reporter& reporter) {
  if (!in_lasting_namespace(seen, reporter) || !installed_and_down(seen, reporter)) return false;
  const bool none = seen.component.state == State::missing &&
                    aibrix::gateway_mode(seen.context.cluster) == aibrix::GatewayMode::none;
  if (none) reporter.not_applicable("this install has no gateway");
  return !none;
}
void plugins_causes(const Seen& seen, Finding& f) {
  blame_flags(seen, f);
  f.caused_by(INS001, {"", "Namespace", "", seen.ref().ns});
  blame_redis(seen, f);
}
constexpr Row plugins_row{.role = ComponentRole::gateway_plugins,
                          .level = Level::error,
                          .is_down = plugins_down,
                          .scale_up = "scale it up",
                          .reinstall = "reinstall AIBrix's core manifest (or chart)",
                          .pods = "app=gateway-plugins",
                          .causes = plugins_causes};
constexpr kube::Need plugins_needs[] = {
    need::deployments,
    need::optional(need::pods),
    need::optional(need::namespaces),
    need::optional(need::services),
    need::optional(need::endpointslices),
    need::optional(need::gateways),
    need::optional(need::gateway_classes),
    need::optional({&kube::resources::crds, kube::Scope::everywhere}),
    need::optional(need::nodes),
    need::optional(need::warning_events)};

// ---- metadata service. Manifests before v0.2 have none, and charts can leave it out.
bool metadata_down(const Seen& seen, Reporter& reporter) {
  if (!in_lasting_namespace(seen, reporter) || !down_by_status(seen, reporter)) return false;
  const bool none = seen.component.state == State::missing;
  if (none) reporter.not_applicable("no metadata service is installed");
  return !none;
}
constexpr Row metadata_row{.role = ComponentRole::metadata_service,
                           .level = Level::warning,
                           .is_down = metadata_down,
                           .scale_up = "scale it up",
                           .reinstall = "",
                           .pods = "app=metadata-service",
                           .causes = metadata_causes};
constexpr kube::Need metadata_needs[] = {need::deployments,
                                         need::optional(need::pods),
                                         need::optional(need::namespaces),
                                         need::optional(need::services),
                                         need::optional(need::endpointslices),
                                         need::optional(need::nodes),
                                         need::optional(need::warning_events)};

// ---- Envoy Gateway. Envoy goes on with the configuration it has: nothing fails the moment Envoy
// Gateway stops. What does wait (a new route, a deletion, an Envoy that was never made) names this
// finding as its cause.
bool wants_envoy_gateway(const Context& context, Reporter& reporter) {
  switch (aibrix::gateway_mode(context.cluster)) {
    case aibrix::GatewayMode::none:
      reporter.not_applicable("this install has no gateway");
      return false;
    case aibrix::GatewayMode::side_car:
      reporter.not_applicable("Envoy runs as a sidecar of the gateway plugin");
      return false;
    case aibrix::GatewayMode::envoy_gateway: break;
  }
  return true;
}
bool envoy_gateway_down(const Seen& seen, Reporter& reporter) {
  if (!wants_envoy_gateway(seen.context, reporter) || !down_by_status(seen, reporter)) return false;
  if (seen.component.deployment != nullptr && seen.component.deployment->deleting()) {
    reporter.not_applicable("Deployment envoy-gateway is being deleted");
    return false;
  }
  if (seen.health.known) return true;
  reporter.undetermined(
      "Deployment envoy-gateway was not found, but the Gateway has a status that it wrote: it may "
      "run elsewhere or under another name");
  return false;
}
void envoy_gateway_causes(const Seen& seen, Finding& f) {
  // It watches EnvoyProxies; v1.1 ends when that kind is not there (v1.2 asks first: crdExists in
  // internal/provider/kubernetes/controller.go).
  if (seen.context.snapshot.state(aibrix::resources::envoy_proxies) == kube::ListState::absent) {
    const std::string crd = "CRD " + kube::full_name(aibrix::resources::envoy_proxies);
    const std::string_view version = seen.context.cluster.envoy_gateway_release().text;
    const bool ends = version.starts_with("v1.1.") || version.starts_with("v1.0.");
    if (ends && seen.component.state == State::not_ready) {
      f.title = crd + " is missing, so " + f.title;
    }
    f.with_evidence(crd, "not installed", "installed");
    f.remedy(Confidence::review,
             "apply AIBrix's dependency manifest, which holds it, with --server-side (it is too "
             "large for a client-side apply)",
             apply_manifest_command(seen.context, "aibrix-dependency"));
  }
  const auto& version = seen.context.cluster.envoy_gateway_release().version;
  if (seen.component.state == State::not_ready && version) {
    const auto old = too_old_gateway_api(seen.context, *version);
    if (old && old->known) f.caused_by(VER001, old->subject);
  }
  if (!seen.health.can_return) f.caused_by(NS002, {"", "Namespace", "", seen.ref().ns});
  const bool gone = seen.health.can_return && seen.component.state == State::missing;
  if (gone) reapply_remedy(f, seen.context, "dependency");
}
constexpr Row envoy_gateway_row{
    .role = ComponentRole::envoy_gateway,
    .level = Level::warning,
    .is_down = envoy_gateway_down,
    .scale_up = "scale Envoy Gateway up; it then processes the pending changes",
    .reinstall = "",
    .pods = "control-plane=envoy-gateway",
    .causes = envoy_gateway_causes};
constexpr kube::Need envoy_gateway_needs[] = {
    need::deployments,
    need::optional(need::pods),
    need::optional(need::namespaces),
    need::optional(need::services),
    need::optional(need::gateways),
    need::optional(need::gateway_classes),
    need::optional(need::envoy_proxies),
    need::optional(need::nodes),
    need::optional(need::warning_events),
    need::optional({&kube::resources::crds, kube::Scope::everywhere})};

// ---- Envoy. Envoy Gateway makes it for the Gateway, whose status is what the finding is about.
// What Envoy runs as, when not as a Deployment.
bool is_daemon_set(const Context& context) {
  const kube::Lookup proxy = context.cluster.envoy_proxy();
  return proxy && proxy->spec().at("provider", "kubernetes", "envoyDaemonSet").exists();
}

bool made_envoy_down(const Seen& seen, Reporter& reporter) {
  const kube::Object& made = *seen.component.deployment;
  const bool starting =
      seen.component.state == State::not_ready &&
      (maybe_unseen(seen.context, made) || settling(seen.context, made.condition("Available")));
  if (starting) reporter.undetermined("Envoy (" + seen.component.name() + ") is starting");
  return !starting;
}

bool envoy_down(const Seen& seen, Reporter& reporter) {
  const Context& context = seen.context;
  const Component& envoy = seen.component;
  if (!gateway_expected(context, reporter)) return false;
  const kube::Object* gw = judgeable_gateway(context, reporter);
  if (gw == nullptr) return false;
  if (envoy.up()) {
    reporter.measured(envoy.describe());
    return false;
  }
  if (envoy.down() && envoy.deployment != nullptr) return made_envoy_down(seen, reporter);
  const kube::Condition programmed = gw->condition("Programmed");
  const bool none = programmed.is_false() && programmed.reason() == "NoResources";
  if (programmed.is_true() || serving(context).value_or(false)) {
    reporter.measured(std::string(programmed.message()));  // a DaemonSet, or Deployments not read
    return false;
  }
  if (maybe_unseen(context, *gw) || settling(context, programmed)) {
    reporter.undetermined("the Gateway was created or changed only just now");
    return false;
  }
  if (none || (envoy.down() && !is_daemon_set(context))) return true;
  reporter.undetermined("no Envoy Deployment was read, and the Gateway's status does not tell: " +
                        programmed.summary());
  return false;
}
void envoy_causes(const Seen& seen, Finding& f) {
  f.stops_requests = true;
  if (seen.component.deployment != nullptr) return;
  because_of(f, gateway_cause(seen.context));
  if (const auto proxy = seen.context.cluster.envoy_proxy_ref()) f.caused_by(GW004, *proxy);
  f.remedy(Confidence::manual, "find out from its log why Envoy Gateway created no Envoy",
           recent_log_command(seen.context.cluster.component(ComponentRole::envoy_gateway).ref()));
}
const kube::Object* our_gateway(const Context& context) {
  return context.cluster.gateway().object;
}
std::string envoy_title(const Component& envoy) {
  if (envoy.deployment == nullptr) return "Gateway aibrix-system/aibrix-eg has no running Envoy";
  return "Envoy (" + envoy.name() + ") " + (envoy.state == State::not_ready ? "has " : "is ") +
         envoy.describe();
}
constexpr Row envoy_row{
    .role = ComponentRole::envoy,
    .level = Level::error,
    .is_down = envoy_down,
    .scale_up =
        "scale Envoy up (spec.provider.kubernetes.envoyDeployment.replicas of the EnvoyProxy has "
        "the last word)",
    .reinstall = "",
    .pods = "app.kubernetes.io/name=envoy",
    .causes = envoy_causes,
    .subject = our_gateway,
    .title = envoy_title};
constexpr kube::Need own_envoy_needs[] = {need::gateways, need::optional(need::nodes),
                                          need::optional(need::warning_events)};
constexpr auto envoy_needs = with_gateway(own_envoy_needs);

}  // namespace

constinit const Check registry::INS005{
    codes::INS005,
    Area::install,
    "aibrix-controller-manager has no ready replica",
    controller_needs,
    run_component<controller_row>,
    {"AIBrix's controller-manager has no ready replica. It removes AIBrix's finalizers, creates "
     "the HTTPRoute and ReferenceGrant of each model, loads LoRA adapters and scales models. "
     "Requests to existing models continue to work, but new objects are not processed and deleted "
     "ones stay in Terminating.",
     "It is scaled to 0 replicas, it was removed before the objects it manages, it is "
     "crash-looping (a CRD is missing, or the chart's memory limit of 128Mi is too low), or it is "
     "unready because its webhook certificate was never issued.",
     "Bring it back first: it processes the pending deletions within seconds. Remove finalizers "
     "only if it cannot come back because its namespace is being deleted.",
     "every release"}};

constinit const Check registry::INS010{
    codes::INS010,
    Area::install,
    "aibrix-gateway-plugins has no ready replica",
    plugins_needs,
    run_component<plugins_row>,
    {"The gateway plugin has no ready replica. Envoy calls it as ext_proc for every AI request and "
     "rejects the request when it does not answer (failOpen is false): requests get 500 or 503 "
     "without any AIBrix header.",
     "It is waiting for Redis (the init container init-c until Redis answers PONG, then its own "
     "ping), its image cannot be pulled, or it is scaled to 0 replicas.",
     "Read the reason under `pods`. If it is waiting for Redis, fix Redis first.",
     "every release"}};

constinit const Check registry::INS016{
    codes::INS016,
    Area::install,
    "aibrix-metadata-service has no ready replica",
    metadata_needs,
    run_component<metadata_row>,
    {"The metadata service has no ready replica. It serves /v1/models and, since v0.5, /v1/files "
     "and /v1/batches. Requests to models do not pass through it.",
     "It is waiting for Redis (an init container), its image cannot be pulled, or it is scaled to "
     "0 replicas.",
     "Read the reason under `pods`. If it is waiting for Redis, fix Redis first.",
     "v0.2 and later"}};

constinit const Check registry::GW001{
    codes::GW001,
    Area::gateway,
    "Envoy Gateway has no ready replica",
    envoy_gateway_needs,
    run_component<envoy_gateway_row>,
    {"Envoy Gateway has no ready replica. It creates Envoy and its Service from Gateway aibrix-eg, "
     "translates routes and policies into Envoy's configuration and writes their status. Envoy "
     "itself continues with its current configuration, but new models get no route, and a "
     "GatewayClass that is being deleted keeps its finalizer.",
     "It is scaled to 0 replicas, it was never installed (it comes with the dependency manifest, "
     "not with AIBrix's chart), or it is crash-looping: a CRD is missing because it was too large "
     "for a client-side apply, or envoy-gateway-config is invalid.",
     "Scale it up or install it. For a crash loop, read its pod's log.",
     "every release (not with the chart's envoyAsSideCar)"}};

constinit const Check registry::GW008{
    codes::GW008,
    Area::gateway,
    "Envoy has no ready replica",
    envoy_needs,
    run_component<envoy_row>,
    {"No Envoy replica is ready, so every request to the gateway fails before it is routed.",
     "Its pods cannot be scheduled (AIBrix requests 1 to 2 CPUs and up to 8 GiB for it), its image "
     "cannot be pulled, it is scaled to 0 replicas, or Envoy Gateway never created it.",
     "Fix what its pods report, or what keeps Envoy Gateway from creating them.",
     "every release (not with the chart's envoyAsSideCar)"}};

}  // namespace checks
