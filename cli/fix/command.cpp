// `fix`: a command for each fix there is.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "aibrix/cluster.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "cluster_flags.hpp"
#include "command_line.hpp"
#include "doctor.hpp"
#include "fix.hpp"
#include "fix/document.hpp"
#include "fix/flags.hpp"
#include "fix/plan_reader.hpp"
#include "fix/record.hpp"
#include "fix/run_folder.hpp"
#include "fix/withheld.hpp"
#include "help.hpp"
#include "option_types.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

using base::Error;
using base::Fault;

// What the plan of today lacks or has otherwise, against the saved one; leaves nothing in it that
// the saved one does not have.
void match(const fix::Plan& saved, fix::Plan& now, const std::string& file) {
  if (!saved.cluster_uid.empty() && !now.cluster_uid.empty() &&
      saved.cluster_uid != now.cluster_uid) {
    throw Error(Fault::usage, "OtherCluster",
                file + " was made for another cluster (" + base::printable(saved.server) + ")",
                "choose its context with --context");
  }
  // Through the document, so that both are written alike.
  const fix::Plan fresh = fix::as_read_back(now, file);
  std::vector<fix::Step> steps;
  std::vector<std::string> moved;
  for (const fix::Step& step : saved.steps) {
    const auto same_object = [&](const fix::Step& s) { return s.object == step.object; };
    const auto it = std::find_if(fresh.steps.begin(), fresh.steps.end(),
                                 [&](const fix::Step& s) { return s == step; });
    if (it != fresh.steps.end()) {
      steps.push_back(now.steps[static_cast<std::size_t>(it - fresh.steps.begin())]);
      continue;
    }
    const auto other = std::find_if(fresh.steps.begin(), fresh.steps.end(), same_object);
    const std::string why = other == fresh.steps.end() ? "there is nothing to do on it now"
                            : other->uid != step.uid   ? "it was re-created since"
                                                       : "what is to be changed on it has changed";
    moved.push_back(fix::name_of(step.object) + ": " + why);
  }
  if (!moved.empty()) {
    throw Error(Fault::blocked, "Moved",
                "the cluster has changed since " + file + " was made: " + base::join(moved, "; "),
                "make the plan anew");
  }
  // What is left out of the plan is not waited for either.
  std::erase_if(now.watch, [&](const fix::Watch& watch) {
    const auto is_on = [&](const fix::Step& s) { return s.object == watch.object; };
    return std::any_of(now.steps.begin(), now.steps.end(), is_on) &&
           std::none_of(steps.begin(), steps.end(), is_on);
  });
  now.steps = std::move(steps);
}

// All namespaces at once only when that was said.
void require_place(const Global& global, const fix::Fix& fix, const ApplyOptions& apply,
                   const fix::Options& options) {
  if (!apply.apply || !fix.needs_place || !options.namespaces.empty() || global.all_namespaces) {
    return;
  }
  if (!options.select.empty()) return;
  throw bad("fix " + std::string(fix.name) + " --apply requires -n, -A or --select",
            "-n limits it to a namespace, -A includes all, --select names objects");
}

// The saved plan; global and flags are made to mean what it was made with.
fix::Plan take_saved(Global& global, FixFlags& flags) {
  const std::string& file = flags.plan_file;
  fix::Plan saved = fix::read_plan(
      base::read_file(file == "-" ? "/dev/stdin" : file, std::size_t{64} << 20U), file);
  for (const fix::Step& step : saved.steps) {
    const std::vector<std::string> fields = fix::unfilled_fields(step);
    if (fields.empty()) continue;
    throw Error(Fault::usage, "BadPlan",
                file + ": " + base::printable(step.id()) +
                    " lacks secrets that are not written into plans: " +
                    base::printable(base::join(fields, ", ")),
                "fill these fields in, or make the plan and apply it in one go: aibrixctl fix … "
                "--apply");
  }
  for (const GivenOption& option : flags.options) {
    if (!option.given()) continue;
    throw bad(std::string(option.spec->name) + " is in the plan already", "leave it out");
  }
  if (flags.fix != nullptr && flags.fix->name != saved.fix) {
    throw bad(file + " is a plan of fix " + base::printable(saved.fix) + ", not of fix " +
              std::string(flags.fix->name));
  }
  flags.fix = fix::find(saved.fix);
  if (flags.fix == nullptr) throw bad("unknown fix \"" + base::printable(saved.fix) + "\"");
  if (!global.ns.empty()) throw bad("-n is in the plan already", "leave it out");
  global.ns = base::join(saved.options.namespaces, ",");
  if (saved.options.namespaces.empty()) global.all_namespaces = true;
  return saved;
}

// The runs there are. A plan needs none: what keeps them from being read is told by `undo`, and by
// an apply.
std::vector<std::string> runs_if_readable() {
  try {
    return fix::list_runs(runs_folder());
  } catch (const Error&) {
    return {};
  }
}

