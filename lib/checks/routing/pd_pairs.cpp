// STR004: the strategy "pd" needs a prefill and a decode pod that take requests.
#include <algorithm>
#include <set>

#include "aibrix/engine/command_line.hpp"
#include "aibrix/model_config.hpp"
#include "aibrix/names.hpp"
#include "aibrix/pd.hpp"
#include "aibrix/pod.hpp"
#include "aibrix/release_facts.hpp"
#include "base/text.hpp"
#include "checks/common/objects.hpp"
#include "checks/core/command.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

using aibrix::Model;
using aibrix::RolePods;
using kube::Object;
using Pods = std::vector<const Object*>;

struct Case {
  const Model& model;
  std::vector<RolePods> sets;
  bool by_default = false;  // requests that bring no strategy of their own go by pd
};

std::size_t routable(const Pods& pods) {
  return static_cast<std::size_t>(std::count_if(pods.begin(), pods.end(), aibrix::is_routable));
}

std::size_t routable(const Case& c, Pods RolePods::*role) {
  std::size_t out = 0;
  for (const RolePods& set : c.sets) out += routable(set.*role);
  return out;
}

// Prompt length bucketing lets a pod of another role do both halves alone.
bool may_be_combined(const Context& context, const Model& model) {
  const auto other = [](const Object* pod) {
    const std::string_view role = pod->label(aibrix::names::role_name);
    return !pod->label(aibrix::names::roleset_name).empty() && !role.empty() && role != "prefill" &&
           role != "decode";
  };
  if (std::none_of(model.pods.begin(), model.pods.end(), other)) return false;
  const Object* plugins =
      context.cluster.component(aibrix::ComponentRole::gateway_plugins).deployment;
  if (plugins == nullptr) return true;
  for (const kube::Value& c : plugins->at("spec", "template", "spec", "containers").items()) {
    const auto env = aibrix::env_value(c, "AIBRIX_PROMPT_LENGTH_BUCKETING");
    if (env.given && (!env.certain || env.value != "false")) return true;
  }
  return false;
}

const Object& subject_of(const Model& model) {
  for (const aibrix::Workload& w : model.workloads) {
    if (!pods_of(w, model.pods).empty()) return *w.object;
  }
  return *model.pods.front();
}

std::string title_of(const Case& c) {
  const std::string& name = c.model.name;
  if (c.sets.empty()) {
    return "the default strategy of " + name +
           " is pd, but none of its pods has the role prefill or decode";
  }
  const std::size_t prefill = routable(c, &RolePods::prefill);
  const std::size_t decode = routable(c, &RolePods::decode);
  if (prefill == 0) return "no prefill pod of " + name + " is routable";
  if (decode == 0) return "no decode pod of " + name + " is routable";
  return "no RoleSet of " + name + " has both a routable prefill pod and a routable decode pod";
}

void show(const Case& c, Finding& f) {
  f.model(c.model.name);
  f.with_consequence("Requests for " + c.model.name + (c.by_default ? "" : " with strategy pd") +
                     " get 503 \"error on selecting target pod\".");
  for (const RolePods& set : c.sets) {
    const auto ready = [](const std::string& role, const Pods& pods) {
      return role + ' ' + std::to_string(routable(pods)) + " of " + std::to_string(pods.size());
    };
    f.with_evidence(
        set.role_set.empty() ? "without a RoleSet" : "roleset " + set.role_set,
        ready("prefill", set.prefill) + ", " + ready("decode", set.decode) + " routable",
        "at least one of each");
    for (const Pods* pods : {&set.prefill, &set.decode}) {
      for (const Object* pod : *pods) {
        if (!aibrix::is_routable(pod)) f.with_related(*pod);
      }
    }
  }
}

