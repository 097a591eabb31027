// A plan as one JSON document: `apiVersion: aibrixctl/v1`, `kind: FixPlan`.
#pragma once
#include <string>
#include <string_view>

#include "fix/engine.hpp"
#include "fix/fix.hpp"
#include "fix/plan.hpp"

namespace fix {

std::string to_json(const Plan& plan, std::string_view tool_version, int exit_code);
// What became of it.
struct RunOutcome {
  std::string run;     // its id
  std::string folder;  // of its journal
  Applied applied;
  std::vector<Watched> watched;  // empty: it did not come to that
  // Of the copies that were kept, what they are without: "ModelAdapter team-a/x: spec.artifactURL".
  std::vector<std::string> incomplete;
};
// The same with `kind: FixRun`: run, results, verified.
std::string to_json(const Plan& plan, const RunOutcome& outcome, std::string_view tool_version,
                    int exit_code);
// A plan of this run as read_plan gives it, secrets included, to be compared with one that was
// read.
Plan as_read_back(const Plan& plan, const std::string& file);

}  // namespace fix
