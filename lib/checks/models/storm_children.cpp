// ORC003: RoleSets and PodSets belong to who counts them. A StormService lists RoleSets of every
// namespace by its selector, whoever made them (pkg/controller/stormservice/rolesetoperations.go).
#include <algorithm>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/objects.hpp"
#include "checks/common/orchestration.hpp"
#include "checks/common/selectors.hpp"
#include "checks/core/command.hpp"
#include "kube/selector.hpp"

namespace checks {
namespace {

using kube::Object;
using kube::Value;
namespace res = aibrix::resources;

constexpr auto children_needs = std::to_array<kube::Need>(
    {need::optional({&res::storm_services, kube::Scope::everywhere}),
     need::optional({&res::role_sets, kube::Scope::everywhere}), need::optional({&res::pod_sets})});

bool owned_by(const Object& child, const Object& parent) {
  if (child.ns() != parent.ns()) return false;
  for (const Value& owner : child.metadata()["ownerReferences"].items()) {
    if (owner["kind"].text() == parent.kind() && owner["name"].text() == parent.name()) return true;
  }
  return false;
}

bool picks_anything(const Value& selector) {
  return !selector["matchLabels"].empty() || !selector["matchExpressions"].empty();
}

// Whom the finding of equal selectors speaks of; an equal selector is FIN007's.
bool equal_selectors(const std::vector<SameSelector>& groups, const Object& a, const Object& b) {
  return std::any_of(groups.begin(), groups.end(),
                     [&](const SameSelector& group) { return group.holds(a) && group.holds(b); });
}

const Object* maker_of(const Context& context, const Object& set) {
  for (const Object& storm : context.snapshot.list(res::storm_services, set.ns())) {
    if (owned_by(set, storm)) return &storm;
  }
  return nullptr;
}

void report_taken(const Object& storm, const std::vector<const Object*>& sets, const Object& other,
                  Reporter& reporter) {
  Finding& f =
      reporter.error(storm, kind_and_name(storm) + " counts RoleSets of another StormService, " +
                                other.full_name() + ", as its own");
  f.with_consequence(
      "It makes too few RoleSets itself, and deletes the other's when it shrinks or "
      "goes.");
  f.at_field("spec.selector").with_related(other);
  f.with_evidence("spec.selector", kube::selector_text(storm.spec()["selector"]),
                  "labels that no other StormService's template has");
  f.with_evidence(
      "RoleSets",
      sets.front()->full_name() +
          (sets.size() > 1 ? " and " + std::to_string(sets.size() - 1) + " more" : std::string()));
  f.remedy(
      Confidence::manual,
      "add a label to the selector and the template of one of them that the other lacks; a "
      "StormService that is created again this way deletes the RoleSets it selects, so take the "
      "other's out of reach first");
}

// RoleSets by each of their labels, so that 10,000 StormServices do not look at all of them.
class ByLabel {
 public:
  explicit ByLabel(const Context& context) {
    for (const Object& set : context.snapshot.list(res::role_sets)) {
      all_.push_back(&set);
      for (const kube::Member& label : set.labels().members())
        sets_[key(label.key, label.value.text())].push_back(&set);
    }
  }

  // Those that a selector may pick.
  const std::vector<const Object*>& candidates(const Value& selector) const {
    const auto labels = selector["matchLabels"].members();
    if (labels.empty()) return all_;
    const auto it = sets_.find(key(labels[0].key, labels[0].value.text()));
    return it == sets_.end() ? none_ : it->second;
  }

 private:
  static std::string key(std::string_view name, std::string_view value) {
    return std::string(name).append("=").append(value);
  }
  std::unordered_map<std::string, std::vector<const Object*>> sets_;
  std::vector<const Object*> all_;
  std::vector<const Object*> none_;
};

void judge_storm(const Context& context, const Object& storm, const ByLabel& sets,
                 const std::vector<SameSelector>& groups, Reporter& reporter) {
  const Value selector = storm.spec()["selector"];
  if (!picks_anything(selector)) return;  // ORC002's
  std::map<const Object*, std::vector<const Object*>> taken;
  for (const Object* set : sets.candidates(selector)) {
    if (owned_by(*set, storm) || !kube::matches_selector(selector, set->labels())) continue;
    const Object* other = maker_of(context, *set);
    if (other == nullptr || equal_selectors(groups, storm, *other)) continue;
    taken[other].push_back(set);
  }
  for (const auto& [other, theirs] : taken) report_taken(storm, theirs, *other, reporter);
}

// Made for a parent, which is gone and was not the owner any more: nobody scales or deletes it.
void judge_orphan(const Context& context, const Object& child, const kube::Resource& parents,
                  std::string_view label, Reporter& reporter) {
  const std::string parent(child.label(label));
  if (parent.empty() || has_controller(child) || child.deleting()) return;
  const kube::Lookup there = context.snapshot.find(parents, child.ns(), parent);
  if (!there.missing()) {
    if (there.unknown()) reporter.undetermined(std::string(parents.kind) + 's' + " were not read");
    return;
  }
  // One of another name may select it all the same.
  for (const Object& storm : context.snapshot.list(res::storm_services)) {
    const Value selector = storm.spec()["selector"];
    if (child.kind() == "RoleSet" && picks_anything(selector) &&
        kube::matches_selector(selector, child.labels())) {
      return;
    }
  }
  Finding& f =
      reporter.warning(child, kind_and_name(child) + " belongs to " + std::string(parents.kind) +
                                  ' ' + parent + ", which does not exist");
  f.with_consequence("Its pods keep their GPUs, and nothing scales, updates or deletes them.");
  f.at_field("metadata.ownerReferences");
  f.with_evidence("label " + std::string(label), parent);
  f.with_evidence("ownerReferences", "no controller", std::string(parents.kind) + ' ' + parent);
  f.remedy(Confidence::manual, "if nothing needs its pods, delete it: they end with it",
           kubectl(child.ns(), "describe").on(child));
}

void run_children(const Context& context, Reporter& reporter) {
  const auto& snapshot = context.snapshot;
  if (snapshot.list(res::role_sets).empty() && snapshot.list(res::pod_sets).empty()) {
    return snapshot.readable(res::role_sets)
               ? reporter.not_applicable("there are no RoleSets or PodSets")
               : reporter.undetermined("RoleSets were not read");
  }
  const std::vector<SameSelector> groups = same_selectors(context);
  const ByLabel sets(context);
  for (const Object& storm : snapshot.list(res::storm_services)) {
    if (!storm.deleting()) judge_storm(context, storm, sets, groups, reporter);
  }
  for (const Object& set : snapshot.list(res::role_sets)) {
    judge_orphan(context, set, res::storm_services, aibrix::names::storm_service_name, reporter);
  }
  for (const Object& set : snapshot.list(res::pod_sets)) {
    judge_orphan(context, set, res::role_sets, aibrix::names::roleset_name, reporter);
  }
}

}  // namespace

constinit const Check registry::ORC003{
    codes::ORC003,
    Area::models,
    "a RoleSet or PodSet belongs to the wrong parent or to none",
    children_needs,
    run_children,
    {"A StormService's selector picks RoleSets that another StormService made, so it counts and "
     "deletes them as its own; or a RoleSet or PodSet is left over from a parent that does not "
     "exist any more.",
     "Selectors that name only labels which several StormServices share (app, team), or a parent "
     "that was deleted with --cascade=orphan.",
     "Give each StormService a label of its own in selector and template. Delete what is left "
     "over.",
     "v0.4 and later"}};

}  // namespace checks
