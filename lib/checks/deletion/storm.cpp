#include <algorithm>
#include <array>

#include "aibrix/cluster.hpp"
#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/commands.hpp"
#include "checks/deletion/needs.hpp"
#include "checks/deletion/pods.hpp"
#include "checks/deletion/selectors.hpp"
#include "checks/deletion/words.hpp"
#include "checks/webhooks/backend.hpp"

namespace checks {
namespace {

namespace kinds = aibrix::resources;
namespace names = aibrix::names;

constexpr auto storm_needs = need::joined(
    std::to_array<kube::Need>(
        {{&kinds::storm_services}, need::deployments, need::optional({&kinds::role_sets}),
         need::optional({&kinds::pod_sets}), need::optional(need::nodes),
         need::optional(need::mutating_webhooks), need::optional(need::validating_webhooks),
         need::optional(need::services), need::optional(need::endpointslices)}),
    need::controller_owner);

// From the top down: StormService -> RoleSet -> (PodSet ->) Pods.
constexpr auto chain = std::to_array<const kube::Resource*>(
    {&kinds::storm_services, &kinds::role_sets, &kinds::pod_sets});

std::vector<const kube::Object*> children_of(const Context& context, const kube::Object& parent) {
  std::vector<const kube::Object*> out;
  for (const kube::Resource* kind : chain) {
    for (const kube::Object* child : owned_by(parent, context.snapshot.list(*kind, parent.ns()))) {
      out.push_back(child);
    }
  }
  return out;
}

const kube::Object* deleting_parent(const Context& context, const kube::Object& object) {
  for (const kube::Resource* kind : chain) {
    for (const kube::Object& candidate : context.snapshot.list(*kind, object.ns())) {
      if (!candidate.deleting() || candidate.finalizers().empty()) continue;
      for (const kube::Value& owner : object.at("metadata", "ownerReferences").items()) {
        if (owner["uid"].text() == candidate.uid() && !candidate.uid().empty()) return &candidate;
      }
    }
  }
  return nullptr;
}

// The label by which the controllers count the pods of a StormService or RoleSet.
std::vector<const kube::Object*> pods_of(const Context& context, const kube::Object& object) {
  std::vector<const kube::Object*> out;
  const bool storm = &object.resource() == &kinds::storm_services;
  const std::string_view label = storm ? names::storm_service_name : names::roleset_name;
  for (const kube::Object& pod : context.snapshot.list(kube::resources::pods, object.ns())) {
    if (pod.label(label) == object.name()) out.push_back(&pod);
  }
  return out;
}

// Children, top down, and the strip for each that is not marked yet: it is only when its parent has
// gone that the garbage collector marks it, and then its own finalizer holds it.
void tell_children(const Context& context, const kube::Object& parent, bool strip, Finding& f) {
  for (const kube::Object* child : children_of(context, parent)) {
    const std::string key = kube::to_string(*child);
    if (child->deleting()) {
      f.relates(*child);
      continue;
    }
    std::vector<std::string> finalizers;
    for (const std::string_view finalizer : child->finalizers()) finalizers.emplace_back(finalizer);
    f.shows(key, "not marked for deletion yet" +
                     (finalizers.empty() ? "" : ", finalizers " + base::join(finalizers, ", ")));
    f.relates(*child);
    for (const std::string_view finalizer : child->finalizers()) {
      if (!strip || !aibrix::is_aibrix_finalizer(finalizer)) continue;
      f.remedy(Confidence::review,
               "then, once " + name_of(*child) + " is marked too: strip " + std::string(finalizer) +
                   " from it (parents first)",
               strip_command(*child, finalizer));
    }
    tell_children(context, *child, strip, f);
  }
}

void tell_pods(const Context& context, const kube::Object& object, Finding& f) {
  const auto pods = pods_of(context, object);
  if (pods.empty()) return;
  f.shows("pods of " + kube::to_string(object), std::to_string(pods.size()), "0");
  for (const OverduePod& overdue : overdue_pods(context, object.ns())) {
    if (std::find(pods.begin(), pods.end(), overdue.pod) == pods.end()) continue;
    f.shows(kube::to_string(*overdue.pod),
            "overdue " + deleting_for(context, *overdue.pod) + ": " + overdue.why);
    f.note("its pods must go first; force-delete a pod only when its node is known to be down");
  }
}

void tell_storm(const Context& context, const Owner& owner, const Hold& hold, Result& result,
                Leads& leads) {
  const kube::Object& object = *hold.object;
  Finding& f = tell_hold(context, result, hold, owner);
  show_lease(context, f);
  for (const aibrix::PodTemplate& pod : aibrix::pod_templates(object)) {
    const std::string model(pod.value.at("metadata", "labels", names::model_name).text());
    const bool known = std::find(f.models.begin(), f.models.end(), model) != f.models.end();
    if (!model.empty() && !known) f.model(model);
  }
  const bool strip = *hold.level == Level::error;
  const auto blocking = blocking_webhooks(context, object);
  if (!blocking.empty()) f.note(refusal_note(blocking.front(), object));
  if (strip) add_strip(f, hold, &owner);
  tell_children(context, object, strip, f);
  tell_pods(context, object, f);
  if (const kube::Object* parent = deleting_parent(context, object)) {
    f.because("FIN006", parent->ref());
  } else if (owner.unable() && !owner.can_return) {
    leads.follow(f);
  }
  if (owner.acts && &object.resource() == &kinds::storm_services) {
    for (const SameSelector& group : same_selectors(context)) {
      if (group.holds(object)) f.because("FIN007", group.lead().ref());
    }
  }
}

void run_storm(const Context& context, Result& result) {
  Deletions deletions(context);
  Leads leads;
  for (const kube::Resource* kind : chain) {
    for (const Hold& hold : deletions.found(result, "FIN006", *kind)) {
      tell_storm(context, deletions.owner(*hold.known), hold, result, leads);
    }
    const auto state = context.snapshot.state(*kind);
    if (state == kube::ListState::forbidden || state == kube::ListState::failed) {
      result.undetermined(kube::full_name(*kind) + " were not read");
    }
  }
}

}  // namespace

extern constinit const Check FIN006{
    "FIN006",
    Area::deletion,
    "StormServices, RoleSets and PodSets being deleted go",
    storm_needs,
    run_storm,
    {"A StormService, RoleSet or PodSet is being deleted and keeps its finalizer. The controller "
     "would delete its children, wait until none is left, and then take the finalizer off.",
     "The controller-manager is down or runs without stormservice-controller; pods that cannot end "
     "(their node is lost); another StormService with the same selector, whose RoleSets it waits for "
     "(FIN007).",
     "Bring the controller back. Where that is impossible strip from the parent down: only when the "
     "parent is gone does the garbage collector mark the RoleSet, whose own finalizer comes next; "
     "pods then go by themselves. PodGroups of a gang scheduler may stay.",
     "v0.4.0 and later (PodSet: v0.5.0)"}};

}  // namespace checks
