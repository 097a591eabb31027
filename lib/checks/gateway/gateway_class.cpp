// GW003: GatewayClass aibrix-eg is accepted.
#include "aibrix/envoy_gateway.hpp"
#include "aibrix/names.hpp"
#include "checks/common/gateway.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

namespace names = aibrix::names;

constexpr kube::Need own_gateway_class_needs[] = {need::gateway_classes,
                                                  need::optional(need::envoy_gateway_config)};
constexpr auto gw003_needs = with_gateway(own_gateway_class_needs);

void report_missing(const Context& context, Reporter& reporter) {
  const kube::Lookup gw = context.cluster.gateway();
  if (gw.missing()) {  // the Gateway's own check says both
    reporter.not_applicable("neither the GatewayClass nor the Gateway exists");
    return;
  }
  std::string name(names::gateway);
  if (gw) name = gw->spec()["gatewayClassName"].text(names::gateway);
  Finding& f = report(reporter, unless_serving(context),
                      Subject({"gateway.networking.k8s.io", "GatewayClass", "", name}),
                      "GatewayClass " + name + " does not exist");
  f.with_consequence("Envoy Gateway ignores Gateway aibrix-system/aibrix-eg.");
  if (gw) f.with_evidence("Gateway spec.gatewayClassName", name, "an existing GatewayClass");
  reapply_remedy(f, context, "core");
}

// No controller has said a word about it.
void report_unclaimed(const Context& context, Reporter& reporter,
                      const kube::Object& gateway_class) {
  const std::string_view named = gateway_class.spec()["controllerName"].text();
  const aibrix::EnvoyGatewayConfig config = aibrix::envoy_gateway_config(context.cluster);
  const bool other =
      config.read() ? named != config.controller_name : named != names::envoy_gateway_controller;
  const std::string name(gateway_class.name());
  Finding& f = report(reporter, unless_serving(context), gateway_class,
                      other ? "GatewayClass " + name + " has controllerName " + std::string(named) +
                                  ", which is not Envoy Gateway's"
                            : "no controller has accepted GatewayClass " + name);
  f.with_consequence(
      "No Envoy is created for Gateway aibrix-eg, and its HTTPRoutes have no effect.");
  f.with_evidence("spec.controllerName", std::string(named), config.controller_name);
  if (other) {
    f.at_field("spec.controllerName");
    f.remedy(Confidence::review,
             "the field is immutable: delete the GatewayClass and re-create it with the right "
             "controllerName");
    return;
  }
  const ComponentHealth controller = envoy_gateway_state(context);
  because_of(f, controller.cause);
  if (!controller.down) {
    const kube::ObjectRef ref =
        context.cluster.component(aibrix::ComponentRole::envoy_gateway).ref();
    f.remedy(Confidence::manual, "check Envoy Gateway's log for the reason",
             recent_log_command(ref));
  }
}

void run_gateway_class(const Context& context, Reporter& reporter) {
  if (!gateway_expected(context, reporter)) return;
  const kube::Lookup gc = context.cluster.gateway_class();
  if (gc.missing()) return report_missing(context, reporter);
  if (gc.unknown()) {
    reporter.undetermined("the GatewayClass was not read");
    return;
  }
  const std::string name(gc->name());
  const kube::Condition accepted = gc->condition("Accepted");
  if (gc->deleting()) {
    reporter.not_applicable("GatewayClass " + name + " is being deleted");
  } else if (accepted.is_true()) {
    reporter.measured(accepted.summary());
  } else if (!aibrix::from_api_server(*gc)) {
    reporter.undetermined("GatewayClass " + name + " comes from a manifest and has no status");
  } else if (maybe_unseen(context, *gc) || settling(context, accepted)) {
    reporter.undetermined("GatewayClass " + name + " was created or changed only just now");
  } else if (!aibrix::reconciled(accepted)) {
    report_unclaimed(context, reporter, *gc);
  } else {
    Finding& f = report(
        reporter, unless_serving(context), *gc,
        "GatewayClass " + name + " is not accepted (" + std::string(accepted.reason()) + ")");
    f.with_consequence(
        "No Envoy is created for Gateway aibrix-eg, and its HTTPRoutes have no effect.");
    show_condition(f, accepted);
    if (const auto proxy = context.cluster.envoy_proxy_ref()) f.caused_by(GW004, *proxy);
    f.remedy(Confidence::manual, "fix what the condition's message names",
             kubectl("", "describe").on("gatewayclass", name));
  }
}

}  // namespace

constinit const Check registry::GW003{
    codes::GW003,
    Area::gateway,
    "the GatewayClass of Gateway aibrix-eg is missing or not accepted",
    gw003_needs,
    run_gateway_class,
    {"Envoy Gateway does not accept the GatewayClass of Gateway aibrix-eg, or the GatewayClass "
     "does not exist. Envoy Gateway then creates no Envoy and no Service for the Gateway. A "
     "running Envoy may continue with its last configuration, but no change has an effect.",
     "spec.parametersRef references an EnvoyProxy that is missing or invalid, spec.controllerName "
     "is not the one that Envoy Gateway was configured with, or Envoy Gateway is down.",
     "Fix what the condition's message names. If there is no condition, check Envoy Gateway "
     "itself.",
     "every release; spec.parametersRef since v0.3.0"}};

}  // namespace checks
