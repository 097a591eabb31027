// Copies of what a fix is about to change or delete.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "fix/plan.hpp"
#include "kube/http/transport.hpp"

namespace fix {

// The objects a plan touches, as they were, made ready to be created again.
struct Backup {
  std::string list;  // JSON, kind List
  std::vector<std::string>
      redacted;  // ids of objects that hold a secret: they cannot be restored whole
  std::vector<std::string> incomplete;  // the same with the fields: "ModelAdapter a/x: spec.token"
  std::map<std::string, std::string> failed;  // id -> why it was not read
};
// Reads each object of the plan once more, whole. `plan` tells which finalizers not to keep.
Backup read_backup(kube::Transport& transport, const Plan& plan);

}  // namespace fix
