// Numbers and booleans where manifests must hold strings.
#pragma once
#include "checks/core/check.hpp"

namespace checks {

// Labels, annotations and selectors in files whose value is a number or boolean: YAML reads `8000`
// and `true` as such, and the API server takes strings only. Looks at objects that mention AIBrix.
// Reads: workloads, Pods, Services and ModelAdapters, when there.
void report_non_string_labels(const Context& context, Reporter& reporter);

}  // namespace checks
