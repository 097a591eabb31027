// STR001, STR002, STR003: default routing strategies, where the cluster sets them.
#include "aibrix/strategy.hpp"

#include <algorithm>
#include <set>

#include "aibrix/model_config.hpp"
#include "aibrix/names.hpp"
#include "aibrix/release_facts.hpp"
#include "base/text.hpp"
#include "checks/common/objects.hpp"
#include "checks/core/command.hpp"

namespace checks {
namespace {

using aibrix::ModelConfig;
using aibrix::RoutingEnvironment;
using aibrix::StrategyFault;
using kube::Object;

constexpr kube::Need environment_needs[] = {need::deployments};

// One place that sets a strategy.
struct Setting {
  const Object* object = nullptr;
  std::string path;
  std::string what;  // "ROUTING_ALGORITHM", "profile \"default\" of llama"
  std::string strategy;
  std::string model;       // empty: every model's
  bool by_default = true;  // of requests that ask for nothing; else of those that name the profile
};

void show(const Context& context, const Setting& setting, const StrategyFault& fault, Finding& f) {
  f.at_field(setting.path);
  if (!setting.model.empty()) f.model(setting.model);
  const std::string whose = setting.model.empty() ? "Requests" : "Requests for " + setting.model;
  if (refuses(fault)) {
    f.with_consequence(whose +
                       (setting.by_default ? " without their own strategy" : " that ask for it") +
                       " get 400 \"incorrect routing strategy\".");
  }
  f.with_evidence(setting.what, '"' + base::printable(setting.strategy) + '"',
                  "one of " + base::join(aibrix::strategy_names(context.cluster.release()), ", "));
  const aibrix::Release& release = context.cluster.release();
  f.with_evidence("release", release.known() ? release.text() : "unknown");
  if (fault.kind == StrategyFault::Kind::unknown_here) {
    f.with_consequence(
        "If this release does not have it either, the requests that use it get 400.");
  }
}

std::string title_of(const Setting& setting, const StrategyFault& fault) {
  return setting.what + ": " + aibrix::describe(fault);
}

// A refused default fails requests now; what nobody may ask for, and what is only ignored, does
// not.
Finding& add(const Setting& setting, const StrategyFault& fault, Reporter& reporter) {
  if (fault.kind == StrategyFault::Kind::unknown_here) {
    return reporter.info(*setting.object, title_of(setting, fault));
  }
  const bool fails = refuses(fault) && setting.by_default && from_api_server(*setting.object);
  return fails ? reporter.error(*setting.object, title_of(setting, fault))
               : reporter.warning(*setting.object, title_of(setting, fault));
}

void advise_environment(const Setting& setting, const StrategyFault& fault, Finding& f) {
  if (fault.kind == StrategyFault::Kind::unknown_here) return;  // it may be right
  const auto set_env = [&](std::string variable) {
    return kubectl(setting.object->ns(), "set", "env")
        .on_one("deployment", setting.object->name())
        .with(std::move(variable));
  };
  if (!fault.nearest.empty() && fault.kind == StrategyFault::Kind::unknown_name) {
    f.remedy(Confidence::review, "set the strategy that was meant",
             set_env("ROUTING_ALGORITHM=" + fault.nearest));
  }
  f.remedy(Confidence::review, "unset it; requests then use their model's HTTPRoute",
           set_env("ROUTING_ALGORITHM-"));
}

// ROUTING_ALGORITHM of the gateway plugin; says in the result why there is none to judge.
std::optional<Setting> environment(const Context& context, Reporter& reporter) {
  const RoutingEnvironment env = aibrix::routing_environment(context.cluster);
  const Object* deployment =
      context.cluster.component(aibrix::ComponentRole::gateway_plugins).deployment;
  if (!env.known) {
    reporter.undetermined("ROUTING_ALGORITHM of the gateway plugin was not read");
    return std::nullopt;
  }
  if (!env.given || deployment == nullptr) return std::nullopt;
  Setting setting;
  setting.object = deployment;
  setting.path = env.path;
  setting.what = "ROUTING_ALGORITHM";
  setting.strategy = env.value;
  return setting;
}

void run_environment(const Context& context, Reporter& reporter) {
  if (context.cluster.component(aibrix::ComponentRole::gateway_plugins).state ==
      aibrix::Component::State::missing) {
    return reporter.not_applicable("aibrix-gateway-plugins is not installed");
  }
  const auto setting = environment(context, reporter);
  if (!setting) return;
  for (const StrategyFault& fault :
       aibrix::strategy_faults(setting->strategy, context.cluster.release())) {
    if (aibrix::about_a_list(fault)) continue;
    Finding& f = add(*setting, fault, reporter);
    show(context, *setting, fault, f);
    advise_environment(*setting, fault, f);
  }
  reporter.measured("ROUTING_ALGORITHM=" + setting->strategy);
}

struct ModelSite {
  const aibrix::Model* model;
  aibrix::ConfigSite site;
  ModelConfig config;
};

// Each model's annotation, once for each text: all pods of a model usually carry the same.
std::vector<ModelSite> annotations(const Context& context, Reporter& reporter) {
  std::vector<ModelSite> out;
  for (const aibrix::Model& model : models_to_judge(context, reporter)) {
    std::set<std::string> seen;
    for (aibrix::ConfigSite& site : aibrix::config_sites(model)) {
      if (!seen.insert(site.annotation).second) continue;
      ModelConfig config = aibrix::read_model_config(site.annotation);
      out.push_back({&model, std::move(site), std::move(config)});
    }
  }
  return out;
}

std::string annotation_path(const ModelSite& s) {
  return s.site.path + ".annotations[" + std::string(aibrix::names::model_config) + "]";
}

std::vector<Setting> settings_of(const Context& context, const ModelSite& s) {
  std::vector<Setting> out;
  const auto add_one = [&](const std::string& what, const std::string& strategy, bool by_default) {
    Setting setting;
    setting.object = s.site.object;
    setting.path = annotation_path(s);
    setting.what = what + " of " + s.model->name;
    setting.strategy = strategy;
    setting.model = s.model->name;
    setting.by_default = by_default;
    if (!strategy.empty()) out.push_back(std::move(setting));
  };
  const bool locks =
      aibrix::facts::reads_locked_strategy.holds(context.cluster.release()).value_or(true);
  if (locks) add_one("lockedRoutingStrategy", s.config.locked, true);
  const bool locked = locks && !s.config.locked.empty();
  for (const ModelConfig::Profile& p : s.config.profiles) {
    add_one("profile \"" + p.name + "\"", p.strategy,
            !locked && p.name == s.config.default_profile);
  }
  return out;
}

void report_ignored(const ModelSite& s, const std::string& why, Reporter& reporter) {
  const std::string key(aibrix::names::model_config);
  Finding& f = reporter.warning(*s.site.object, key + " of " + s.model->name + ' ' + why);
  f.model(s.model->name).at_field(annotation_path(s));
  f.with_consequence("The gateway silently ignores it, including its routing strategy.");
  f.with_evidence(key, base::shorten(base::printable(s.site.annotation), 120),
                  R"({"profiles":{"default":{"routingStrategy":"…"}}})");
  f.remedy(Confidence::review, "correct the annotation on the pod template (re-creates the pods)");
}

bool reads_annotation(const Context& context, Reporter& reporter) {
  if (aibrix::facts::reads_model_config.holds(context.cluster.release()).value_or(true))
    return true;
  reporter.not_applicable("this release does not read " + std::string(aibrix::names::model_config));
  return false;
}

void run_annotation(const Context& context, Reporter& reporter) {
  if (!reads_annotation(context, reporter)) return;
  for (const ModelSite& s : annotations(context, reporter)) {
    if (s.config.state == ModelConfig::State::invalid) {
      report_ignored(s, "is not valid: " + base::printable(s.config.error), reporter);
    }
    if (s.config.state == ModelConfig::State::no_profiles) {
      report_ignored(s, "has no profiles", reporter);
    }
    if (s.config.state != ModelConfig::State::read) continue;
    if (s.config.profile(s.config.default_profile) == nullptr && s.config.locked.empty()) {
      Finding& f = reporter.warning(*s.site.object, "the default profile of " + s.model->name +
                                                        ", \"" + s.config.default_profile +
                                                        "\", is not among its profiles");
      f.model(s.model->name).at_field(annotation_path(s));
      f.with_consequence("Requests without a profile get none of its settings.");
      f.remedy(Confidence::review, "add the profile, or correct defaultProfile");
    }
    for (const Setting& setting : settings_of(context, s)) {
      for (const StrategyFault& fault :
           aibrix::strategy_faults(setting.strategy, context.cluster.release())) {
        if (aibrix::about_a_list(fault)) continue;
        show(context, setting, fault, add(setting, fault, reporter));
      }
    }
  }
}

void run_lists(const Context& context, Reporter& reporter) {
  std::vector<Setting> settings;
  if (const auto setting = environment(context, reporter)) settings.push_back(*setting);
  if (aibrix::facts::reads_model_config.holds(context.cluster.release()).value_or(true)) {
    for (const ModelSite& s : annotations(context, reporter)) {
      for (Setting& setting : settings_of(context, s)) settings.push_back(std::move(setting));
    }
  }
  for (const Setting& setting : settings) {
    for (const StrategyFault& fault :
         aibrix::strategy_faults(setting.strategy, context.cluster.release())) {
      if (!aibrix::about_a_list(fault)) continue;
      show(context, setting, fault, add(setting, fault, reporter));
    }
  }
}

}  // namespace

constinit const Check registry::STR001{
    codes::STR001,
    Area::routing,
    "ROUTING_ALGORITHM is not a strategy of this release",
    environment_needs,
    run_environment,
    {"The gateway plugin's ROUTING_ALGORITHM is the strategy of every request that sets none. The "
     "installed release does not support this one, so all these requests get 400 \"incorrect "
     "routing strategy\". An empty value counts as set.",
     "A typo, a strategy of another release, or an empty value.",
     "Correct or unset it. Names are case-sensitive.",
     "every release; the strategies differ by release"}};

constinit const Check registry::STR002{
    codes::STR002,
    Area::routing,
    "a model.aibrix.ai/config annotation is not valid or sets an unknown strategy",
    model_lists,
    run_annotation,
    {"The annotation model.aibrix.ai/config of a model's pods contains profiles with a routing "
     "strategy. If it is not JSON or has no profiles, it is silently ignored. An unknown strategy "
     "in the default profile makes every plain request get 400.",
     "A typo in the JSON or in a name, or a defaultProfile that does not exist.",
     "Correct the annotation on the pod template.",
     "v0.6 and later; lockedRoutingStrategy: v0.8 and later"}};

constinit const Check registry::STR003{
    codes::STR003,
    Area::routing,
    "the gateway rejects a list of routing strategies",
    model_lists,
    run_lists,
    {"A strategy may be a list with weights, such as prefix-cache:2,least-request. Every member "
     "must score pods, and weights are whole numbers from 0 to 1000000, not all 0. pd and slo* "
     "always decide alone.",
     "random or power-of-two in a list, a fraction as a weight, or a release before "
     "v0.7.",
     "Remove the member from the list, or use a single strategy.", "v0.7 and later"}};

}  // namespace checks
