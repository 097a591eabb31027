// The sentences, evidence and remedies of findings on deletion.
#include "checks/common/deletion_text.hpp"

#include <algorithm>

#include "aibrix/foreign_finalizers.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/fix_remedies.hpp"
#include "checks/core/command.hpp"

namespace checks {

std::string likely_owner(const BlockingFinalizer& hold) {
  return aibrix::finalizer_owner(hold.finalizer);
}

void add_owner_remedy(Finding& finding, std::string_view finalizer, const std::string& object) {
  const aibrix::FinalizerAdvice advice = aibrix::finalizer_advice(finalizer);
  std::string text = "have " + aibrix::finalizer_owner(finalizer) + " remove " +
                     std::string(finalizer) + " from " + object;
  text += advice.finish.empty() ? "; only the owner knows what it protects"
                                : ": " + std::string(advice.finish);
  if (!advice.left.empty() && !advice.finish.empty()) {
    text += ". Do not remove it manually: " + std::string(advice.left);
  }
  finding.remedy(Confidence::manual, std::move(text));
}

std::string name_of(const kube::Object& object) {
  return std::string(object.kind()) + ' ' + object.full_name();
}

std::string deleting_for(const Context& context, const kube::Object& object) {
  const auto age = context.snapshot.age(object.deleted());
  return age ? "for " + base::format_age(*age) : "for an unknown time";
}

std::string count_of(std::int64_t count, std::string_view plural, std::string_view group) {
  for (const kube::Resource* kind : aibrix::resources::all()) {
    if (kind->plural == plural && kind->group == group) {
      return base::plural(static_cast<std::size_t>(count), kind->kind);
    }
  }
  std::string name = std::to_string(count) + ' ' + std::string(plural);
  if (!group.empty()) name.append(".").append(group);
  return name;
}

void show_holds(const Context& context, Finding& finding, const kube::Object& object) {
  std::vector<std::string> finalizers;
  for (const std::string_view finalizer : object.finalizers()) finalizers.emplace_back(finalizer);
  std::string value = "Terminating " + deleting_for(context, object);
  if (!finalizers.empty()) value += ", finalizers " + base::join(finalizers, ", ");
  finding.with_evidence(kube::to_string(object), value, "no finalizers");
  finding.since = object.deleted();
}

Finding& report_hold(const Context& context, Reporter& reporter, const BlockingFinalizer& hold,
                     const Owner& owner) {
  const kube::Object& object = *hold.object;
  const std::string name = name_of(object);
  const std::string finalizer = "finalizer " + std::string(hold.finalizer);
  std::string title;
  if (!owner.unable()) {
    title = name + " has been Terminating " + deleting_for(context, object);
    if (owner.known) title += " although " + owner.name + " is running";
  } else if (owner.can_return) {
    title = finalizer + " is waiting for " + owner.name;
  } else {
    title =
        finalizer + " of " + name + " is waiting for " + owner.name + ", which cannot come back";
  }
  Finding& f =
      hold.level == Level::error ? reporter.error(object, title) : reporter.warning(object, title);
  f.with_consequence(!owner.unable()
                         ? "Finalizer " + std::string(hold.finalizer) + " is not being removed."
                     : owner.can_return ? name + " is stuck in Terminating."
                                        : "Objects with finalizer " + std::string(hold.finalizer) +
                                              " are stuck in Terminating.");
  f.at_field("metadata.finalizers");
  show_holds(context, f, object);
  for (const Cause& cause : owner.causes) f.caused_by(cause.code, cause.object);
  if (owner.repair) f.remedies.push_back(*owner.repair);
  // Envoy Gateway's is for its own check to offer: a Gateway may still use the class.
  const bool class_of =
      hold.known != nullptr && hold.known->owner == aibrix::FinalizerOwner::envoy_gateway;
  if (hold.level == Level::error && !class_of) offer_fix_finalizers(f, hold, &owner);
  if (!owner.known && !owner.name.empty())
    f.note(owner.name + " was not read, so whether it is running is unknown");
  return f;
}

void add_strip(Finding& finding, const BlockingFinalizer& hold, const Owner* owner,
               std::string left) {
  if (hold.known == nullptr) return;  // only its owner knows what it is for
  std::string text = "remove " + std::string(hold.finalizer) + " from " + name_of(*hold.object);
  if (owner != nullptr && owner->unable() && owner->can_return) {
    text = "only if " + owner->name + " cannot be brought back: " + text;
  }
  if (left.empty()) left = hold.known->left;
  finding.remedy(Confidence::review, text + "; " + left,
                 strip_command(*hold.object, hold.finalizer));
}

void NamespaceGroups::add(Finding& finding) {
  const kube::ObjectRef& ref = finding.subject.ref;
  const auto [first, fresh] = first_.try_emplace(ref.ns, Cause{finding.code, ref});
  if (!fresh) finding.caused_by(first->second.code, first->second.object);
}

}  // namespace checks
