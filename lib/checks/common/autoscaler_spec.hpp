// What a PodAutoscaler's own spec gets wrong, told without its controller.
#pragma once
#include <optional>
#include <string>

#include "checks/common/scale_target.hpp"

namespace checks::scaling {

struct SpecFault {
  std::string what;  // " has minReplicas 4, larger than maxReplicas 1"
  std::string field;
  std::string key, value, want;  // as evidence
  std::string remedy;
};
// Nothing when the spec can work, as far as it tells.
std::optional<SpecFault> spec_fault(const kube::Object& autoscaler, const Target& target);

}  // namespace checks::scaling
