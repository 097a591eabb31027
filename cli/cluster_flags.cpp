#include "cluster_flags.hpp"

#include <string_view>

#include "checks/core/commands.hpp"
#include "fix/plan.hpp"
#include "report/report.hpp"

namespace cli {
namespace {

// The next kubectl that stands where a shell looks for a command.
std::size_t find_kubectl(std::string_view text, std::size_t from) {
  constexpr std::string_view word = "kubectl ";
  for (std::size_t at = text.find(word, from); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const std::string_view before = text.substr(0, at);
    if (at == 0 || before.ends_with("&& ") || before.ends_with("| ")) return at + word.size();
  }
  return std::string_view::npos;
}

}  // namespace

std::string cluster_flags(const Global& global) {
  std::string out;
  const auto add = [&](std::string_view flag, const std::string& value) {
    if (value.empty()) return;
    out.append(out.empty() ? "" : " ").append(flag).append(" ").append(checks::shell_word(value));
  };
  add("--kubeconfig", global.kubeconfig);
  add("--context", global.context);
  return out;
}

std::string for_cluster(std::string command, const Global& global) {
  const std::string flags = cluster_flags(global);
  if (flags.empty()) return command;
  if (command.starts_with("aibrixctl ")) return command + ' ' + flags;
  for (std::size_t at = find_kubectl(command, 0); at != std::string::npos;
       at = find_kubectl(command, at)) {
    command.insert(at, flags + ' ');
  }
  return command;
}

void for_cluster(report::Report& report, const Global& global) {
  for (checks::Finding& finding : report.outcomes.findings) {
    for (checks::Remedy& r : finding.remedies) {
      r.command = for_cluster(std::move(r.command), global);
      r.undo = for_cluster(std::move(r.undo), global);
    }
  }
}

void for_cluster(fix::Plan& plan, const Global& global) {
  for (auto* list : {&plan.alternatives, &plan.blockers, &plan.manual_steps}) {
    for (fix::Advice& advice : *list)
      advice.command = for_cluster(std::move(advice.command), global);
  }
}

}  // namespace cli
