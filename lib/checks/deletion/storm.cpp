// FIN006: StormServices, RoleSets and PodSets being deleted go.
#include <algorithm>
#include <array>

#include "aibrix/cluster.hpp"
#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/deletion_needs.hpp"
#include "checks/common/deletion_text.hpp"
#include "checks/common/selectors.hpp"
#include "checks/common/terminating_pods.hpp"
#include "checks/common/webhook_backend.hpp"
#include "checks/core/command.hpp"

namespace checks {
namespace {

namespace kinds = aibrix::resources;
namespace names = aibrix::names;

constexpr auto storm_needs =
    need::joined(std::to_array<kube::Need>({{&kinds::storm_services},
                                            need::deployments,
                                            need::optional({&kinds::role_sets}),
                                            need::optional({&kinds::pod_sets}),
                                            need::optional(need::nodes),
                                            need::optional(need::mutating_webhooks),
                                            need::optional(need::validating_webhooks),
                                            need::optional(need::services),
                                            need::optional(need::endpointslices)}),
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
void report_children(const Context& context, const kube::Object& parent, bool strip, Finding& f) {
  for (const kube::Object* child : children_of(context, parent)) {
    const std::string key = kube::to_string(*child);
    if (child->deleting()) {
      f.with_related(*child);
      continue;
    }
    std::vector<std::string> finalizers;
    for (const std::string_view finalizer : child->finalizers()) finalizers.emplace_back(finalizer);
    f.with_evidence(key,
                    "not Terminating yet" +
                        (finalizers.empty() ? "" : ", finalizers " + base::join(finalizers, ", ")));
    f.with_related(*child);
    for (const std::string_view finalizer : child->finalizers()) {
      if (!strip || !aibrix::is_aibrix_finalizer(finalizer)) continue;
      f.remedy(Confidence::review,
               "then, once " + name_of(*child) + " is Terminating too: remove " +
                   std::string(finalizer) + " from it (parents first)",
               strip_command(*child, finalizer));
    }
    report_children(context, *child, strip, f);
  }
}

void report_pods(const Context& context, const kube::Object& object, Finding& f) {
  const auto pods = pods_of(context, object);
  if (pods.empty()) return;
  f.with_evidence("pods of " + kube::to_string(object), std::to_string(pods.size()), "0");
  for (const OverduePod& overdue : overdue_pods(context, object.ns())) {
    if (std::find(pods.begin(), pods.end(), overdue.pod) == pods.end()) continue;
    f.with_evidence(kube::to_string(*overdue.pod),
                    "overdue " + deleting_for(context, *overdue.pod) + ": " + overdue.why);
    f.note(
        "its pods have to terminate first; force-delete a pod only if its node is known to be "
        "down");
  }
}

void report_storm(const Context& context, const Owner& owner, const BlockingFinalizer& hold,
                  Reporter& reporter, NamespaceGroups& groups) {
  const kube::Object& object = *hold.object;
  Finding& f = report_hold(context, reporter, hold, owner);
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
  report_children(context, object, strip, f);
  report_pods(context, object, f);
  if (const kube::Object* parent = deleting_parent(context, object)) {
    f.caused_by(FIN006, parent->ref());
  } else if (owner.unable() && !owner.can_return) {
    groups.add(f);
  }
  if (owner.acts && &object.resource() == &kinds::storm_services) {
    for (const SameSelector& group : same_selectors(context)) {
      if (group.holds(object)) f.caused_by(FIN007, group.lead().ref());
    }
  }
}

void run_storm(const Context& context, Reporter& reporter) {
  FinalizerIndex deletions(context);
  NamespaceGroups groups;
  for (const kube::Resource* kind : chain) {
    for (const BlockingFinalizer& hold : deletions.found(reporter, FIN006, *kind)) {
      report_storm(context, deletions.owner(*hold.known), hold, reporter, groups);
    }
    const auto state = context.snapshot.state(*kind);
    if (state == kube::ListState::forbidden || state == kube::ListState::failed) {
      reporter.undetermined(kube::full_name(*kind) + " were not read");
    }
  }
}

}  // namespace

constinit const Check registry::FIN006{
    codes::FIN006,
    Area::deletion,
    "a StormService, RoleSet or PodSet is stuck in Terminating",
    storm_needs,
    run_storm,
    {"A StormService, RoleSet or PodSet is Terminating and keeps its finalizer. The controller "
     "would delete its children, wait until none is left, and then remove the finalizer.",
     "The controller-manager is down or runs without stormservice-controller, pods cannot "
     "terminate (their node is lost), or there is another StormService with the same selector, "
     "whose RoleSets it waits for (FIN007).",
     "Bring the controller back. Only if that is impossible, remove the finalizers from the parent "
     "down: the garbage collector marks the RoleSet only when its parent is gone, then comes the "
     "RoleSet's own finalizer, and the pods follow. PodGroups of a gang scheduler may remain.",
     "v0.4.0 and later (PodSet: v0.5.0)"}};

}  // namespace checks
