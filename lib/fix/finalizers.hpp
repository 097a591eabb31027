#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checks/common/stuck.hpp"
#include "fix/fix.hpp"

namespace fix {

// --include names this word.
bool includes(const Options& options, std::string_view word);
// Ours to take off: AIBrix's own; of other owners' only what was asked for.
bool strippable(const checks::BlockingFinalizer& hold, const Options& options);
// What is said of a finalizer that is left alone.
std::string kept_text(const checks::BlockingFinalizer& hold);
// Why the object of these holds is not to be touched (yet); empty: it may be.
std::string reason_to_pass(const checks::Context& context, checks::FinalizerIndex& deletions,
                           const Options& options,
                           const std::vector<checks::BlockingFinalizer>& ours);
// The step that takes these finalizers, all of one object, off it.
Step strip_step(const checks::Context& context, const std::vector<checks::BlockingFinalizer>& ours);

// The kinds AIBrix puts finalizers on.
std::span<const kube::Resource* const> finalized_kinds();
// Namespaces that wait for what the plan watches, and definitions: followed until they are gone
// too.
void follow_namespaces(const checks::Context& context, const Options& options, Plan& plan);
void follow_definitions(const checks::Context& context, Plan& plan);
// What else holds a namespace that is being deleted, beside the finalizers of `watched`: foreign
// finalizers, API groups that do not answer, pods that do not end, webhooks. One sentence each.
std::vector<std::string> namespace_blockers(const checks::Context& context, std::string_view ns,
                                            const std::vector<Watch>& watched);
// Objects gone, or only foreign finalizers left on them; then the namespaces gone.
std::vector<Watched> verify_finalizers(const Plan& plan, const checks::Context& context);

}  // namespace fix
