// Remedies that this program carries out itself. Such a command only shows a plan until --apply is
// added, so it is the first one a finding offers; kubectl and YAML come after it, for people
// without this program. Findings from files offer the same: it is meant for the cluster they came
// from.
#pragma once
#include <string>
#include <string_view>

#include "checks/common/stuck.hpp"

namespace checks {

// aibrixctl fix referencegrants -n team-a; `ns` may be empty.
Command fix_command(std::string_view fix, std::string_view ns,
                    std::initializer_list<Word> flags = {});
// Takes back what such a fix did last.
Command undo_command();
bool is_fix_command(const Command& command);

// Puts it before the other remedies. `undo`: undo_command, or nothing where it cannot be taken
// back.
void offer_fix(Finding& finding, Confidence confidence, std::string text, Command command,
               Command undo = {});
// For a gateway whose Service is of another type than wanted.
void offer_fix_type(Finding& finding, std::string_view type);
// For a deletion that finalizers of AIBrix's, KubeRay's or Envoy Gateway's hold. `owner`: who would
// remove them; nullptr: nobody.
void offer_fix_finalizers(Finding& finding, const BlockingFinalizer& hold, const Owner* owner);

}  // namespace checks
