#include "cluster_flags.hpp"

#include "fix/plan.hpp"
#include "report/report.hpp"

namespace cli {
std::vector<std::string> cluster_flags(const Global& global) {
  std::vector<std::string> out;
  const auto add = [&](const char* flag, const std::string& value) {
    if (!value.empty()) out.insert(out.end(), {flag, value});
  };
  add("--kubeconfig", global.kubeconfig);
  add("--context", global.context);
  return out;
}

checks::Command for_cluster(checks::Command command, const Global& global) {
  checks::add_cluster_flags(command, cluster_flags(global));
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
