// What the status of a pod's containers tells: which one is to blame, and how it ended.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "checks/core/command.hpp"
#include "kube/object.hpp"

namespace checks {

// The end of a container's last run.
struct Ending {
  std::int64_t code = 0;
  std::int64_t signal = 0;  // that the kernel ended it with; 0: it ended by itself
  std::string reason;       // "OOMKilled", "Error", "StartError", "Completed"
  std::string message;
  std::optional<base::Time> started;
  std::optional<base::Time> finished;
  std::optional<std::chrono::seconds> lived() const;
  // "exit code 137 (SIGKILL)"
  std::string text() const;
};

// A container by its place in spec and status.
struct Container {
  kube::Value spec;
  kube::Value status;
  bool init = false;  // an init container that has to end
  std::string_view name;

  std::int64_t restarts() const { return status["restartCount"].integer_or(0); }
  bool running() const { return status["state"]["running"].exists(); }
  bool ready() const { return status["ready"].is_true(); }
  std::string_view waiting() const { return status["state"]["waiting"]["reason"].text(); }
  std::optional<Ending> ending() const;  // of the last run; nothing when none ended yet
};

// The container that keeps the pod from being ready: the first that cannot start or ends, else the
// first that is not ready; nothing when the status names none.
std::optional<Container> container_to_blame(const kube::Object& pod);

// kubectl logs of this container, of its run before when that is what tells: `-c` where the pod has
// more than one.
Command log_of_container(const kube::Object& pod, const Container& container);

}  // namespace checks
