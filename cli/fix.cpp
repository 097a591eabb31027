#include "fix.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "aibrix/cluster.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "checks/commands.hpp"
#include "choice.hpp"
#include "cluster_flags.hpp"
#include "doctor.hpp"
#include "fix/document.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

using base::Error;
using base::Fault;

struct Flags {
  std::string what;  // "finalizers"
  fix::Options options;
  ApplyOptions apply;
  std::string plan_file;
  std::string min_age, wait;
  std::string scope = "service";
  std::vector<std::string> annotations;
};

// Which flags belong to which fix; the others take none of them.
struct Owner {
  const char* flag;
  const char* fix;
};
constexpr Owner owners[] = {{"--min-age", "finalizers"},
                            {"--include", "finalizers"},
                            {"--include-healthy", "finalizers"},
                            {"--restart-controller", "finalizers"},
                            {"--delete-routes", "finalizers"},
                            {"--scope", "referencegrants"},
                            {"--delete", "webhooks"},
                            {"--to", "service-type"},
                            {"--external-traffic-policy", "service-type"},
                            {"--node-port", "service-type"},
                            {"--annotation", "service-type"},
                            {"--expose", "service-type"}};

Error bad(const std::string& message, const std::string& hint = {}) {
  return {Fault::usage, "BadArgument", message, hint};
}

std::chrono::milliseconds duration(const std::string& flag, const std::string& text) {
  const auto parsed = base::parse_duration(text);
  if (parsed) return *parsed;
  throw bad(flag + ": \"" + base::printable(text) + "\" is no duration", "write it like 30s, 5m or 1h30m");
}

void check_flags(const CLI::App& command, const Flags& flags) {
  for (const Owner& owner : owners) {
    if (command.count(owner.flag) == 0) continue;
    if (!flags.plan_file.empty()) throw bad(std::string(owner.flag) + " is in the plan already", "leave it out");
    if (flags.what != owner.fix) {
      throw bad(std::string(owner.flag) + " is a flag of fix " + owner.fix + ", not of fix " + flags.what);
    }
  }
  if (flags.what == "service-type" && flags.options.to.empty() && flags.plan_file.empty()) {
    throw bad("fix service-type needs --to", "--to NodePort, --to LoadBalancer or --to ClusterIP");
  }
  if (flags.what.empty() && flags.plan_file.empty()) {
    throw bad("fix what?", "finalizers, referencegrants, service-type or webhooks; or --plan FILE");
  }
}

void check_node_port(const fix::Options& options) {
  if (options.node_port.empty()) return;
  const bool digits = options.node_port.size() <= 5 &&
                      std::all_of(options.node_port.begin(), options.node_port.end(),
                                  [](char c) { return c >= '0' && c <= '9'; });
  const int port = digits ? std::stoi(options.node_port) : 0;
  if (port < 1 || port > 65535) throw bad("--node-port: \"" + base::printable(options.node_port) + "\" is no port");
  if (options.to == "ClusterIP") throw bad("--node-port: a ClusterIP Service has no node port");
}

fix::Options read_options(const Flags& flags) {
  fix::Options o = flags.options;
  if (!flags.min_age.empty()) o.min_age = duration("--min-age", flags.min_age);
  o.whole_namespace = flags.scope == "namespace";
  for (const std::string& pair : flags.annotations) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw bad("--annotation: \"" + base::printable(pair) + "\" is not KEY=VALUE");
    }
    o.annotations.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
  }
  check_node_port(o);
  if (!o.external_traffic_policy.empty() && o.to == "ClusterIP") {
    throw bad("--external-traffic-policy: a ClusterIP Service has none");
  }
  return o;
}

