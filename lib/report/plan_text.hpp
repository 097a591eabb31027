// Plans of fixes and what became of them, for people.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "fix/engine.hpp"
#include "fix/fix.hpp"
#include "report/report.hpp"

namespace report {

// The whole plan: what, why, what it costs, what to try first, what stays broken. Without the
// command to apply it, which only the command line knows.
std::string plan_text(const fix::Plan& plan, const Style& style);
// What a step comes to with kubectl. It has no precondition on the uid of what it deletes.
checks::Command step_command(const fix::Step& step);
// The plan as kubectl commands, in order, with its guards, for the cluster that `flags` choose.
std::string plan_kubectl(const fix::Plan& plan, std::span<const checks::Word> flags);
// "✔ patched  modeladapter/team-a/sql-lora", one line a step.
std::string step_line(const fix::Step& step, const fix::StepResult& result, const Style& style);
std::string watched_line(const fix::Watched& watched, const Style& style);

}  // namespace report
