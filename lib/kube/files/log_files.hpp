// Logs that lie beside a dump.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "kube/pod_log.hpp"
#include "kube/read/pod_logs.hpp"

namespace kube {

// The logs of these containers among the files that lie beside what was given with -f: in a folder
// that was given and in its subfolders; beside a file, and in the folder above. Known are
//   NAMESPACE_POD_CONTAINER.log, with _previous, -previous or .previous before .log
//   NAMESPACE/POD/logs.txt                       kubectl cluster-info dump
//   pods/logs/NAMESPACE/POD/CONTAINER.log        support bundles of troubleshoot.sh, also
//   …/CONTAINER-previous.log                     pod-logs/NAMESPACE/POD/CONTAINER.log
//   namespaces/NAMESPACE/pods/POD/CONTAINER/CONTAINER/logs/{current,previous}.log   must-gather
// Where both are there, the run before is taken where it is wanted. One that is there and cannot be
// read is told in `failures`.
LogsRead logs_beside(std::span<const std::string> paths, std::span<const LogTarget> targets);

}  // namespace kube