// The last run of this fix on this cluster, when it was cut off: what is left of it is in this
// plan.
void tell_cut_off(fix::Plan& plan, const Global& global) {
  if (plan.cluster_uid.empty()) return;
  for (auto runs = runs_if_readable(); !runs.empty(); runs.pop_back()) {
    try {
      const fix::Record record = fix::read_record(runs_folder(), runs.back());
      if (record.plan.fix != plan.fix || record.plan.cluster_uid != plan.cluster_uid) continue;
      if (!record.end.empty() || record.reverted) return;
      plan.facts.push_back(
          "run " + record.id + " of this fix was cut off after " +
          std::to_string(record.count(fix::StepResult::State::done)) + " of " +
          base::plural(record.steps.size(), "step") +
          "; this plan is what is left of it. What it did is taken back, where that can be, by: " +
          checks::to_shell(for_cluster(checks::aibrixctl("undo", record.id), global)));
      return;
    } catch (const Error&) {
      continue;  // a run that cannot be read is told by `undo`
    }
  }
}

// `use` sees the cluster as it is now.
template <typename Use>
auto look_at_cluster(InputSource& source, const Global& global, const fix::Fix& fix,
                     const Use& use) {
  const Reading reading = source.read(fix::needs_of(fix));
  const aibrix::Cluster cluster(reading.snapshot, {global.install_namespace});
  return use(checks::Context{reading.snapshot, cluster, {}});
}

// What the plan's own function does not know of: earlier runs, and the flags of this one.
void complete(fix::Plan& plan, const Global& global) {
  tell_cut_off(plan, global);
  for_cluster(plan, global);
}

int run_fix(const Global& given, FixFlags flags) {
  Global global = given;
  const bool by_plan = !flags.plan_file.empty();
  const fix::Plan saved = by_plan ? take_saved(global, flags) : fix::Plan();
  const fix::Fix& fix = *flags.fix;
  fix::Options options = by_plan ? saved.options : read_options(flags);
  InputSource source(global, {});
  if (!by_plan) options.namespaces = source.namespaces();
  require_place(global, fix, flags.apply, options);
  const auto look = [&](const auto& use) { return look_at_cluster(source, global, fix, use); };
  FixRun run;
  run.plan = look([&](const checks::Context& context) {
    if (!flags.apply.apply) require_namespaces(options.namespaces, context.snapshot);
    return fix::make_plan(fix, context, options);
  });
  if (by_plan) match(saved, run.plan, flags.plan_file);
  run.yaml = run.plan.manifest;
  complete(run.plan, global);
  run.apply_command = for_cluster(apply_command(flags, run.plan), global);
  const fix::Plan plan = run.plan;
  run.verify = [&look, &fix, plan] {
    return look([&](const checks::Context& context) { return fix.verify(plan, context); });
  };
  return apply_or_show(global, flags.apply, source, std::move(run));
}

}  // namespace

PlannedFix plan_fix(const Global& global, const FixFlags& flags, const SourceOptions& options) {
  const fix::Fix& fix = *flags.fix;
  fix::Options wanted = read_options(flags);
  InputSource source(global, options);
  wanted.namespaces = source.namespaces();
  PlannedFix out;
  out.plan = look_at_cluster(source, global, fix, [&](const checks::Context& context) {
    require_namespaces(wanted.namespaces, context.snapshot);
    return fix::make_plan(fix, context, wanted);
  });
  complete(out.plan, global);
  out.apply_command = for_cluster(apply_command(flags, out.plan), global);
  block_unfilled(out.plan);
  out.exit_code = plan_code(out.plan, false);
  return out;
}

void add_apply_flags(CLI::App& command, ApplyOptions& options) {
  command.add_flag("--apply", options.apply, "Apply the plan after confirmation");
  command.add_flag("--yes", options.yes, "Do not ask for confirmation of a reversible plan");
  command
      .add_option("--confirm", options.confirm,
                  "Confirm a plan that cannot be undone with the text it asks for")
      ->type_name("TEXT");
  command
      .add_option_function<std::string>(
          "--wait",
          [&options](const std::string& text) { options.wait = duration("--wait", text); },
          "Wait this long for the effect (default: 60s)")
      ->type_name("DURATION");
  command.add_flag("--exit-code", options.exit_code, "Exit with 4 if the plan has changes");
}

void add_fix(CLI::App& app, Action& chosen) {
  CLI::App* group = add_group(
      app, chosen, "fix",
      "Plan a fix; --apply carries it out\n\nWithout --apply nothing is written, neither to the "
      "cluster nor to disk. With it, the API server validates every step (dry run), you "
      "are asked, and undo can revert what is reversible.\n\n" +
          std::string(confidence_help));
  const auto flags = std::make_shared<FixFlags>();
  add_apply_flags(*group, flags->apply);
  group
      ->add_option("--select", flags->select,
                   "Limit to these objects: globs on KIND/NS/NAME, NS/NAME or NAME (repeatable)")
      ->type_name("GLOB")
      ->delimiter(',')
      ->allow_extra_args(false);
  group
      ->add_option("--plan", flags->plan_file,
                   "Use a plan saved with -o json; refused if the cluster has changed since")
      ->type_name("FILE");
  for (const fix::Fix* fix : fix::all()) {
    CLI::App* command = group->add_subcommand(std::string(fix->name), std::string(fix->summary));
    add_option_flags(*command, *fix, *flags);
    command->callback([fix, flags] { flags->fix = fix; });
  }
  // After the callback of the fix that was named, if one was.
  group->callback([&chosen, group, flags] {
    chosen = [group, flags](const Global& global) {
      if (flags->fix == nullptr && flags->plan_file.empty()) {
        throw bad("fix: a command is missing",
                  "commands of fix (or --plan FILE):\n" + command_list(*group));
      }
      return run_fix(global, *flags);
    };
  });
}

}  // namespace cli
