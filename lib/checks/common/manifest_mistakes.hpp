// What people wrote into files, held against the schemas of its kinds.
#pragma once
#include <cstddef>
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

struct JudgedManifests {
  std::vector<JudgedManifest> mistaken;
  std::size_t looked_at = 0;  // those without a mistake included
};

// Worked out once for all checks. An object with a uid has passed its API server: of it is asked
// whether the CRD that stands beside it in the files, or that the cluster has now, takes it still.
const JudgedManifests& judged_manifests(const Context& context);

// Reports the mistakes of one kind.
void report_mistakes(const Context& context, Reporter& reporter, kube::Mistake mistake);

}  // namespace checks
