// What is read after the checks have run once: logs of containers under errors, answers of pods.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "checks/core/runner.hpp"
#include "kube/snapshot.hpp"

namespace cli {

class InputSource;

struct SecondLook {
  std::size_t requests = 0;
  std::vector<std::string> notes;          // what could not be read, for people
  std::optional<kube::Snapshot> snapshot;  // with what was read; nullopt: nothing was
  bool unread = false;                     // what was asked for and is there could not be read
};

// Reads the ends of logs that may say why the findings are as they are. Nothing is asked where
// there is nothing to tell.
SecondLook read_logs(InputSource& source, const checks::Context& context,
                     const std::vector<checks::Finding>& findings);

// Asks the pods of models and of the install (--probe). Only for a cluster.
SecondLook ask_pods(InputSource& source, const checks::Context& context);

// The log lines that tell why something is wrong, instead of all that was read.
kube::Snapshot with_telling_lines_only(const kube::Snapshot& snapshot);

}  // namespace cli
