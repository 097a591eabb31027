// Whether what `fix finalizers` freed is gone, and what else holds it.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "fix/fix.hpp"

namespace fix {

// What else holds a namespace that is being deleted, beside the finalizers of `watched`: foreign
// finalizers, API groups that do not answer, pods that do not end, webhooks. One sentence each.
std::vector<std::string> namespace_blockers(const checks::Context& context, std::string_view ns,
                                            const std::vector<Watch>& watched);
// Objects gone, or only foreign finalizers left on them; then the namespaces gone.
std::vector<Watched> verify_finalizers(const Plan& plan, const checks::Context& context);

}  // namespace fix
