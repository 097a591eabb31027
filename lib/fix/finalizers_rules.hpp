// Which finalizers may be taken off which objects, and the patch that does it.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "checks/common/stuck.hpp"
#include "fix/fix.hpp"

namespace fix {

// --include names this word.
bool includes(const Options& options, std::string_view word);
// Ours to take off: AIBrix's own; of other owners' only what was asked for.
bool strippable(const checks::BlockingFinalizer& hold, const Options& options);
// What is said of a finalizer that is left alone.
std::string kept_text(const checks::BlockingFinalizer& hold);
// Why the object of these holds is not to be touched (yet); empty: it may be.
std::string reason_to_pass(const checks::Context& context, checks::FinalizerIndex& deletions,
                           const Options& options,
                           const std::vector<checks::BlockingFinalizer>& ours);
// Only its controller's return is asked for, and would be enough: its Deployment is there and
// scaled to 0, or without a leader. No word of it where --force is given.
bool restart_repairs(const checks::Context& context, checks::FinalizerIndex& deletions,
                     const Options& options);
// Why --force must be given before these finalizers, all of one object, are removed: the controller
// runs, may run, or only has to be repaired. Empty: it need not.
std::string reason_to_ask(checks::FinalizerIndex& deletions, const Options& options,
                          const std::vector<checks::BlockingFinalizer>& ours);
// The step that takes these finalizers, all of one object, off it.
Step strip_step(const checks::Context& context, const std::vector<checks::BlockingFinalizer>& ours);

}  // namespace fix
