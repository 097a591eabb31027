#pragma once
#include <string>

#include "commands.hpp"

namespace fix {
struct Plan;
}
namespace checks {
struct Command;
}

namespace report {
struct Report;
}

// Commands that are printed to be pasted must mean the cluster that was looked at, not whatever the
// current context is.
namespace cli {

// The words "--kubeconfig F --context C", as far as they were given; none: the current context.
std::vector<std::string> cluster_flags(const Global& global);
// The command with these flags, for each kubectl and aibrixctl in it.
checks::Command for_cluster(checks::Command command, const Global& global);
void for_cluster(report::Report& report, const Global& global);
void for_cluster(fix::Plan& plan, const Global& global);

}  // namespace cli
