// GW013: the EnvoyPatchPolicy behind routing strategies is accepted; GW014: the patches behind
// routing strategies are applied.
#include "aibrix/names.hpp"
#include "aibrix/policy.hpp"
#include "base/text.hpp"
#include "checks/common/gateway.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

namespace names = aibrix::names;
using aibrix::StrategyPatch;
using kube::Object;

constexpr kube::Need own_patch_policy_needs[] = {need::envoy_patch_policies};
constexpr auto policy_needs = with_gateway(own_patch_policy_needs);

constexpr std::string_view lost = "Requests with a routing strategy get 502.";

// The policy when there is one to judge; nothing otherwise, and `result` says why.
const Object* judgeable(const Context& context, Reporter& reporter, const StrategyPatch& patch) {
  if (!gateway_expected(context, reporter)) return nullptr;
  if (patch.policy.unknown()) {
    reporter.undetermined("EnvoyPatchPolicies of namespace aibrix-system were not read");
  } else if (patch.policy && patch.policy->deleting()) {
    reporter.not_applicable("EnvoyPatchPolicy " + patch.policy->full_name() + " is being deleted");
  } else if (patch.policy && !aibrix::from_api_server(*patch.policy)) {
    reporter.undetermined("EnvoyPatchPolicy " + patch.policy->full_name() +
                          " comes from a manifest and has no status");
  } else {
    return patch.policy.object;
  }
  return nullptr;
}

Command edit_command(const Object& policy) {
  return kubectl(policy.ns(), "edit").on("envoypatchpolicy", policy.name());
}

// With merged Gateways only policies that target the GatewayClass are taken, and AIBrix's targets
// the Gateway.
void blame_merge(Finding& f, const Context& context) {
  const kube::Lookup proxy = context.cluster.envoy_proxy();
  const std::string name(proxy->name());
  f.title = "EnvoyProxy " + name + " merges Gateways, so EnvoyPatchPolicy " + f.subject.ref.name +
            " is not accepted";
  Subject related(*proxy);
  related.path = "spec.mergeGateways";
  f.with_related(related).with_evidence("spec.mergeGateways",
                                        "true in EnvoyProxy " + proxy->full_name(), "not true");
  const auto merge = [&](const char* patch) {
    return merge_patch(proxy->ns(), "envoyproxy", proxy->name(), patch);
  };
  f.remedy(Confidence::review,
           "disable mergeGateways; Envoy then gets a new Service with another name and address",
           merge(R"({"spec":{"mergeGateways":false}})"));
  f.remedies.back().undo = merge(R"({"spec":{"mergeGateways":true}})");
}

void report_refused(const Context& context, Reporter& reporter, const Object& policy,
                    const kube::Condition& accepted) {
  Finding& f =
      reporter.error(policy, "EnvoyPatchPolicy " + policy.full_name() + " is not accepted (" +
                                 std::string(accepted.reason()) + ")");
  f.with_consequence(std::string(lost));
  show_condition(f, accepted);
  if (accepted.reason() == "Disabled") {
    f.caused_by(GW002, {"", "ConfigMap", context.cluster.envoy_gateway_ns(),
                        std::string(names::envoy_gateway_config)});
    f.remedy(
        Confidence::review,
        "restart Envoy Gateway after enabling it; the setting is read only at startup",
        restart_command(context.cluster.component(aibrix::ComponentRole::envoy_gateway).ref()));
  } else if (context.cluster.merged_gateways() &&
             aibrix::policy_target(policy)["kind"].text() == "Gateway") {
    blame_merge(f, context);
  } else {
    f.remedy(Confidence::manual, "fix what the condition's message names", edit_command(policy));
  }
}

// Envoy Gateway writes nothing when the target is not a Gateway it runs in the policy's namespace.
void report_unseen(const Context& context, Reporter& reporter, const Object& policy) {
  const kube::Value target = aibrix::policy_target(policy);
  const bool ours =
      target["name"].text() == names::gateway && policy.ns() == names::system_namespace;
  const bool merged = target["kind"].text() == "GatewayClass";
  Finding& f = reporter.error(
      policy,
      ours || merged
          ? "EnvoyPatchPolicy " + policy.full_name() + " was not processed by any controller"
          : "EnvoyPatchPolicy " + policy.full_name() + " targets " +
                std::string(target["kind"].text()) + " " + std::string(target["name"].text()) +
                " in its own namespace, not aibrix-system/aibrix-eg");
  f.with_consequence(std::string(lost)).at_field("spec.targetRef");
  f.with_evidence("status.ancestors", "none", "one for Gateway aibrix-eg");
  because_of(f, gateway_cause(context));
  reapply_remedy(f, context, "core");
}

void run_patch_accepted(const Context& context, Reporter& reporter) {
  const StrategyPatch patch = aibrix::strategy_patch(context.cluster);
  const Object* policy = judgeable(context, reporter, patch);
  if (policy == nullptr) {
    if (!patch.policy.missing() || !gateway_expected(context, reporter)) return;
    Finding& f = reporter.error(
        Subject({"gateway.envoyproxy.io", "EnvoyPatchPolicy", std::string(names::system_namespace),
                 std::string(names::patch_policy)}),
        "EnvoyPatchPolicy aibrix-system/aibrix-epp does not exist");
    f.with_consequence(std::string(lost));
    reapply_remedy(f, context, "core");
    return;
  }
  const kube::Condition accepted =
      kube::find_condition(aibrix::ancestor_conditions(*policy), "Accepted");
  if (accepted.is_true()) {
    reporter.measured(accepted.summary());
  } else if (maybe_unseen(context, *policy) || settling(context, accepted) ||
             aibrix::stale(*policy, accepted)) {
    reporter.undetermined("EnvoyPatchPolicy " + policy->full_name() + " changed only just now");
  } else if (accepted.is_false()) {
    report_refused(context, reporter, *policy, accepted);
  } else {
    report_unseen(context, reporter, *policy);
  }
}

