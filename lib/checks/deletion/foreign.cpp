// FIN012: no AIBrix object being deleted is held by somebody else's finalizer.
#include <algorithm>
#include <array>

#include "aibrix/cluster.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/deletion_needs.hpp"
#include "checks/common/deletion_text.hpp"
#include "checks/core/command.hpp"

namespace checks {
namespace {

constexpr auto foreign_needs = need::held;

bool blocks(const kube::Object& child, const kube::Object& owner) {
  for (const kube::Value& reference : child.at("metadata", "ownerReferences").items()) {
    if (reference["uid"].text() == owner.uid()) return reference["blockOwnerDeletion"].is_true();
  }
  return false;
}

// Foreground deletion waits for the dependents that block their owner's.
void show_dependents(const Context& context, const kube::Object& object, Finding& f) {
  constexpr std::size_t most = 5;
  std::vector<std::string> left;
  for (const kube::Resource* kind : aibrix::resources::all()) {
    for (const kube::Object* child : owned_by(object, context.snapshot.list(*kind, object.ns()))) {
      if (!blocks(*child, object)) continue;
      left.push_back(kube::to_string(*child) + (child->deleting() ? " (Terminating)" : ""));
    }
  }
  if (left.empty()) {
    f.with_evidence("children that block its deletion", "none among the kinds that were read");
    f.note(
        "the garbage collector waits for every APIService to answer, and runs in "
        "kube-controller-manager");
    f.remedy(Confidence::manual,
             "look for an APIService that is not available, then for "
             "kube-controller-manager",
             kubectl("", "get", "apiservices"));
    return;
  }
  const std::size_t count = left.size();
  if (count > most) {
    left.resize(most);
    left.push_back(std::to_string(count - most) + " more");
  }
  f.with_evidence("children that block its deletion", base::join(left, ", "), "none");
}

void blame_dependents(const Context& context, FinalizerIndex& deletions, const kube::Object& object,
                      Finding& f) {
  show_dependents(context, object, f);
  for (const kube::Resource* kind : held_kinds()) {
    for (const kube::Object* child : owned_by(object, context.snapshot.list(*kind, object.ns()))) {
      for (const BlockingFinalizer& h : deletions.holds(*child)) {
        if (h.level) f.caused_by(h.code, child->ref());
      }
    }
  }
}

void report_foreign(const Context& context, FinalizerIndex& deletions,
                    const BlockingFinalizer& hold, Reporter& reporter) {
  const kube::Object& object = *hold.object;
  const std::string owner = likely_owner(hold);
  const std::string finalizer(hold.finalizer);
  const std::string title =
      name_of(object) + " has finalizer " + finalizer + ", which is not AIBrix's";
  Finding& f =
      hold.level == Level::error ? reporter.error(object, title) : reporter.warning(object, title);
  f.with_consequence(name_of(object) + " stays in Terminating until " + owner +
                     " removes its finalizer.")
      .at_field("metadata.finalizers");
  show_holds(context, f, object);
  for (const BlockingFinalizer& other : deletions.holds(object)) {
    if (other.code != hold.code && other.level) f.caused_by(other.code, object.ref());
  }
  const bool after = !f.causes.empty();
  f.note("finalizer " + finalizer + " on " + name_of(object) + ": " + owner + " must remove it" +
         (after ? ", also after AIBrix's own finalizer is gone" : ""));
  if (hold.finalizer == "foregroundDeletion") blame_dependents(context, deletions, object, f);
  add_owner_remedy(f, hold.finalizer, name_of(object));
}

void run_foreign(const Context& context, Reporter& reporter) {
  FinalizerIndex deletions(context);
  // Of a single object in a file nothing else is known; it is judged all the same.
  if (!context.snapshot.readable(aibrix::resources::model_adapters)) {
    reporter.undetermined("modeladapters.model.aibrix.ai were not read");
  }
  for (const kube::Resource* kind : held_kinds()) {
    if (!context.snapshot.readable(*kind) &&
        context.snapshot.state(*kind) != kube::ListState::not_recorded) {
      reporter.undetermined(kube::full_name(*kind) + " were not read");
    }
    for (const BlockingFinalizer& hold : deletions.found(reporter, FIN012, *kind)) {
      report_foreign(context, deletions, hold, reporter);
    }
  }
}

}  // namespace

constinit const Check registry::FIN012{
    codes::FIN012,
    Area::deletion,
    "a foreign finalizer holds an AIBrix object in Terminating",
    foreign_needs,
    run_foreign,
    {"An AIBrix object, its Gateway or an HTTPRoute on it is Terminating and has a finalizer that AIBrix does not know. Only the "
     "program that added it may remove it, and the object stays even without AIBrix's own "
     "finalizer. A foreign finalizer on an object that is not Terminating is not a fault.",
     "A backup, GitOps or policy tool adds finalizers so that it is notified of deletions, but it "
     "is not running, was uninstalled, or has not finished.",
     "Find the owner by the domain before the slash and have it finish. Remove the finalizer "
     "manually only if you know what it protects; aibrixctl never offers to.",
     "every release"}};

}  // namespace checks
