// Sends the steps of a plan. Knows nothing of what a fix is about.
#pragma once
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "fix/requests.hpp"

namespace fix {

// Where a run is written down, before and after each request.
class Journal {
 public:
  virtual ~Journal() = default;
  // These steps are about to be sent. Must be on disk when it returns.
  virtual void intend(const std::vector<std::size_t>& steps) = 0;
  virtual void result(std::size_t step, const StepResult& result) = 0;
};

struct Hooks {
  std::function<bool()> stopped;  // the user wants to end it
  std::function<void(std::chrono::milliseconds)> pause;
  std::function<void(std::size_t step, const StepResult&)> on_result;
  std::function<void(const std::string&)> progress;
};

// Every step with dryRun=All, which asks authorization and admission webhooks too. A finalizer that
// stands elsewhere in its list by now is planned anew, in `plan`.
std::vector<StepResult> dry_run(kube::Transport& transport, Plan& plan, const Hooks& hooks);

struct Applied {
  std::vector<StepResult> steps;
  bool stopped = false;  // by the user
  // What ended the run early, or kept an answer out of the journal, where it was no answer of the
  // server: the login or the disk is lost.
  std::optional<base::Error> cut_off;

  std::size_t count(StepResult::State state) const;
  bool all_good() const;
  // Something was changed, or may have been: a request was sent and its answer is not known.
  bool wrote() const;
  const StepResult* first_bad() const;  // not one that was merely not sent
};

// Wave by wave; within a wave in batches, whose requests run side by side. Stops after the batch in
// which the first one fails. A request that was sent is always waited for: give it a transport that
// does not end at Ctrl-C. `mark_wait`: how long a child may take to be marked for deletion.
// Throws nothing, whatever is lost on the way: what was done is always told. The answers of a batch
// are in the journal before the first of them is given to `on_result`.
Applied apply(kube::Transport& transport, Plan& plan, Journal& journal, const Hooks& hooks,
              std::chrono::milliseconds mark_wait);

}  // namespace fix
