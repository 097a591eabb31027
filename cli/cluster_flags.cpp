// The flags that choose the cluster and the identity, in commands and in words.
#include "cluster_flags.hpp"

#include <filesystem>

#include "base/text.hpp"
#include "called.hpp"
#include "fix/plan.hpp"
#include "report/report.hpp"

namespace cli {
namespace {

using checks::Command;
using checks::Word;

std::string absolute(const std::string& path) {
  std::error_code failed;
  const std::filesystem::path out = std::filesystem::absolute(path, failed);
  return path.empty() || failed ? path : out.lexically_normal().string();
}

void add_install_namespace(Command& command, const std::string& ns) {
  if (command.program == "aibrixctl") command.with("--install-namespace", ns);
  for (Command& more : command.next) add_install_namespace(more, ns);
}

// With "files": what is printed is for a cluster that nobody has named.
Command prepared(Command command, const std::vector<Word>& flags, const Global& global) {
  checks::add_cluster_flags(command, flags);
  if (!global.install_namespace.empty()) add_install_namespace(command, global.install_namespace);
  as_called(command);
  return command;
}

void prepare(std::vector<fix::Advice>& list, const Global& global) {
  for (fix::Advice& advice : list) advice.command = for_cluster(std::move(advice.command), global);
}

}  // namespace

std::vector<Word> cluster_flags(const Global& global) {
  std::vector<Word> out;
  const auto add = [&](const char* flag, const std::string& value) {
    if (value.empty()) return;
    out.emplace_back(flag);
    out.emplace_back(value);
  };
  add("--kubeconfig", absolute(global.kubeconfig));
  add("--context", global.context);
  add("--cluster", global.cluster);
  add("--user", global.user);
  add("--server", global.server);
  add("--tls-server-name", global.tls_server_name);
  add("--certificate-authority", absolute(global.certificate_authority));
  if (global.insecure_skip_tls_verify) out.emplace_back("--insecure-skip-tls-verify");
  add("--client-certificate", absolute(global.client_certificate));
  add("--client-key", absolute(global.client_key));
  add("--as", global.as_user);
  add("--as-uid", global.as_uid);
  for (const std::string& group : global.as_groups) add("--as-group", group);
  if (!global.token.empty()) {
    out.emplace_back("--token");
    out.push_back(checks::expression("${TOKEN:?}"));
  }
  return out;
}

Command for_cluster(Command command, const Global& global) {
  return prepared(std::move(command), cluster_flags(global), global);
}

void for_cluster(report::Report& report, const Global& global) {
  const bool live = report.run.source == "cluster";
  const std::vector<Word> flags = live ? cluster_flags(global) : std::vector<Word>();
  if (live) report.cluster.asked = asked_of(global, report.cluster.context);
  for (checks::Finding& finding : report.outcomes.findings) {
    for (checks::Remedy& r : finding.remedies) {
      r.command = prepared(std::move(r.command), flags, global);
      r.undo = prepared(std::move(r.undo), flags, global);
    }
  }
}

void for_cluster(fix::Plan& plan, const Global& global) {
  prepare(plan.alternatives, global);
  prepare(plan.blockers, global);
  prepare(plan.manual_steps, global);
  plan.asked = asked_of(global, plan.context);
}

std::string asked_of(const Global& global, const std::string& context) {
  std::vector<std::string> out;
  const auto add = [&](std::string_view key, std::string_view value) {
    out.push_back(std::string(key) + ' ' + base::printable(value));
  };
  const bool elsewhere = !global.server.empty() || !global.cluster.empty();
  if (!global.server.empty()) {
    add("at", global.server);
  } else if (!global.cluster.empty()) {
    add("cluster", global.cluster);
  } else if (!context.empty()) {
    add("context", context);
  }
  if (!global.token.empty()) {
    out.emplace_back("by --token (not repeated in commands: they ask for $TOKEN)");
  } else if (!global.user.empty()) {
    add("user", global.user);
  } else if (elsewhere && !context.empty()) {
    add("user of context", context);
  }
  if (!global.as_user.empty()) add("as", global.as_user);
  return base::join(out, "   ");
}

}  // namespace cli
