// What single releases changed in a way that an upgrade over them runs into.
#pragma once
#include "fix/preflight.hpp"

namespace fix {

// Adds the warnings that hold for these objects and this way.
void look_at_traps(const checks::Context& context, const aibrix::ReleaseData& to, Preflight& out);

// Objects of AIBrix's kinds that the schemas of the new release refuse, or of which they drop
// fields.
void look_at_schemas(const checks::Context& context, const aibrix::ReleaseData& to, Preflight& out);

}  // namespace fix
