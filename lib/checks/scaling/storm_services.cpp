// ASC005, ASC006: what a PodAutoscaler does to a StormService. How pods are found and replicas are
// set: pkg/controller/podautoscaler/workload_scale.go.
#include <algorithm>
#include <string>

#include "aibrix/names.hpp"
#include "aibrix/release_facts.hpp"
#include "checks/common/scale_target.hpp"
#include "checks/core/command.hpp"

namespace checks {
namespace {

using kube::Object;
using kube::Value;
using namespace scaling;

std::span<const Value> storm_roles(const Object& storm) {
  return storm.spec().at("template", "spec", "roles").items();
}

bool own_strategy(const Object& autoscaler) {
  const std::string_view strategy = autoscaler.spec()["scalingStrategy"].text();
  return strategy == "KPA" || strategy == "APA";
}

// Another role's autoscaler: with both in replica mode they would change one number.
bool other_roles_scaled(const Context& context, const Object& autoscaler) {
  for (const Object& o :
       context.snapshot.list(aibrix::resources::pod_autoscalers, autoscaler.ns())) {
    if (o.name() != autoscaler.name() && !o.deleting() && same_workload(o, autoscaler)) return true;
  }
  return false;
}

void advise_mode(const Context& context, const Object& autoscaler, const Object& storm,
                 Finding& f) {
  if (!other_roles_scaled(context, autoscaler)) {
    f.remedy(Confidence::review,
             "have it scale whole RoleSets (spec.replicas) instead of the role in each",
             kubectl(autoscaler.ns(), "annotate")
                 .on(autoscaler)
                 .with("autoscaling.aibrix.ai/storm-service-mode=replica"));
  }
  f.remedy(Confidence::review,
           "keep one RoleSet and let the role grow in it: this deletes the other RoleSets",
           merge_patch(storm.ns(), "stormservices.orchestration.aibrix.ai", storm.name(),
                       R"({"spec":{"replicas":1}})"));
}

void run_role_in_many_sets(const Context& context, Reporter& reporter) {
  for (const Object* autoscaler :
       objects_to_judge(context, aibrix::resources::pod_autoscalers, reporter)) {
    const Target target = target_of_autoscaler(context, *autoscaler);
    if (!target.storm() || target.role.empty() || !target.found) continue;
    if (!own_strategy(*autoscaler) || in_replica_mode(*autoscaler)) continue;
    const Object& storm = *target.found;
    // Main: a declared mode decides.
    const std::int64_t sets = storm.spec()["replicas"].integer_or(1);
    if (sets <= 1 || storm.spec()["mode"].text() == "Replica") continue;
    const bool has_role =
        std::any_of(storm_roles(storm).begin(), storm_roles(storm).end(),
                    [&](const Value& r) { return r["name"].text() == target.role; });
    if (!has_role) continue;  // ASC001's
    Finding& f = tell(context, *autoscaler, target,
                      " scales role " + target.role + " in several RoleSets of StormService " +
                          std::string(storm.name()) + " at once",
                      reporter);
    f.with_consequence(
        "It counts the role's pods of all RoleSets, and each RoleSet gets as many: "
        "their number multiplies, past maxReplicas.");
    f.at_field("spec.subTargetSelector.roleName").with_related(storm);
    f.with_evidence("StormService spec.replicas", std::to_string(sets),
                    "1 where a single role is scaled");
    f.with_evidence("StormService spec.mode", std::string(storm.spec()["mode"].text("not set")));
    f.with_evidence(
        "annotation autoscaling.aibrix.ai/storm-service-mode",
        std::string(autoscaler->annotation("autoscaling.aibrix.ai/storm-service-mode").empty()
                        ? std::string_view("not set")
                        : autoscaler->annotation("autoscaling.aibrix.ai/storm-service-mode")),
        "replica");
    advise_mode(context, *autoscaler, storm, f);
  }
}

// Whether the pods it asks for can carry the label of a pod group.
bool makes_groups(const Object& storm, const std::string& role) {
  const auto roles = storm_roles(storm);
  return std::any_of(roles.begin(), roles.end(), [&](const Value& r) {
    return (role.empty() || r["name"].text() == role) && r["podGroupSize"].integer_or(1) > 1;
  });
}

bool pods_carry_label(const Context& context, const Object& storm, const std::string& role) {
  for (const Object& pod : context.snapshot.list(kube::resources::pods, storm.ns())) {
    const bool its = pod.label(aibrix::names::storm_service_name) == storm.name() &&
                     (role.empty() || pod.label(aibrix::names::role_name) == role);
    if (its && !pod.label(aibrix::names::pod_group_index).empty()) return true;
  }
  return false;
}

void run_pods_not_found(const Context& context, Reporter& reporter) {
  for (const Object* autoscaler :
       objects_to_judge(context, aibrix::resources::pod_autoscalers, reporter)) {
    const Target target = target_of_autoscaler(context, *autoscaler);
    if (!target.storm() || !target.found || !own_strategy(*autoscaler)) continue;
    const Object& storm = *target.found;
    if (makes_groups(storm, target.role) || pods_carry_label(context, storm, target.role)) continue;
    const auto wants = aibrix::facts::autoscaler_wants_pod_groups.holds(context.cluster.release());
    if (!wants) reporter.undetermined("the release of AIBrix is not known");
    if (!wants.value_or(false)) continue;
    Finding& f =
        tell(context, *autoscaler, target,
             " finds no pods of " + target.text + " in AIBrix " + context.cluster.release().text(),
             reporter);
    f.at_field("spec.scaleTargetRef").with_related(storm);
    f.with_evidence("AIBrix", context.cluster.release().text(), "v0.6.0 or later");
    f.with_evidence("label " + std::string(aibrix::names::pod_group_index), "on none of the pods",
                    "on every pod that v0.5 is to count: roles with podGroupSize above 1");
    f.remedy(Confidence::manual,
             "upgrade AIBrix to v0.7.0; until then set the role's replicas by hand");
  }
}

}  // namespace

constinit const Check registry::ASC005{
    codes::ASC005,
    Area::scaling,
    "a PodAutoscaler scales a role in several RoleSets at once",
    autoscaler_needs,
    run_role_in_many_sets,
    {"A PodAutoscaler with subTargetSelector.roleName scales a role of a StormService that has "
     "more than one RoleSet. It counts the role's pods of all RoleSets together, and writes the "
     "result into the template of each: the number of pods multiplies.",
     "spec.replicas of the StormService is above 1 and nothing says that RoleSets are to be "
     "scaled: neither the PodAutoscaler's annotation autoscaling.aibrix.ai/storm-service-mode nor, "
     "after v0.7, spec.mode.",
     "With one scaled role: set the annotation to replica, so that whole RoleSets are scaled. With "
     "several: keep spec.replicas at 1.",
     "v0.5 and later"}};

constinit const Check registry::ASC006{
    codes::ASC006,
    Area::scaling,
    "a PodAutoscaler finds no pods of its StormService",
    autoscaler_needs,
    run_pods_not_found,
    {"With strategy KPA or APA, v0.5 reads metrics only from pods with the label "
     "stormservice.orchestration.aibrix.ai/pod-group-index. Pods of roles without podGroupSize "
     "above 1 do not have it, so nothing is ever scaled.",
     "A StormService whose roles run single pods, under v0.5.",
     "Upgrade AIBrix; v0.6 looks at all pods.", "v0.5"}};

}  // namespace checks
