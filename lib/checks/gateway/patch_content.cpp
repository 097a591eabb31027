// GW015: the EnvoyPatchPolicy names the gateway plugin's filter and the Gateway's routes.
#include <vector>

#include "aibrix/names.hpp"
#include "aibrix/policy.hpp"
#include "base/text.hpp"
#include "checks/common/gateway.hpp"

namespace checks {
namespace {

namespace names = aibrix::names;
using aibrix::StrategyPatch;
using kube::Object;

constexpr kube::Need own_patch_content_needs[] = {need::envoy_patch_policies,
                                                  need::envoy_extension_policies};
constexpr auto gw015_needs = with_gateway(own_patch_content_needs);

// The part of a filter's name that tells the policy: "aibrix-system/aibrix-…-extension-policy".
std::string_view policy_in(std::string_view filter) {
  const std::string_view tail = filter.substr(0, filter.rfind("/extproc/"));
  const std::size_t name = tail.rfind('/');
  const std::size_t ns = tail.rfind('/', name - 1);
  return tail.substr(ns + 1);
}

void check_filter(Reporter& reporter, const StrategyPatch& patch,
                  const aibrix::PluginPolicy& plugin) {
  const Object& policy = *patch.policy;
  if (plugin.policy.unknown() || plugin.path.empty()) {
    reporter.undetermined(
        "the EnvoyExtensionPolicy whose filter the patch references was not read");
    return;
  }
  // In a manifest without namespaces only the name can be compared.
  const std::string_view ns = plugin.policy->ns();
  const std::string_view named = policy_in(patch.filter);
  const std::string_view name = named.substr(named.find('/') + 1);
  const bool same =
      ns.empty() ? name == plugin.policy->name() : named == plugin.policy->full_name();
  if (same && !patch.filter.empty()) return;
  Finding& f = reporter.error(policy, "EnvoyPatchPolicy " + policy.full_name() +
                                          " references a filter that is not the gateway plugin's");
  f.with_consequence("Requests with a routing strategy bypass the plugin and get 503.");
  f.at_field(patch.route_path + ".operation.value.typed_per_filter_config");
  f.with_evidence(
      "filter", patch.filter.empty() ? "none" : patch.filter,
      aibrix::ext_proc_filter(ns.empty() ? names::system_namespace : ns, plugin.policy->name()));
  f.with_related(*plugin.policy);
  f.remedy(Confidence::review,
           "set the expected filter name in the patch; with the chart, use release name aibrix in "
           "namespace aibrix-system, or a chart from v0.6.0 on",
           kubectl(policy.ns().empty() ? names::system_namespace : policy.ns(), "edit")
               .on("envoypatchpolicy", policy.name()));
}

// RouteConfigurations are named <Gateway's namespace>/<Gateway>/<listener>, unless Envoy Gateway
// runs with another naming scheme: then the applied patch says that the name is right.
void check_route_name(const Context& context, Reporter& reporter, const StrategyPatch& patch) {
  const Object& policy = *patch.policy;
  const kube::Condition programmed =
      kube::find_condition(aibrix::ancestor_conditions(policy), "Programmed");
  if (programmed.is_true()) return;
  const std::string prefix =
      std::string(names::system_namespace) + '/' + std::string(names::gateway) + '/';
  std::vector<std::string> wanted;
  const kube::Lookup gw = context.cluster.gateway();
  if (gw) {
    for (const kube::Value& listener : gw->spec()["listeners"].items()) {
      wanted.push_back(prefix + std::string(listener["name"].text()));
    }
  }
  for (const std::string& name : wanted) {
    if (name == patch.route_configuration) return;
  }
  if (!gw && patch.route_configuration.starts_with(prefix)) return;
  if (wanted.empty()) wanted.push_back(prefix + "http");
  Finding& f =
      reporter.error(policy, "EnvoyPatchPolicy " + policy.full_name() +
                                 " patches a RouteConfiguration that the gateway does not have");
  f.with_consequence("Requests with a routing strategy get 502.");
  f.at_field(patch.route_path + ".name");
  f.with_evidence("name", patch.route_configuration, base::join(wanted, " or "));
  f.remedy(Confidence::review, "set the expected name in the patch",
           kubectl(policy.ns().empty() ? names::system_namespace : policy.ns(), "edit")
               .on("envoypatchpolicy", policy.name()));
}

void run_content(const Context& context, Reporter& reporter) {
  if (!gateway_expected(context, reporter)) return;
  const StrategyPatch patch = aibrix::strategy_patch(context.cluster);
  if (!patch.policy) {
    if (patch.policy.unknown()) {
      reporter.undetermined("EnvoyPatchPolicies of namespace aibrix-system were not read");
    } else {
      reporter.not_applicable("AIBrix has no EnvoyPatchPolicy here");
    }
    return;
  }
  if (!patch.has_route) {
    Finding& f = reporter.error(*patch.policy, "EnvoyPatchPolicy " + patch.policy->full_name() +
                                                   " does not add route original_route");
    f.with_consequence("Requests with a routing strategy get 502.").at_field("spec.jsonPatches");
    reapply_remedy(f, context, "core");
    return;
  }
  check_filter(reporter, patch, aibrix::plugin_policy(context.cluster));
  check_route_name(context, reporter, patch);
}

}  // namespace

constinit const Check registry::GW015{
    codes::GW015,
    Area::gateway,
    "the EnvoyPatchPolicy references a wrong filter or RouteConfiguration",
    gw015_needs,
    run_content,
    {"AIBrix's EnvoyPatchPolicy contains two names that Envoy Gateway derives from other objects: "
     "the ext_proc filter of the EnvoyExtensionPolicy, and the RouteConfiguration of the Gateway's "
     "listener. If one of them is wrong, requests that already have a routing-strategy header "
     "bypass the plugin and get 503, or the whole route is missing.",
     "A chart before v0.6.0 was installed under a release name other than aibrix or into another "
     "namespace: the EnvoyExtensionPolicy got the release's name, but the patch kept the fixed "
     "one.",
     "Correct the name in the EnvoyPatchPolicy, or install the chart as aibrix in aibrix-system.",
     "every release; charts before v0.6.0 could cause it"}};

}  // namespace checks
