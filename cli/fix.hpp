// What `fix` and `undo` share on their way from a plan to its end.
#pragma once
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "commands.hpp"
#include "fix/fix.hpp"
#include "source.hpp"

namespace cli {

// What fix and undo have in common: how far to go, and who agrees.
struct ApplyOptions {
  bool apply = false;
  bool yes = false;
  std::string confirm;
  bool exit_code = false;  // 4 when something is pending
  std::chrono::milliseconds wait{60'000};
};

// One run: reads, plans, and with --apply confirms, applies, verifies. `verify` reads the cluster
// once more and says what it sees; empty: the answers of the API server are all there is.
struct FixRun {
  fix::Plan plan;
  std::function<std::vector<fix::Watched>()> verify;
  bool tells_only = false;  // what is seen then decides nothing: it is told, and waited for briefly
  checks::Command apply_command;  // what to type to apply this plan
  std::string yaml;               // -o yaml prints this instead of the plan
};
// What a plan must not be applied for, beyond what it says itself: it lacks secrets.
void block_unfilled(fix::Plan& plan);
// Of a plan that is only shown. `tells_pending`: 4 where there is something to do.
int plan_code(const fix::Plan& plan, bool tells_pending);
// Prints the plan, or carries it out. Returns the exit code.
int apply_or_show(const Global& global, const ApplyOptions& options, InputSource& source,
                  FixRun run);

// --apply, --yes, --confirm, --wait, --exit-code. `options` must live as long as the command.
void add_apply_flags(CLI::App& command, ApplyOptions& options);

// Asks until the user agrees; throws base::Error(unconfirmed) when not. Nothing is asked when the
// flags agree already.
void confirm(const fix::Plan& plan, const ApplyOptions& options);

// $XDG_STATE_HOME/aibrixctl/runs. Throws base::Error(usage) when there is no home to put it in.
std::string runs_folder();

}  // namespace cli
