// A run read back from its folder. Nothing in it is believed before it was checked.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "fix/plan.hpp"
#include "fix/requests.hpp"

namespace fix {

struct Record {
  std::string id;
  std::string folder;
  std::optional<base::Time> when;
  Plan plan;
  std::vector<StepResult> steps;  // unknown: it was about to be sent, and nothing is written after
  std::string end;                // empty: the run did not get to its end
  bool reverted = false;          // by another run
  std::string before;             // the backup, JSON
  std::vector<std::string> redacted;

  std::size_t count(StepResult::State state) const;
};

// Throws base::Error(usage): RunNotFound; UnsafeRun (another user owns or can write it, a symbolic
// link, a name that no run has); BadJournal (damaged, or with steps that no fix makes).
Record read_record(const std::string& runs_folder, const std::string& id);
// The same of texts alone. Throws base::Error(usage, "BadJournal").
Record parse_record(std::string id, std::string folder, const std::string& plan, std::string before,
                    const std::string& journal);
// Writes into the journal of a run that it was taken back.
void mark_reverted(const std::string& folder);

}  // namespace fix
