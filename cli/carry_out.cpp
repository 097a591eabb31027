#include <algorithm>
#include <random>
#include <thread>

#include "base/error.hpp"
#include "base/text.hpp"
#include "fix.hpp"
#include "fix/journal.hpp"
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

// "20260822T150018.042317Z-k3f9": sorts by time, also within a second.
std::string new_run_id() {
  constexpr std::string_view alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
  const base::Time now = wall_clock();
  std::string id;
  for (const char c : base::format_time(now)) {
    if (c != '-' && c != ':' && c != 'Z') id += c;
  }
  const std::string fraction = std::to_string(now.time_since_epoch().count() % 1'000'000);
  id += '.' + std::string(6 - fraction.size(), '0') + fraction + "Z-";
  std::random_device random;
  for (int i = 0; i < 4; ++i) id += alphabet[random() % alphabet.size()];
  return id;
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
    if (!options_.apply || !plan.blockers.empty() || !plan.pending()) return show();
    if (global_.output == "kubectl") {
      throw Error(Fault::usage, "BadArgument", "-o kubectl prints a plan, it cannot be applied",
                  "leave out --apply or -o kubectl");
    }
    if (!dry_run()) return report_overtaken();
    if (is_text())
      write_stdout(report::plan_text(plan, style_for(global_)) + "\nserver dry-run    accepted\n");
    confirm(plan, options_);
    return apply_or_show();
  }

 private:
  bool is_text() const { return global_.output == "text" || global_.output == "plain"; }

  // The plan that is not applied, or not needed.
  int show() {
    const fix::Plan& plan = run_.plan;
    const bool waits = plan.pending() && options_.exit_code && !options_.apply;
    const int code = !plan.blockers.empty() ? 1 : !plan.pending() ? idle_code() : waits ? 4 : 0;
    print_plan(code, options_.apply);
    return code;
  }

  // There is nothing to do, as far as that was looked at.
  int idle_code() const { return run_.plan.unread.empty() ? 0 : 3; }

  // Somebody else did all of it between the plan and the dry run. People have seen no plan yet and
  // need none; a program waits for its document.
  int report_overtaken() {
    constexpr const char* text = "nothing to do any more: somebody else did it meanwhile";
    notice(text);
    run_.plan.skipped.emplace_back(text);
    run_.yaml.clear();
    if (!is_text()) print_plan(idle_code(), true);
    return idle_code();
  }

  void print_plan(int code, bool applying) {
    const fix::Plan& plan = run_.plan;
    if (global_.output == "json") {
      write_stdout(fix::to_json(plan, AIBRIXCTL_VERSION, code));
    } else if (global_.output == "yaml") {
      write_stdout(run_.yaml.empty() ? kube::yaml_text(fix::to_json(plan, AIBRIXCTL_VERSION, code))
                                     : run_.yaml);
    } else if (global_.output == "kubectl") {
      write_stdout(report::plan_kubectl(plan));
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

  [[noreturn]] static void refuse(const fix::Step& step, const StepResult& result) {
    const std::string text = fix::name_of(step.object) + ": " + result.detail;
    switch (result.state) {
      case StepResult::State::forbidden:
        throw Error(Fault::unavailable, "Forbidden", result.detail + ": nothing was changed",
                    "ask for the right, or use a context of somebody who has it");
      case StepResult::State::webhook:
        throw Error(Fault::blocked, "BlockedByWebhook", text + ": nothing was changed",
                    "see what stands behind it: aibrixctl fix webhooks");
      case StepResult::State::moved:
        throw Error(Fault::blocked, "Moved", text + ": nothing was changed",
                    "the cluster has moved on since the plan was made; make it anew");
      default:
        throw Error(
            Fault::unavailable, "DryRunFailed",
            "the API server does not accept the change of " + text + ": nothing was changed");
    }
  }

  int apply_or_show() {
    fix::Plan& plan = run_.plan;
    kube::Transport& writer = source_.writer();
    const fix::Backup backup = fix::read_backup(writer, plan);
    for (const auto& [object, why] : backup.failed) {
      throw Error(Fault::unavailable, "BackupFailed",
                  "no copy could be taken of " + object + ": " + why + ": nothing was changed");
    }
    outcome_.run = new_run_id();
    outcome_.folder = runs_folder() + '/' + outcome_.run;
    if (cancel_flag().load() != 0) throw Error(Fault::interrupted, "Interrupted", "interrupted");
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
      write_stdout(report::step_line(plan.steps[step], result, style_for(global_)));
    };
    outcome_.applied = fix::apply(writer, plan, journal, hooks, options_.wait);
    progress_.clear();
    const Ending ending = conclude();
    journal.end(ending.text);
    finish(ending);
    return ending.code;
  }

  Ending conclude() {
    const fix::Applied& applied = outcome_.applied;
    if (applied.stopped) return {128 + cancel_flag().load(), "stopped by the user"};
    if (!applied.all_good()) {
      const StepResult* bad = applied.first_bad();
      return {base::exit_code(Fault::partial),
              "applied in part: " + (bad != nullptr ? bad->detail : std::string())};
    }
    return verify(run_, options_.wait, progress_, outcome_);
  }

  void finish(const Ending& ending) {
    progress_.clear();
    if (is_text()) return write_stdout(ending_text(run_, outcome_, ending, global_));
    const std::string json = fix::to_json(run_.plan, outcome_, AIBRIXCTL_VERSION, ending.code);
    write_stdout(global_.output == "yaml" ? kube::yaml_text(json) : json);
  }

  const Global& global_;
  const ApplyOptions& options_;
  InputSource& source_;
  FixRun run_;
  Progress progress_;
  fix::RunOutcome outcome_;
};

}  // namespace

int apply_or_show(const Global& global, const ApplyOptions& options, InputSource& source,
                  FixRun run) {
  return Run(global, options, source, std::move(run)).all();
}

}  // namespace cli
