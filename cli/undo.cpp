// `undo`: lists the fixes that were applied, and takes one back.
#include "fix/undo.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "cluster_flags.hpp"
#include "fix.hpp"
#include "fix/run_folder.hpp"
#include "report/layout.hpp"
#include "terminal.hpp"
#include "undo_seen.hpp"

namespace cli {
namespace {

using base::Error;
using base::Fault;

struct UndoFlags {
  std::string run;
  ApplyOptions apply;
};

std::string state_of(const fix::Record& record) {
  if (record.reverted) return "taken back";
  const std::size_t unknown = record.count(fix::StepResult::State::unknown);
  if (record.end.empty()) {
    return unknown == 0 ? "was cut off; all answers are recorded"
                        : "was cut off; " + base::plural(unknown, "answer") + " not recorded";
  }
  return record.end;
}

// One line of the list. A run that cannot be used says why, and keeps no other from being seen.
std::string line_text(const std::string& folder, const std::string& id, std::size_t width) {
  const std::string first = report::pad(base::printable(id), width);
  try {
    const fix::Record record = fix::read_record(folder, id);
    return first + report::pad(base::printable(record.plan.fix), 17) +
           std::to_string(record.count(fix::StepResult::State::done)) + " of " +
           base::plural(record.steps.size(), "step") + "   " + base::printable(state_of(record));
  } catch (...) {
    return first + "not used: " + base::printable(base::current_error().what());
  }
}

std::string list_text(const std::string& folder) {
  const auto runs = fix::list_runs(folder);
  if (runs.empty()) return "no fix was applied from here yet (" + folder + " is empty)\n";
  std::size_t width = 0;
  for (const std::string& id : runs)
    width = std::max(width, report::display_width(base::printable(id)) + 2);
  std::string out;
  for (const std::string& id : runs) out += line_text(folder, id, width) + '\n';
  return out;
}

// The last run of a fix: one that took another back has nothing of its own to take back.
std::string last_run(const std::string& folder) {
  auto runs = fix::list_runs(folder);
  std::erase_if(runs, [](const std::string& id) { return !fix::is_run_id(id); });
  while (!runs.empty() && fix::read_record(folder, runs.back()).plan.fix == "undo") runs.pop_back();
  if (runs.empty())
    throw Error(Fault::usage, "RunNotFound", "there is no run in " + base::printable(folder));
  return runs.back();
}

// The run must have been on the cluster that the kubeconfig leads to.
void require_cluster(const fix::Record& record, InputSource& source) {
  constexpr kube::Need needs[] = {{&kube::resources::namespaces, kube::Scope::everywhere, false}};
  const Reading reading = source.read(needs);
  if (record.plan.cluster_uid.empty()) {
    throw Error(Fault::usage, "UnknownCluster",
                "run " + record.id + " does not say on which cluster it was: it is not taken back",
                "its patches and copies are in " + base::printable(record.folder));
  }
  const kube::Lookup system = reading.snapshot.find(kube::resources::namespaces, "", "kube-system");
  if (!system) {
    throw Error(Fault::unavailable, "UnknownCluster",
                "whether this is the cluster of run " + record.id +
                    " cannot be told: namespace kube-system cannot be read",
                "ask for the right to get it");
  }
  if (system->uid() == record.plan.cluster_uid) return;
  throw Error(Fault::usage, "OtherCluster",
              "run " + base::printable(record.id) + " was on another cluster (" +
                  base::printable(record.plan.server) + ")",
              record.plan.context.empty()
                  ? "choose its context with --context"
                  : "try --context " + base::printable(record.plan.context));
}

// It was taken back, whether or not that can be noted.
void note_reverted(const fix::Record& record) {
  try {
    fix::mark_reverted(record.folder);
  } catch (const Error& error) {
    notice("warning: that run " + record.id +
           " was taken back is not in its journal: " + error.what());
  }
}

int undo(const Global& global, const UndoFlags& flags) {
  const std::string folder = runs_folder();
  if (flags.run.empty()) {
    if (flags.apply.apply) {
      throw Error(Fault::usage, "BadArgument", "undo what?",
                  "name a run, or \"last\"; aibrixctl undo lists them");
    }
    write_stdout(list_text(folder));
    return 0;
  }
  const std::string id = flags.run == "last" ? last_run(folder) : flags.run;
  const fix::Record record = fix::read_record(folder, id);
  if (record.plan.fix == "undo") {
    throw Error(Fault::usage, "NothingToTakeBack", "run " + id + " took another one back",
                "to do again what it took back, run the fix again");
  }
  InputSource source(global, {});
  require_cluster(record, source);
  FixRun run;
  {
    const kube::ReadingTime bounded = source.reading_time();
    run.plan = fix::plan_undo(record, source.reader());
  }
  for_cluster(run.plan, global);
  run.apply_command = for_cluster(checks::aibrixctl("undo", id, "--apply"), global);
  const bool pending = run.plan.pending() && run.plan.blockers.empty();
  std::vector<checks::Finding> before;
  if (flags.apply.apply && pending) {
    before = findings_of(record, global, source);
    run.tells_only = true;
    run.verify = [&] { return found_again(record, before, findings_of(record, global, source)); };
  }
  const int code = apply_or_show(global, flags.apply, source, std::move(run));
  const bool all = code == 0 || code == base::exit_code(Fault::unverified);
  if (flags.apply.apply && pending && all) note_reverted(record);
  return code;
}

}  // namespace

void add_undo(CLI::App& app, Action& chosen) {
  CLI::App* command = app.add_subcommand(
      "undo", "list the fixes that were applied; show how one is taken back, with --apply do it");
  const auto flags = std::make_shared<UndoFlags>();
  command->add_option("RUN", flags->run, "a run, or \"last\"; none: list them");
  add_apply_flags(*command, flags->apply);
  command->callback([&chosen, flags] {
    chosen = [flags](const Global& global) { return undo(global, *flags); };
  });
}

}  // namespace cli
