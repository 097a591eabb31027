#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/file.hpp"
#include "base/time.hpp"
#include "fix/backup.hpp"
#include "fix/engine.hpp"

// What was done, on disk. One folder per run, readable by its owner alone:
//
//   plan.json      the plan as it was confirmed, with the patches that take it back
//   before.json    the objects as they were, a List that `kubectl create -f` takes; without secrets
//   journal.jsonl  one line per event: "intend" before a request is sent, "result" after its
//   answer,
//                  "end" when the run is over
//
// Each line is on disk before the run goes on, so that it tells the truth however the run ends.
namespace fix {

class FileJournal : public Journal {
 public:
  // Creates the folder and writes plan and backup. Throws base::Error(usage, "FileUnwritable").
  FileJournal(std::string folder, const Plan& plan, const Backup& backup,
              std::string_view tool_version, base::Clock clock);
  void intend(const std::vector<std::size_t>& steps) override;
  void result(std::size_t step, const StepResult& result) override;
  // "verified", "not verified: …", "stopped".
  void end(const std::string& outcome);

  const std::string& folder() const { return folder_; }

 private:
  void append(const std::string& line);

  std::string folder_;
  std::vector<std::string> names_;  // of the steps
  base::Clock clock_;
  base::UniqueFd fd_;
};

// A run read back.
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
};
// Throws base::Error(usage, "BadJournal", "RunNotFound").
Record read_record(const std::string& runs_folder, const std::string& id);
// Writes into the journal of a run that it was taken back.
void mark_reverted(const std::string& folder);
// Ids of the runs in a folder, oldest first; empty when there is no such folder.
std::vector<std::string> list_runs(const std::string& runs_folder);

}  // namespace fix
