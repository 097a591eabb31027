// Commands that are printed to be pasted must mean the cluster and the identity of this run, not
// whatever the current context is.
#pragma once
#include <string>
#include <vector>

#include "checks/core/command.hpp"
#include "commands.hpp"

namespace fix {
struct Plan;
}
namespace report {
struct Report;
}

namespace cli {

// The flags of this run that chose the cluster and the identity, as words that kubectl and
// aibrixctl take alike; none: the current context. Paths are absolute. A token is never repeated:
// the shell is made to ask for it ("--token" "${TOKEN:?}").
std::vector<checks::Word> cluster_flags(const Global& global);
// The command with these flags, for each kubectl and aibrixctl in it; --install-namespace for
// aibrixctl alone.
checks::Command for_cluster(checks::Command command, const Global& global);
void for_cluster(report::Report& report, const Global& global);
void for_cluster(fix::Plan& plan, const Global& global);

// Where this run looked and as whom, for people: "context prod", "at https://10.0.0.1:6443   user
// lab   as alice". `context`: the one that the kubeconfig or --context chose.
std::string asked_of(const Global& global, const std::string& context);

}  // namespace cli
