// Which references lack a grant, and whether the routes say that they have it.
#include "fix/referencegrants_verify.hpp"

#include <algorithm>

#include "fix/common.hpp"

namespace fix {
namespace {

using checks::JudgedRef;
using checks::JudgedRoute;

Watched look_at(const std::vector<JudgedRoute>& routes, const Watch& watch) {
  Watched out;
  out.object = watch.object;
  const auto it = std::find_if(routes.begin(), routes.end(), [&](const JudgedRoute& r) {
    return r.route.object().ref() == watch.object;
  });
  if (it == routes.end()) {
    out.state = Watched::State::done;
    out.text = "no longer references it";
    return out;
  }
  const kube::Condition& resolved = it->resolved;
  if (it->denied()) {
    out.text = "still not permitted";
  } else if (!resolved.exists()) {
    out.text = "no status yet: is Envoy Gateway running?";
  } else if (resolved.is_false() && resolved.reason() == "RefNotPermitted") {
    out.text = resolved.summary();
  } else {
    out.state = Watched::State::done;
    out.text = resolved.summary();
    // The reference is permitted; what else is wrong with it is another finding's.
    if (resolved.is_false()) out.text += ": permitted; doctor shows the remaining problem";
  }
  return out;
}

}  // namespace

MissingGrants find_missing_grants(const checks::Context& context,
                                  const std::vector<JudgedRoute>& routes, const Options& options,
                                  Plan& plan) {
  MissingGrants out;
  for (const JudgedRoute& judged : routes) {
    const kube::ObjectRef route = judged.route.object().ref();
    for (const JudgedRef& ref : judged.refs) {
      const kube::ObjectRef& target = ref.backend.target;
      if (!in_namespaces(options, target.ns)) continue;
      if (!selected(options, target) && !selected(options, route)) continue;
      if (ref.access == checks::ReferenceAccess::unknown) {
        add_once(plan.unread, name_of(route) + ": " + ref.verdict.why);
        continue;
      }
      if (!ref.denied() && ref.access != checks::ReferenceAccess::outlived) continue;
      const kube::Lookup ns = context.snapshot.find(kube::resources::namespaces, "", target.ns);
      if (ns.missing() || (ns && ns->deleting())) {
        plan.skipped.push_back(name_of(route) + ": namespace " + target.ns +
                               (ns ? " is being deleted" : " does not exist"));
      } else if (!ref.backend.is_service()) {
        plan.skipped.push_back(name_of(route) + ": " + name_of(target) +
                               " is not a Service; create this ReferenceGrant manually");
      } else {
        MissingGrant& lack = out[{target.ns, route.ns}];
        lack.services.insert(target.name);
        lack.routes.insert(route);
      }
    }
  }
  return out;
}

std::vector<Watched> verify_grants(const Plan& plan, const checks::Context& context) {
  const std::vector<JudgedRoute>& routes = checks::judge_references(context);
  std::vector<Watched> out;
  for (const Watch& watch : plan.watch) out.push_back(look_at(routes, watch));
  return out;
}

}  // namespace fix
