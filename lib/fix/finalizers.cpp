// fix finalizers: takes AIBrix's finalizers off what is being deleted, and follows what goes then.
#include <algorithm>
#include <array>
#include <set>

#include "aibrix/cluster.hpp"
#include "aibrix/finalizers.hpp"
#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/causes.hpp"
#include "checks/common/deletion_text.hpp"
#include "checks/common/stuck.hpp"
#include "checks/common/webhook_backend.hpp"
#include "fix/common.hpp"
#include "fix/finalizers.hpp"
#include "fix/finalizers_rules.hpp"
#include "fix/finalizers_verify.hpp"
#include "fix/fix.hpp"
#include "fix/leftovers.hpp"
#include "fix/restart.hpp"

namespace fix {
namespace {

namespace kinds = aibrix::resources;
namespace names = aibrix::names;
using aibrix::FinalizerOwner;
using checks::BlockingFinalizer;
using checks::Owner;
using kube::Object;

// The kinds AIBrix puts finalizers on.
constexpr auto own_kinds = std::to_array<const kube::Resource*>(
    {&kinds::storm_services, &kinds::role_sets, &kinds::pod_sets, &kinds::model_adapters,
     &kinds::model_claims});
constexpr auto ray_kinds = std::to_array<const kube::Resource*>(
    {&kinds::ray_clusters, &kinds::ray_jobs, &kinds::ray_services});
// From the top down: a child is marked only when its parent is gone.
constexpr auto chain = std::to_array<const kube::Resource*>(
    {&kinds::storm_services, &kinds::role_sets, &kinds::pod_sets});

int wave_of(const kube::Resource& resource) {
  for (std::size_t i = 0; i < chain.size(); ++i) {
    if (chain[i] == &resource) return static_cast<int>(i);
  }
  return 0;
}

// Objects in a namespace that is going, but not marked yet: the namespace controller deletes pods
// first.
void report_unmarked(const checks::Context& context, const Object& ns, Plan& plan) {
  std::vector<std::string> counts;
  for (const kube::Resource* kind : own_kinds) {
    const auto objects = context.snapshot.list(*kind, ns.name());
    const auto count = std::count_if(objects.begin(), objects.end(), [](const Object& o) {
      const auto list = o.finalizers();
      return !o.deleting() && std::any_of(list.begin(), list.end(), aibrix::is_aibrix_finalizer);
    });
    if (count != 0) counts.push_back(base::plural(static_cast<std::size_t>(count), kind->kind));
  }
  if (counts.empty()) return;
  std::string text = base::join_and(counts) + " in namespace " + std::string(ns.name()) +
                     " not marked for deletion yet, although the namespace is Terminating";
  const std::size_t pods = context.snapshot.list(kube::resources::pods, ns.name()).size();
  if (pods != 0) text += ", because Kubernetes first deletes its " + base::plural(pods, "pod");
  plan.skipped.push_back(std::move(text));
}

std::size_t watched_of(const Plan& plan, const kube::Resource& kind) {
  return static_cast<std::size_t>(std::count_if(
      plan.watch.begin(), plan.watch.end(), [&](const Watch& w) { return w.resource == &kind; }));
}

// Namespaces that wait for what the plan watches: followed until they are gone too.
void follow_namespaces(const checks::Context& context, const Options& options, Plan& plan) {
  for (const Object& ns : context.snapshot.list(kube::resources::namespaces)) {
    if (ns.deleting() && in_namespaces(options, ns.name())) report_unmarked(context, ns, plan);
  }
  std::set<std::string> spaces;
  for (const Watch& watch : plan.watch) spaces.insert(watch.object.ns);
  for (const std::string& name : spaces) {
    const kube::Lookup ns = context.snapshot.find(kube::resources::namespaces, "", name);
    if (!ns || !ns->deleting()) continue;
    plan.namespaces.push_back(name);
    for (std::string& text : namespace_blockers(context, name, plan.watch)) {
      add_once(plan.remaining, std::move(text));
    }
  }
}

// The same for definitions.
void follow_definitions(const checks::Context& context, Plan& plan) {
  for (const kube::Resource* kind : own_kinds) {
    const std::size_t ours = watched_of(plan, *kind);
    const kube::Lookup crd =
        context.snapshot.find(kube::resources::crds, "", kube::full_name(*kind));
    if (ours == 0 || !crd || !crd->deleting()) continue;
    const std::string name = "CustomResourceDefinition " + std::string(crd->name());
    if (!context.snapshot.complete(*kind) || context.snapshot.list(*kind).size() != ours) {
      plan.remaining.push_back(
          name + " is also being deleted, and stays until all of its objects are gone");
      continue;
    }
    plan.facts.push_back(
        name + " is also being deleted, and will be gone together with these, its last objects");
    Watch watch;
    watch.resource = &kube::resources::crds;
    watch.object = crd->ref();
    watch.uid = crd->uid();
    plan.watch.push_back(std::move(watch));
  }
}

class FinalizerPlanner {
 public:
  FinalizerPlanner(const checks::Context& context, const Options& options)
      : context_(context), options_(options), deletions_(context) {}

