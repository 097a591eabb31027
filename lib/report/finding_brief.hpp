// A finding as a person needs it first: cause, consequence, place, the decisive facts, one fix.
#pragma once
#include <string>

#include "checks/core/finding.hpp"
#include "report/layout.hpp"

namespace report {

// About ten lines; ends with how much of the finding is not shown.
std::string finding_brief(const checks::Finding& finding, const Style& style);

// The remedy that is shown: the first. nullptr: there is none.
const checks::Remedy* first_remedy(const checks::Finding& finding);

// The command to start with: of the first finding that has one which can be pasted as it stands and
// taken back. nullptr: none has.
const checks::Command* start_command(const checks::Finding& finding);
const checks::Command* start_command(const std::vector<checks::Finding>& findings);

// A command as lines to paste, broken at words with a backslash where it is wider than `columns`.
std::string command_lines(const checks::Command& command, std::size_t indent, const Style& style);

}  // namespace report
