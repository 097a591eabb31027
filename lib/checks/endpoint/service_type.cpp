// SVC003: the gateway's Service has the type the EnvoyProxy asks for.
#include "aibrix/envoy_gateway.hpp"
#include "aibrix/names.hpp"
#include "checks/common/fix_remedies.hpp"
#include "checks/common/gateway.hpp"

namespace checks {
namespace {

using kube::Object;

constexpr kube::Need own_service_type_needs[] = {need::services,
                                                 need::optional(need::envoy_gateway_config)};
constexpr auto svc003_needs = with_gateway(own_service_type_needs);

std::string told_by(const Context& context, const aibrix::WantedService& wanted) {
  const kube::Lookup proxy = context.cluster.envoy_proxy();
  if (proxy && !wanted.path.empty()) return "EnvoyProxy " + proxy->full_name() + " " + wanted.path;
  const bool configured = !aibrix::envoy_gateway_config(context.cluster).service_type.empty();
  return configured ? "envoyProxy in ConfigMap envoy-gateway-config" : "Envoy Gateway's default";
}

void report_difference(const Context& context, Reporter& reporter, const Object& service,
                       const aibrix::WantedService& wanted) {
  const std::string live(service.spec()["type"].text("ClusterIP"));
  const kube::Lookup proxy = context.cluster.envoy_proxy();
  Finding& f =
      reporter.warning(service, "Service " + service.full_name() + " is of type " + live +
                                    ", but Envoy Gateway is configured for " + wanted.type);
  f.with_consequence("Envoy Gateway will revert the type at its next change.")
      .at_field("spec.type");
  f.with_evidence("spec.type", live, wanted.type);
  f.with_evidence("configured in", told_by(context, wanted));
  if (proxy) f.with_related(*proxy);
  const ComponentHealth controller = envoy_gateway_state(context);
  because_of(f, controller.cause);
  const TypeCommands commands = service_type_commands(context, live);
  if (!commands.apply.empty()) {
    f.remedy(Confidence::review, "to keep " + live + ", set it in the EnvoyProxy", commands.apply);
    f.remedies.back().undo = commands.undo;
    offer_fix_type(f, live);
  }
  if (!controller.down) {
    f.remedy(
        Confidence::review, "to return to " + wanted.type + ", let Envoy Gateway apply it again",
        restart_command(context.cluster.component(aibrix::ComponentRole::envoy_gateway).ref()));
  }
}

void run_service_type(const Context& context, Reporter& reporter) {
  if (!gateway_expected(context, reporter)) return;
  const auto services = context.cluster.gateway_services();
  const auto ref = context.cluster.envoy_proxy_ref();
  const kube::Lookup proxy = context.cluster.envoy_proxy();
  // Without a reference Envoy Gateway's default holds; but a class not read could have one.
  const bool known =
      ref ? static_cast<bool>(proxy) : static_cast<bool>(context.cluster.gateway_class());
  if (services.empty()) {
    without_service(context, reporter);
    return;
  }
  if (!known) {
    reporter.undetermined("the EnvoyProxy that determines the type was not read");
    return;
  }
  aibrix::WantedService wanted;
  if (proxy) {
    wanted = aibrix::wanted_service(proxy->spec());
    const kube::Condition accepted =
        kube::find_condition(aibrix::ancestor_conditions(*proxy), "Accepted");
    if (aibrix::stale(*proxy, accepted)) {
      reporter.undetermined("EnvoyProxy " + proxy->full_name() +
                            " was changed and is not processed yet");
      return;
    }
  }
  const std::string configured = aibrix::envoy_gateway_config(context.cluster).service_type;
  if (wanted.path.empty() && !configured.empty()) wanted.type = configured;
  for (const Object* service : services) {
    const std::string_view live = service->spec()["type"].text("ClusterIP");
    if (service->deleting()) continue;
    if (live == wanted.type) {
      reporter.measured("type " + wanted.type + " in both");
    } else {
      report_difference(context, reporter, *service, wanted);
    }
  }
}

}  // namespace

constinit const Check registry::SVC003{
    codes::SVC003,
    Area::endpoint,
    "the gateway's Service has another type than the EnvoyProxy sets",
    svc003_needs,
    run_service_type,
    {"The Service has another type than the one set in the EnvoyProxy (envoyService.type, or its "
     "patch on top; LoadBalancer when neither is set). Envoy Gateway owns the Service and will "
     "revert the type, so the address that clients use will change.",
     "The Service was edited by hand, as outdated instructions suggest, or Envoy Gateway is down "
     "and has not applied a change of the EnvoyProxy.",
     "Set the desired type in the EnvoyProxy and, if you use the chart, in "
     "gateway.envoyProxy.service.",
     "every release"}};

}  // namespace checks
