#pragma once
#include <string>
#include <string_view>

#include "fix/engine.hpp"
#include "fix/fix.hpp"
#include "fix/plan.hpp"

// A plan as one JSON document: `apiVersion: aibrixctl/v1`, `kind: FixPlan`.
namespace fix {

std::string to_json(const Plan& plan, std::string_view tool_version, int exit_code);
// What became of it.
struct RunOutcome {
  std::string run;     // its id
  std::string folder;  // of its journal
  Applied applied;
  std::vector<Watched> watched;  // empty: it did not come to that
};
// The same with `kind: FixRun`: run, results, verified.
std::string to_json(const Plan& plan, const RunOutcome& outcome, std::string_view tool_version,
                    int exit_code);
}  // namespace fix
