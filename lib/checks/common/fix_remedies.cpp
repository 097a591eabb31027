// The `aibrixctl fix` commands that findings offer as remedies.
#include "checks/common/fix_remedies.hpp"

#include "aibrix/finalizers.hpp"
#include "checks/core/command.hpp"

namespace checks {
namespace {

using aibrix::FinalizerOwner;

// What the fix has to be told before it takes finalizers that are not AIBrix's.
std::string_view include_flag(FinalizerOwner owner) {
  switch (owner) {
    case FinalizerOwner::kuberay: return "--include=ray";
    case FinalizerOwner::envoy_gateway: return "--include=gatewayclass";
    default: return "";
  }
}

bool is_taken(FinalizerOwner owner) {
  return owner != FinalizerOwner::kubernetes && owner != FinalizerOwner::cloud;
}

// The fix brings the controller back too, which is what the cause of the finding asks for.
bool restarts(const BlockingFinalizer& hold, const Owner* owner) {
  const bool ours = hold.known->owner == FinalizerOwner::controller_manager;
  return ours && owner != nullptr && owner->returns_by_restart();
}

// The fix removes what the controller could still remove only with --force.
bool asks(const BlockingFinalizer& hold, const Owner* owner) {
  const bool ours = hold.known->owner == FinalizerOwner::controller_manager;
  return ours && owner != nullptr && owner->comes_back_otherwise();
}

}  // namespace

Command fix_command(std::string_view fix, std::string_view ns, std::initializer_list<Word> flags) {
  Command out = aibrixctl("fix", fix);
  if (!ns.empty()) out.with("-n", ns);
  for (const Word& flag : flags) out.with(flag);
  return out;
}

Command undo_command() {
  return aibrixctl("undo", "last", "--apply");
}

bool is_fix_command(const Command& command) {
  return command.program == "aibrixctl" && !command.words.empty() &&
         command.words.front().text == "fix";
}

void offer_fix(Finding& finding, Confidence confidence, std::string text, Command command,
               Command undo) {
  Remedy own;
  own.confidence = confidence;
  own.text = std::move(text);
  own.command = std::move(command);
  own.undo = std::move(undo);
  finding.remedies.insert(finding.remedies.begin(), std::move(own));
}

void offer_fix_type(Finding& finding, std::string_view type) {
  const std::string name(type);
  offer_fix(finding, Confidence::review, "set the gateway Service type to " + name,
            fix_command("service-type", "", {"--to", name}), undo_command());
}

void offer_fix_finalizers(Finding& finding, const BlockingFinalizer& hold, const Owner* owner) {
  if (hold.known == nullptr || !is_taken(hold.known->owner)) return;
  const std::string ns(hold.object->ns());
  const bool restart = restarts(hold, owner);
  const std::string_view include = include_flag(hold.known->owner);
  std::string text = restart
                         ? (owner->scaled_to_zero ? "scale up " : "restart ") + owner->name +
                               "; it then removes its finalizers"
                         : "remove " + std::string(hold.finalizer) + " (guarded, with a backup)";
  if (!ns.empty()) text += " in namespace " + ns;
  Command command = fix_command("finalizers", ns);
  if (!include.empty()) command.with(include);
  if (asks(hold, owner)) command.with("--force");
  offer_fix(finding, Confidence::review, std::move(text), std::move(command));
  finding.remedies.front().repairs_cause = restart;
}

}  // namespace checks