// What the plan of today lacks or has otherwise, against the saved one; leaves nothing in it that the
// saved one does not have.
void match(const fix::Plan& saved, fix::Plan& now, const std::string& file) {
  if (!saved.cluster_uid.empty() && !now.cluster_uid.empty() && saved.cluster_uid != now.cluster_uid) {
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
  throw bad("fix " + what + " --apply needs to be told where", "-n NAMESPACE, --all-namespaces or --select");
}

std::string apply_command(const Flags& flags, const fix::Plan& plan) {
  std::string out = "aibrixctl fix";
  if (!flags.plan_file.empty()) return out + " --plan " + checks::shell_word(flags.plan_file) + " --apply";
  out += ' ' + flags.what;
  const fix::Options& o = plan.options;
  const auto add = [&](const std::string& flag, const std::string& value) {
    if (!value.empty()) out += ' ' + flag + ' ' + checks::shell_word(value);
  };
  add("-n", base::join(o.namespaces, ","));
  const bool placed = flags.what == "finalizers" || flags.what == "referencegrants";
  if (placed && o.namespaces.empty() && o.select.empty()) out += " --all-namespaces";
  for (const std::string& glob : o.select) add("--select", glob);
  add("--min-age", flags.min_age);
  add("--include", base::join(o.include, ","));
  if (o.include_healthy) out += " --include-healthy";
  if (o.restart_controller) out += " --restart-controller";
  if (o.delete_routes) out += " --delete-routes";
  if (o.whole_namespace) out += " --scope namespace";
  if (o.delete_webhooks) out += " --delete";
  add("--to", o.to);
  add("--external-traffic-policy", o.external_traffic_policy);
  add("--node-port", o.node_port);
  for (const std::string& pair : flags.annotations) add("--annotation", pair);
  if (o.expose) out += " --expose";
  return out + " --apply";
}

int run_fix(const Global& given, const Flags& flags) {
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
  Source source(global, {});
  if (flags.plan_file.empty()) options.namespaces = source.namespaces();
  require_place(global, what, flags.apply, options);
  const std::vector<kube::Need> needs = fix::needs_of(*fix);
  const auto look = [&](const auto& use) {
    const Reading reading = source.read(needs);
    require_namespaces({}, reading.snapshot);
    const aibrix::Cluster cluster(reading.snapshot, {global.install_namespace});
    return use(checks::Context{reading.snapshot, cluster, {}});
  };
  Job job;
  job.plan = look([&](const checks::Context& context) {
    if (!flags.apply.apply) require_namespaces(options.namespaces, context.snapshot);
    return fix::make_plan(*fix, context, options);
  });
  if (!flags.plan_file.empty()) match(saved, job.plan, flags.plan_file);
  if (what == "referencegrants") job.yaml = job.plan.manifest;
  for_cluster(job.plan, global);
  job.apply_command = for_cluster(apply_command(flags, job.plan), global);
  const fix::Plan plan = job.plan;
  job.verify = [&look, fix, plan] {
    return look([&](const checks::Context& context) { return fix->verify(plan, context); });
  };
  return carry_out(global, flags.apply, source, std::move(job));
}

void add_own_flags(CLI::App& command, Flags& flags) {
  fix::Options& o = flags.options;
  command.add_option("--min-age", flags.min_age,
                     "finalizers: only what has been deleting for so long (default 5m; at once where its "
                     "controller cannot act)")
      ->type_name("DURATION");
  command.add_option("--include", o.include, "finalizers: also those of ray, gatewayclass")
      ->check(one_of("--include", {"ray", "gatewayclass"}))
      ->type_name("KIND")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_flag("--include-healthy", o.include_healthy,
                   "finalizers: also what a running controller has had for less than 5m");
  command.add_flag("--restart-controller", o.restart_controller,
                   "finalizers: bring aibrix-controller-manager back and let it do the work");
  command.add_flag("--delete-routes", o.delete_routes,
                   "finalizers: also delete the HTTPRoutes AIBrix made for the adapters");
  command.add_option("--scope", flags.scope,
                     "referencegrants: grant a service by name (default), or the whole namespace")
      ->check(one_of("--scope", {"service", "namespace"}))
      ->type_name("SCOPE");
  command.add_flag("--delete", o.delete_webhooks,
                   "webhooks: delete configurations that have outlived AIBrix");
  command.add_option("--to", o.to, "service-type: NodePort, LoadBalancer or ClusterIP")
      ->check(one_of("--to", {"NodePort", "LoadBalancer", "ClusterIP"}))
      ->type_name("TYPE");
  command.add_option("--external-traffic-policy", o.external_traffic_policy,
                     "service-type: Local or Cluster")
      ->check(one_of("--external-traffic-policy", {"Local", "Cluster"}))
      ->type_name("POLICY");
  command.add_option("--node-port", o.node_port, "service-type: this port on the nodes")->type_name("PORT");
  command.add_option("--annotation", flags.annotations,
                     "service-type: an annotation for the Service (KEY=VALUE; repeatable)")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  command.add_flag("--expose", o.expose,
                   "service-type: open a gateway that asks for no token all the same");
}

}  // namespace

void add_apply_flags(CLI::App& command, ApplyOptions& options, std::string& wait) {
  command.add_flag("--apply", options.apply, "carry the plan out, after asking");
  command.add_flag("--yes", options.yes, "do not ask, when undo can take it back");
  command.add_option("--confirm", options.confirm,
                     "do not ask: what would have to be typed for what cannot be undone")
      ->type_name("TEXT");
  command.add_option("--wait", wait, "how long to wait for the effect to be seen (default 60s)")
      ->type_name("DURATION");
  command.add_flag("--exit-code", options.exit_code, "exit 4 when the plan has something to change");
}

void add_fix(CLI::App& app, Action& chosen) {
  CLI::App* command = app.add_subcommand(
      "fix", "show how something is repaired; with --apply repair it, guarded and verified");
  const auto flags = std::make_shared<Flags>();
  command->add_option("WHAT", flags->what, "finalizers, referencegrants, service-type or webhooks")
      ->check(one_of("fix", {"finalizers", "referencegrants", "service-type", "webhooks"}))
      ->type_name("WHAT");
  add_apply_flags(*command, flags->apply, flags->wait);
  command->add_option("--select", flags->options.select,
                      "only these objects: globs on KIND/NS/NAME, NS/NAME or NAME; repeatable")
      ->type_name("GLOB")
      ->delimiter(',')
      ->allow_extra_args(false);
  command->add_option("--plan", flags->plan_file,
                      "a plan saved with -o json: refused when the cluster has moved on")
      ->type_name("FILE");
  add_own_flags(*command, *flags);
  command->callback([&chosen, command, flags] {
    chosen = [command, flags](const Global& global) {
      check_flags(*command, *flags);
      if (!flags->wait.empty()) flags->apply.wait = duration("--wait", flags->wait);
      return run_fix(global, *flags);
    };
  });
}

}  // namespace cli
