// Whether fix service-type had its effect.
#pragma once
#include <string>
#include <vector>

#include "fix/fix.hpp"

namespace fix {

// The Service has followed, and the Gateway is programmed.
std::vector<Watched> verify_service_type(const Plan& plan, const checks::Context& context);

std::string live_type(const kube::Object& service);
// Of its load balancer, or "none".
std::string addresses(const kube::Object& service);

}  // namespace fix
