// GW012: Envoy asks the gateway plugin about AI requests; GW017: the gateway plugin has time to
// answer, and none passes by it.
#include <algorithm>
#include <chrono>

#include "aibrix/names.hpp"
#include "aibrix/policy.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "checks/common/gateway.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

namespace names = aibrix::names;
namespace resources = aibrix::resources;
using aibrix::PluginPolicy;
using kube::Object;

constexpr kube::Need gw012_own[] = {need::envoy_extension_policies,
                                    need::optional(need::http_routes)};
constexpr auto gw012_needs = with_gateway(gw012_own);
constexpr kube::Need gw017_own[] = {need::envoy_extension_policies};
constexpr auto gw017_needs = with_gateway(gw017_own);

constexpr std::string_view skipped =
    "Envoy does not call the gateway plugin, and AI requests get 502.";

void report_missing(const Context& context, Reporter& reporter, const PluginPolicy& plugin) {
  const kube::ObjectRef ref{"gateway.envoyproxy.io", "EnvoyExtensionPolicy",
                            std::string(names::system_namespace),
                            std::string(names::extension_policy)};
  Finding& f =
      plugin.policy
          ? reporter.error(*plugin.policy, "EnvoyExtensionPolicy " + plugin.policy->full_name() +
                                               " does not attach the gateway plugin as ext_proc")
          : reporter.error(ref, "no EnvoyExtensionPolicy attaches the gateway plugin as ext_proc");
  f.with_consequence(std::string(skipped));
  if (plugin.policy) f.at_field("spec.extProc");
  reapply_remedy(f, context, "core");
}

// The policy must hang on the reserved route (v0.3+) or on the Gateway (v0.1, v0.2).
bool check_target(const Context& context, Reporter& reporter, const Object& policy) {
  const kube::Value target = aibrix::policy_target(policy);
  const std::string_view kind = target["kind"].text();
  const std::string name(target["name"].text());
  const kube::Lookup reserved = aibrix::reserved_route(context.cluster);
  if (kind == "Gateway" && name == names::gateway) return true;
  if (kind == "HTTPRoute" && (!reserved || reserved->name() == name)) {
    const bool default_name = name == names::reserved_route;
    if (reserved || default_name || name.ends_with("reserved-router")) {
      const kube::Lookup route = context.snapshot.find(resources::http_routes, policy.ns(), name);
      if (!route.missing()) return true;
      // Envoy Gateway v1.2 writes no status for a target that is not there.
      Finding& f =
          reporter.error(policy, "EnvoyExtensionPolicy " + policy.full_name() +
                                     " targets HTTPRoute " + name + ", which does not exist");
      f.with_consequence("AI requests without a routing strategy get 404.")
          .at_field("spec.targetRef");
      f.caused_by(GW010,
                  {"gateway.networking.k8s.io", "HTTPRoute", std::string(policy.ns()), name});
      reapply_remedy(f, context, "core");
      return false;
    }
  }
  Finding& f = reporter.error(policy, "EnvoyExtensionPolicy " + policy.full_name() + " targets " +
                                          std::string(kind) + " " + name +
                                          ", not the HTTPRoute for AI requests");
  f.with_consequence(std::string(skipped))
      .at_field(policy.spec()["targetRef"].exists() ? "spec.targetRef" : "spec.targetRefs[0]");
  f.with_evidence("target", std::string(kind) + " " + name,
                  "HTTPRoute " + std::string(reserved ? reserved->name() : names::reserved_route));
  reapply_remedy(f, context, "core");
  return false;
}

void check_backend(const Context& context, Reporter& reporter, const PluginPolicy& plugin) {
  const kube::Lookup service =
      context.snapshot.find(kube::resources::services, plugin.service_ns, plugin.service);
  if (!service || service->deleting()) return;  // a missing Service is GW018's
  std::vector<std::string> ports;
  for (const kube::Value& port : service->spec()["ports"].items()) {
    if (port["port"].integer() == plugin.port) return;
    ports.emplace_back(port["port"].scalar());
  }
  Finding& f = reporter.error(*plugin.policy, "EnvoyExtensionPolicy " + plugin.policy->full_name() +
                                                  " references port " +
                                                  std::to_string(plugin.port) + ", which Service " +
                                                  service->full_name() + " does not have");
  f.with_consequence("Every AI request fails.")
      .at_field(plugin.path + ".backendRefs[0].port")
      .with_related(*service);
  f.with_evidence("port", std::to_string(plugin.port), base::join(ports, ", "));
  reapply_remedy(f, context, "core");
}

void check_extension_status(const Context& context, Reporter& reporter, const Object& policy) {
  const kube::Condition accepted =
      kube::find_condition(aibrix::ancestor_conditions(policy), "Accepted");
  if (accepted.is_true()) return;
  if (!aibrix::from_api_server(policy)) {
    reporter.undetermined("EnvoyExtensionPolicy " + policy.full_name() +
                          " comes from a manifest and has no status");
    return;
  }
  if (maybe_unseen(context, policy) || settling(context, accepted) ||
      aibrix::stale(policy, accepted)) {
    reporter.undetermined("EnvoyExtensionPolicy " + policy.full_name() + " changed only just now");
    return;
  }
  Finding& f = reporter.error(
      policy, "EnvoyExtensionPolicy " + policy.full_name() +
                  (accepted.is_false() ? " is not accepted (" + std::string(accepted.reason()) + ")"
                                       : std::string(" was not processed by any controller")));
  f.with_consequence(std::string(skipped));
  show_condition(f, accepted);
  because_of(f, gateway_cause(context));
  // Envoy Gateway 1.9 refuses the policy while no pod of the plugin is ready ("Invalid").
  because_of(f, gateway_plugins_state(context).cause);
  f.remedy(Confidence::manual, "fix what its conditions name",
           kubectl(policy.ns(), "describe").on("envoyextensionpolicy", policy.name()));
}

