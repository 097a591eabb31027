// The hops of every request up to the gateway plugin.
#include "aibrix/gateway.hpp"
#include "aibrix/endpoint.hpp"
#include "aibrix/names.hpp"
#include "aibrix/policy.hpp"
#include "base/text.hpp"
#include "checks/common/gateway.hpp"
#include "checks/trace/hops.hpp"

namespace checks {
namespace {

using Observed = ObservedHop::Observed;

ObservedHop make(std::string name, kube::ObjectRef object, CodeList codes) {
  return make_hop(std::move(name), RequestPath::every, std::move(object), codes);
}

kube::ObjectRef entry_ref(const Context& context) {
  const auto services = aibrix::entry_services(context.cluster);
  if (!services.empty()) return services.front()->ref();
  const aibrix::ServiceName expected = aibrix::expected_service(context.cluster);
  return {"", "Service", expected.ns, expected.name};
}

ObservedHop address_hop(const Context& context) {
  ObservedHop out =
      make("address", entry_ref(context), {SVC002, SVC003, SVC004, SVC006, SVC008, GW007});
  const auto outside = aibrix::find_endpoint(context.cluster, aibrix::Vantage::outside);
  const auto inside = aibrix::find_endpoint(context.cluster, aibrix::Vantage::inside);
  const auto& best = outside.addresses.empty() ? inside.addresses : outside.addresses;
  if (!best.empty()) out.hop.detail = best.front().url() + " (" + best.front().how + ')';
  if (best.empty()) out.hop.detail = base::join(outside.why_not, "; ");
  if (!outside.addresses.empty()) {
    out.observed = Observed::yes;
  } else if (!inside.addresses.empty()) {
    out.observed = Observed::yes;
    out.hop.state = Hop::State::limited;
    out.hop.reason =
        base::join(outside.why_not, "; ") + ": clients outside the cluster have no address";
  } else if (outside.known) {
    out.observed = Observed::no;
  }
  return out;
}

ObservedHop service_hop(const Context& context) {
  ObservedHop out = make("Service", entry_ref(context), {SVC001, SVC005});
  const auto services = aibrix::entry_services(context.cluster);
  if (services.empty()) {
    out.observed =
        context.snapshot.complete(kube::resources::services) ? Observed::no : Observed::unknown;
    out.hop.detail = out.observed == Observed::no ? "does not exist" : "not read";
    return out;
  }
  const kube::Object& service = *services.front();
  const auto ready = context.cluster.ready_endpoints(service.ns(), service.name());
  out.hop.detail = ready ? base::plural(*ready, "ready endpoint") : "its endpoints were not read";
  if (ready) out.observed = *ready > 0 ? Observed::yes : Observed::no;
  return out;
}

ObservedHop part_hop(const Context& context, std::string name, aibrix::ComponentRole role,
                     CodeList codes) {
  const aibrix::Component& part = context.cluster.component(role);
  ObservedHop out = make(std::move(name), part.ref(), codes);
  out.hop.detail = part.describe() + (part.why.empty() ? "" : ": " + part.why);
  if (part.up()) out.observed = Observed::yes;
  if (part.down()) out.observed = Observed::no;
  return out;
}

ObservedHop envoy_hop(const Context& context) {
  ObservedHop out = part_hop(context, "Envoy", aibrix::ComponentRole::envoy, GW008);
  const auto ready = serving(context);
  // Its Deployment may have another name; what answers counts.
  if (ready.value_or(false) && out.observed != Observed::yes) {
    out.observed = Observed::yes;
    out.hop.detail = "pods are ready behind the Service";
  }
  return out;
}

ObservedHop listener_hop(const Context& context) {
  const kube::Lookup gateway = context.cluster.gateway();
  ObservedHop out =
      make("Gateway", aibrix::gateway_ref(), {GW001, GW003, GW004, GW005, GW006, GW009, GW020});
  if (!gateway) {
    out.observed = gateway.missing() ? Observed::no : Observed::unknown;
    out.hop.detail = gateway.missing() ? "does not exist" : "not read";
    return out;
  }
  std::vector<std::string> names;
  for (const kube::Value& l : gateway->spec()["listeners"].items()) {
    names.push_back(std::string(l["name"].text()) + " (" + std::string(l["protocol"].text()) +
                    ", port " + std::string(l["port"].scalar()) + ')');
  }
  out.hop.detail = (names.size() == 1 ? "listener " : "listeners ") + base::join(names, ", ");
  const kube::Condition accepted = gateway->condition("Accepted");
  if (accepted.is_true()) out.observed = Observed::yes;
  if (accepted.is_false()) out.observed = Observed::no;
  return out;
}

ObservedHop reserved_hop(const Context& context) {
  const kube::Lookup route = aibrix::reserved_route(context.cluster);
  ObservedHop out = make(
      "reserved route",
      {std::string(aibrix::gateway_group), "HTTPRoute",
       std::string(aibrix::names::system_namespace), std::string(aibrix::names::reserved_route)},
      GW010);
  if (!route) {
    out.observed = route.missing() ? Observed::no : Observed::unknown;
    out.hop.detail = route.missing() ? "does not exist" : "not read";
    return out;
  }
  out.hop.object = route->ref();
  const aibrix::Route& view = route_view(context, *route);
  const kube::Condition accepted = view.condition("Accepted");
  out.hop.detail = accepted.exists() ? accepted.summary() : "Envoy Gateway has written no status";
  if (accepted.is_true()) out.observed = Observed::yes;
  if (accepted.is_false()) out.observed = Observed::no;
  return out;
}

ObservedHop policy_hop(const Context& context) {
  const aibrix::PluginPolicy plugin = aibrix::plugin_policy(context.cluster);
  ObservedHop out = make(
      "ext_proc",
      {"gateway.envoyproxy.io", "EnvoyExtensionPolicy",
       std::string(aibrix::names::system_namespace), std::string(aibrix::names::extension_policy)},
      {GW012, GW016, GW017});
  if (!plugin.policy) {
    out.observed = plugin.policy.missing() ? Observed::no : Observed::unknown;
    out.hop.detail = plugin.policy.missing() ? "does not exist" : "not read";
    return out;
  }
  out.hop.object = plugin.policy->ref();
  const kube::Condition accepted =
      kube::find_condition(aibrix::ancestor_conditions(*plugin.policy), "Accepted");
  out.hop.detail =
      "calls " + plugin.service_ns + '/' + plugin.service + ", port " + std::to_string(plugin.port);
  if (accepted.is_true()) out.observed = Observed::yes;
  if (accepted.is_false()) out.observed = Observed::no;
  return out;
}

}  // namespace

std::vector<ObservedHop> gateway_hops(const Context& context) {
  std::vector<ObservedHop> out = {address_hop(context), service_hop(context)};
  const bool side_car = aibrix::gateway_mode(context.cluster) == aibrix::GatewayMode::side_car;
  if (!side_car) {
    out.push_back(envoy_hop(context));
    out.push_back(listener_hop(context));
    out.push_back(reserved_hop(context));
    out.push_back(policy_hop(context));
  }
  out.push_back(part_hop(context, "gateway plugin", aibrix::ComponentRole::gateway_plugins,
                         {INS010, GW018, RED001}));
  return out;
}

}  // namespace checks
