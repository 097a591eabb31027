#include "fix_flags.hpp"

#include <algorithm>

#include "base/chars.hpp"
#include "base/text.hpp"
#include "checks/core/command.hpp"
#include "option_types.hpp"

namespace cli {
namespace {

using base::Error;
using base::Fault;

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

void check_node_port(const fix::Options& options) {
  if (options.node_port.empty()) return;
  const bool digits = options.node_port.size() <= 5 && base::all_digits(options.node_port);
  const int port = digits ? std::stoi(options.node_port) : 0;
  if (port < 1 || port > 65535)
    throw bad("--node-port: \"" + base::printable(options.node_port) + "\" is no port");
  if (options.to == "ClusterIP") throw bad("--node-port: a ClusterIP Service has no node port");
}

}  // namespace

Error bad(const std::string& message, const std::string& hint) {
  return {Fault::usage, "BadArgument", message, hint};
}

void check_fix_flags(const CLI::App& command, const FixFlags& flags) {
  for (const Owner& owner : owners) {
    if (command.count(owner.flag) == 0) continue;
    if (!flags.plan_file.empty())
      throw bad(std::string(owner.flag) + " is in the plan already", "leave it out");
    if (flags.what != owner.fix) {
      throw bad(std::string(owner.flag) + " is a flag of fix " + owner.fix + ", not of fix " +
                flags.what);
    }
  }
  if (flags.what == "service-type" && flags.options.to.empty() && flags.plan_file.empty()) {
    throw bad("fix service-type needs --to", "--to NodePort, --to LoadBalancer or --to ClusterIP");
  }
  if (flags.what.empty() && flags.plan_file.empty()) {
    throw bad("fix what?", "finalizers, referencegrants, service-type or webhooks; or --plan FILE");
  }
}

fix::Options read_options(const FixFlags& flags) {
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

checks::Command apply_command(const FixFlags& flags, const fix::Plan& plan) {
  checks::Command out = checks::aibrixctl("fix");
  if (!flags.plan_file.empty()) return out.with("--plan", flags.plan_file, "--apply");
  out.with(flags.what);
  const fix::Options& o = plan.options;
  const auto add = [&](const char* flag, const std::string& value) {
    if (!value.empty()) out.with(flag, value);
  };
  const auto add_flag = [&](const char* flag, bool given) {
    if (given) out.with(flag);
  };
  add("-n", base::join(o.namespaces, ","));
  const bool placed = flags.what == "finalizers" || flags.what == "referencegrants";
  add_flag("--all-namespaces", placed && o.namespaces.empty() && o.select.empty());
  for (const std::string& glob : o.select) add("--select", glob);
  add("--min-age", flags.min_age);
  add("--include", base::join(o.include, ","));
  add_flag("--include-healthy", o.include_healthy);
  add_flag("--restart-controller", o.restart_controller);
  add_flag("--delete-routes", o.delete_routes);
  if (o.whole_namespace) out.with("--scope", "namespace");
  add_flag("--delete", o.delete_webhooks);
  add("--to", o.to);
  add("--external-traffic-policy", o.external_traffic_policy);
  add("--node-port", o.node_port);
  for (const std::string& pair : flags.annotations) add("--annotation", pair);
  add_flag("--expose", o.expose);
  return out.with("--apply");
}

void add_fix_flags(CLI::App& command, FixFlags& flags) {
  fix::Options& o = flags.options;
  command
      .add_option(
          "--min-age", flags.min_age,
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
  command
      .add_option("--scope", flags.scope,
                  "referencegrants: grant a service by name (default), or the whole namespace")
      ->check(one_of("--scope", {"service", "namespace"}))
      ->type_name("SCOPE");
  command.add_flag("--delete", o.delete_webhooks,
                   "webhooks: delete configurations that have outlived AIBrix");
  command.add_option("--to", o.to, "service-type: NodePort, LoadBalancer or ClusterIP")
      ->check(one_of("--to", {"NodePort", "LoadBalancer", "ClusterIP"}))
      ->type_name("TYPE");
  command
      .add_option("--external-traffic-policy", o.external_traffic_policy,
                  "service-type: Local or Cluster")
      ->check(one_of("--external-traffic-policy", {"Local", "Cluster"}))
      ->type_name("POLICY");
  command.add_option("--node-port", o.node_port, "service-type: this port on the nodes")
      ->type_name("PORT");
  command
      .add_option("--annotation", flags.annotations,
                  "service-type: an annotation for the Service (KEY=VALUE; repeatable)")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  command.add_flag("--expose", o.expose,
                   "service-type: open a gateway that asks for no token all the same");
}

}  // namespace cli
