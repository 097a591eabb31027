// SVC001: the gateway's Service exists; SVC006: the gateway's Service has its usual name.
#include "aibrix/gateway.hpp"
#include "aibrix/names.hpp"
#include "aibrix/policy.hpp"
#include "checks/common/gateway.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

namespace names = aibrix::names;

constexpr kube::Need svc001_own[] = {need::services, need::optional(need::envoy_gateway_config)};
constexpr auto svc001_needs = with_gateway(svc001_own);
constexpr kube::Need svc006_own[] = {need::services, need::optional(need::envoy_gateway_config),
                                     need::optional(need::envoy_patch_policies)};
constexpr auto svc006_needs = with_gateway(svc006_own);

void report_missing(const Context& context, Reporter& reporter,
                    const aibrix::ServiceName& expected) {
  Finding& f = reporter.error(Subject({"", "Service", expected.ns, expected.name}),
                              "Service " + expected.ns + "/" + expected.name + " does not exist");
  f.with_consequence("No request reaches the gateway.");
  if (!expected.why.empty()) f.note("its name is determined by " + expected.why);
  const auto cause = gateway_cause(context);
  because_of(f, cause);
  if (const auto proxy = context.cluster.envoy_proxy_ref()) f.caused_by(GW004, *proxy);
  if (cause) return;
  const kube::ObjectRef controller =
      context.cluster.component(aibrix::ComponentRole::envoy_gateway).ref();
  f.remedy(Confidence::manual, "find out from its log why Envoy Gateway does not create it",
           recent_log_command(controller));
}

void run_service(const Context& context, Reporter& reporter) {
  if (!entry_expected(context, reporter)) return;
  const auto services = aibrix::entry_services(context.cluster);
  if (!services.empty()) {
    reporter.measured(services.front()->full_name());
    return;
  }
  const kube::Object* gw = judgeable_gateway(context, reporter);
  if (gw == nullptr) return;
  const aibrix::ServiceName expected = aibrix::expected_service(context.cluster);
  if (!context.snapshot.complete(kube::resources::services, expected.ns)) {
    reporter.undetermined("not all Services of namespace " + expected.ns + " were read");
  } else if (maybe_unseen(context, *gw)) {
    reporter.undetermined("the Gateway was created only just now");
  } else if (gw->condition("Programmed").is_true() && !envoy_gateway_state(context).down) {
    reporter.undetermined(
        "no Service has the Gateway's labels, although the Gateway is Programmed");
  } else {
    report_missing(context, reporter, expected);
  }
}

void run_name(const Context& context, Reporter& reporter) {
  if (!gateway_expected(context, reporter)) return;
  const auto services = context.cluster.gateway_services();
  if (services.empty()) {
    without_service(context, reporter);
    return;
  }
  const std::string usual = aibrix::hashed_envoy_name(std::string(names::system_namespace) + '/' +
                                                      std::string(names::gateway));
  const aibrix::ServiceName expected = aibrix::expected_service(context.cluster);
  for (const kube::Object* service : services) {
    if (service->name() == usual || service->deleting()) continue;
    Finding& f = reporter.info(*service, "the gateway's Service is named " + service->full_name() +
                                             ", not " + usual + " as in the documentation");
    f.with_evidence("Service", service->full_name());
    if (service->name() == expected.name && !expected.why.empty()) {
      f.with_evidence("Service name set by", expected.why);
    }
    if (context.cluster.merged_gateways()) {
      const kube::Lookup policy = aibrix::strategy_patch(context.cluster).policy;
      if (policy) f.caused_by(GW013, policy->ref());
    }
  }
  reporter.measured(services.front()->full_name());
}

}  // namespace

constinit const Check registry::SVC001{
    codes::SVC001,
    Area::endpoint,
    "the gateway's Service does not exist",
    svc001_needs,
    run_service,
    {"Envoy Gateway creates a Service for Gateway aibrix-eg (by default "
     "envoy-aibrix-system-aibrix-eg-903790dc in namespace envoy-gateway-system). It does not "
     "exist, so there is no address to send requests to.",
     "Envoy Gateway is down or crash-looping, the GatewayClass or the Gateway is not accepted, or "
     "the EnvoyProxy is missing.",
     "Fix what keeps Envoy Gateway from creating it: the finding that this one is listed under.",
     "every release"}};

constinit const Check registry::SVC006{
    codes::SVC006,
    Area::endpoint,
    "the gateway's Service does not have its usual name",
    svc006_needs,
    run_name,
    {"The Service that Envoy Gateway created has another name than the one in AIBrix's "
     "documentation and FAQ. This is not a fault, but commands copied from there need the name "
     "found here.",
     "EnvoyProxy spec.mergeGateways, envoyService.name, or Envoy Gateway in GatewayNamespace mode.",
     "Use the name shown here.", "every release"}};

}  // namespace checks
