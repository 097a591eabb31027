// The table of traps, each with the span of releases that begins it, and the objects it concerns.
// Those of v0.8 are from main before the release and from single files after: they only warn.
#include "fix/preflight_traps.hpp"

#include <algorithm>
#include <array>

#include "aibrix/cluster.hpp"
#include "aibrix/image.hpp"
#include "aibrix/model_config.hpp"
#include "aibrix/names.hpp"
#include "aibrix/release_facts.hpp"
#include "aibrix/resources.hpp"
#include "aibrix/strategy.hpp"
#include "base/text.hpp"
#include "checks/common/exposure.hpp"
#include "checks/core/command.hpp"
#include "fix/common.hpp"
#include "kube/name_rules.hpp"

namespace fix {
namespace {

namespace kinds = aibrix::resources;
namespace facts = aibrix::facts;
using aibrix::ComponentRole;
using aibrix::Release;
using kube::Object;

struct Look {
  const checks::Context& context;
  const Release& from;
  const Release& to;
  Preflight& out;

  void warn(std::string text, checks::Command command = {}) const {
    out.warnings.push_back({std::move(text), std::move(command)});
  }
};

// "team-a/a, team-a/b and 3 more"
std::string some(const std::vector<std::string>& names) {
  constexpr std::size_t shown = 3;
  if (names.size() <= shown) return base::join_and(names);
  return base::join({names.data(), shown}, ", ") + " and " + std::to_string(names.size() - shown) +
         " more";
}

// What v0.8's webhook does not take (pkg/webhook/podautoscaler_webhook.go).
std::string refused_autoscaler(const Object& a) {
  const kube::Value spec = a.spec();
  for (const kube::Value& source : spec["metricsSources"].items()) {
    const std::string_view target = source["targetValue"].scalar();
    const bool number =
        !target.empty() && target.find_first_not_of("0123456789.") == std::string_view::npos;
    const bool zero = target.find_first_not_of("0.") == std::string_view::npos;
    if (!target.empty() && (!number || zero)) return "targetValue is no number above 0";
  }
  if (spec["minReplicas"].integer_or(1) < 0) return "minReplicas is negative";
  if (spec["maxReplicas"].integer_or(1) <= 0) return "maxReplicas is not above 0";
  if (spec["scalingStrategy"].text() == "HPA" &&
      spec.at("subTargetSelector", "roleName").exists()) {
    return "HPA with subTargetSelector.roleName";
  }
  return {};
}

void look_at_autoscalers(const Look& look) {
  std::vector<std::string> refused;
  for (const Object& a : look.context.snapshot.list(kinds::pod_autoscalers)) {
    const std::string why = refused_autoscaler(a);
    if (!why.empty()) refused.push_back(a.full_name() + " (" + why + ")");
  }
  if (refused.empty()) return;
  look.warn("the next change of these PodAutoscalers is refused by " + look.to.text() +
            "'s webhook: " + some(refused));
}

// StormServices that say Pooled and have several replicas; kubectl scale is refused too.
void look_at_pooled(const Look& look) {
  std::vector<std::string> refused;
  for (const Object& s : look.context.snapshot.list(kinds::storm_services)) {
    const bool pooled = s.spec()["mode"].text() == "Pooled";
    if (pooled && s.spec()["replicas"].integer_or(1) > 1) refused.push_back(s.full_name());
  }
  if (refused.empty()) return;
  look.warn("StormServices in Pooled mode with more than one replica are refused by " +
            look.to.text() + "'s webhook: " + some(refused));
}

void look_at_claims(const Look& look) {
  std::vector<std::string> without;
  for (const Object& c : look.context.snapshot.list(kinds::model_claims)) {
    if (!c.spec()["perGPU"].exists()) without.push_back(c.full_name());
  }
  if (without.empty()) return;
  look.warn(
      "ModelClaims without spec.perGPU are no longer placed, and keep others from the same "
      "cards (NumbersMissing): " +
      some(without));
}

void look_at_batch(const Look& look) {
  if (look.context.cluster.component(ComponentRole::metadata_service).deployment == nullptr) return;
  look.warn(
      "the metadata service rewrites the batch data in Redis once (/readyz answers 503 "
      "meanwhile); older releases cannot read it afterwards: save Redis' data first");
}

void look_at_token(const Look& look) {
  if (checks::bearer_token(look.context) != checks::Token::set) return;
  look.warn("AIBRIX_AUTH_BEARER_TOKEN is set on the gateway plugin: " + look.to.text() +
            " asks every client for it, and a key meant for an engine is refused with 401");
}

void look_at_settings(const Look& look) {
  constexpr std::string_view old_name =
      "AIBRIX_PREFIX_CACHE_POD_RUNNING_REQUEST_IMBALANCE_ABS_COUNT";
  const Object* plugins = look.context.cluster.component(ComponentRole::gateway_plugins).deployment;
  if (plugins != nullptr) {
    for (const kube::Value& c : plugins->at("spec", "template", "spec", "containers").items()) {
      for (const kube::Value& e : c["env"].items()) {
        if (e["name"].text() != old_name) continue;
        look.warn("variable " + std::string(old_name) +
                  " of the gateway plugin is called AIBRIX_LOAD_BALANCE_IMBALANCE_MIN_GAP in " +
                  look.to.text() + ": a value of your own has no effect under the old name");
      }
    }
  }
  look.warn(
      "these metrics of the gateway are gone in " + look.to.text() +
      " (dashboards and alerts): gateway_e2e_duration_seconds, gateway_request_success_total, "
      "gateway_request_fail_total, gateway_decode_outstanding_requests");
}

// Their routes get new names, and the old ones are not renamed.
void look_at_hashed_names(const Look& look) {
  std::vector<std::string> renamed;
  for (const aibrix::Model& model : look.context.cluster.models()) {
    if (!kube::is_subdomain(model.name)) renamed.push_back(model.name);
  }
  if (renamed.empty()) return;
  look.warn("models whose name is no DNS name get an HTTPRoute of another name in " +
            look.to.text() + ", and an old one stays: " + some(renamed));
}

// dist/chart/values.yaml and templates of main and of single files after it.
void look_at_chart(const Look& look) {
  const Object* plugins = look.context.cluster.component(ComponentRole::gateway_plugins).deployment;
  if (plugins == nullptr || plugins->label("app.kubernetes.io/managed-by") != "Helm") return;
  look.warn(
      "of the chart compare your values: openTelemetry.enable (one values file turns it on "
      "without a host), gateway.envoyProxy.accessLog (takes Envoy 1.35 or later), "
      "metadata.redis.enablePassword (Redis now asks for the password), http.enabled: false "
      "(moves the patches to listener https)");
}

void look_at_routes_for_fleets(const Look& look) {
  if (look.context.snapshot.list(kinds::ray_fleets).empty()) return;
  look.warn(look.to.text() +
            " makes HTTPRoutes for RayClusterFleets: delete routes of your own "
            "for them first");
}

struct Trap {
  const aibrix::ReleaseSpan& since;
  void (*look)(const Look&);
};
constexpr auto traps = std::to_array<Trap>({
    {facts::routes_fleets, look_at_routes_for_fleets},
    {facts::refuses_more, look_at_autoscalers},
    {facts::refuses_more, look_at_pooled},
    {facts::claims_need_numbers, look_at_claims},
    {facts::rewrites_batch_data, look_at_batch},
    {facts::plugin_asks_for_token, look_at_token},
    {facts::renames_settings, look_at_settings},
    {facts::names_are_hashed, look_at_hashed_names},
    {facts::renames_settings, look_at_chart},
});

bool begins(const aibrix::ReleaseSpan& span, const Release& from, const Release& to) {
  return span.holds(to).value_or(false) && !span.holds(from).value_or(false);
}

// Faults that the new release finds and the old one did not: a name it dropped, a list rule.
std::vector<std::string> new_faults(std::string_view written, const Look& look) {
  std::vector<std::string> out;
  const auto before = aibrix::strategy_faults(written, look.from);
  for (const aibrix::StrategyFault& fault : aibrix::strategy_faults(written, look.to)) {
    if (!aibrix::refuses(fault)) continue;
    const bool old = std::any_of(before.begin(), before.end(), [&](const auto& b) {
      return b.kind == fault.kind && b.member == fault.member;
    });
    if (!old) out.push_back(aibrix::describe(fault));
  }
  return out;
}

void look_at_strategies(const Look& look) {
  const auto judge = [&](std::string_view written, const std::string& where) {
    for (const std::string& fault : new_faults(written, look))
      look.out.in_the_way.push_back(
          {where + ": " + fault + " in " + look.to.text() + ", and every request with it gets 400",
           {}});
  };
  const aibrix::RoutingEnvironment environment = aibrix::routing_environment(look.context.cluster);
  if (environment.given) judge(environment.value, "ROUTING_ALGORITHM of the gateway plugin");
  for (const aibrix::Model& model : look.context.cluster.models()) {
    for (const aibrix::ConfigSite& site : aibrix::config_sites(model)) {
      for (const auto& profile : aibrix::read_model_config(site.annotation).profiles) {
        if (!profile.strategy.empty())
          judge(profile.strategy, "model " + model.name + ", profile " + profile.name);
      }
    }
  }
}

}  // namespace

void look_at_traps(const checks::Context& context, const aibrix::ReleaseData& to, Preflight& out) {
  const Release target({base::parse_version(to.release), std::string(to.release), ""});
  const Look look{context, context.cluster.release(), target, out};
  if (!look.from.known()) return;
  look_at_strategies(look);
  for (const Trap& trap : traps) {
    if (begins(trap.since, look.from, target)) trap.look(look);
  }
}

}  // namespace fix
