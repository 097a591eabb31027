// What goes once the objects are gone: the namespaces they are in, the definitions they are of.
#include <algorithm>
#include <set>

#include "aibrix/finalizers.hpp"
#include "base/text.hpp"
#include "fix/common.hpp"
#include "fix/finalizers.hpp"

namespace fix {
namespace {

using kube::Object;

// Objects in a namespace that is going, but not marked yet: the namespace controller deletes pods
// first.
void report_unmarked(const checks::Context& context, const Object& ns, Plan& plan) {
  std::vector<std::string> counts;
  for (const kube::Resource* kind : finalized_kinds()) {
    const auto objects = context.snapshot.list(*kind, ns.name());
    const auto count = std::count_if(objects.begin(), objects.end(), [](const Object& o) {
      const auto list = o.finalizers();
      return !o.deleting() && std::any_of(list.begin(), list.end(), aibrix::is_aibrix_finalizer);
    });
    if (count != 0) counts.push_back(base::plural(static_cast<std::size_t>(count), kind->kind));
  }
  if (counts.empty()) return;
  std::string text = base::join_and(counts) + " of namespace " + std::string(ns.name()) +
                     " not marked for deletion yet, though it is being deleted";
  const std::size_t pods = context.snapshot.list(kube::resources::pods, ns.name()).size();
  if (pods != 0) text += ": Kubernetes deletes its " + base::plural(pods, "pod") + " first";
  plan.skipped.push_back(std::move(text));
}

std::size_t watched_of(const Plan& plan, const kube::Resource& kind) {
  return static_cast<std::size_t>(std::count_if(
      plan.watch.begin(), plan.watch.end(), [&](const Watch& w) { return w.resource == &kind; }));
}

}  // namespace

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

void follow_definitions(const checks::Context& context, Plan& plan) {
  for (const kube::Resource* kind : finalized_kinds()) {
    const std::size_t ours = watched_of(plan, *kind);
    const kube::Lookup crd =
        context.snapshot.find(kube::resources::crds, "", kube::full_name(*kind));
    if (ours == 0 || !crd || !crd->deleting()) continue;
    const std::string name = "CustomResourceDefinition " + std::string(crd->name());
    if (!context.snapshot.complete(*kind) || context.snapshot.list(*kind).size() != ours) {
      plan.remaining.push_back(name +
                               " is being deleted too: it stays until every object of it is gone");
      continue;
    }
    plan.facts.push_back(name + " is being deleted too: it goes with these, its last objects");
    Watch watch;
    watch.resource = &kube::resources::crds;
    watch.object = crd->ref();
    watch.uid = crd->uid();
    plan.watch.push_back(std::move(watch));
  }
}

}  // namespace fix
