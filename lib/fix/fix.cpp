#include "fix/fix.hpp"

#include <algorithm>
#include <array>

#include "checks/runner.hpp"
#include "checks/select.hpp"

namespace fix {

std::span<const Fix* const> all() {
  static constexpr auto table =
      std::to_array<const Fix*>({&finalizers, &referencegrants, &service_type, &webhooks});
  return table;
}

const Fix* find(std::string_view name) {
  const auto fixes = all();
  const auto it =
      std::find_if(fixes.begin(), fixes.end(), [&](const Fix* f) { return f->name == name; });
  return it == fixes.end() ? nullptr : *it;
}

std::vector<kube::Need> needs_of(const Fix& fix) {
  const std::vector<std::string> codes(fix.codes.begin(), fix.codes.end());
  std::vector<kube::Need> needs = checks::needs_of(checks::select(codes, {}));
  needs.insert(needs.end(), fix.more_needs.begin(), fix.more_needs.end());
  return needs;
}

std::vector<kube::Right> rights_of(const Fix& fix, const kube::Namespaces& namespaces) {
  const std::vector<kube::Need> needs = needs_of(fix);
  std::vector<kube::Right> out = kube::rights_to_read(needs, namespaces);
  for (const Right& right : fix.rights) {
    // -n limits what is acted on; the install's own objects are where they are.
    std::vector<std::string> places = {""};
    const bool workload = right.resource->namespaced && right.resource->group.ends_with("aibrix.ai");
    if (workload && !namespaces.workload.empty()) places = namespaces.workload;
    for (const std::string& ns : places) {
      kube::Right needed;
      needed.resource = right.resource;
      needed.verbs = {"get", std::string(right.verb)};
      needed.ns = ns;
      out.push_back(std::move(needed));
    }
  }
  return out;
}

Plan make_plan(const Fix& fix, const checks::Context& context, const Options& options) {
  Plan plan = fix.plan(context, options);
  plan.fix = fix.name;
  plan.options = options;
  plan.server = context.snapshot.info().server;
  plan.context = context.snapshot.info().context;
  const kube::Lookup system =
      context.snapshot.find(kube::resources::namespaces, "", "kube-system");
  if (system) plan.cluster_uid = system->uid();
  std::stable_sort(plan.steps.begin(), plan.steps.end(),
                   [](const Step& a, const Step& b) { return a.wave < b.wave; });
  return plan;
}

}  // namespace fix
