#pragma once
#include <string>

#include "commands.hpp"

namespace fix {
struct Plan;
}
namespace report {
struct Report;
}

// Commands that are printed to be pasted must mean the cluster that was looked at, not whatever the
// current context is.
namespace cli {

// "--kubeconfig F --context C", as far as they were given; empty: the current context.
std::string cluster_flags(const Global& global);
// The command with these flags, for each kubectl and aibrixctl in it.
std::string for_cluster(std::string command, const Global& global);
void for_cluster(report::Report& report, const Global& global);
void for_cluster(fix::Plan& plan, const Global& global);

}  // namespace cli
