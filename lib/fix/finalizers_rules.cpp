// The choice of finalizers to take off, and the patches that do it.
#include "fix/finalizers_rules.hpp"

#include <algorithm>

#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/deletion_text.hpp"
#include "checks/core/timing.hpp"
#include "fix/common.hpp"
#include "fix/finalizers.hpp"

namespace fix {
namespace {

namespace names = aibrix::names;
using aibrix::FinalizerOwner;
using checks::BlockingFinalizer;
using checks::Owner;
using kube::Object;

// Envoy Gateway keeps its finalizer as long as a Gateway uses the class.
bool in_use(const checks::Context& context, const BlockingFinalizer& hold) {
  if (hold.known->owner != FinalizerOwner::envoy_gateway) return false;
  const auto gateways = context.snapshot.list(aibrix::resources::gateways);
  return std::any_of(gateways.begin(), gateways.end(), [&](const Object& g) {
    return g.spec()["gatewayClassName"].text() == hold.object->name();
  });
}

std::string cost_of(const checks::Context& context, const BlockingFinalizer& hold) {
  const Object& object = *hold.object;
  if (hold.finalizer != names::adapter_finalizer) return std::string(hold.known->left);
  const auto engines = checks::engines_of(context, object);
  if (object.status()["instances"].empty()) return "no engine has loaded it";
  if (engines.empty()) return "its engines are gone, so no LoRA remains loaded";
  return "LoRA " + std::string(object.name()) + " stays loaded in " + base::join_and(engines) +
         ", and occupies a slot there";
}

}  // namespace

bool includes(const Options& options, std::string_view word) {
  const std::vector<std::string> words = options[option::include];
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool strippable(const BlockingFinalizer& hold, const Options& options) {
  if (hold.known == nullptr) return false;
  switch (hold.known->owner) {
    case FinalizerOwner::controller_manager:
    case FinalizerOwner::nobody: return true;
    case FinalizerOwner::envoy_gateway: return includes(options, "gatewayclass");
    case FinalizerOwner::kuberay: return includes(options, "ray");
    case FinalizerOwner::kubernetes:
    case FinalizerOwner::cloud: break;
  }
  return false;
}

std::string kept_text(const BlockingFinalizer& hold) {
  std::string text = std::string(hold.finalizer) + " on " + checks::name_of(*hold.object) + ": " +
                     checks::likely_owner(hold) + " must remove it";
  if (hold.known == nullptr) return text;
  if (hold.known->owner == FinalizerOwner::kuberay) text += ", or include it with --include=ray";
  if (hold.known->owner == FinalizerOwner::envoy_gateway) {
    text += ", or include it with --include=gatewayclass";
  }
  return text;
}

std::string reason_to_pass(const checks::Context& context, checks::FinalizerIndex& deletions,
                           const Options& options, const std::vector<BlockingFinalizer>& ours) {
  const auto age = context.snapshot.age(ours.front().object->deleted());
  if (!age) return "it is unknown since when it has been Terminating";
  bool certain = true;  // that waiting changes nothing
  bool acts = false;
  for (const BlockingFinalizer& hold : ours) {
    const Owner& owner = deletions.owner(*hold.known);
    certain = certain && owner.certain && owner.unable();
    acts = acts || owner.acts;
    if (in_use(context, hold)) {
      return "a Gateway still uses it: delete the Gateway first, and Envoy Gateway removes the "
             "finalizer";
    }
  }
  const std::chrono::milliseconds least = options[option::min_age].value_or(
      certain ? std::chrono::minutes(0) : checks::limits::deletion_stuck);
  if (*age < least) {
    return "Terminating for " + base::format_age(*age) +
           ", less than --min-age=" + base::format_age(least);
  }
  if (acts && *age < checks::limits::deletion_stuck && !options[option::include_healthy]) {
    return "its controller is running and has been processing it for only " +
           base::format_age(*age) + "; --include-healthy includes it nevertheless";
  }
  return {};
}

namespace {

// AIBrix's own, held by its controller-manager.
bool is_controllers(const BlockingFinalizer& hold) {
  return hold.known != nullptr && hold.known->owner == FinalizerOwner::controller_manager;
}

}  // namespace

bool restart_repairs(const checks::Context& context, checks::FinalizerIndex& deletions,
                     const Options& options) {
  for (const kube::Resource* kind : checks::held_kinds()) {
    for (const Object& object : context.snapshot.list(*kind)) {
      const bool asked = in_namespaces(options, object.ns()) && selected(options, object.ref());
      if (!asked || !object.deleting()) continue;
      for (const BlockingFinalizer& hold : deletions.holds(object)) {
        if (is_controllers(hold) && deletions.owner(*hold.known).returns_by_restart()) return true;
      }
    }
  }
  return false;
}

std::string reason_to_ask(checks::FinalizerIndex& deletions, const Options& options,
                          const std::vector<BlockingFinalizer>& ours) {
  if (options[option::force]) return {};
  for (const BlockingFinalizer& hold : ours) {
    if (!is_controllers(hold)) continue;
    const Owner& owner = deletions.owner(*hold.known);
    const std::string anyway = "; --force removes its finalizers anyway";
    if (!owner.known) return "whether " + owner.name + " is running could not be read" + anyway;
    if (owner.acts) {
      return owner.name +
             " is running: check its log for the reason, or restart it with --restart-controller" +
             anyway;
    }
    if (!owner.comes_back_otherwise()) continue;
    return owner.why +
           (owner.switched_off ? ": add it to --controllers"
                               : ": fix it, and it removes its finalizers") +
           anyway;
  }
  return {};
}

Step strip_step(const checks::Context& context, const std::vector<BlockingFinalizer>& ours) {
  const Object& object = *ours.front().object;
  Step step = step_on(context.snapshot, object);
  std::vector<std::string> strip;
  for (const BlockingFinalizer& hold : ours) {
    strip.emplace_back(hold.finalizer);
    step.cost.push_back(cost_of(context, hold));
  }
  step.patch = strip_patch(object.root(), strip);
  step.reversibility = Reversibility::permanent;
  step.no_undo = "a finalizer cannot be added to a Terminating object";
  step.what = "remove " + std::string(strip.size() == 1 ? "finalizer " : "finalizers ") +
              base::join_and(strip);
  const auto age = context.snapshot.age(object.deleted());
  if (age) step.what += ", Terminating for " + base::format_age(*age);
  step.diff_path = "metadata.finalizers";
  for (const std::string_view finalizer : object.finalizers()) {
    const bool taken = std::find(strip.begin(), strip.end(), finalizer) != strip.end();
    step.diff.push_back(
        {taken ? '-' : ' ', "- " + std::string(finalizer), taken ? "" : "kept: not AIBrix's"});
  }
  return step;
}

}  // namespace fix
