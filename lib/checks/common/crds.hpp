// Whether the CRDs an install needs are there.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "checks/core/check.hpp"

namespace checks {

// Whether a CRD is installed; nothing when neither the CRDs nor discovery were read. One on its way
// out still counts.
std::optional<bool> has_crd(const Context& context, std::string_view name);
kube::ObjectRef crd_ref(std::string_view name);

// Those the installed release cannot do without and that are not there. Empty also when the release
// is not known. Reads: CRDs when there, Deployments.
std::vector<std::string> missing_crds(const Context& context);

}  // namespace checks