void run_extension_policy(const Context& context, Reporter& reporter) {
  if (!gateway_expected(context, reporter)) return;
  const PluginPolicy plugin = aibrix::plugin_policy(context.cluster);
  if (plugin.policy.unknown()) {
    reporter.undetermined("EnvoyExtensionPolicies of namespace aibrix-system were not read");
  } else if (plugin.policy && plugin.policy->deleting()) {
    reporter.not_applicable("EnvoyExtensionPolicy " + plugin.policy->full_name() +
                            " is being deleted");
  } else if (plugin.path.empty()) {
    report_missing(context, reporter, plugin);
  } else {
    check_backend(context, reporter, plugin);
    if (check_target(context, reporter, *plugin.policy))
      check_extension_status(context, reporter, *plugin.policy);
  }
}

void run_timeout(const Context& context, Reporter& reporter) {
  if (!gateway_expected(context, reporter)) return;
  const PluginPolicy plugin = aibrix::plugin_policy(context.cluster);
  if (plugin.policy.unknown()) {
    reporter.undetermined("EnvoyExtensionPolicies of namespace aibrix-system were not read");
    return;
  }
  if (plugin.path.empty()) {
    reporter.not_applicable("no EnvoyExtensionPolicy attaches the gateway plugin as ext_proc");
    return;
  }
  const Object& policy = *plugin.policy;
  const auto set = [&](const char* field) {
    return kubectl(policy.ns(), "patch")
        .on("envoyextensionpolicy", policy.name())
        .with("--type=json", "-p",
              R"([{"op":"add","path":"/spec/extProc/)" +
                  plugin.path.substr(13, plugin.path.size() - 14) + field + "}]");
  };
  // Envoy's own default is 200 ms; AIBrix writes 5s (v0.2, v0.3) or 60s (v0.4 on).
  const std::string_view text = plugin.ext_proc["messageTimeout"].text("200ms");
  const auto timeout = base::parse_duration(text);
  reporter.measured("messageTimeout " + std::string(text));
  if (timeout && *timeout < std::chrono::seconds(60)) {
    Finding& f = reporter.warning(
        policy, "ext_proc messageTimeout of the gateway plugin is only " + std::string(text));
    f.with_consequence("Long prompts and slow routing decisions fail under load.");
    f.at_field(plugin.path + ".messageTimeout")
        .with_evidence("messageTimeout", std::string(text), "60s");
    f.remedy(Confidence::review, "set it to 60s, the default since v0.4.0",
             set(R"(/messageTimeout","value":"60s")"));
  }
  if (plugin.ext_proc["failOpen"].is_true()) {
    Finding& f = reporter.warning(
        policy, "ext_proc failOpen is true: Envoy forwards requests when the gateway plugin fails");
    f.with_consequence("Such requests bypass routing, rate limits and authentication.");
    f.at_field(plugin.path + ".failOpen").with_evidence("failOpen", "true", "false");
    f.remedy(Confidence::review, "set failOpen to false", set(R"(/failOpen","value":false)"));
  }
}

}  // namespace

constinit const Check registry::GW012{
    codes::GW012,
    Area::gateway,
    "the gateway plugin is not attached as ext_proc",
    gw012_needs,
    run_extension_policy,
    {"The EnvoyExtensionPolicy that attaches AIBrix's gateway plugin to Envoy as ext_proc is "
     "missing, not accepted, or points to the wrong HTTPRoute, Service or port. Without the plugin "
     "no request is routed to its model: it goes to the reserved route's backend, a gRPC port, and "
     "gets 502 protocol error.",
     "The core manifest was applied only in part, two policies target one HTTPRoute (Conflicted), "
     "the policy was edited, or Envoy Gateway is down.",
     "Reapply the release's core manifest or chart. Remove a second policy on the same HTTPRoute.",
     "every release (v0.1 and v0.2 target the Gateway)"}};

constinit const Check registry::GW017{
    codes::GW017,
    Area::gateway,
    "ext_proc messageTimeout or failOpen of the gateway plugin is not as recommended",
    gw017_needs,
    run_timeout,
    {"Envoy waits less than 60 s for the gateway plugin (messageTimeout), so long prompts or slow "
     "routing decisions end in an error; or failOpen allows requests to bypass the plugin when it "
     "fails.",
     "v0.2 and v0.3 set 5 s. Otherwise the chart's gatewayPlugin.messageTimeout or failOpen was "
     "changed.",
     "Set messageTimeout to 60s and failOpen to false.",
     "v0.2.0 and later; 60 s is the default since v0.4.0"}};

}  // namespace checks
