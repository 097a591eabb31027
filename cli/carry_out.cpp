// Carries out the plan of a fix or of an undo: confirms, applies, verifies; or only shows it.
#include <algorithm>
#include <thread>

#include "base/error.hpp"
#include "base/system.hpp"
#include "base/text.hpp"
#include "checks/core/hide_secrets.hpp"
#include "cluster_flags.hpp"
#include "fix.hpp"
#include "fix/journal.hpp"
#include "fix/run_folder.hpp"
#include "fix/withheld.hpp"
#include "kube/files/yaml_text.hpp"
#include "report/plan_text.hpp"
#include "run_ending.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

using base::Error;
using base::Fault;
using fix::StepResult;
using std::chrono::milliseconds;

// There is nothing to do, as far as that was looked at.
int idle_code(const fix::Plan& plan) {
  return plan.unread.empty() ? 0 : 3;
}

class Run {
 public:
  Run(const Global& global, const ApplyOptions& options, InputSource& source, FixRun run)
      : global_(global),
        options_(options),
        source_(source),
        run_(std::move(run)),
        progress_(global.output == "text" || global.output == "plain") {}

  int all() {
    fix::Plan& plan = run_.plan;
    block_unfilled(plan);
    if (!options_.apply || !plan.blockers.empty() || !plan.pending()) return show();
    if (global_.output == "kubectl") {
      throw Error(Fault::usage, "BadArgument", "-o kubectl prints a plan, it cannot be applied",
                  "leave out --apply or -o kubectl");
    }
    try {
      return apply();
    } catch (...) {
      if (!outcome_.applied.wrote()) throw nothing_written(base::current_error());
      outcome_.applied.cut_off = base::current_error();
    }
    const bool all = outcome_.applied.all_good();
    const Ending ending{base::exit_code(all ? Fault::unverified : Fault::partial),
                        all ? "applied, but its effect was not seen" : "applied in part"};
    finish(ending);
    return ending.code;
  }

 private:
  int apply() {
    if (!dry_run()) return report_overtaken();
    if (is_text()) {
      write_stdout(report::plan_text(run_.plan, style_for(global_)) +
                   "\nserver dry-run    accepted\n");
    }
    confirm(run_.plan, options_);
    return send();
  }

  static Error nothing_written(Error error) {
    const int signal = cancel_flag().load();
    if (signal != 0) error = base::stopped_by(signal);
    return {error.fault, error.reason, std::string(error.what()) + ": nothing was written",
            error.hint};
  }

  bool is_text() const { return global_.output == "text" || global_.output == "plain"; }

  // The plan that is not applied, or not needed.
  int show() {
    const int code = plan_code(run_.plan, options_.exit_code && !options_.apply);
    print_plan(code, options_.apply);
    return code;
  }

  // Somebody else did all of it between the plan and the dry run. People have seen no plan yet and
  // need none; a program waits for its document.
  int report_overtaken() {
    constexpr const char* text =
        "nothing left to do: somebody else made the change in the meantime";
    notice(text);
    run_.plan.skipped.emplace_back(text);
    run_.yaml.clear();
    if (!is_text()) print_plan(idle_code(run_.plan), true);
    return idle_code(run_.plan);
  }

  void print_plan(int code, bool applying) {
    const fix::Plan& plan = run_.plan;
    if (global_.output == "json") {
      write_stdout(fix::to_json(plan, AIBRIXCTL_VERSION, code));
    } else if (global_.output == "yaml") {
      const bool whole = checks::secret_lines(run_.yaml).empty();
      write_stdout(run_.yaml.empty() || !whole
                       ? kube::yaml_text(fix::to_json(plan, AIBRIXCTL_VERSION, code))
                       : run_.yaml);
    } else if (global_.output == "kubectl") {
      write_stdout(report::plan_kubectl(plan, cluster_flags(global_)));
    } else {
      std::string text = report::plan_text(plan, style_for(global_));
      if (plan.pending() && plan.blockers.empty() && !applying) {
        text += "\nNothing was changed. To apply: " +
                base::printable(checks::to_shell(run_.apply_command)) + '\n';
      } else if (!plan.blockers.empty()) {
        text += "\nNothing was changed: what is in the way must go first.\n";
      }
      write_stdout(text);
    }
  }

  fix::Hooks hooks() {
    fix::Hooks hooks;
    hooks.stopped = [] { return cancel_flag().load() != 0; };
    hooks.pause = [](milliseconds time) { std::this_thread::sleep_for(time); };
    hooks.progress = [this](const std::string& text) { progress_.show(text); };
    return hooks;
  }

