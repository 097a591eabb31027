// The ends of logs, read through the API server.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "kube/http/transport.hpp"
#include "kube/pod_log.hpp"

namespace kube {

struct LogTarget {
  ContainerRef container;
  // The run before the one that is there now is wanted first; where there is none, this one.
  bool previous = false;
};

struct LogsRead {
  std::vector<PodLog> logs;            // of those that could be read and are not empty
  std::vector<std::string> forbidden;  // the namespaces in which pods/log may not be read
  std::vector<std::string> failures;   // why others could not: "team-a/chat-0 (engine): HTTP 500"
  std::size_t requests = 0;
};

// All of them in one batch.
LogsRead read_pod_logs(Transport& transport, std::span<const LogTarget> targets);

}  // namespace kube
