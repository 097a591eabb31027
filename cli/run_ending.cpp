// The last part of a fix: looks whether it had its effect, and words what is said of it.
#include "run_ending.hpp"

#include <algorithm>
#include <thread>

#include "base/error.hpp"
#include "base/text.hpp"
#include "checks/core/command.hpp"
#include "cluster_flags.hpp"
#include "report/plan_text.hpp"

namespace cli {
namespace {

using fix::StepResult;
using fix::Watched;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

Ending not_waited() {
  return {base::exit_code(base::Fault::unverified),
          "applied; the user did not wait for its effect"};
}

bool stopped() {
  return cancel_flag().load() != 0;
}

// What cannot be read now may be read later. False: the user does not want to wait.
bool look(const FixRun& run, fix::RunOutcome& outcome) {
  try {
    outcome.watched = run.verify();
  } catch (...) {
    if (stopped()) return false;
    Watched unread;
    unread.object = run.plan.steps.front().object;
    unread.text = base::current_error().what();
    outcome.watched = {std::move(unread)};
  }
  return true;
}

bool any_in(const fix::RunOutcome& outcome, Watched::State state) {
  return std::any_of(outcome.watched.begin(), outcome.watched.end(),
                     [&](const Watched& w) { return w.state == state; });
}

std::string waited_for(const fix::RunOutcome& outcome) {
  for (const Watched& w : outcome.watched) {
    if (w.state == Watched::State::waiting) return kube::to_string(w.object) + ", " + w.text;
  }
  return {};
}

std::string counts_text(const fix::Plan& plan, const fix::Applied& applied,
                        const report::Style& style) {
  std::string out = std::to_string(applied.count(StepResult::State::done)) + " of " +
                    base::plural(plan.steps.size(), "step") + " applied";
  const std::size_t lost = applied.count(StepResult::State::unknown);
  if (lost != 0) {
    out += ", " + std::to_string(lost) + " sent without an answer (they may have been carried out)";
  }
  const std::size_t unsent = applied.count(StepResult::State::not_sent);
  if (unsent == 0) return out + '\n';
  out += ", " + std::to_string(unsent) + " not sent\n";
  for (std::size_t i = 0; i < applied.steps.size(); ++i) {
    if (applied.steps[i].state == StepResult::State::not_sent) {
      out += report::step_line(plan.steps[i], applied.steps[i], style);
    }
  }
  return out;
}

std::string undo_text(const fix::Plan& plan, const fix::RunOutcome& outcome, const Global& global) {
  const auto any = [&](const auto& test) {
    return std::any_of(plan.steps.begin(), plan.steps.end(), test);
  };
  if (any([](const fix::Step& s) { return s.verb != fix::Step::Verb::patch || !s.undo.empty(); })) {
    return checks::to_shell(for_cluster(checks::aibrixctl("undo", outcome.run, "--apply"), global));
  }
  std::string out = plan.steps.empty() ? std::string() : plan.steps.front().no_undo;
  if (any([](const fix::Step& s) { return s.reversibility == fix::Reversibility::permanent; })) {
    const std::string create = checks::to_shell(
        for_cluster(checks::kubectl("", "create", "-f", outcome.folder + "/before.json"), global));
    if (outcome.incomplete.empty()) return out + "; to create what is gone again: " + create;
    out += "; the copies in " + outcome.folder +
           "/before.json are without secrets: fill in first " +
           base::join(outcome.incomplete, "; ") + ". Only then: " + create;
  }
  return out;
}

}  // namespace

Ending verify(const FixRun& run, milliseconds wait, Progress& progress, fix::RunOutcome& outcome) {
  if (!run.verify) return {};
  constexpr milliseconds brief(15'000);  // a condition counts once it is 10 s old
  const auto deadline = Clock::now() + (run.tells_only ? std::min(wait, brief) : wait);
  milliseconds pause(300);
  for (;;) {
    if (!look(run, outcome)) return not_waited();
    const bool waiting = any_in(outcome, Watched::State::waiting);
    if (!waiting || Clock::now() >= deadline) {
      if (run.tells_only || (!waiting && !any_in(outcome, Watched::State::others))) return {};
      return {base::exit_code(base::Fault::unverified),
              waiting ? "applied, but the effect was not observed in time"
                      : "applied; others must act"};
    }
    progress.show("verifying: " + waited_for(outcome));
    const auto until = std::min<Clock::time_point>(deadline, Clock::now() + pause);
    while (Clock::now() < until && !stopped()) std::this_thread::sleep_for(milliseconds(50));
    if (stopped()) return not_waited();
    pause = std::min<milliseconds>(2 * pause, milliseconds(2000));
  }
}

std::string ending_text(const FixRun& run, const fix::RunOutcome& outcome, const Ending& ending,
                        const Global& global) {
  const report::Style style = style_for(global);
  std::string out;
  if (!outcome.watched.empty()) out += run.tells_only ? "the checks say\n" : "verified\n";
  for (const Watched& w : outcome.watched) {
    const bool tell =
        outcome.watched.size() <= 20 || w.state != Watched::State::done || style.verbose;
    if (tell) out += report::watched_line(w, style);
  }
  out += "\n" + ending.text + ": " + counts_text(run.plan, outcome.applied, style);
  out += "journal: " + outcome.folder + '\n';
  if (outcome.applied.cut_off) {
    out += "lost on the way: " + base::printable(outcome.applied.cut_off->what()) + '\n';
  }
  if (!outcome.applied.all_good()) {
    out += "to go on: " + base::printable(checks::to_shell(run.apply_command)) +
           " (plans anew what is left)\n";
  }
  return out + "undo: " + undo_text(run.plan, outcome, global) + '\n';
}

}  // namespace cli