  Plan make() {
    restarts_ = options_[option::restart_controller] ||
                (!options_[option::force] && restart_repairs(context_, deletions_, options_));
    for (const kube::Resource* kind : own_kinds) look_at(*kind);
    if (includes(options_, "ray")) {
      for (const kube::Resource* kind : ray_kinds) look_at(*kind);
    }
    if (includes(options_, "gatewayclass")) look_at(kinds::gateway_classes);
    add_children();
    report_looked();
    follow_namespaces(context_, options_, plan_);
    if (!restarts_) follow_definitions(context_, plan_);
    plan_.why.insert(plan_.why.end(), whys_.begin(), whys_.end());
    if (restarts_) leave_it_to_the_controller();
    return std::move(plan_);
  }

 private:
  void leave_it_to_the_controller() {
    const std::size_t stripped = plan_.steps.size();
    plan_.steps.clear();
    plan_.blockers.clear();
    if (!plan_.watch.empty()) plan_restart(context_, plan_);
    if (stripped > plan_.watch.size()) {
      plan_.remaining.push_back(
          base::plural(stripped - plan_.watch.size(), "object") +
          " with finalizers that no running controller removes: run this command again afterwards");
    }
  }

  void look_at(const kube::Resource& kind) {
    const std::string why = not_read(context_.snapshot, kind);
    if (!why.empty()) {
      add_once(plan_.unread, why);
      return;
    }
    if (context_.snapshot.loaded(kind)) ++kinds_read_;
    for (const Object& object : context_.snapshot.list(kind)) {
      if (!in_namespaces(options_, object.ns())) continue;
      ++objects_read_;
      if (!object.deleting()) continue;
      ++deleting_;
      if (selected(options_, object.ref())) consider(object);
    }
  }

  void consider(const Object& object) {
    std::vector<BlockingFinalizer> ours;
    std::vector<BlockingFinalizer> others;
    for (const BlockingFinalizer& hold : deletions_.holds(object)) {
      (strippable(hold, options_) ? ours : others).push_back(hold);
    }
    std::string why_not = ours.empty() ? "" : reason_to_pass(context_, deletions_, options_, ours);
    if (!ours.empty() && why_not.empty() && !restarts_) {
      why_not = reason_to_ask(deletions_, options_, ours);
    }
    if (!why_not.empty()) plan_.skipped.push_back(checks::name_of(object) + ": " + why_not);
    if (!ours.empty() && why_not.empty()) add_step(object, ours, others, false);
    if (ours.empty()) {
      for (const BlockingFinalizer& hold : others) add_once(plan_.left_alone, kept_text(hold));
    }
  }

  void add_step(const Object& object, const std::vector<BlockingFinalizer>& ours,
                const std::vector<BlockingFinalizer>& others, bool child) {
    taken_.emplace(object.uid());
    Step step = strip_step(context_, ours);
    step.wave = wave_of(object.resource());
    step.after_parent = child;
    if (child) step.what += ", once it is marked for deletion";
    std::vector<std::string> strip;
    for (const BlockingFinalizer& hold : ours) {
      const bool goes = !restarts_ || hold.known->owner == FinalizerOwner::controller_manager;
      if (goes) strip.emplace_back(hold.finalizer);
    }
    if (!strip.empty()) add_watch(object, strip);
    for (const BlockingFinalizer& hold : ours) explain(object, hold);
    for (const BlockingFinalizer& hold : others) add_once(plan_.left_alone, kept_text(hold));
    block(object);
    plan_.steps.push_back(std::move(step));
    plan_leftovers(context_, options_, ours, others, plan_);
  }

  void add_watch(const Object& object, std::vector<std::string> strip) {
    Watch watch;
    watch.resource = &object.resource();
    watch.object = object.ref();
    watch.uid = object.uid();
    watch.finalizers = std::move(strip);
    plan_.watch.push_back(std::move(watch));
  }

  // Why it is stuck, and what to try before.
  void explain(const Object& object, const BlockingFinalizer& hold) {
    const Owner& owner = deletions_.owner(*hold.known);
    if (!owner.known) {
      add_once(plan_.unread, "whether " + owner.name + " is running");
      return;
    }
    if (owner.acts) {
      add_once(whys_, owner.name + " is running: check its log before removing the finalizer of " +
                          checks::name_of(object));
      return;
    }
    std::string why = owner.why;
    if (!owner.can_return && hold.known->owner != FinalizerOwner::nobody) {
      why += ", and cannot come back, because its namespace is being deleted";
    }
    add_once(whys_, std::move(why));
    if (!owner.can_return || restarts_) return;
    const bool ours = hold.known->owner == FinalizerOwner::controller_manager;
    if (ours && owner.by_restart) {
      add_once(plan_.alternatives,
               {"bring " + owner.name + " back: it removes its finalizers within seconds",
                fix_command("finalizers", options_, {"--restart-controller", "--apply"})});
    } else if (owner.repair) {
      add_once(plan_.alternatives, {owner.repair->text, owner.repair->command});
    }
  }

