// GW005: Gateway aibrix-system/aibrix-eg exists; GW006: Gateway aibrix-eg is accepted as it is now.
#include <vector>

#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/gateway.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

namespace names = aibrix::names;

constexpr kube::Need own_gateway_needs[] = {need::gateways};
constexpr auto gateway_needs = with_gateway(own_gateway_needs);

void run_missing(const Context& context, Reporter& reporter) {
  if (!gateway_expected(context, reporter)) return;
  const kube::Lookup gw = context.cluster.gateway();
  if (gw) {
    reporter.measured(gw->full_name());
    return;
  }
  if (gw.unknown()) {
    reporter.undetermined("Gateways of namespace aibrix-system were not read");
    return;
  }
  Finding& f = report(reporter, unless_serving(context), aibrix::gateway_ref(),
                      "Gateway aibrix-system/aibrix-eg does not exist");
  f.with_consequence("No request reaches any model.");
  f.caused_by(INS001, {"", "Namespace", "", std::string(names::system_namespace)});
  std::vector<std::string> others;
  for (const kube::Object& other : context.snapshot.list(aibrix::resources::gateways)) {
    others.push_back(other.full_name());
  }
  if (!others.empty()) {
    f.with_evidence("other Gateways", base::join(others, ", "), "aibrix-system/aibrix-eg");
    f.note("AIBrix's controller and plugin support no other name or namespace");
  }
  if (context.cluster.gateway_class().missing())
    f.with_evidence("GatewayClass aibrix-eg", "missing as well");
  reapply_remedy(f, context, "core");
}

// Envoy Gateway has not yet looked at the spec as it is now.
void report_lag(const Context& context, Reporter& reporter, const kube::Object& gw,
                const kube::Condition& accepted) {
  const ComponentHealth controller = envoy_gateway_state(context);
  // Nothing says when the spec changed, so a live look may simply be too early.
  if (context.snapshot.live() && !controller.down) {
    reporter.undetermined(
        "the status of Gateway aibrix-system/aibrix-eg is not yet updated after a change");
    return;
  }
  Finding& f = reporter.warning(
      gw, "the latest change to Gateway aibrix-system/aibrix-eg was not processed");
  f.with_evidence("observedGeneration", std::string(accepted.value["observedGeneration"].scalar()),
                  std::to_string(gw.generation()));
  because_of(f, controller.cause);
}

void run_accepted(const Context& context, Reporter& reporter) {
  if (!gateway_expected(context, reporter)) return;
  const kube::Object* gw = judgeable_gateway(context, reporter);
  if (gw == nullptr) return;
  const kube::Condition accepted = gw->condition("Accepted");
  if (maybe_unseen(context, *gw) || settling(context, accepted)) {
    reporter.undetermined("Gateway aibrix-system/aibrix-eg was created or changed only just now");
  } else if (aibrix::reconciled(accepted) && aibrix::stale(*gw, accepted)) {
    report_lag(context, reporter, *gw, accepted);
  } else if (accepted.is_true()) {
    reporter.measured(accepted.summary());
  } else {
    // The reason stays "Accepted" when the status is False (Envoy Gateway v1.2).
    const bool refused = accepted.is_false();
    Finding& f = report(reporter, unless_serving(context), *gw,
                        refused ? "Gateway aibrix-system/aibrix-eg is not accepted"
                                : "no controller has processed Gateway aibrix-system/aibrix-eg");
    f.with_consequence("Envoy is not programmed for it.");
    show_condition(f, accepted);
    because_of(f, gateway_cause(context));
    if (const auto proxy = context.cluster.envoy_proxy_ref(); proxy && refused) {
      f.caused_by(GW004, *proxy);
    }
    f.remedy(Confidence::manual, "fix what its conditions name",
             kubectl("aibrix-system", "describe", "gateway", "aibrix-eg"));
  }
}

}  // namespace

constinit const Check registry::GW005{
    codes::GW005,
    Area::gateway,
    "Gateway aibrix-system/aibrix-eg does not exist",
    gateway_needs,
    run_missing,
    {"Namespace aibrix-system has no Gateway aibrix-eg. AIBrix's controller attaches every model's "
     "HTTPRoute to exactly this Gateway, so no model is reachable through a gateway.",
     "The chart was installed with gateway.enable=false, under another release name or into "
     "another namespace; or the Gateway was deleted.",
     "Reinstall it from the core manifest or the chart, as release aibrix in namespace "
     "aibrix-system.",
     "every release (not with the chart's envoyAsSideCar)"}};

constinit const Check registry::GW006{
    codes::GW006,
    Area::gateway,
    "Gateway aibrix-eg is not accepted, or its latest change was not processed",
    gateway_needs,
    run_accepted,
    {"Envoy Gateway has not accepted the Gateway, or has not processed its latest version "
     "(observedGeneration is behind generation).",
     "Envoy Gateway is down, the GatewayClass is not accepted, or the Gateway has settings that "
     "Envoy Gateway rejects.",
     "Bring Envoy Gateway back, or fix what the condition's message names.",
     "every release (not with the chart's envoyAsSideCar)"}};

}  // namespace checks
