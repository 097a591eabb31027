// REF001: a route's backend in another namespace that no ReferenceGrant permits.
#include <algorithm>

#include "aibrix/gateway.hpp"
#include "aibrix/grant_manifest.hpp"
#include "aibrix/names.hpp"
#include "base/lists.hpp"
#include "base/text.hpp"
#include "checks/common/causes.hpp"
#include "checks/common/fix_remedies.hpp"
#include "checks/common/references.hpp"
#include "checks/core/command.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

using aibrix::GrantFit;

constexpr auto granted_needs = references_and(need::http_routes);

std::string subject_of(const JudgedRef& ref) {
  return ref.backend.target.kind + ' ' + ref.backend.target.name;
}

// Every Service of the namespace that a route of ours may not use, and those a grant of ours
// permits already: applying the manifest replaces that grant's whole list.
std::vector<std::string> services_to_grant(const Context& context,
                                           const std::vector<JudgedRoute>& routes,
                                           const std::string& from_ns, const std::string& ns) {
  std::vector<std::string> out;
  const auto add = [&](std::string_view name) {
    if (!name.empty()) base::add_once(out, name);
  };
  for (const kube::Object& grant : context.snapshot.list(aibrix::resources::reference_grants, ns)) {
    if (!aibrix::is_own_grant(grant) || grant.deleting()) continue;
    for (const kube::Value& to : grant.spec()["to"].items()) add(to["name"].text());
  }
  for (const JudgedRoute& judged : routes) {
    if (judged.route.object().ns() != from_ns) continue;
    for (const JudgedRef& ref : judged.refs) {
      const bool lacking =
          ref.access != ReferenceAccess::permitted && ref.access != ReferenceAccess::promised;
      if (lacking && ref.backend.is_service() && ref.backend.target.ns == ns) {
        add(ref.backend.target.name);
      }
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

void advise(const Context& context, const std::vector<JudgedRoute>& routes,
            const JudgedRoute& judged, const JudgedRef& ref, Finding& f) {
  const std::string& ns = ref.backend.target.ns;
  if (!ref.backend.is_service()) {
    f.remedy(Confidence::manual,
             "create a ReferenceGrant in namespace " + ns + " from HTTPRoute in " +
                 std::string(judged.route.object().ns()) + " to group \"" +
                 ref.backend.target.group + "\", kind " + ref.backend.target.kind);
    return;
  }
  const std::vector<std::string> from = {std::string(judged.route.object().ns())};
  const auto services = services_to_grant(context, routes, from.front(), ns);
  const auto grants =
      aibrix::plan_grants(ns, from, services, aibrix::grant_version(context.snapshot));
  const std::string text =
      "create a ReferenceGrant for " +
      (services.size() == 1 ? "this Service" : base::plural(services.size(), "Service"));
  const kube::Lookup target = context.snapshot.find(kube::resources::namespaces, "", ns);
  if (!target || !target->deleting()) {
    offer_fix(f, Confidence::safe, text, fix_command("referencegrants", ns), undo_command());
  }
  Remedy r;
  r.confidence = Confidence::safe;
  r.text = "apply this ReferenceGrant manifest yourself";
  r.command = apply_from_stdin();
  r.manifest = aibrix::manifest(grants);
  r.undo = kubectl(ns, "delete", operand("referencegrants.gateway.networking.k8s.io"));
  for (const aibrix::PlannedGrant& grant : grants) r.undo.with(operand(grant.name));
  f.remedies.push_back(std::move(r));
}

void show_grants(const JudgedRef& ref, Finding& f) {
  const std::string& ns = ref.backend.target.ns;
  const auto in_target = static_cast<std::size_t>(
      std::count_if(ref.verdict.fits.begin(), ref.verdict.fits.end(),
                    [&](const GrantFit& fit) { return fit.grant->ns() == ns; }));
  if (ref.access == ReferenceAccess::claimed) {
    f.with_evidence("grants in " + ns, "not read: " + ref.verdict.why);
  } else if (in_target == 0) {
    f.with_evidence("grants in " + ns, "none",
                    "one from HTTPRoute in aibrix-system to Service " + ref.backend.target.name);
  } else {
    f.with_evidence("grants in " + ns, std::to_string(in_target) + ", none of them permits it");
  }
  for (const GrantFit& fit : ref.verdict.fits) {
    f.with_evidence("grant " + fit.grant->full_name(), fit.text());
    f.with_related(*fit.grant);
  }
  for (const std::string& remark : ref.verdict.remarks) f.note(remark);
}

std::string title_of(const JudgedRoute& judged, const JudgedRef& ref) {
  return "no ReferenceGrant in namespace " + ref.backend.target.ns + " permits " +
         name_of(judged.route) + " to reference " + subject_of(ref);
}

void report_denied(const Context& context, const std::vector<JudgedRoute>& routes,
                   const JudgedRoute& judged, const JudgedRef& ref, Reporter& reporter) {
  const aibrix::Route& route = judged.route;
  Impact impact = unusable_route(context, route.model());
  if (ref.access == ReferenceAccess::outlived) {
    impact.level = std::min(impact.level, Level::warning);
    impact.consequence =
        "The gateway still treats it as permitted and stops doing so at its next reconciliation.";
  } else if (!from_api_server(route.object())) {
    impact.level = std::min(impact.level, Level::warning);
  }
  Finding& f = report(reporter, impact, route.object(), title_of(judged, ref), route.model());
  f.at_field(ref.backend.path);
  f.with_evidence("backend", ref.backend.text());
  if (ref.backend.mirror)
    f.note("it is the backend of a RequestMirror filter, which needs a grant as well");
  if (ref.backend.weight == 0)
    f.note("its weight is 0, but Envoy Gateway requires a grant nevertheless");
  show_grants(ref, f);
  f.with_evidence("status", judged.resolved.exists() ? describe(context, route, judged.resolved)
                            : route.outdated()       ? "outdated, from an older spec"
                                                     : "none");
  if (judged.resolved.is_false()) f.since = judged.resolved.since();
  const kube::ObjectRef& target = ref.backend.target;
  if (ref.backend.is_service()) {
    const kube::Lookup service =
        context.snapshot.find(kube::resources::services, target.ns, target.name);
    if (service) f.with_related(*service);
    if (service.missing()) f.note("the Service does not exist either");
  }
  if (impact.level == Level::warning && known_nowhere(context, route.model())) {
    f.caused_by(MDL018, route.object().ref());
  }
  const aibrix::Model* model = context.cluster.model(route.model());
  if (model != nullptr && !lives_in(*model, target.ns)) f.caused_by(MDL017, route.object().ref());
  advise(context, routes, judged, ref, f);
}

void report_ending(const Context& context, const JudgedRoute& judged, const JudgedRef& ref,
                   Reporter& reporter) {
  Impact impact = unusable_route(context, judged.route.model());
  impact.level = std::min(impact.level, Level::warning);
  if (!impact.consequence.empty()) {
    impact.consequence = "Once the ReferenceGrant is deleted: " + impact.consequence;
  }
  Finding& f = report(reporter, impact, judged.route.object(),
                      "the only ReferenceGrant that permits " + name_of(judged.route) +
                          " to reference " + subject_of(ref) + " is being deleted",
                      judged.route.model());
  f.at_field(ref.backend.path).with_related(*ref.verdict.allowed_by);
  f.with_evidence("grant " + ref.verdict.allowed_by->full_name(),
                  "permits it, but is being deleted");
}

// The controller makes its grant a moment after the route, and Envoy Gateway looks again. Once it
// has said no for a while, the age of the route excuses nothing.
bool may_change(const Context& context, const JudgedRoute& judged) {
  if (judged.resolved.is_false()) return settling(context, judged.resolved);
  return just_made(context, judged.route.object()) || settling(context, judged.resolved);
}

void run_granted(const Context& context, Reporter& reporter) {
  const std::vector<JudgedRoute>& routes = judge_references(context);
  std::size_t permitted = 0;
  for (const JudgedRoute& judged : routes) {
    for (const JudgedRef& ref : judged.refs) {
      const kube::Lookup ns =
          context.snapshot.find(kube::resources::namespaces, "", ref.backend.target.ns);
      if (ns.missing()) continue;  // no grant can be made there: MDL017
      if (ref.access == ReferenceAccess::unknown) {
        reporter.undetermined(ref.verdict.why);
      } else if (ref.denied() || ref.access == ReferenceAccess::outlived) {
        if (may_change(context, judged)) {
          reporter.undetermined(name_of(judged.route) + " changed only just now");
        } else {
          report_denied(context, routes, judged, ref, reporter);
        }
      } else if (ref.verdict.ending) {
        report_ending(context, judged, ref, reporter);
      } else {
        ++permitted;
      }
    }
  }
  reporter.measured(base::plural(permitted, "reference") + " to other namespaces permitted");
}

}  // namespace

constinit const Check registry::REF001{
    codes::REF001,
    Area::grants,
    "an HTTPRoute is not permitted to reference a backend in another namespace",
    granted_needs,
    run_granted,
    {"An HTTPRoute in aibrix-system references a Service in another namespace, and no "
     "ReferenceGrant in that namespace permits it. Envoy Gateway sets ResolvedRefs=False "
     "RefNotPermitted, and requests for the model without a routing strategy get 503 (500 up to "
     "v0.3). Requests with a routing strategy use neither the HTTPRoute nor the grant.",
     "AIBrix creates the grant for workloads that have the label model.aibrix.ai/name in their own "
     "metadata. The two-node fleet sample has it only on its pod template (REF002). The controller "
     "deletes the grant together with the last model Deployment of the namespace, although fleets "
     "and adapters still need it (REF003). Or there is a grant that differs in one field (REF004).",
     "Create a ReferenceGrant for this Service: aibrixctl fix referencegrants, or the manifest of "
     "the remedy. Do not use the controller's name for it "
     "(aibrix-system-reserved-referencegrant-in-…), because the controller deletes grants of that "
     "name. After the fix wait 30 s: the gateway plugin caches the result.",
     "every release"}};

}  // namespace checks
