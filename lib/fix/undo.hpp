// Runs of fixes, taken back.
#pragma once
#include "fix/record.hpp"

namespace fix {

// The plan that takes a run back: for each step that was done the inverse, guarded by what the run
// set, newest first. What cannot be taken back stands in `after`, with the way to make it again.
// `created` reads the objects a run created as they are now: they are only deleted while nobody
// changed them.
Plan plan_undo(const Record& record, kube::Transport& transport);

}  // namespace fix
