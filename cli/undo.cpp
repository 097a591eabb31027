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
#include "kube/files/json_document.hpp"
#include "kube/files/yaml_text.hpp"
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

// One run of the list. One that cannot be used says why, and keeps no other from being seen.
struct ListedRun {
  std::string id, fix, state;
  std::size_t done = 0, steps = 0;
  bool usable = true;
};

std::vector<ListedRun> listed(const std::string& folder) {
  std::vector<ListedRun> out;
  for (const std::string& id : fix::list_runs(folder)) {
    ListedRun& run = out.emplace_back();
    run.id = base::printable(id);
    try {
      const fix::Record record = fix::read_record(folder, id);
      run.fix = base::printable(record.plan.fix);
      run.state = base::printable(state_of(record));
      run.done = record.count(fix::StepResult::State::done);
      run.steps = record.steps.size();
    } catch (...) {
      run.usable = false;
      run.state = "not used: " + base::printable(base::current_error().what());
    }
  }
  return out;
}

std::string steps_of(const ListedRun& run) {
  return std::to_string(run.done) + " of " + base::plural(run.steps, "step");
}

std::string list_text(const std::vector<ListedRun>& runs, const std::string& folder) {
  if (runs.empty()) return "No fixes recorded on this machine (" + folder + " is empty)\n";
  std::size_t width = 0;
  for (const ListedRun& run : runs) width = std::max(width, report::display_width(run.id) + 2);
  std::string out;
  for (const ListedRun& run : runs) {
    out += report::pad(run.id, width);
    if (run.usable) out += report::pad(run.fix, 17) + steps_of(run) + "   ";
    out += run.state + '\n';
  }
  return out;
}

std::string list_plain(const std::vector<ListedRun>& runs) {
  std::string out;
  for (const ListedRun& run : runs) {
    out += run.id + '\t' + run.fix + '\t' + (run.usable ? steps_of(run) : "") + '\t' + run.state +
           '\n';
  }
  return out;
}

std::string list_document(const std::vector<ListedRun>& runs, const std::string& folder) {
  kube::Json out = kube::document_head("RunList", AIBRIXCTL_VERSION);
  out["folder"] = base::printable(folder);
  out["runs"] = kube::Json::array();
  for (const ListedRun& run : runs) {
    kube::Json entry = {{"id", run.id}, {"usable", run.usable}, {"state", run.state}};
    if (run.usable) {
      entry["fix"] = run.fix;
      entry["done"] = run.done;
      entry["steps"] = run.steps;
    }
    out["runs"].push_back(std::move(entry));
  }
  return kube::json_text(out);
}

void print_list(const Global& global, const std::string& folder) {
  const std::vector<ListedRun> runs = listed(folder);
  if (global.output == "json") {
    write_stdout(list_document(runs, folder));
  } else if (global.output == "yaml") {
    write_stdout(kube::yaml_text(list_document(runs, folder)));
  } else if (global.output == "plain") {
    write_stdout(list_plain(runs));
  } else if (global.output == "text") {
    write_stdout(list_text(runs, folder));
  } else {
    throw Error(Fault::usage, "BadArgument", "-o kubectl is for the plan of a run",
                "name a run; list them with: aibrixctl undo");
  }
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
      throw Error(Fault::usage, "BadArgument", "undo --apply: a run is missing",
                  "name one, or last; list them with: aibrixctl undo");
    }
    print_list(global, folder);
    return 0;
  }
  if (global.output == "plain") {
    throw Error(Fault::usage, "BadArgument", "-o plain is for the list of runs",
                "valid values with a run: text, json, yaml, kubectl");
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
      "undo",
      "List applied fixes and revert one\n\nWithout --apply the plan of the revert is shown.");
  const auto flags = std::make_shared<UndoFlags>();
  command->add_option("RUN", flags->run, "A run, or last; without it, list all runs");
  add_apply_flags(*command, flags->apply);
  command->callback([&chosen, flags] {
    chosen = [flags](const Global& global) { return undo(global, *flags); };
  });
}

}  // namespace cli
