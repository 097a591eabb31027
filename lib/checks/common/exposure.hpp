// Whether the gateway asks who calls.
#pragma once
#include "checks/core/check.hpp"

namespace checks {

// AIBRIX_AUTH_BEARER_TOKEN (main, pkg/plugins/gateway) is set, by whatever means. Its value is
// never looked at beyond being empty.
enum class Token { set, unset, unknown };
Token bearer_token(const Context& context);
// A SecurityPolicy of Envoy Gateway asks who calls; one for CORS alone does not.
bool guarded(const Context& context);

}  // namespace checks
