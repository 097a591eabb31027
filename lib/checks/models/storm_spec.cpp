// ORC002: what a StormService, RoleSet or fleet says of itself holds together. Its CRD does not
// compare one field with another, its controller then makes nothing
// (pkg/controller/stormservice/rolesetoperations.go, rayclusterfleet, roleset/sync.go at v0.7.0).
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "aibrix/model.hpp"
#include "aibrix/names.hpp"
#include "aibrix/release_facts.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/objects.hpp"
#include "checks/common/orchestration.hpp"
#include "checks/core/command.hpp"
#include "kube/name_rules.hpp"
#include "kube/selector.hpp"

namespace checks {
namespace {

using kube::Object;
using kube::Value;
namespace res = aibrix::resources;

constexpr auto storm_spec_needs =
    with(model_lists, need::optional(need::namespaces), need::optional({&res::ray_replicasets}));

// One thing that does not fit, before it is told.
struct Fault {
  std::string what;  // after the object's name: " selects labels that its template does not have"
  std::string consequence;
  std::string field;
  std::string measured, want;
  std::string remedy;
  bool stops = true;  // nothing is made: an error for what an API server has
};

void tell_fault(const Context& context, const Object& object, const Fault& fault,
                Reporter& reporter) {
  const bool fails = fault.stops && from_api_server(object);
  const std::string title = kind_and_name(object) + fault.what;
  Finding& f = fails ? reporter.error(object, title) : reporter.warning(object, title);
  f.with_consequence(fault.consequence).at_field(fault.field);
  f.with_evidence(fault.field, fault.measured, fault.want);
  const kube::Condition failure = replica_failure(object);
  if (failure.exists()) show_condition(failure, f);
  for (const aibrix::Model& model : context.cluster.models()) {
    for (const aibrix::Workload& w : model.workloads) {
      if (w.object->ref() == object.ref()) f.model(model.name);
    }
  }
  f.remedy(Confidence::review, fault.remedy);
}

void selector_faults(const Object& object, const std::string& child, std::vector<Fault>& out) {
  const Value selector = object.spec()["selector"];
  const Value labels = object.spec().at("template", "metadata", "labels");
  if (!selector.exists()) return;  // the CRD asks for it
  if (selector["matchLabels"].empty() && selector["matchExpressions"].empty()) {
    out.push_back({" has an empty selector, which picks every " + child,
                   "It takes the " + child + "s of others for its own.", "spec.selector", "empty",
                   "labels that its template sets",
                   "name labels of spec.template in spec.selector"});
  } else if (!kube::matches_selector(selector, labels)) {
    out.push_back({" selects labels that its own template does not set",
                   "Its controller makes no " + child + "s.", "spec.selector",
                   kube::selector_text(selector), "labels of spec.template.metadata",
                   "set the selector's labels in spec.template.metadata.labels"});
  }
}

void role_faults(const std::vector<Role>& roles, std::vector<Fault>& out) {
  std::map<std::string_view, std::size_t> seen;
  for (const Role& role : roles) {
    const std::string name(role.name);
    if (!kube::is_dns_label(role.name)) {
      out.push_back({name.empty() ? " has a role without a name"
                                  : " has role " + name + ", whose name no pod's name can hold",
                     "The API server refuses the role's pods.", role.path + ".name",
                     name.empty() ? "none" : name, "small letters, digits and dashes",
                     "rename the role"});
    } else if (++seen[role.name] == 2) {
      out.push_back({" has more than one role called " + name,
                     "Pods are counted by the role's name, so each role deletes the other's pods.",
                     role.path + ".name", name, "a name of its own", "rename one of the roles"});
    }
    if (!role.value["replicas"].exists()) {
      out.push_back({" has role " + name + " without replicas",
                     "The role gets no pods: a number that is not set is 0.",
                     role.path + ".replicas", "not set", "at least 1", "set replicas of the role",
                     false});
    }
  }
}

// "maxSurge: 25%" of a role, in pods; percentages are rounded up for surge, down else.
std::int64_t in_pods(const Value& value, std::int64_t replicas, bool up) {
  if (const auto whole = value.integer()) return *whole;
  std::string text(value.scalar());
  if (text.empty() || text.back() != '%') return 0;
  text.pop_back();
  if (text.empty() || text.size() > 4 ||
      text.find_first_not_of("0123456789") != std::string::npos) {
    return 0;
  }
  const std::int64_t share = std::stoll(text) * replicas;
  return up ? (share + 99) / 100 : share / 100;
}

struct Rollout {
  const Context& context;
  const Object& object;
  Reporter& reporter;
};

bool under_way(const Object& object) {
  const Value status = object.status();
  const std::string_view current = status["currentRevision"].text();
  const std::string_view update = status["updateRevision"].text();
  return !current.empty() && !update.empty() && current != update;
}

bool role_unready(const Context& context, const Object& object, const Role& role) {
  for (const Object& pod : context.snapshot.list(kube::resources::pods, object.ns())) {
    if (pod.label(aibrix::names::storm_service_name) == object.name() &&
        pod.label(aibrix::names::role_name) == role.name && !pod.condition("Ready").is_true()) {
      return true;
    }
  }
  return false;
}

// The pod that a rollout makes above the number is taken away again as one too many, as long as it
// is not ready; with a pod that may be missing the rollout goes on.
void rollout_faults(const Rollout& r, const std::vector<Role>& roles, std::vector<Fault>& out) {
  if (r.object.spec().at("updateStrategy", "type").text() != "InPlaceUpdate") return;
  if (!under_way(r.object)) return;
  for (const Role& role : roles) {
    const Value strategy = role.value["updateStrategy"];
    const std::int64_t surge = in_pods(strategy["maxSurge"], role.replicas, true);
    const std::int64_t lack = in_pods(strategy["maxUnavailable"], role.replicas, false);
    if (surge == 0 || lack > 0 || role.replicas == 0 || !role_unready(r.context, r.object, role))
      continue;
    const auto loops = aibrix::facts::surge_is_taken_back.holds(r.context.cluster.release());
    if (!loops) r.reporter.undetermined("whether a rollout ends depends on AIBrix's release");
    if (!loops.value_or(false)) continue;
    out.push_back(
        {" has role " + std::string(role.name) + ", whose rollout cannot end",
         "The new pod is deleted as one too many before it is ready, and made again.",
         role.path + ".updateStrategy", "maxSurge " + std::to_string(surge) + ", maxUnavailable 0",
         "maxUnavailable at least 1",
         "set maxUnavailable to 1 and maxSurge to 0 in the role's updateStrategy", false});
  }
}

// Those of a RoleSet's gang; of a role the members are the pods of one group.
struct Gang {
  Value strategy;
  std::string path;
  std::int64_t pods = 0;
  std::string of;  // "a RoleSet", "a pod group of role decode"
};

void gang_faults(const Gang& gang, const std::vector<Role>& roles, std::vector<Fault>& out) {
  for (const std::string_view key :
       {"volcanoSchedulingStrategy", "coschedulingSchedulingStrategy", "godelSchedulingStrategy"}) {
    const Value strategy = gang.strategy[key];
    const std::string path = gang.path + '.' + std::string(key);
    const std::int64_t least = strategy["minMember"].integer_or(0);
    if (least > gang.pods) {
      out.push_back({" asks for a gang of " + std::to_string(least) + " pods, but " + gang.of +
                         " has " + std::to_string(gang.pods),
                     "The scheduler starts none of its pods.", path + ".minMember",
                     std::to_string(least), "at most " + std::to_string(gang.pods),
                     "lower minMember, or raise the roles' replicas"});
    }
    for (const kube::Member& m : strategy["minTaskMember"].members()) {
      const auto role =
          std::find_if(roles.begin(), roles.end(), [&](const Role& r) { return r.name == m.key; });
      const std::int64_t asked = m.value.integer_or(0);
      const std::int64_t has =
          role == roles.end() ? 0 : role->replicas * std::max<std::int64_t>(role->group_size, 1);
      if (asked <= has) continue;
      out.push_back({" asks for " + std::to_string(asked) + " pods of role " + std::string(m.key) +
                         " at once, but " + gang.of + " has " + std::to_string(has),
                     "The scheduler starts none of its pods.",
                     path + ".minTaskMember." + std::string(m.key), std::to_string(asked),
                     "at most " + std::to_string(has),
                     role == roles.end() ? "name a role of spec.template.spec.roles"
                                         : "lower it, or raise the role's replicas"});
    }
  }
}

void all_gang_faults(const Object& object, const std::vector<Role>& roles,
                     std::vector<Fault>& out) {
  const bool storm = object.kind() == "StormService";
  const Value sets = storm ? object.spec().at("template", "spec") : object.spec();
  Gang gang{sets["schedulingStrategy"],
            storm ? "spec.template.spec.schedulingStrategy" : "spec.schedulingStrategy", 0,
            storm ? "a RoleSet" : "it"};
  for (const Role& role : roles)
    gang.pods += role.replicas * std::max<std::int64_t>(role.group_size, 1);
  gang_faults(gang, roles, out);
  for (const Role& role : roles) {
    if (role.group_size <= 1) continue;
    gang_faults({role.value["schedulingStrategy"], role.path + ".schedulingStrategy",
                 role.group_size, "a pod group of role " + std::string(role.name)},
                {role}, out);
  }
}

void storm_faults(const Context& context, const Object& storm, Reporter& reporter,
                  std::vector<Fault>& out) {
  selector_faults(storm, "RoleSet", out);
  const std::vector<Role> roles = roles_of(storm);
  if (roles.empty()) {
    out.push_back({" has no roles", "No pod is made for it.", "spec.template.spec.roles", "none",
                   "at least one", "list its roles in spec.template.spec.roles"});
  }
  const std::int64_t replicas = storm.spec()["replicas"].integer_or(1);
  if (storm.spec()["mode"].text() == "Pooled" && replicas > 1) {
    out.push_back({" is in mode Pooled but asks for " + std::to_string(replicas) + " RoleSets",
                   "A pooled StormService has one RoleSet; the webhook refuses any further change.",
                   "spec.replicas", std::to_string(replicas), "1",
                   "set spec.replicas to 1 and scale its roles, or set mode to Replica", false});
  }
  role_faults(roles, out);
  rollout_faults({context, storm, reporter}, roles, out);
  all_gang_faults(storm, roles, out);
}

void run_spec(const Context& context, Reporter& reporter) {
  const auto judge = [&](const Object& object, const std::vector<Fault>& faults) {
    for (const Fault& fault : faults) tell_fault(context, object, fault, reporter);
  };
  for (const Object* storm : objects_to_judge(context, res::storm_services, reporter)) {
    std::vector<Fault> faults;
    storm_faults(context, *storm, reporter, faults);
    judge(*storm, faults);
  }
  for (const Object& set : context.snapshot.list(res::role_sets)) {
    // Those of a StormService say what it says.
    if (set.deleting() || has_controller(set)) continue;
    if (!set.label(aibrix::names::storm_service_name).empty()) continue;
    std::vector<Fault> faults;
    role_faults(roles_of(set), faults);
    all_gang_faults(set, roles_of(set), faults);
    judge(set, faults);
  }
  for (const kube::Resource* kind : {&res::ray_fleets, &res::ray_replicasets}) {
    for (const Object& fleet : context.snapshot.list(*kind)) {
      if (fleet.deleting() || has_controller(fleet)) continue;
      std::vector<Fault> faults;
      selector_faults(fleet, "RayCluster", faults);
      judge(fleet, faults);
    }
  }
}

}  // namespace

constinit const Check registry::ORC002{
    codes::ORC002,
    Area::models,
    "fields of a StormService, RoleSet or fleet do not fit each other",
    storm_spec_needs,
    run_spec,
    {"Fields of a StormService, RoleSet or RayClusterFleet do not fit each other: the selector and "
     "the template's labels, the names of roles, mode and replicas, the numbers of a gang, or an "
     "update strategy whose rollout cannot end. The API server accepts that; the controller or the "
     "scheduler then makes or starts nothing.",
     "A changed label or role in one place only, or a number that was copied.",
     "Make the fields agree.",
     "every release with the kind; rollouts with maxSurge alone up to v0.7, spec.mode after it"}};

}  // namespace checks