// Which of the policy's patches a message is about. Patches are applied one by one: a bad one
// leaves the others in force. Messages name the resource's type, its name, or quote the patch
// (Envoy Gateway v1.1–v1.9, internal/xds/translator/jsonpatch.go).
enum class Broken { route, listener, unknown };
Broken broken_patch(std::string_view message) {
  const auto says = [&](std::string_view word) {
    return message.find(word) != std::string_view::npos;
  };
  if (says("RouteConfiguration") || says("original_route") || says("/virtual_hosts") ||
      says("cluster.v3.Cluster") || says("ORIGINAL_DST")) {
    return Broken::route;
  }
  if (says("listener.v3.Listener") || says("default_filter_chain") ||
      says("preserve_external_request_id")) {
    return Broken::listener;
  }
  return Broken::unknown;
}

void run_programmed(const Context& context, Reporter& reporter) {
  const StrategyPatch patch = aibrix::strategy_patch(context.cluster);
  const Object* policy = judgeable(context, reporter, patch);
  if (policy == nullptr) {
    if (patch.policy.missing() && gateway_expected(context, reporter)) {
      reporter.not_applicable("AIBrix has no EnvoyPatchPolicy here");
    }
    return;
  }
  const kube::Value conditions = aibrix::ancestor_conditions(*policy);
  const kube::Condition programmed = kube::find_condition(conditions, "Programmed");
  if (kube::find_condition(conditions, "Accepted").is_false()) {
    reporter.not_applicable("EnvoyPatchPolicy " + policy->full_name() + " is not accepted");
    return;
  }
  if (programmed.is_true()) {
    reporter.measured(std::string(programmed.message()));
    return;
  }
  if (!programmed.is_false() || settling(context, programmed) ||
      aibrix::stale(*policy, programmed)) {
    reporter.undetermined("EnvoyPatchPolicy " + policy->full_name() +
                          " does not report the status of its patches");
    return;
  }
  const Broken broken = broken_patch(programmed.message());
  Finding& f = report(reporter, broken == Broken::route ? Level::error : Level::warning, *policy,
                      "not all patches of EnvoyPatchPolicy " + policy->full_name() +
                          " could be applied (" + std::string(programmed.reason()) + ")");
  f.with_consequence(broken == Broken::route ? std::string(lost)
                     : broken == Broken::listener
                         ? "Envoy may keep request IDs that clients send; routing is not affected."
                         : "Requests with a routing strategy may fail.");
  show_condition(f, programmed);
  f.at_field("spec.jsonPatches");
  if (broken == Broken::listener) {
    f.note(
        "with a connection limit on the listener, Envoy's filter has index 1, otherwise index 0");
    f.remedy(Confidence::review, "correct the filter's index in the Listener patch",
             edit_command(*policy));
  } else {
    f.note(
        "the names of xDS resources depend on Envoy Gateway's version and its runtime flag "
        "XDSNameSchemeV2");
    f.caused_by(GW015, policy->ref());
    f.remedy(
        Confidence::manual,
        "use the Envoy Gateway version that AIBrix's release installs, or correct the name that "
        "the message gives",
        edit_command(*policy));
  }
}

}  // namespace

constinit const Check registry::GW013{
    codes::GW013,
    Area::gateway,
    "the EnvoyPatchPolicy for routing strategies is missing or not accepted",
    policy_needs,
    run_patch_accepted,
    {"AIBrix's EnvoyPatchPolicy (aibrix-epp) is missing, or Envoy Gateway does not accept it. It "
     "routes a request with a routing strategy to the pod that the plugin has chosen. Without it "
     "such requests fall through to the plugin's gRPC port. Requests without a strategy still "
     "work.",
     "EnvoyPatchPolicies are disabled in Envoy Gateway's configuration (Disabled), the EnvoyProxy "
     "merges Gateways, so that only policies that target the GatewayClass are accepted (Invalid), "
     "or the policy is not in the Gateway's namespace (no status at all).",
     "Enable EnvoyPatchPolicies and restart Envoy Gateway, disable mergeGateways, or move the "
     "policy to aibrix-system.",
     "every release (not with the chart's envoyAsSideCar)"}};

constinit const Check registry::GW014{
    codes::GW014,
    Area::gateway,
    "a patch for routing strategies is not applied",
    policy_needs,
    run_programmed,
    {"Envoy Gateway accepted AIBrix's EnvoyPatchPolicy but could not apply one of its patches. If "
     "it is the RouteConfiguration or the Cluster, requests with a routing strategy fail; if it is "
     "the Listener (v0.7 and later), only request IDs are affected.",
     "Another version of Envoy Gateway names its resources differently, or a connectionLimit in "
     "the ClientTrafficPolicy moves the filter that the Listener patch edits.",
     "Use the Envoy Gateway version that AIBrix's release installs, or correct the names and the "
     "index in the policy.",
     "every release; Listener patch since v0.7.0"}};

}  // namespace checks
