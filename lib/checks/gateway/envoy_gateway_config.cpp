// GW002: Envoy Gateway accepts EnvoyPatchPolicies.
#include "aibrix/envoy_gateway.hpp"

#include "aibrix/names.hpp"
#include "aibrix/policy.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/gateway.hpp"
#include "checks/core/hide_secrets.hpp"
#include "kube/files/yaml_text.hpp"

namespace checks {
namespace {

namespace names = aibrix::names;
using aibrix::EnvoyGatewayConfig;

constexpr kube::Need own_envoy_gateway_config_needs[] = {
    need::envoy_gateway_config, need::optional(need::envoy_patch_policies)};
constexpr auto gw002_needs = with_gateway(own_envoy_gateway_config_needs);

void add_remedies(Finding& f, const Context& context, const kube::Object& config_map) {
  const std::string ns(config_map.ns());
  const Command restart =
      restart_command(context.cluster.component(aibrix::ComponentRole::envoy_gateway).ref());
  const std::string_view text = config_map.at("data", "envoy-gateway.yaml").text();
  f.remedy(
      Confidence::review,
      "enable it in the ConfigMap and restart Envoy Gateway (a Helm release of it needs "
      "config.envoyGateway.extensionApis.enableEnvoyPatchPolicy=true, or its next upgrade reverts "
      "this)");
  Remedy& remedy = f.remedies.back();
  const auto fixed = aibrix::with_patch_policies(text);
  const std::vector<std::string> secrets = secret_lines(fixed.value_or(""));
  if (fixed && secrets.empty()) {
    remedy.manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " +
                      kube::yaml_scalar(config_map.name()) +
                      "\n  namespace: " + kube::yaml_scalar(ns) +
                      "\ndata:\n  envoy-gateway.yaml: " + kube::yaml_block(*fixed, 4);
    remedy.command = restart;
  } else {
    // The text cannot be printed to be applied: what stands in place of a secret would replace it.
    if (!secrets.empty()) {
      remedy.text +=
          "; set extensionApis.enableEnvoyPatchPolicy: true in its envoy-gateway.yaml; the whole "
          "text is not shown because it contains secrets (" +
          base::join(secrets, ", ") + ")";
    }
    remedy.command = kubectl(ns, "edit").on("configmap", config_map.name());
    f.remedy(Confidence::review,
             "then restart Envoy Gateway, which reads the ConfigMap only at startup", restart);
  }
}

void report_missing(const Context& context, Reporter& reporter, bool disabled) {
  const kube::ObjectRef ref{"", "ConfigMap", context.cluster.envoy_gateway_ns(),
                            std::string(names::envoy_gateway_config)};
  Finding& f = report(reporter, disabled ? Level::error : Level::warning, ref,
                      "ConfigMap " + ref.name + " does not exist in namespace " + ref.ns);
  f.with_consequence(disabled ? "Requests with a routing strategy get 502."
                              : "Envoy Gateway cannot restart without it.");
  reapply_remedy(f, context, "dependency");
}

void report_off(const Context& context, Reporter& reporter, const kube::Object& config_map,
                bool still_on) {
  Finding& f = report(reporter, still_on ? Level::warning : Level::error, config_map,
                      "enableEnvoyPatchPolicy is not true in " + std::string(config_map.name()));
  f.with_consequence(still_on
                         ? "Requests with a routing strategy get 502 once Envoy Gateway restarts."
                         : "Requests with a routing strategy get 502.");
  f.at_field("data[\"envoy-gateway.yaml\"]");
  f.with_evidence("extensionApis.enableEnvoyPatchPolicy", "not true", "true");
  if (still_on)
    f.note(
        "EnvoyPatchPolicies are still accepted because Envoy Gateway is running with an older "
        "version of the ConfigMap");
  add_remedies(f, context, config_map);
}

void run_config(const Context& context, Reporter& reporter) {
  if (!gateway_expected(context, reporter)) return;
  const EnvoyGatewayConfig config = aibrix::envoy_gateway_config(context.cluster);
  const kube::Lookup policy = aibrix::strategy_patch(context.cluster).policy;
  kube::Condition accepted;
  if (policy) accepted = kube::find_condition(aibrix::ancestor_conditions(*policy), "Accepted");
  const bool disabled = accepted.is_false() && accepted.reason() == "Disabled";
  if (config.read() && config.patch_policies) {
    reporter.measured("enableEnvoyPatchPolicy: true");
  } else if (config.read()) {
    report_off(context, reporter, *config.source, accepted.is_true());
  } else if (config.source) {
    Finding& f = reporter.warning(*config.source,
                                  "Envoy Gateway cannot parse ConfigMap envoy-gateway-config");
    f.with_consequence("Envoy Gateway cannot restart with it.")
        .with_evidence("error", config.error);
    f.at_field("data[\"envoy-gateway.yaml\"]");
    f.remedy(Confidence::manual, "correct the text",
             kubectl(config.source->ns(), "edit").on("configmap", config.source->name()));
  } else if (accepted.is_true()) {
    reporter.measured("EnvoyPatchPolicy " + policy->full_name() + " is accepted");
  } else if (config.source.missing() &&
             (disabled ||
              context.cluster.component(aibrix::ComponentRole::envoy_gateway).deployment !=
                  nullptr)) {
    report_missing(context, reporter, disabled);
  } else {
    reporter.undetermined("ConfigMap envoy-gateway-config was not read");
  }
}

}  // namespace

constinit const Check registry::GW002{
    codes::GW002,
    Area::gateway,
    "EnvoyPatchPolicies are disabled in Envoy Gateway",
    gw002_needs,
    run_config,
    {"EnvoyPatchPolicies are disabled in Envoy Gateway's configuration. AIBrix needs one "
     "(aibrix-epp) to route a request to the pod that its plugin has chosen. Without it, requests "
     "with a routing strategy fall through to the plugin's gRPC port and get 502 protocol error; "
     "plain requests still work.",
     "Envoy Gateway was installed with its own chart or manifest and default values, or upgraded "
     "without extensionApis.enableEnvoyPatchPolicy.",
     "Set extensionApis.enableEnvoyPatchPolicy: true in ConfigMap envoy-gateway-config (with Helm: "
     "config.envoyGateway.extensionApis.enableEnvoyPatchPolicy=true) and restart Envoy Gateway.",
     "every release (not with the chart's envoyAsSideCar)"}};

}  // namespace checks
