// FIN007: no two StormServices select the same RoleSets.
#include "checks/common/selectors.hpp"

#include <algorithm>
#include <map>

#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/deletion_text.hpp"
#include "checks/core/needs.hpp"
#include "kube/selector.hpp"

namespace checks {
namespace {

constexpr kube::Need selector_needs[] = {
    {&aibrix::resources::storm_services, kube::Scope::everywhere},
    need::optional({&aibrix::resources::role_sets, kube::Scope::everywhere})};

// What the controller made for whom: of those with one selector a single one gets RoleSets.
void show_role_sets(const Context& context, const SameSelector& group, Finding& f) {
  if (!context.snapshot.readable(aibrix::resources::role_sets)) return;
  for (const kube::Object* member : group.members) {
    const std::size_t count =
        owned_by(*member, context.snapshot.list(aibrix::resources::role_sets, member->ns())).size();
    f.with_evidence("RoleSets of " + member->full_name(), std::to_string(count),
                    std::to_string(member->spec()["replicas"].integer_or(1)));
  }
}

constexpr std::string_view outage =
    "The selector is immutable, and deleting one of them deletes the RoleSets of all: plan it as an "
    "outage, or scale aibrix-controller-manager to 0 first, delete one that has no RoleSets and "
    "remove its finalizer";

void run_selectors(const Context& context, Reporter& reporter) {
  for (const SameSelector& group : same_selectors(context)) {
    const kube::Object& lead = group.lead();
    std::vector<std::string> others;
    for (const kube::Object* member : group.members) {
      if (member != &lead) others.push_back(member->full_name());
    }
    const std::string title = name_of(lead) + " has the same selector as " + base::join_and(others);
    Finding& f = lead.deleting() ? reporter.error(lead, title) : reporter.warning(lead, title);
    f.with_consequence(lead.deleting() ? "Its deletion also removes the RoleSets of " +
                                             base::join_and(others) + "."
                                       : "The controller counts the RoleSets of all of them for "
                                         "each: only one gets pods, and deleting any of them "
                                         "deletes the pods of all.");
    f.at_field("spec.selector");
    f.with_evidence("spec.selector", kube::selector_text(lead.spec()["selector"]),
                    "a selector that no other StormService in the cluster uses");
    for (const kube::Object* member : group.members) {
      if (member != &lead) f.with_related(*member);
    }
    show_role_sets(context, group, f);
    f.remedy(
        Confidence::manual,
        lead.deleting()
            ? "save the other StormServices before the controller processes the deletion, then "
              "re-create them with their own selector and template labels"
            : "re-create all but one with their own selector and template labels. " +
                  std::string(outage));
  }
}

}  // namespace

const kube::Object& SameSelector::lead() const {
  const auto it = std::find_if(members.begin(), members.end(),
                               [](const kube::Object* member) { return member->deleting(); });
  return it == members.end() ? *members.front() : **it;
}

bool SameSelector::holds(const kube::Object& object) const {
  return std::any_of(members.begin(), members.end(),
                     [&](const kube::Object* member) { return member->ref() == object.ref(); });
}

std::vector<SameSelector> same_selectors(const Context& context) {
  // By its text, so that 10,000 of them cost no quadratic comparison; labels sort in the text.
  std::map<std::string, SameSelector> groups;
  for (const kube::Object& storm : context.snapshot.list(aibrix::resources::storm_services)) {
    const kube::Value selector = storm.spec()["selector"];
    if (selector["matchLabels"].empty() && selector["matchExpressions"].empty()) continue;
    std::vector<std::string> words;
    for (const kube::Member& label : selector["matchLabels"].members()) {
      words.push_back(std::string(label.key) + '=' + std::string(label.value.text()));
    }
    std::sort(words.begin(), words.end());
    groups[base::join(words, ",") + kube::to_json(selector["matchExpressions"])].members.push_back(
        &storm);
  }
  std::vector<SameSelector> out;
  for (auto& [text, group] : groups) {
    if (group.members.size() > 1) out.push_back(std::move(group));
  }
  return out;
}

constinit const Check registry::FIN007{
    codes::FIN007,
    Area::deletion,
    "two StormServices have the same selector",
    selector_needs,
    run_selectors,
    {"Two StormServices have the same spec.selector. The controller looks up a StormService's "
     "RoleSets in the whole cluster by selector alone: the second one finds those of the first, "
     "counts them for its own and makes no pods, and deleting one StormService removes the RoleSets "
     "of the other, or waits for them.",
     "The same manifest was applied in two namespaces.",
     "Give each StormService its own selector and matching template labels. The selector is "
     "immutable, so the StormService has to be re-created, and as long as both are there deleting "
     "one deletes the pods of the other: plan that as an outage.",
     "v0.4.0 and later"}};

}  // namespace checks
