#include <algorithm>
#include <random>
#include <thread>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cluster_flags.hpp"
#include "fix.hpp"
#include "fix/document.hpp"
#include "fix/journal.hpp"
#include "report/plan_text.hpp"
#include "report/yaml_text.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

using base::Error;
using base::Fault;
using fix::StepResult;
using fix::Watched;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

base::Time system_now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

// "20260822T150018.042317Z-k3f9": sorts by time, also within a second.
std::string new_run_id() {
  constexpr std::string_view alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
  const base::Time now = system_now();
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
  Run(const Global& global, const ApplyOptions& options, Source& source, Job job)
      : global_(global), options_(options), source_(source), job_(std::move(job)),
        progress_(global.output == "text" || global.output == "plain") {}

  int all() {
    fix::Plan& plan = job_.plan;
    const bool blocked = !plan.blockers.empty();
    if (!options_.apply || blocked || !plan.pending()) {
      // Nothing to do, as far as that was looked at.
      const bool blind = !plan.pending() && !plan.unread.empty();
      const bool waits = plan.pending() && options_.exit_code && !options_.apply;
      const int code = blocked ? 1 : blind ? 3 : waits ? 4 : 0;
      print_plan(code, options_.apply);
      return code;
    }
    if (global_.output == "kubectl") {
      throw Error(Fault::usage, "BadArgument", "-o kubectl prints a plan, it cannot be applied",
                  "leave out --apply or -o kubectl");
    }
    if (!rehearse()) return 0;
    if (is_text()) write_stdout(report::plan_text(plan, style_for(global_)) + "\nserver dry-run    accepted\n");
    confirm(plan, options_);
    return carry_out();
  }

 private:
  bool is_text() const { return global_.output == "text" || global_.output == "plain"; }

  void print_plan(int code, bool applying) {
    const fix::Plan& plan = job_.plan;
    if (global_.output == "json") {
      write_stdout(fix::to_json(plan, AIBRIXCTL_VERSION, code));
    } else if (global_.output == "yaml") {
      write_stdout(job_.yaml.empty()
                       ? report::yaml_text(fix::to_json(plan, AIBRIXCTL_VERSION, code))
                       : job_.yaml);
    } else if (global_.output == "kubectl") {
      write_stdout(report::plan_kubectl(plan));
    } else {
      std::string text = report::plan_text(plan, style_for(global_));
      if (plan.pending() && plan.blockers.empty() && !applying) {
        text += "\nNothing was changed. To apply: " + base::printable(job_.apply_command) + '\n';
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
  bool rehearse() {
    fix::Plan& plan = job_.plan;
    const std::vector<StepResult> results = fix::dry_run(source_.reader(), plan, hooks());
    progress_.clear();
    std::vector<fix::Step> left;
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (!results[i].good()) refuse(plan.steps[i], results[i]);
      if (results[i].state == StepResult::State::done) left.push_back(plan.steps[i]);
    }
    plan.steps = std::move(left);
    if (plan.steps.empty() && is_text()) {
      notice("nothing to do any more: somebody else did it meanwhile");
    }
    return !plan.steps.empty();
  }

  [[noreturn]] static void refuse(const fix::Step& step, const StepResult& result) {
    const std::string text = fix::name_of(step.object) + ": " + result.detail;
    switch (result.state) {
      case StepResult::State::forbidden:
        throw Error(Fault::undecided, "Forbidden", result.detail + ": nothing was changed",
                    "ask for the right, or use a context of somebody who has it");
      case StepResult::State::webhook:
        throw Error(Fault::blocked, "BlockedByWebhook", text + ": nothing was changed",
                    "see what stands behind it: aibrixctl fix webhooks");
      case StepResult::State::moved:
        throw Error(Fault::blocked, "Moved", text + ": nothing was changed",
                    "the cluster has moved on since the plan was made; make it anew");
      default:
        throw Error(Fault::undecided, "DryRunFailed",
                    "the API server does not accept the change of " + text + ": nothing was changed");
    }
  }

  int carry_out() {
    fix::Plan& plan = job_.plan;
    kube::Transport& writer = source_.writer();
    const fix::Backup backup = fix::read_backup(writer, plan);
    for (const auto& [object, why] : backup.failed) {
      throw Error(Fault::undecided, "BackupFailed",
                  "no copy could be taken of " + object + ": " + why + ": nothing was changed");
    }
    outcome_.run = new_run_id();
    outcome_.folder = runs_folder() + '/' + outcome_.run;
    if (cancel_flag().load() != 0) throw Error(Fault::interrupted, "Interrupted", "interrupted");
    fix::FileJournal journal(outcome_.folder, plan, backup, AIBRIXCTL_VERSION, system_now);
    fix::Hooks hooks = this->hooks();
    std::size_t through = 0;
    hooks.on_result = [&](std::size_t step, const StepResult& result) {
      progress_.show("applied " + std::to_string(++through) + " of " +
                     std::to_string(plan.steps.size()));
      // Of many, only what went wrong, unless asked for.
      const bool tell = plan.steps.size() <= 20 || global_.verbose || !result.good();
      if (!is_text() || !tell) return;
      progress_.clear();
      write_stdout(report::step_line(plan.steps[step], result, style_for(global_)));
    };
    outcome_.applied = fix::apply(writer, plan, journal, hooks, options_.wait);
    progress_.clear();
    const int code = conclude();
    journal.end(code == 0 ? "done" : ending_);
    finish(code);
    return code;
  }

  int conclude() {
    const fix::Applied& applied = outcome_.applied;
    if (applied.stopped) {
      ending_ = "stopped by the user";
      return 128 + cancel_flag().load();
    }
    if (!applied.all_good()) {
      const StepResult* bad = applied.first_bad();
      ending_ = "applied in part: " + (bad != nullptr ? bad->detail : std::string());
      return base::exit_code(Fault::partial);
    }
    return verify();
  }

  // Again and again until all is seen, only others are left to act, or the time is up.
  int verify() {
    if (!job_.verify) return 0;
    const auto deadline = Clock::now() + options_.wait;
    milliseconds pause(300);
    for (;;) {
      if (!look()) return 128 + cancel_flag().load();
      const auto in = [&](Watched::State state) {
        return std::any_of(outcome_.watched.begin(), outcome_.watched.end(),
                           [&](const Watched& w) { return w.state == state; });
      };
      const bool waiting = in(Watched::State::waiting);
      if (!waiting || Clock::now() >= deadline) {
        if (!waiting && !in(Watched::State::others)) return 0;
        ending_ = waiting ? "applied, but not seen to work in time" : "applied; others must act";
        return base::exit_code(Fault::unverified);
      }
      progress_.show("verifying: " + waited_for());
      const auto until = std::min<Clock::time_point>(deadline, Clock::now() + pause);
      while (Clock::now() < until && cancel_flag().load() == 0) {
        std::this_thread::sleep_for(milliseconds(50));
      }
      if (cancel_flag().load() != 0) {
        ending_ = "applied; the user did not wait for its effect";
        return 128 + cancel_flag().load();
      }
      pause = std::min<milliseconds>(2 * pause, milliseconds(2000));
    }
  }

  // False: the user does not want to wait. What cannot be read now may be read later.
  bool look() {
    try {
      outcome_.watched = job_.verify();
    } catch (const base::Error& error) {
      if (cancel_flag().load() != 0) {
        ending_ = "applied; the user did not wait for its effect";
        return false;
      }
      Watched unread;
      unread.object = job_.plan.steps.front().object;
      unread.text = error.what();
      outcome_.watched = {std::move(unread)};
    }
    return true;
  }

  std::string waited_for() const {
    for (const Watched& w : outcome_.watched) {
      if (w.state == Watched::State::waiting) return kube::to_string(w.object) + ", " + w.text;
    }
    return {};
  }

  void finish(int code) {
    progress_.clear();
    const fix::Plan& plan = job_.plan;
    if (!is_text()) {
      const std::string json = fix::to_json(plan, outcome_, AIBRIXCTL_VERSION, code);
      write_stdout(global_.output == "yaml" ? report::yaml_text(json) : json);
      return;
    }
    const report::Style style = style_for(global_);
    std::string out;
    if (!outcome_.watched.empty()) out += "verified\n";
    for (const Watched& w : outcome_.watched) {
      const bool tell = outcome_.watched.size() <= 20 || w.state != Watched::State::done || style.verbose;
      if (tell) out += report::watched_line(w, style);
    }
    const fix::Applied& applied = outcome_.applied;
    const std::size_t done = applied.count(StepResult::State::done);
    out += "\n" + (code == 0 ? std::string("done") : ending_) + ": " + std::to_string(done) + " of " +
           base::plural(plan.steps.size(), "step") + " applied";
    const std::size_t unsent = applied.count(StepResult::State::not_sent);
    if (unsent != 0) out += ", " + std::to_string(unsent) + " not sent";
    out += '\n';
    if (unsent != 0) {
      for (std::size_t i = 0; i < applied.steps.size(); ++i) {
        if (applied.steps[i].state == StepResult::State::not_sent) {
          out += report::step_line(plan.steps[i], applied.steps[i], style);
        }
      }
    }
    out += "journal: " + outcome_.folder + '\n';
    const bool undoable = std::any_of(plan.steps.begin(), plan.steps.end(), [](const fix::Step& s) {
      return s.verb != fix::Step::Verb::patch || !s.undo.empty();
    });
    out += undoable ? "undo: " + for_cluster("aibrixctl undo " + outcome_.run + " --apply", global_) + '\n'
                    : "undo: " + (plan.steps.empty() ? std::string() : plan.steps.front().no_undo) +
                          "; to create what is gone again: " +
                          for_cluster("kubectl create -f " + outcome_.folder + "/before.json", global_) +
                          '\n';
    write_stdout(out);
  }

  const Global& global_;
  const ApplyOptions& options_;
  Source& source_;
  Job job_;
  Progress progress_;
  fix::Outcome outcome_;
  std::string ending_;
};

}  // namespace

int carry_out(const Global& global, const ApplyOptions& options, Source& source, Job job) {
  return Run(global, options, source, std::move(job)).all();
}

}  // namespace cli
