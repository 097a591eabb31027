// What people wrote into files, held against the schemas of its kinds.
#pragma once
#include <string>
#include <vector>

#include "checks/core/check.hpp"
#include "kube/schema/validate.hpp"

namespace checks {

struct JudgedManifest {
  const kube::Written* written = nullptr;
  Subject subject;
  std::string name;  // "podautoscaler default/chat"
  std::string set;   // the schema it was held against: "AIBrix v0.8.0"
  bool core = false;
  // AIBrix's release is not known, and this earlier one takes the object.
  std::string taken_by;
  std::vector<kube::Violation> violations;
};

// Those with a mistake. Worked out once for all checks.
const std::vector<JudgedManifest>& judged_manifests(const Context& context);

// Reports the mistakes of one kind.
void report_mistakes(const Context& context, Reporter& reporter, kube::Mistake mistake);

}  // namespace checks