  // The server's dry-run of every step. False: there is nothing left to do.
  bool dry_run() {
    fix::Plan& plan = run_.plan;
    const std::vector<StepResult> results = fix::dry_run(source_.reader(), plan, hooks());
    progress_.clear();
    std::vector<fix::Step> left;
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (!results[i].good()) refuse(plan.steps[i], results[i]);
      if (results[i].state == StepResult::State::done) left.push_back(plan.steps[i]);
    }
    plan.steps = std::move(left);
    return !plan.steps.empty();
  }

  // Every refusal comes before the first write: nothing_written() says so.
  [[noreturn]] void refuse(const fix::Step& step, const StepResult& result) const {
    const std::string text = fix::name_of(step.object) + ": " + result.detail;
    switch (result.state) {
      case StepResult::State::forbidden:
        throw Error(Fault::unavailable, "Forbidden", result.detail,
                    "ask for the right, or use a context of somebody who has it");
      case StepResult::State::webhook:
        throw Error(Fault::blocked, "BlockedByWebhook", text,
                    "see what stands behind it: " + command("webhooks"));
      case StepResult::State::moved:
        throw Error(Fault::blocked, "Moved", text,
                    "the cluster has changed since the plan was made; make it again");
      default:
        throw Error(Fault::unavailable, "DryRunFailed",
                    "the API server does not accept the change of " + text);
    }
  }

  std::string command(const char* fix) const {
    return base::printable(checks::to_shell(for_cluster(checks::aibrixctl("fix", fix), global_)));
  }

  int send() {
    fix::Plan& plan = run_.plan;
    kube::Transport& writer = source_.writer();
    const fix::Backup backup = fix::read_backup(writer, plan);
    for (const auto& [object, why] : backup.failed) {
      throw Error(Fault::unavailable, "BackupFailed",
                  "no copy could be taken of " + object + ": " + why);
    }
    outcome_.incomplete = backup.incomplete;
    outcome_.run = fix::make_run_id(wall_clock(), base::random_number());
    outcome_.folder = runs_folder() + '/' + outcome_.run;
    if (cancel_flag().load() != 0) throw base::stopped_by(cancel_flag().load());
    fix::FileJournal journal(outcome_.folder, plan, backup, AIBRIXCTL_VERSION, wall_clock);
    fix::Hooks hooks = this->hooks();
    std::size_t completed = 0;
    hooks.on_result = [&](std::size_t step, const StepResult& result) {
      progress_.show("applied " + std::to_string(++completed) + " of " +
                     std::to_string(plan.steps.size()));
      // Of many, only what went wrong, unless asked for.
      const bool tell = plan.steps.size() <= 20 || global_.verbose || !result.good();
      if (!is_text() || !tell) return;
      progress_.clear();
      say(report::step_line(plan.steps[step], result, style_for(global_)));
    };
    outcome_.applied = fix::apply(writer, plan, journal, hooks, options_.wait);
    progress_.clear();
    if (!outcome_.applied.wrote()) give_up(journal);
    const Ending ending = conclude();
    note_end(journal, ending.text);
    finish(ending);
    return ending.code;
  }

  // Nothing came of it: ends with the code of what kept it from being done.
  void give_up(fix::FileJournal& journal) {
    const fix::Applied& applied = outcome_.applied;
    if (applied.all_good()) return;  // others did it all meanwhile
    note_end(journal, "nothing was written");
    if (applied.stopped) throw base::stopped_by(cancel_flag().load());
    if (applied.cut_off) throw Error(*applied.cut_off);
    const StepResult* bad = applied.first_bad();
    if (bad == nullptr) return;
    refuse(run_.plan.steps[static_cast<std::size_t>(bad - applied.steps.data())], *bad);
  }

  // The run is told by then, with or without its last line in the journal.
  void note_end(fix::FileJournal& journal, const std::string& text) {
    try {
      journal.end(text);
    } catch (const Error& error) {
      if (!outcome_.applied.cut_off) outcome_.applied.cut_off = error;
    }
  }

  Ending conclude() {
    const fix::Applied& applied = outcome_.applied;
    if (applied.all_good()) return verify(run_, options_.wait, progress_, outcome_);
    const StepResult* bad = applied.first_bad();
    const std::string why = applied.stopped   ? "stopped by the user"
                            : applied.cut_off ? std::string(applied.cut_off->what())
                            : bad != nullptr  ? bad->detail
                                              : std::string();
    return {base::exit_code(Fault::partial), "applied in part: " + why};
  }

  // Standard output may be full or closed by now; what was done is told all the same.
  void say(const std::string& text) {
    try {
      if (!stdout_lost_ && reached_stdout(text)) return;
    } catch (const Error&) {
    }
    stdout_lost_ = true;
  }

  void finish(const Ending& ending) {
    progress_.clear();
    const std::string text = ending_text(run_, outcome_, ending, global_);
    if (is_text()) {
      say(text);
    } else {
      const std::string json = fix::to_json(run_.plan, outcome_, AIBRIXCTL_VERSION, ending.code);
      say(global_.output == "yaml" ? kube::yaml_text(json) : json);
    }
    if (stdout_lost_) notice("the output could not be written; this is how the run ended:" + text);
  }

  const Global& global_;
  const ApplyOptions& options_;
  InputSource& source_;
  FixRun run_;
  Progress progress_;
  fix::RunOutcome outcome_;
  bool stdout_lost_ = false;
};

}  // namespace

void block_unfilled(fix::Plan& plan) {
  // Nothing that has something in place of a secret is sent, whoever made the plan.
  for (const fix::Step& step : plan.steps) {
    const std::vector<std::string> fields = fix::unfilled_fields(step);
    if (!fields.empty())
      plan.blockers.push_back({fix::name_of(step.object) +
                                   " cannot be written: secrets are missing in " +
                                   base::join(fields, ", "),
                               {}});
  }
}

int plan_code(const fix::Plan& plan, bool tells_pending) {
  if (!plan.blockers.empty()) return 1;
  if (!plan.pending()) return idle_code(plan);
  return tells_pending ? 4 : 0;
}

int apply_or_show(const Global& global, const ApplyOptions& options, InputSource& source,
                  FixRun run) {
  return Run(global, options, source, std::move(run)).all();
}

}  // namespace cli
