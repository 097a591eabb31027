// Amounts of CPU, memory and devices, as numbers.
#pragma once
#include <optional>
#include <string_view>

namespace kube {

// The number a Kubernetes quantity stands for: "500m" is 0.5, "256Gi" 274877906944, "5k" 5000.
// Nothing when malformed (apimachinery pkg/api/resource).
std::optional<double> parse_quantity(std::string_view text);

}  // namespace kube
