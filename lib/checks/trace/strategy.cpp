// The way of requests for which the gateway plugin chooses the pod itself.
#include <algorithm>

#include "aibrix/gateway.hpp"
#include "aibrix/model_config.hpp"
#include "aibrix/names.hpp"
#include "aibrix/pd.hpp"
#include "aibrix/pod.hpp"
#include "aibrix/policy.hpp"
#include "aibrix/release_facts.hpp"
#include "aibrix/strategy.hpp"
#include "checks/trace/hops.hpp"

namespace checks {
namespace {

using aibrix::Model;
using Observed = ObservedHop::Observed;
using kube::Object;
using Pods = std::vector<const Object*>;

ObservedHop strategy_hop(const Context& context, const Model* model) {
  ObservedHop out =
      make_hop("strategy", RequestPath::strategy,
               context.cluster.component(aibrix::ComponentRole::gateway_plugins).ref(),
               {STR001, STR002, STR003});
  if (model == nullptr) return not_reached(std::move(out));
  const aibrix::DefaultStrategy strategy = aibrix::default_strategy(context.cluster, *model);
  if (!strategy.known) {
    out.hop.detail = "the default strategy was not read";
    return out;
  }
  if (strategy.source == aibrix::DefaultStrategy::Source::none) {
    out.hop.detail = "from the request's routing-strategy header; there is no default";
    out.observed = Observed::yes;
    return out;
  }
  out.hop.detail = "default " + strategy.strategy;
  // The model's own default stands before that of every model's.
  out.of_model = strategy.source != aibrix::DefaultStrategy::Source::environment;
  const auto faults = aibrix::strategy_faults(strategy.strategy, context.cluster.release());
  const bool refused = std::any_of(faults.begin(), faults.end(), aibrix::refuses);
  out.observed = refused ? Observed::no : Observed::yes;
  return out;
}

ObservedHop patch_hop(const Context& context) {
  const aibrix::StrategyPatch patch = aibrix::strategy_patch(context.cluster);
  ObservedHop out = make_hop(
      "EnvoyPatchPolicy", RequestPath::strategy,
      {"gateway.envoyproxy.io", "EnvoyPatchPolicy", std::string(aibrix::names::system_namespace),
       std::string(aibrix::names::patch_policy)},
      {GW002, GW013, GW014, GW015});
  if (!patch.policy) {
    out.observed = patch.policy.missing() ? Observed::no : Observed::unknown;
    out.hop.detail = patch.policy.missing() ? "does not exist" : "not read";
    return out;
  }
  out.hop.object = patch.policy->ref();
  const kube::Value conditions = aibrix::ancestor_conditions(*patch.policy);
  const kube::Condition accepted = kube::find_condition(conditions, "Accepted");
  const kube::Condition programmed = kube::find_condition(conditions, "Programmed");
  out.hop.detail = accepted.exists() ? accepted.summary() : "Envoy Gateway has written no status";
  if (programmed.exists()) out.hop.detail += ", " + programmed.summary();
  if (accepted.is_true() && !programmed.is_false()) out.observed = Observed::yes;
  if (accepted.is_false()) out.observed = Observed::no;
  return out;
}

std::string address_of(const Object& pod) {
  return std::string(pod.status()["podIP"].text()) + ", port " +
         std::to_string(aibrix::pod_model_port(pod));
}

ObservedHop target_hop(const Context& context, const Model* model) {
  ObservedHop out =
      make_hop("target pod", RequestPath::strategy, {"", "Pod", "", ""}, {MDL008, SVC007, STR004});
  out.of_model = true;
  if (model == nullptr) return not_reached(std::move(out));
  const Pods pods = serving_pods(context, *model);
  const auto first = std::find_if(pods.begin(), pods.end(), aibrix::is_routable);
  if (first == pods.end()) return not_reached(std::move(out));
  const aibrix::Release& release = context.cluster.release();
  const std::vector<aibrix::RolePods> roles = aibrix::role_pods(*model, release);
  const auto pair = aibrix::pd_pair(roles, release);
  const bool needs_pair = aibrix::is_pd(aibrix::default_strategy(context.cluster, *model).strategy);
  // Up to v0.7 a single pod gets every request, whatever the strategy.
  const bool passes = model->routable_pods == 1 &&
                      aibrix::facts::single_pod_passes_pd.holds(release).value_or(true);
  if (!pair && needs_pair && !passes) {
    out.hop.object = (*first)->ref();
    out.hop.detail = "no pair of a prefill and a decode pod";
    out.observed = Observed::no;
    return out;
  }
  const Object& target = pair ? *pair->second : **first;
  out.hop.object = target.ref();
  out.hop.detail = address_of(target);
  if (pair) {
    out.hop.detail = "prefill " + pair->first->full_name() + " (" + address_of(*pair->first) +
                     "), then decode " + out.hop.detail;
  }
  out.observed = Observed::yes;
  return out;
}

}  // namespace

std::vector<ObservedHop> strategy_hops(const Context& context, const std::string& name) {
  const Model* model = context.cluster.model(name);
  std::vector<ObservedHop> out = {strategy_hop(context, model)};
  const bool side_car = aibrix::gateway_mode(context.cluster) == aibrix::GatewayMode::side_car;
  if (!side_car) out.push_back(patch_hop(context));
  out.push_back(target_hop(context, model));
  return out;
}

}  // namespace checks
