#include "fix/undo.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "cluster_flags.hpp"
#include "fix.hpp"
#include "fix/journal.hpp"
#include "report/layout.hpp"
#include "terminal.hpp"
#include "undo_seen.hpp"

namespace cli {
namespace {

using base::Error;
using base::Fault;

struct Flags {
  std::string run;
  ApplyOptions apply;
};

std::string state_of(const fix::Record& record) {
  if (record.reverted) return "taken back";
  const auto unknown = std::count_if(record.steps.begin(), record.steps.end(), [](const auto& r) {
    return r.state == fix::StepResult::State::unknown;
  });
  if (record.end.empty()) {
    return unknown == 0
               ? "did not get to its end"
               : "was cut off; " + base::plural(static_cast<std::size_t>(unknown), "answer") +
                     " not recorded";
  }
  return record.end;
}

std::string list_text(const std::string& folder) {
  std::string out;
  const auto runs = fix::list_runs(folder);
  std::size_t width = 0;
  for (const std::string& id : runs) width = std::max(width, id.size() + 2);
  for (const std::string& id : runs) {
    try {
      const fix::Record record = fix::read_record(folder, id);
      const auto done = std::count_if(record.steps.begin(), record.steps.end(), [](const auto& r) {
        return r.state == fix::StepResult::State::done;
      });
      out += report::pad(id, width) + report::pad(base::printable(record.plan.fix), 17) +
             std::to_string(done) + " of " + base::plural(record.steps.size(), "step") + "   " +
             base::printable(state_of(record)) + '\n';
    } catch (const Error& error) {
      out += report::pad(id, width) + "unreadable: " + base::printable(error.what()) + '\n';
    }
  }
  return out.empty() ? "no fix was applied from here yet (" + folder + " is empty)\n" : out;
}

// The run must have been on the cluster that the kubeconfig leads to.
void require_cluster(const fix::Record& record, InputSource& source) {
  constexpr kube::Need needs[] = {{&kube::resources::namespaces, kube::Scope::everywhere, false}};
  const Reading reading = source.read(needs);
  const kube::Lookup system = reading.snapshot.find(kube::resources::namespaces, "", "kube-system");
  if (record.plan.cluster_uid.empty() || !system || system->uid() == record.plan.cluster_uid)
    return;
  throw Error(
      Fault::usage, "OtherCluster",
      "run " + record.id + " was on another cluster (" + base::printable(record.plan.server) + ")",
      record.plan.context.empty() ? "choose its context with --context"
                                  : "try --context " + base::printable(record.plan.context));
}

int undo(const Global& global, const Flags& flags) {
  const std::string folder = runs_folder();
  if (flags.run.empty()) {
    if (flags.apply.apply) {
      throw Error(Fault::usage, "BadArgument", "undo what?",
                  "name a run, or \"last\"; aibrixctl undo lists them");
    }
    write_stdout(list_text(folder));
    return 0;
  }
  std::string id = flags.run;
  if (id == "last") {
    const auto runs = fix::list_runs(folder);
    if (runs.empty()) throw Error(Fault::usage, "RunNotFound", "there is no run in " + folder);
    id = runs.back();
  }
  const fix::Record record = fix::read_record(folder, id);
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
  if (flags.apply.apply && pending && code == 0) fix::mark_reverted(record.folder);
  return code;
}

}  // namespace

void add_undo(CLI::App& app, Action& chosen) {
  CLI::App* command = app.add_subcommand(
      "undo", "list the fixes that were applied; show how one is taken back, with --apply do it");
  const auto flags = std::make_shared<Flags>();
  command->add_option("RUN", flags->run, "a run, or \"last\"; none: list them");
  add_apply_flags(*command, flags->apply);
  command->callback([&chosen, flags] {
    chosen = [flags](const Global& global) { return undo(global, *flags); };
  });
}

}  // namespace cli
