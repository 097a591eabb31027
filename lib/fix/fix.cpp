// The registry of fixes, and what planning one needs and may do.
#include "fix/fix.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "checks/core/runner.hpp"
#include "checks/core/select.hpp"
#include "kube/redact/redact_object.hpp"

namespace fix {

#define FIX(name) extern const Fix name;
#include "fix/fixes.def"
#undef FIX

std::span<const Fix* const> all() {
#define FIX(name) &name,
  static constexpr const Fix* table[] = {
#include "fix/fixes.def"
  };
#undef FIX
  return table;
}

const Fix* find(std::string_view name) {
  const auto fixes = all();
  const auto it =
      std::find_if(fixes.begin(), fixes.end(), [&](const Fix* f) { return f->name == name; });
  return it == fixes.end() ? nullptr : *it;
}

std::vector<kube::Need> needs_of(const Fix& fix) {
  std::vector<kube::Need> needs = checks::needs_of(checks::select(fix.codes));
  needs.insert(needs.end(), fix.more_needs.begin(), fix.more_needs.end());
  return needs;
}

std::vector<kube::Right> rights_of(const Fix& fix, const kube::Namespaces& namespaces) {
  const std::vector<kube::Need> needs = needs_of(fix);
  std::vector<kube::Right> out = kube::rights_to_read(needs, namespaces);
  for (const WriteRight& right : fix.rights) {
    kube::Right needed{right.resource, {std::string(right.verb)}};
    if (right.verb != "create") needed.verbs.insert(needed.verbs.begin(), "get");  // for the backup
    const auto where = kube::namespaces_for({right.resource, right.scope}, namespaces);
    if (where.empty()) out.push_back(needed);
    for (const std::string& ns : where) {
      needed.ns = ns;
      out.push_back(needed);
    }
  }
  return out;
}

namespace {

// Copies are kept without secrets: what is gone for good cannot be made again from them alone.
void warn_of_secrets(Plan& plan, const kube::Snapshot& snapshot) {
  for (Step& step : plan.steps) {
    const bool needs_copy =
        step.verb == Step::Verb::remove || step.reversibility == Reversibility::permanent;
    if (!needs_copy || step.verb == Step::Verb::create) continue;
    const kube::Lookup found = snapshot.find(*step.resource, step.object.ns, step.object.name);
    if (!found) continue;
    const std::vector<std::string> fields = kube::secret_fields(*found);
    if (fields.empty()) continue;
    step.cost.push_back("the backup cannot restore everything, because it does not contain " +
                        base::join(fields, ", "));
  }
}

}  // namespace

Plan make_plan(const Fix& fix, const checks::Context& context, const Options& options) {
  Plan plan = fix.plan(context, options);
  plan.fix = fix.name;
  plan.options = options;
  plan.server = context.snapshot.info().server;
  plan.context = context.snapshot.info().context;
  const kube::Lookup system = context.snapshot.find(kube::resources::namespaces, "", "kube-system");
  if (system) plan.cluster_uid = system->uid();
  const bool undoable = std::ranges::any_of(
      plan.steps, [](const Step& s) { return s.reversibility == Reversibility::undoable; });
  if (!system && undoable && context.snapshot.live()) {
    plan.facts.push_back(
        "namespace kube-system cannot be read, so this cluster cannot be told from others, and "
        "undo will not revert this run");
  }
  warn_of_secrets(plan, context.snapshot);
  std::stable_sort(plan.steps.begin(), plan.steps.end(),
                   [](const Step& a, const Step& b) { return a.wave < b.wave; });
  return plan;
}

}  // namespace fix