void advise(const Case& c, const Object& subject, Finding& f) {
  if (c.sets.empty()) {
    f.remedy(Confidence::review,
             "deploy it as a StormService with roles prefill and decode, which labels the pods");
    f.remedy(Confidence::review, "set another default strategy in the pods' annotation " +
                                     std::string(aibrix::names::model_config));
    return;
  }
  if (routable(c, &RolePods::prefill) > 0 && routable(c, &RolePods::decode) > 0) {
    f.remedy(Confidence::manual,
             "run prefill and decode as roles of one StormService: the pods of its RoleSets belong "
             "together");
    return;
  }
  f.caused_by(MDL007, subject.ref());
  f.remedy(Confidence::manual,
           "bring up the missing role; its pods show what keeps them from becoming ready",
           kubectl(subject.ns(), "get", "pods", "-l",
                   std::string(aibrix::names::model_name) + '=' + c.model.name, "-L",
                   std::string(aibrix::names::roleset_name) + ',' +
                       std::string(aibrix::names::role_name)));
}

// A pod that is still on its way up may be the half that is missing.
bool starting(const Context& context, const Case& c) {
  return std::any_of(c.model.pods.begin(), c.model.pods.end(), [&](const Object* pod) {
    return just_made(context, *pod) && !aibrix::is_routable(pod);
  });
}

void judge(const Context& context, const Case& c, Reporter& reporter) {
  const Object& subject = subject_of(c.model);
  if (!context.snapshot.complete(kube::resources::pods, subject.ns())) {
    return reporter.undetermined("not all pods of namespace " + std::string(subject.ns()) +
                                 " were read");
  }
  if (may_be_combined(context, c.model)) {
    return reporter.undetermined("a pod of " + c.model.name +
                                 " may do prefill and decode by itself");
  }
  if (starting(context, c)) {
    return reporter.undetermined("pods of " + c.model.name + " are just starting");
  }
  Finding& f =
      c.by_default ? reporter.error(subject, title_of(c)) : reporter.warning(subject, title_of(c));
  show(c, f);
  advise(c, subject, f);
}

void run_pd_pairs(const Context& context, Reporter& reporter) {
  const aibrix::Release& release = context.cluster.release();
  std::size_t judged = 0;
  for (const Model& model : models_to_judge(context, reporter)) {
    // None is MDL006's. Up to v0.7 a single one gets every request, whatever the strategy and its
    // role (pkg/plugins/gateway/gateway.go selectTargetPod).
    const bool single_passes = aibrix::facts::single_pod_passes_pd.holds(release).value_or(true);
    if (model.routable_pods < (single_passes ? 2U : 1U)) continue;
    const auto strategy = aibrix::default_strategy(context.cluster, model);
    const Case c{model, aibrix::role_pods(model, release),
                 strategy.known && aibrix::is_pd(strategy.strategy)};
    if (c.sets.empty() && !c.by_default) continue;
    ++judged;
    if (!aibrix::pd_pair(c.sets, release)) judge(context, c, reporter);
  }
  if (judged == 0) return reporter.not_applicable("no model has separate prefill and decode pods");
  reporter.measured(base::plural(judged, "model") + " with prefill and decode");
}

}  // namespace

constinit const Check registry::STR004{
    codes::STR004,
    Area::routing,
    "a model for strategy pd lacks a routable prefill or decode pod",
    pod_model_lists,
    run_pd_pairs,
    {"Prefill and decode run in separate pods (labels roleset-name, and role-name prefill or "
     "decode). The routing strategy pd needs one routable pod of each role, since v0.4.1 from the "
     "same RoleSet. Otherwise requests get 503 \"error on selecting target pod\", and only the "
     "gateway plugin's log says \"prefill pods are not ready\" or \"decode pods are not ready\". "
     "This is an error if pd is the default strategy; otherwise it affects only requests that ask "
     "for pd. Up to v0.7 "
     "a model with a single routable pod gets all its requests there, whatever its role.",
     "The pods of one role are unready or scaled to 0 replicas, the two roles are in different "
     "RoleSets, or pd is the default strategy of a model without roles.",
     "Bring up the missing role, or choose another strategy until it is available.",
     "v0.4 and later"}};

}  // namespace checks