  void block(const Object& object) {
    for (const aibrix::Webhook& webhook : checks::blocking_webhooks(context_, object)) {
      add_once(
          plan_.blockers,
          {"webhook " + std::string(webhook.name()) + " of " +
               std::string(webhook.configuration->name()) +
               " fails closed: " + checks::backend_of(context_, webhook).describe() +
               "; the API server rejects every patch of " + std::string(object.resource().plural),
           webhook.is_aibrix() ? checks::aibrixctl("fix", "webhooks", "--apply") : Command()});
    }
  }

  // All that hangs on the objects to be stripped, by owner uid, from the top down.
  void add_children() {
    for (std::size_t i = 0; i < plan_.steps.size(); ++i) {  // grows
      const Step parent = plan_.steps[i];
      const auto level = std::find(chain.begin(), chain.end(), parent.resource);
      if (level == chain.end()) continue;
      const kube::Lookup object =
          context_.snapshot.find(*parent.resource, parent.object.ns, parent.object.name);
      // "orphan" lets the children live on.
      if (!object || object->has_finalizer("orphan")) continue;
      for (auto kind = std::next(level); kind != chain.end(); ++kind) {
        for (const Object* child :
             checks::owned_by(*object, context_.snapshot.list(**kind, object->ns()))) {
          add_child(*child);
        }
        const std::string why = not_read(context_.snapshot, **kind);
        if (!why.empty()) add_once(plan_.unread, why);
      }
    }
  }

  void add_child(const Object& child) {
    if (taken_.count(child.uid()) != 0) return;
    std::vector<BlockingFinalizer> ours;
    std::vector<BlockingFinalizer> others;
    for (const std::string_view finalizer : child.finalizers()) {
      BlockingFinalizer hold;
      hold.object = &child;
      hold.finalizer = finalizer;
      hold.known = aibrix::find_finalizer(finalizer);
      (strippable(hold, options_) ? ours : others).push_back(hold);
    }
    if (!ours.empty()) add_step(child, ours, others, !child.deleting());
  }

  void report_looked() {
    plan_.summary = base::plural(deleting_, "object") + " Terminating (" +
                    base::plural(objects_read_, "object") + " of " +
                    base::plural(kinds_read_, "kind") + " checked); " +
                    std::to_string(plan_.steps.size()) + " will be changed";
  }

  const checks::Context& context_;
  const Options& options_;
  checks::FinalizerIndex deletions_;
  Plan plan_;
  bool restarts_ = false;  // the controller comes back and does the work
  std::vector<std::string> whys_;
  std::set<std::string, std::less<>> taken_;  // uids
  std::size_t kinds_read_ = 0;
  std::size_t objects_read_ = 0;
  std::size_t deleting_ = 0;
};

Plan plan_finalizers(const checks::Context& context, const Options& options) {
  return FinalizerPlanner(context, options).make();
}

constexpr aibrix::CodePattern finalizer_codes[] = {family("FIN"), family("NS"), WH001, INS005};
constexpr kube::Need finalizer_needs[] = {
    {&kinds::http_routes, kube::Scope::workloads, false},
    {&kube::resources::services, kube::Scope::workloads, false}};
constexpr std::string_view list_fields[] = {"/metadata/finalizers/*"};
constexpr WriteRight finalizer_rights[] = {
    {&kinds::model_adapters, "patch", kube::Scope::workloads, list_fields},
    {&kinds::model_claims, "patch", kube::Scope::workloads, list_fields},
    {&kinds::storm_services, "patch", kube::Scope::workloads, list_fields},
    {&kinds::role_sets, "patch", kube::Scope::workloads, list_fields},
    {&kinds::pod_sets, "patch", kube::Scope::workloads, list_fields},
    {&kinds::ray_clusters, "patch", kube::Scope::workloads, list_fields},
    {&kinds::ray_jobs, "patch", kube::Scope::workloads, list_fields},
    {&kinds::ray_services, "patch", kube::Scope::workloads, list_fields},
    {&kinds::gateway_classes, "patch", kube::Scope::workloads, list_fields},
    {&kinds::http_routes, "delete", kube::Scope::install},
    {&kinds::http_routes, "create", kube::Scope::install},
    {&kube::resources::deployments, "patch", kube::Scope::install, restart_fields}};

}  // namespace

extern const Fix finalizers{.name = "finalizers",
                            .summary = "Release objects and namespaces stuck in Terminating",
                            .options = option::of_finalizers,
                            .needs_place = true,
                            .codes = finalizer_codes,
                            .more_needs = finalizer_needs,
                            .rights = finalizer_rights,
                            .plan = plan_finalizers,
                            .verify = verify_finalizers};

}  // namespace fix
