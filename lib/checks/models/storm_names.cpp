// ORC001: the names that are made of a StormService's name fit where they are put. RoleSets are
// NAME-roleset-XXXXX (cut to 63), pods of a stateful role ROLESET-ROLE-HASH-INDEX, which is their
// hostname too; pods of other roles and of pod groups are cut to fit (pkg/controller/stormservice,
// roleset and podset at v0.6 and v0.7, Shorten() in util/orchestration). The name of the
// StormService is that of a Service and a subdomain, too.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "aibrix/names.hpp"
#include "aibrix/release_facts.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/objects.hpp"
#include "checks/common/orchestration.hpp"
#include "checks/core/command.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

using kube::Object;

constexpr auto storm_names_needs = with(model_lists, need::optional(need::namespaces));

constexpr std::size_t longest_label = 63;      // of a hostname, a label's value, a Service
constexpr std::size_t longest_generated = 58;  // what generateName keeps of a prefix
constexpr std::size_t generated_suffix = 5;
constexpr std::size_t template_hash = 6;
constexpr std::string_view set_suffix = "-roleset-";

// The longest name that a pod of this role gets when the RoleSet's has `set` characters.
std::size_t pod_name_length(std::size_t set, const Role& role) {
  const std::size_t digits = std::to_string(std::max<std::int64_t>(role.replicas - 1, 0)).size();
  return set + 1 + role.name.size() + 1 + template_hash + 1 + digits;
}

std::size_t set_name_length(std::string_view storm) {
  return std::min(storm.size() + set_suffix.size(), longest_generated) + generated_suffix;
}

// Stateful roles whose pods stand alone: those of a pod group are named after their PodSet.
std::vector<Role> named_roles(const Object& object) {
  std::vector<Role> out = roles_of(object);
  std::erase_if(out, [](const Role& role) {
    return !role.stateful || role.group_size > 1 || role.replicas == 0 || role.name.empty();
  });
  return out;
}

struct TooLong {
  std::vector<std::string> roles;
  std::size_t length = 0;    // of the longest name
  std::size_t overhead = 0;  // of it, what is not the StormService's or RoleSet's own name
  std::string pattern;
};

TooLong too_long_names(const Object& object, std::size_t set, const std::string& set_name) {
  TooLong out;
  for (const Role& role : named_roles(object)) {
    const std::size_t length = pod_name_length(set, role);
    if (length <= longest_label) continue;
    out.roles.emplace_back(role.name);
    if (length <= out.length) continue;
    out.length = length;
    out.overhead = length - object.name().size();
    out.pattern = set_name + '-' + std::string(role.name) + "-HASH-INDEX";
  }
  return out;
}

void show_refusals(const std::vector<const Object*>& sets, Finding& f) {
  for (const Object* set : sets) {
    const kube::Condition failure = replica_failure(*set);
    if (!failure.exists()) continue;
    f.with_evidence("RoleSet " + std::string(set->name()), std::string(failure.message()));
    f.with_related(*set);
    return;  // the others say the same
  }
}

void name_models(const Context& context, const Object& object, Finding& f) {
  for (const aibrix::Model& model : context.cluster.models()) {
    for (const aibrix::Workload& w : model.workloads) {
      if (w.object->ref() == object.ref()) f.model(model.name);
    }
  }
}

// Pods of these roles are there, so their names did fit.
bool pods_exist(const Context& context, const Object& object, const TooLong& names) {
  const std::string_view label =
      object.kind() == "RoleSet" ? aibrix::names::roleset_name : aibrix::names::storm_service_name;
  for (const Object& pod : context.snapshot.list(kube::resources::pods, object.ns())) {
    const bool its = pod.label(label) == object.name() &&
                     std::find(names.roles.begin(), names.roles.end(),
                               pod.label(aibrix::names::role_name)) != names.roles.end();
    if (its) return true;
  }
  return false;
}

