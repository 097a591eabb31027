// A run of checks, and the outcome of each.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "checks/core/select.hpp"

namespace checks {

enum class Outcome { ok, found, skipped, undetermined, crashed };
std::string_view to_string(Outcome outcome);  // a broken check reads "undetermined" in reports

// Why a check was skipped or could not decide; the words of the report schema.
enum class Reason {
  none,
  no_permission,   // a list it needs is forbidden
  not_applicable,  // known to have nothing to look at: the only reason that leaves a run complete
  not_recorded,    // files do not hold the kind
  failed,          // a list it needs could not be read
  undecidable,     // the check itself could not tell
  internal,        // the check threw: a bug of ours
};
std::string_view to_string(Reason reason);

struct CheckOutcome {
  const Check* check = nullptr;
  Outcome outcome = Outcome::ok;
  Reason reason = Reason::none;
  std::string detail;    // in words, for people
  std::string measured;  // what an ok check has seen
  bool partial = false;  // it found something, but could not judge everything
  // It did not look, or not everywhere, for want of a right that nobody asked to use: no fault of
  // the run, and no proof of anything. Detail says which.
  bool not_asked = false;
  std::vector<const kube::Resource*> missing;  // lists that were forbidden
  // It could not tell, or not all, and a list that it reads was forbidden or could not be read.
  bool unread = false;
};

struct Outcomes {
  std::vector<CheckOutcome> checks;  // in the order of the selection
  std::vector<Finding> findings;     // folded and ordered: what to repair first comes first
  Elsewhere elsewhere;               // what was found beyond the focus of the run
  bool set_aside = false;            // checks whose subject is not in the files: open_world.hpp
  // Nothing that should have been looked at was left out.
  bool complete() const;
  // Nothing was forbidden, unreachable or broken: what is not there, or not to be known, is no
  // fault of the run.
  bool all_read() const;
};

// Runs the checks on one snapshot. Never throws: a check that does is `broken`. What it returns is
// without secrets, and its findings are those that concern what `focus` names; the rest is counted.
Outcomes run(std::span<const Check* const> checks, const Context& context, const Focus& focus = {});

// The lists those checks need, each resource once per selector and scope.
std::vector<kube::Need> needs_of(std::span<const Check* const> checks);

}  // namespace checks
