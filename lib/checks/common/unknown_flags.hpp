// Components of AIBrix that end over a flag of their command line.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "aibrix/cluster.hpp"
#include "aibrix/program_flags.hpp"
#include "checks/core/check.hpp"

namespace checks {

struct FlagTrouble {
  std::vector<aibrix::UnknownFlag> flags;  // one or more
  std::string container;
  std::string image;
  std::string path;  // of the container in the Deployment
};
// nullopt: none, or the component runs all the same, which proves more than any table. Reads:
// Deployments; Pods when there.
std::optional<FlagTrouble> unknown_flags(const Context& context, aibrix::ComponentRole role);

}  // namespace checks
