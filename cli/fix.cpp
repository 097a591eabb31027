#include "fix.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "aibrix/cluster.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "cluster_flags.hpp"
#include "doctor.hpp"
#include "fix/document.hpp"
#include "fix_flags.hpp"
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
  const fix::Plan fresh = fix::read_plan(fix::to_json(now, AIBRIXCTL_VERSION, 0), file);
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
                            : other->uid != step.uid   ? "it was made anew"
                                                       : "what is to be changed on it has changed";
    moved.push_back(fix::name_of(step.object) + ": " + why);
  }
  if (!moved.empty()) {
    throw Error(Fault::blocked, "Moved",
                "the cluster has moved on since " + file + " was made: " + base::join(moved, "; "),
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
void require_place(const Global& global, const std::string& what, const ApplyOptions& apply,
                   const fix::Options& options) {
  const bool placed = what == "finalizers" || what == "referencegrants";
  if (!apply.apply || !placed || !options.namespaces.empty() || global.all_namespaces) return;
  if (!options.select.empty()) return;
  throw bad("fix " + what + " --apply needs to be told where",
            "-n NAMESPACE, --all-namespaces or --select");
}

int run_fix(const Global& given, const FixFlags& flags) {
  Global global = given;
  std::string what = flags.what;
  fix::Plan saved;
  fix::Options options;
  if (flags.plan_file.empty()) {
    options = read_options(flags);
  } else {
    saved = fix::read_plan(base::read_file(flags.plan_file == "-" ? "/dev/stdin" : flags.plan_file,
                                           std::size_t{64} << 20U),
                           flags.plan_file);
    if (!what.empty() && what != saved.fix) {
      throw bad(flags.plan_file + " is a plan of fix " + saved.fix + ", not of fix " + what);
    }
    what = saved.fix;
    options = saved.options;
    if (!global.ns.empty()) throw bad("-n is in the plan already", "leave it out");
    global.ns = base::join(options.namespaces, ",");
    if (options.namespaces.empty()) global.all_namespaces = true;
  }
  const fix::Fix* fix = fix::find(what);
  if (fix == nullptr) throw bad("there is no fix called " + base::printable(what));
  InputSource source(global, {});
  if (flags.plan_file.empty()) options.namespaces = source.namespaces();
  require_place(global, what, flags.apply, options);
  const std::vector<kube::Need> needs = fix::needs_of(*fix);
  const auto look = [&](const auto& use) {
    const Reading reading = source.read(needs);
    require_namespaces({}, reading.snapshot);
    const aibrix::Cluster cluster(reading.snapshot, {global.install_namespace});
    return use(checks::Context{reading.snapshot, cluster, {}});
  };
  FixRun run;
  run.plan = look([&](const checks::Context& context) {
    if (!flags.apply.apply) require_namespaces(options.namespaces, context.snapshot);
    return fix::make_plan(*fix, context, options);
  });
  if (!flags.plan_file.empty()) match(saved, run.plan, flags.plan_file);
  if (what == "referencegrants") run.yaml = run.plan.manifest;
  for_cluster(run.plan, global);
  run.apply_command = for_cluster(apply_command(flags, run.plan), global);
  const fix::Plan plan = run.plan;
  run.verify = [&look, fix, plan] {
    return look([&](const checks::Context& context) { return fix->verify(plan, context); });
  };
  return apply_or_show(global, flags.apply, source, std::move(run));
}

}  // namespace

void add_apply_flags(CLI::App& command, ApplyOptions& options, std::string& wait) {
  command.add_flag("--apply", options.apply, "carry the plan out, after asking");
  command.add_flag("--yes", options.yes, "do not ask, when undo can take it back");
  command
      .add_option("--confirm", options.confirm,
                  "do not ask: what would have to be typed for what cannot be undone")
      ->type_name("TEXT");
  command.add_option("--wait", wait, "how long to wait for the effect to be seen (default 60s)")
      ->type_name("DURATION");
  command.add_flag("--exit-code", options.exit_code,
                   "exit 4 when the plan has something to change");
}

void add_fix(CLI::App& app, Action& chosen) {
  CLI::App* command = app.add_subcommand(
      "fix", "show how something is repaired; with --apply repair it, guarded and verified");
  const auto flags = std::make_shared<FixFlags>();
  command->add_option("WHAT", flags->what, "finalizers, referencegrants, service-type or webhooks")
      ->check(one_of("fix", {"finalizers", "referencegrants", "service-type", "webhooks"}))
      ->type_name("WHAT");
  add_apply_flags(*command, flags->apply, flags->wait);
  command
      ->add_option("--select", flags->options.select,
                   "only these objects: globs on KIND/NS/NAME, NS/NAME or NAME; repeatable")
      ->type_name("GLOB")
      ->delimiter(',')
      ->allow_extra_args(false);
  command
      ->add_option("--plan", flags->plan_file,
                   "a plan saved with -o json: refused when the cluster has moved on")
      ->type_name("FILE");
  add_fix_flags(*command, *flags);
  command->callback([&chosen, command, flags] {
    chosen = [command, flags](const Global& global) {
      check_fix_flags(*command, *flags);
      if (!flags->wait.empty()) flags->apply.wait = duration("--wait", flags->wait);
      return run_fix(global, *flags);
    };
  });
}

}  // namespace cli
