// REF004, REF005: grants that do not fit, and grants that nobody needs.
#include <algorithm>
#include <map>
#include <set>

#include "aibrix/gateway.hpp"
#include "aibrix/grant_manifest.hpp"
#include "aibrix/names.hpp"
#include "base/text.hpp"
#include "checks/common/references.hpp"
#include "checks/core/command.hpp"

namespace checks {
namespace {

using aibrix::GrantFit;
using kube::Object;

constexpr auto misfit_needs = references_and(need::http_routes, reference_grants);

struct Misfit {
  GrantFit fit;
  std::vector<const JudgedRoute*> routes;
  bool sure = false;  // nothing else in the files gives what it was to give
};

// The route and a grant that nearly fits stand side by side in manifests: whatever else there is in
// the cluster, that grant was meant for it and does not permit it.
bool written_beside(const JudgedRoute& judged, const JudgedRef& ref) {
  const bool open =
      ref.access == ReferenceAccess::unknown || ref.access == ReferenceAccess::promised;
  return open && !from_api_server(judged.route.object()) && ref.verdict.allowed_by == nullptr;
}

// A route in the namespace that the grant names uses it: it is no slip.
bool serves_other(const Context& context, const aibrix::Mismatch& miss) {
  if (miss.field != "from.namespace") return false;
  const auto routes = context.snapshot.list(aibrix::resources::http_routes, miss.value);
  return !routes.empty();
}

// "chta" for "chat", where no Service is called so.
bool is_slip(const Context& context, const std::string& ns, const aibrix::Mismatch& miss) {
  return miss.want.size() > 3 && base::distance(miss.value, miss.want) <= 2 &&
         !context.snapshot.find(kube::resources::services, ns, miss.value);
}

// A labelled workload stands in the namespace: the controller writes a grant of its own there.
bool granted_by_controller(const Context& context, std::string_view ns) {
  const auto& models = context.cluster.models();
  return std::any_of(models.begin(), models.end(), [&](const aibrix::Model& model) {
    return std::any_of(model.workloads.begin(), model.workloads.end(), [&](const auto& w) {
      return w.routed && w.object->ns() == ns && !w.metadata_model.empty();
    });
  });
}

// As if the grants of the files were all there are: what they lack is then told field by field.
aibrix::GrantVerdict by_the_files(const Context& context, const JudgedRoute& judged,
                                  const JudgedRef& ref) {
  const kube::Resource& kind = aibrix::resources::reference_grants;
  const aibrix::Reference reference = judged.route.reference(ref.backend);
  aibrix::GrantList grants;
  grants.of_target = context.snapshot.list(kind, reference.to.ns);
  grants.of_source = context.snapshot.list(kind, reference.from_ns);
  grants.complete = true;
  return aibrix::judge(grants, reference);
}

void add_misfits(const Context& context, const JudgedRoute& judged, const JudgedRef& ref,
                 std::map<const Object*, Misfit>& out) {
  const bool written = written_beside(judged, ref);
  if (!ref.denied() && !written) return;
  const aibrix::GrantVerdict verdict = written ? by_the_files(context, judged, ref) : ref.verdict;
  for (const GrantFit& fit : verdict.fits) {
    if (!fit.near_miss()) continue;
    const aibrix::Mismatch& miss = fit.mismatches.front();
    // Among manifests, a grant for another Service or another route is theirs.
    const bool other_service =
        miss.field == "to.name" && !is_slip(context, ref.backend.target.ns, miss);
    const bool own = other_service || serves_other(context, miss);
    if (written && (own || from_api_server(*fit.grant))) continue;
    Misfit& misfit = out[fit.grant];
    if (misfit.fit.grant == nullptr) misfit.fit = fit;
    misfit.routes.push_back(&judged);
    misfit.sure =
        misfit.sure || (written && !granted_by_controller(context, ref.backend.target.ns));
  }
}

// Grants that are one field away from what a refused route needs.
std::map<const Object*, Misfit> near_misses(const Context& context,
                                            const std::vector<JudgedRoute>& routes) {
  std::map<const Object*, Misfit> out;
  for (const JudgedRoute& judged : routes) {
    for (const JudgedRef& ref : judged.refs) add_misfits(context, judged, ref, out);
  }
  return out;
}

void report_misfit(const Context& context, const Misfit& misfit, Reporter& reporter) {
  const Object& grant = *misfit.fit.grant;
  const aibrix::Mismatch& miss = misfit.fit.mismatches.front();
  // A grant for another Service is no fault of its own; it is a near miss of this route all the
  // same.
  const std::string title = "ReferenceGrant " + grant.full_name() + ": " + miss.text();
  Finding& f = misfit.sure ? reporter.error(grant, title) : reporter.warning(grant, title);
  f.at_field(miss.path).with_evidence(miss.field, miss.value, miss.want);
  if (!miss.hint.empty()) f.note(miss.hint);
  for (const JudgedRoute* judged : misfit.routes) {
    f.caused_by(REF001, judged->route.object().ref());
    if (misfit.sure || judged->denied()) {
      f.with_consequence(unusable_route(context, judged->route.model()).consequence);
    }
    if (!judged->route.model().empty()) f.model(judged->route.model());
  }
  if (aibrix::is_controller_grant(grant)) {
    f.remedy(Confidence::review,
             "delete it; the controller checks only the name and never repairs it",
             kubectl(grant.ns(), "delete")
                 .on("referencegrants.gateway.networking.k8s.io", grant.name()));
    restart_controller(context, f, "it then re-creates the grant");
  } else {
    f.remedy(Confidence::manual, "have its owner correct " + miss.path);
  }
}

void run_misfits(const Context& context, Reporter& reporter) {
  const std::vector<JudgedRoute>& routes = judge_references(context);
  std::vector<Misfit> found;
  for (auto& [grant, misfit] : near_misses(context, routes)) found.push_back(std::move(misfit));
  std::sort(found.begin(), found.end(), [](const Misfit& a, const Misfit& b) {
    return a.fit.grant->ref() < b.fit.grant->ref();
  });
  for (const Misfit& misfit : found) report_misfit(context, misfit, reporter);
  const kube::Resource& kind = aibrix::resources::reference_grants;
  if (found.empty() && !context.snapshot.complete(kind)) {
    reporter.undetermined("not all ReferenceGrants were read");
  }
  reporter.measured(base::plural(context.snapshot.list(kind).size(), "grant"));
}

std::set<std::string_view> namespaces_in_use(const std::vector<JudgedRoute>& routes) {
  std::set<std::string_view> out;
  for (const JudgedRoute& judged : routes) {
    for (const JudgedRef& ref : judged.refs) out.insert(ref.backend.target.ns);
  }
  return out;
}

// Models whose route is missing: MDL013 speaks of them, and their grant will be used again.
bool awaits_route(const Context& context, std::string_view ns) {
  const auto& models = context.cluster.models();
  return std::any_of(models.begin(), models.end(), [&](const aibrix::Model& model) {
    const auto sources = route_sources(context, model);
    return std::any_of(sources.begin(), sources.end(),
                       [&](const Object* source) { return source->ns() == ns; });
  });
}

void run_unused(const Context& context, Reporter& reporter) {
  const auto used = namespaces_in_use(judge_references(context));
  const bool all_routes = context.snapshot.complete(aibrix::resources::http_routes);
  for (const Object& grant : context.snapshot.list(aibrix::resources::reference_grants)) {
    const bool ours = aibrix::is_controller_grant(grant) || aibrix::is_own_grant(grant);
    if (!ours || grant.deleting() || used.contains(grant.ns()) ||
        awaits_route(context, grant.ns())) {
      continue;
    }
    const kube::Lookup ns = context.snapshot.find(kube::resources::namespaces, "", grant.ns());
    if (ns && ns->deleting()) continue;
    if (!all_routes) {
      reporter.undetermined("not all HTTPRoutes were read");
      continue;
    }
    Finding& f = reporter.info(grant, "no HTTPRoute uses ReferenceGrant " + grant.full_name());
    f.with_evidence("HTTPRoutes to namespace " + std::string(grant.ns()),
                    "none on Gateway aibrix-eg");
    f.note(
        "it does no harm: it permits HTTPRoutes of aibrix-system to reference Services of this "
        "namespace");
    f.remedy(Confidence::review, "delete it unless a model will be deployed here again",
             kubectl(grant.ns(), "delete")
                 .on("referencegrants.gateway.networking.k8s.io", grant.name()));
  }
}

}  // namespace

constinit const Check registry::REF004{
    codes::REF004,
    Area::grants,
    "a ReferenceGrant differs in one field from what a model's HTTPRoute needs",
    misfit_needs,
    run_misfits,
    {"A ReferenceGrant was meant to permit a model's HTTPRoute but differs in one field: group, "
     "kind or namespace of from; group, kind or name of to; or the namespace that it is in.",
     "from and to are swapped, the grant is in the wrong namespace, the group of Services is "
     "written as `core` or `v1` (it is the empty string), or kinds are in lower case.",
     "Correct the field, or create another grant.", "every release"}};

constinit const Check registry::REF005{
    codes::REF005,
    Area::grants,
    "a ReferenceGrant created by AIBrix or aibrixctl is unused",
    misfit_needs,
    run_unused,
    {"A grant that AIBrix's controller or aibrixctl created permits HTTPRoutes that do not exist.",
     "The models of the namespace were deleted. The controller deletes its grant only together "
     "with the last Deployment; the one by aibrixctl stays until it is deleted.",
     "Delete it, or keep it.", "every release"}};

}  // namespace checks
