// The change of the EnvoyProxy that fix service-type plans.
#pragma once
#include "fix/fix.hpp"

namespace fix {

// The steps that have the EnvoyProxy ask for what the options say: the one that is referenced, or a
// new one that the GatewayClass then references.
void edit_proxy(const checks::Context& context, const Options& options, Plan& plan);

}  // namespace fix
