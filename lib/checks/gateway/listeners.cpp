// GW009: the listeners of Gateway aibrix-eg are usable and have routes.
#include <array>

#include "aibrix/names.hpp"
#include "checks/common/gateway.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

constexpr kube::Need own_listeners_needs[] = {need::gateways, need::optional(need::http_routes)};
constexpr auto gw009_needs = with_gateway(own_listeners_needs);

// The first condition that says this listener takes no traffic. Only types whose meaning is known:
// newer Gateways add others, and for some True is the bad one.
kube::Condition broken(const kube::Value& conditions) {
  const kube::Condition conflicted = kube::find_condition(conditions, "Conflicted");
  if (conflicted.is_true()) return conflicted;
  constexpr auto types =
      std::to_array<std::string_view>({"Accepted", "ResolvedRefs", "Programmed"});
  for (const std::string_view type : types) {
    const kube::Condition condition = kube::find_condition(conditions, type);
    if (condition.is_false()) return condition;
  }
  return {};
}

void check_listener(const Context& context, Reporter& reporter, const kube::Object& gw,
                    std::size_t i) {
  const kube::Value listener = gw.status()["listeners"][i];
  const kube::Condition bad = broken(listener["conditions"]);
  if (!bad.exists()) return;
  if (settling(context, bad) || aibrix::stale(gw, bad)) {
    reporter.undetermined("listener " + std::string(listener["name"].text()) +
                          " changed only just now");
    return;
  }
  Finding& f = reporter.error(gw, "listener " + std::string(listener["name"].text()) +
                                      " of Gateway aibrix-system/aibrix-eg is not usable (" +
                                      std::string(bad.reason()) + ")");
  f.with_consequence("Requests to it fail.")
      .at_field("status.listeners[" + std::to_string(i) + "]");
  show_condition(f, bad);
  because_of(f, gateway_cause(context));
  f.remedy(Confidence::manual, "correct the listener",
           kubectl("aibrix-system", "edit", "gateway", "aibrix-eg"));
}

void run_listeners(const Context& context, Reporter& reporter) {
  if (!gateway_expected(context, reporter)) return;
  const kube::Object* gw = judgeable_gateway(context, reporter);
  if (gw == nullptr) return;
  const auto listeners = gw->status()["listeners"].items();
  if (listeners.empty()) {
    reporter.undetermined("the status of the listeners is not written yet");
    return;
  }
  std::int64_t attached = 0;
  for (std::size_t i = 0; i < listeners.size(); ++i) {
    attached += listeners[i]["attachedRoutes"].integer_or(0);
    check_listener(context, reporter, *gw, i);
  }
  reporter.measured(std::to_string(attached) + " routes attached");
  if (attached != 0) return;
  if (maybe_unseen(context, *gw)) {
    reporter.undetermined("the Gateway was created only just now");
    return;
  }
  Finding& f = reporter.error(*gw, "no route is attached to Gateway aibrix-system/aibrix-eg");
  f.with_consequence("Every request gets 404.").at_field("status.listeners");
  f.with_evidence("attachedRoutes", "0", "at least the reserved HTTPRoute");
  because_of(f, gateway_cause(context));
  const kube::Lookup route = aibrix::reserved_route(context.cluster);
  f.caused_by(GW010, route ? route->ref()
                           : kube::ObjectRef{"gateway.networking.k8s.io", "HTTPRoute",
                                             std::string(aibrix::names::system_namespace),
                                             std::string(aibrix::names::reserved_route)});
  f.remedy(Confidence::manual, "find out why the HTTPRoutes are not accepted",
           kubectl("aibrix-system", "describe", "httproutes"));
}

}  // namespace

constinit const Check registry::GW009{
    codes::GW009,
    Area::gateway,
    "a listener of Gateway aibrix-eg is not usable, or no route is attached",
    gw009_needs,
    run_listeners,
    {"A listener of the Gateway is not accepted, or no route is attached to it: requests get 404, "
     "or the port does not answer.",
     "A missing certificate, a conflict with another listener, allowedRoutes that exclude "
     "namespace aibrix-system, or missing HTTPRoutes.",
     "Correct the listener as its condition says, and reapply AIBrix's HTTPRoutes.",
     "every release (not with the chart's envoyAsSideCar)"}};

}  // namespace checks
