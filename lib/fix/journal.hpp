// What was done, on disk. One folder per run, readable by its owner alone:
//
//   plan.json      the plan as it was confirmed, with the patches that take it back
//   before.json    the objects as they were, a List that `kubectl create -f` takes; without secrets
//   journal.jsonl  one line per event: "begin" with the SHA-256 of the two other files, "intend"
//                  before a request is sent, "result" after its answer, "end" when the run is over;
//                  each sealed to the line before (journal_line.hpp)
//
// Each line is on disk before the run goes on, so that it tells the truth however the run ends.
#pragma once
#include <sys/types.h>

#include <string>
#include <vector>

#include "base/file.hpp"
#include "base/time.hpp"
#include "fix/backup.hpp"
#include "fix/engine.hpp"
#include "fix/journal_line.hpp"

namespace fix {

class FileJournal : public Journal {
 public:
  // Creates the folder, which must not be there yet, and writes plan and backup. Throws
  // base::Error(usage): FileUnwritable, UnsafeRun (others can write to the folder of runs). The
  // other functions throw base::Error(partial, "JournalFailed").
  FileJournal(std::string folder, const Plan& plan, const Backup& backup,
              std::string_view tool_version, base::Clock clock);
  void intend(const std::vector<std::size_t>& steps) override;
  void result(std::size_t step, const StepResult& result) override;
  // "verified", "not verified: …", "stopped".
  void end(const std::string& outcome);

  const std::string& folder() const { return folder_; }

 private:
  void append(const std::vector<std::string>& objects);

  std::string folder_;
  std::vector<std::string> names_;  // of the steps
  base::Clock clock_;
  base::UniqueFd fd_;
  off_t size_ = 0;
  Seal seal_;
};

}  // namespace fix