void report_long(const Context& context, const Object& object,
                 const std::vector<const Object*>& sets, const TooLong& names, Reporter& reporter) {
  const bool fails = from_api_server(object) && !just_made(context, object);
  const std::string title = "the name of " + kind_and_name(object) +
                            " is too long: its pods' hostnames would have " +
                            std::to_string(names.length) + " characters, and 63 is the limit";
  Finding& f = fails ? reporter.error(object, title) : reporter.warning(object, title);
  f.with_consequence("The API server refuses the pods of " +
                     std::string(names.roles.size() == 1 ? "role " : "roles ") +
                     base::join_and(names.roles) + '.');
  f.at_field("metadata.name").with_evidence("hostname", names.pattern, "at most 63 characters");
  show_refusals(sets, f);
  name_models(context, object, f);
  const std::string fits = names.overhead >= longest_label
                               ? "shorten its role names, and create it again under a short name"
                               : "create it again under a name of at most " +
                                     std::to_string(longest_label - names.overhead) + " characters";
  f.remedy(Confidence::manual,
           fits + "; a name cannot be changed. Releases after v0.7 shorten hostnames themselves",
           kubectl(object.ns(), "get").on(object).with("-o", "yaml"));
}

void judge_length(const Context& context, const Object& object,
                  const std::vector<const Object*>& sets, Reporter& reporter) {
  TooLong names;
  if (object.kind() == "RoleSet") {
    names = too_long_names(object, object.name().size(), std::string(object.name()));
  } else {
    const std::string prefix =
        (std::string(object.name()) + std::string(set_suffix)).substr(0, longest_generated);
    names = too_long_names(object, set_name_length(object.name()), prefix + "XXXXX");
  }
  if (names.roles.empty() || pods_exist(context, object, names)) return;
  const auto unbounded = aibrix::facts::stateful_names_unbounded.holds(context.cluster.release());
  const bool refused = std::any_of(sets.begin(), sets.end(), [](const Object* set) {
    return replica_failure(*set).message().find("spec.hostname") != std::string_view::npos;
  });
  if (!unbounded && !refused) {
    return reporter.undetermined("whether the pod names of " + kind_and_name(object) +
                                 " are shortened depends on AIBrix's release");
  }
  if (unbounded.value_or(false) || refused) report_long(context, object, sets, names, reporter);
}

// A Service and the pods' subdomain have the StormService's name: no dots, not over 63.
bool judge_service_name(const Context& context, const Object& storm, Reporter& reporter) {
  const bool dots = storm.name().find('.') != std::string_view::npos;
  if (!dots && storm.name().size() <= longest_label) return false;
  Finding& f = reporter.error(storm, "the name of " + kind_and_name(storm) +
                                         (dots ? " has a dot, which a Service's name may not have"
                                               : " is too long for the name of a Service"));
  if (!from_api_server(storm)) f.level = Level::warning;
  f.with_consequence(
      "Its controller cannot make the headless Service of that name, and makes no "
      "RoleSets.");
  f.at_field("metadata.name")
      .with_evidence("name", std::string(storm.name()),
                     "at most 63 small letters, digits and dashes");
  name_models(context, storm, f);
  f.remedy(Confidence::manual, "create it again under such a name; a name cannot be changed");
  return true;
}

void run_storm_names(const Context& context, Reporter& reporter) {
  for (const Object* storm :
       objects_to_judge(context, aibrix::resources::storm_services, reporter)) {
    if (!judge_service_name(context, *storm, reporter))
      judge_length(context, *storm, role_sets_of(context, *storm), reporter);
  }
  for (const Object& set : context.snapshot.list(aibrix::resources::role_sets)) {
    if (!set.deleting() && !has_controller(set) &&
        set.label(aibrix::names::storm_service_name).empty()) {
      judge_length(context, set, {&set}, reporter);
    }
  }
}

}  // namespace

constinit const Check registry::ORC001{
    codes::ORC001,
    Area::models,
    "the name of a StormService is too long for what is made of it",
    storm_names_needs,
    run_storm_names,
    {"Up to v0.7 the pods of a stateful role are named after StormService, RoleSet, role and "
     "template, and have that name as hostname, which may have 63 characters. Where it gets longer "
     "the API server refuses them; the StormService's own status shows only Progressing. A Service "
     "is named after the StormService, too.",
     "A long name of the StormService, or long role names: together they may have about 35 "
     "characters.",
     "Create it again under a shorter name, or shorten the roles' names.",
     "v0.4 to v0.7 for hostnames; every release for the Service's name"}};

}  // namespace checks
