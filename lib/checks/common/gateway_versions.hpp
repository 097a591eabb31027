// Envoy Gateway against the Gateway API CRDs, for the checks and for what looks before an upgrade.
#pragma once
#include <string>
#include <vector>

#include "aibrix/gateway_versions.hpp"
#include "checks/core/check.hpp"

namespace checks {

// Why an Envoy Gateway of this version cannot start with the cluster's Gateway API CRDs.
struct TooOldGatewayApi {
  bool known = false;                // CRDs were read
  base::Version floor;               // "v1.5.0"
  std::vector<std::string> missing;  // kinds that are not served: "TLSRoute v1"
  aibrix::GatewayApi found;
  kube::ObjectRef subject;  // the CRD to name

  // What is there: "v1.2.1 (experimental)", "v1.5.1 without ListenerSet v1", "not installed".
  std::string describe() const;
};
// nullopt: it starts, or there is nothing that could be compared. Reads: CRDs.
std::optional<TooOldGatewayApi> too_old_gateway_api(const Context& context,
                                                    const base::Version& envoy_gateway);

}  // namespace checks
