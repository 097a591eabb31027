// GW018: the gateway plugin's Service has ready endpoints.
#include "aibrix/names.hpp"
#include "aibrix/pod.hpp"
#include "aibrix/policy.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/gateway.hpp"

namespace checks {
namespace {

namespace names = aibrix::names;

constexpr kube::Need own_plugin_endpoints_needs[] = {
    need::services, need::optional(need::envoy_extension_policies)};
constexpr auto gw018_needs = with_gateway(own_plugin_endpoints_needs);

// Where Envoy sends its questions: as the EnvoyExtensionPolicy says, else the name of the
// manifests.
kube::ObjectRef plugin_service(const Context& context) {
  const aibrix::PluginPolicy plugin = aibrix::plugin_policy(context.cluster);
  if (!plugin.service.empty()) return {"", "Service", plugin.service_ns, plugin.service};
  return {"", "Service", context.cluster.ns(), std::string(names::gateway_plugins)};
}

void report_none(const Context& context, Reporter& reporter, const kube::Object& service) {
  const ComponentHealth plugin = gateway_plugins_state(context);
  const auto pods = context.cluster.pods_for_map(service.ns(), service.spec()["selector"]);
  Finding& f = reporter.error(service, "Service " + service.full_name() + " has no ready endpoint");
  f.with_consequence("Every AI request fails, because Envoy cannot call the gateway plugin.");
  f.with_evidence("ready endpoints", "0", "at least 1");
  because_of(f, plugin.cause);
  if (plugin.down || !context.snapshot.loaded(kube::resources::pods)) return;
  if (pods.empty()) {
    f.at_field("spec.selector").with_evidence("pods that its selector matches", "none");
    f.remedy(Confidence::manual, "make its selector match the plugin's pods",
             kubectl(service.ns(), "get", "pods", "--show-labels"));
  } else {
    f.with_evidence("pods", aibrix::describe_pods(pods));
  }
}

void run_plugin_endpoints(const Context& context, Reporter& reporter) {
  if (!gateway_expected(context, reporter)) return;
  const kube::ObjectRef ref = plugin_service(context);
  const kube::Lookup service = context.snapshot.find(kube::resources::services, ref.ns, ref.name);
  if (service.missing()) {
    Finding& f = reporter.error(ref, "Service " + ref.ns + "/" + ref.name + " does not exist");
    f.with_consequence("Every AI request fails, because Envoy cannot call the gateway plugin.");
    if (context.cluster.component(aibrix::ComponentRole::gateway_plugins).state ==
        aibrix::Component::State::missing) {
      because_of(f, gateway_plugins_state(context).cause);
    }
    reapply_remedy(f, context, "core");
    return;
  }
  if (service.unknown()) {
    reporter.undetermined("Service " + ref.ns + "/" + ref.name + " was not read");
    return;
  }
  if (service->deleting()) {
    reporter.not_applicable("Service " + service->full_name() + " is being deleted");
    return;
  }
  const auto ready = context.cluster.ready_endpoints(ref.ns, ref.name);
  if (!ready || !aibrix::from_api_server(*service)) {
    reporter.undetermined("the endpoints of Service " + service->full_name() + " were not read");
  } else if (*ready == 0) {
    report_none(context, reporter, *service);
  } else {
    reporter.measured(base::plural(*ready, "ready endpoint"));
  }
}

}  // namespace

constinit const Check registry::GW018{
    codes::GW018,
    Area::gateway,
    "the gateway plugin's Service has no ready endpoint",
    gw018_needs,
    run_plugin_endpoints,
    {"Envoy calls the gateway plugin as ext_proc for every AI request, through Service "
     "aibrix-gateway-plugins. The Service is missing or has no ready endpoint, so every such "
     "request fails.",
     "The plugin's pods are unready (often because Redis is unreachable), or the Service's "
     "selector does not match them.",
     "Bring the plugin's pods up, or correct the selector.",
     "every release (not with the chart's envoyAsSideCar)"}};

}  // namespace checks
