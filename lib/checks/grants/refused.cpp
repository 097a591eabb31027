// REF006: the API permits a reference, the gateway refuses it.
#include <algorithm>

#include "aibrix/gateway.hpp"
#include "base/text.hpp"
#include "checks/common/causes.hpp"
#include "checks/common/references.hpp"
#include "checks/core/command.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

using kube::Object;

constexpr auto refused_needs = references_and(need::http_routes, reference_grants);

// The newest grant the permission rests on. Adding one does not change the route's generation, so
// only times tell whether the condition has taken it into account.
const Object* newest_grant(const JudgedRoute& judged) {
  const Object* newest = nullptr;
  for (const JudgedRef& ref : judged.refs) {
    const Object* grant = ref.verdict.allowed_by;
    if (newest == nullptr || newest->created() < grant->created()) newest = grant;
  }
  return newest;
}

const Object* shadow(const JudgedRoute& judged) {
  for (const JudgedRef& ref : judged.refs) {
    if (ref.verdict.shadowed_by != nullptr) return ref.verdict.shadowed_by;
  }
  return nullptr;
}

// The gateway has not looked since the grant came: lag while that is new, else it looks no more.
bool judge_lag(const Context& context, const JudgedRoute& judged, Reporter& reporter) {
  const Object& grant = *newest_grant(judged);
  const auto since = judged.resolved.since();
  if (!since || !grant.created() || *grant.created() <= *since) return false;
  const std::optional<Cause> cause = gateway_cause(context);
  if (!cause && maybe_within(context, grant.created(), limits::grant_followed)) {
    reporter.undetermined("ReferenceGrant " + grant.full_name() + " is newer than the status of " +
                          name_of(judged.route));
    return true;
  }
  const std::string& model = judged.route.model();
  Finding& f = report(reporter, unusable_route(context, model), judged.route.object(),
                      "Envoy Gateway has not re-evaluated " + name_of(judged.route) +
                          " since ReferenceGrant " + grant.full_name() + " was created",
                      model);
  if (cause) f.caused_by(cause->code, cause->object);
  f.at_field("status.parents").with_related(grant);
  f.with_evidence("status", describe(context, judged.route, judged.resolved));
  f.with_evidence("grant created", grant.created() ? base::format_time(*grant.created()) : "");
  f.remedy(Confidence::review, "make Envoy Gateway read all objects again",
           restart_command(context.cluster.component(aibrix::ComponentRole::envoy_gateway).ref()));
  return true;
}

void report_shadow(const Context& context, const JudgedRoute& judged, const Object& front,
                   bool certain, Reporter& reporter) {
  const std::string& model = judged.route.model();
  Impact impact = unusable_route(context, model);
  if (!certain) impact.level = std::min(impact.level, Level::warning);
  const std::string title =
      certain ? name_of(judged.route) +
                    " is permitted by the Gateway API's rules but rejected by this Envoy Gateway "
                    "because of ReferenceGrant " +
                    front.full_name()
              : "ReferenceGrant " + front.full_name() +
                    " may hide from Envoy Gateway the one that permits " + name_of(judged.route);
  Finding& f = report(reporter, impact, judged.route.object(), title, model);
  f.at_field(judged.refs.front().backend.path).with_related(front);
  for (const JudgedRef& ref : judged.refs) {
    for (const aibrix::GrantFit& fit : ref.verdict.fits) {
      f.with_evidence("grant " + fit.grant->full_name(), fit.text());
    }
  }
  f.with_evidence("status", judged.resolved.exists()
                                ? describe(context, judged.route, judged.resolved)
                                : "none");
  f.note(
      "Envoy Gateway selects one grant by kind, namespace and name and only then compares the "
      "group, so a grant with a wrong group hides a correct one");
  f.remedy(
      Confidence::manual, "correct the group in that grant, or delete it",
      kubectl(front.ns(), "edit").on("referencegrants.gateway.networking.k8s.io", front.name()));
}

void report_refused(const Context& context, const JudgedRoute& judged, Reporter& reporter) {
  const std::string& model = judged.route.model();
  Finding& f = report(reporter, unusable_route(context, model), judged.route.object(),
                      "Envoy Gateway rejects a reference of " + name_of(judged.route) +
                          " that ReferenceGrant " + newest_grant(judged)->full_name() + " permits",
                      model);
  f.at_field("status.parents").with_related(*newest_grant(judged));
  f.with_evidence("status", describe(context, judged.route, judged.resolved));
  f.with_evidence("gateway says", std::string(judged.resolved.message()));
  if (newest_grant(judged)->generation() > 1) {
    f.note(
        "the grant was changed after its creation, and the gateway may not have processed the "
        "change");
  }
  if (const auto cause = gateway_cause(context)) f.caused_by(cause->code, cause->object);
  const aibrix::ProgramVersion& release = context.cluster.envoy_gateway_release();
  if (release.known()) f.with_evidence("Envoy Gateway", release.text);
  f.note(
      "Envoy Gateway before v1.2 considers only the first of several grants "
      "(envoyproxy/gateway#2149)");
  f.remedy(Confidence::review, "make Envoy Gateway read all objects again",
           restart_command(context.cluster.component(aibrix::ComponentRole::envoy_gateway).ref()));
}

void run_refused(const Context& context, Reporter& reporter) {
  std::size_t agreed = 0;
  for (const JudgedRoute& judged : judge_references(context)) {
    const Object* front = shadow(judged);
    if (!judged.refused_though_permitted()) {
      // Without a status nothing says how the gateway sees it.
      if (front != nullptr && !judged.resolved.exists()) {
        report_shadow(context, judged, *front, false, reporter);
      } else if (!judged.refs.empty()) {
        ++agreed;
      }
      continue;
    }
    if (settling(context, judged.resolved)) {
      reporter.undetermined(name_of(judged.route) + " changed only just now");
    } else if (!judge_lag(context, judged, reporter)) {
      if (front != nullptr) {
        report_shadow(context, judged, *front, true, reporter);
      } else {
        report_refused(context, judged, reporter);
      }
    }
  }
  reporter.measured(base::plural(agreed, "route") + " not rejected despite a grant");
}

}  // namespace

constinit const Check registry::REF006{
    codes::REF006,
    Area::grants,
    "Envoy Gateway rejects a reference that a ReferenceGrant permits",
    refused_needs,
    run_refused,
    {"By the rules of the Gateway API, a grant permits the HTTPRoute's backend, but the gateway's "
     "condition for the current spec says RefNotPermitted. AIBrix's gateway plugin relies on the "
     "condition: requests without a routing strategy get 503 (500 up to v0.3).",
     "A second grant with a wrong group hides the correct one (seen with Envoy Gateway 1.9.1), "
     "Envoy Gateway is down and has not processed the grant, or an old Envoy Gateway considers "
     "only one grant.",
     "Correct or delete the grant that is named, otherwise restart Envoy Gateway. A grant normally "
     "takes effect within 3 s, and the plugin caches the result for 30 s.",
     "every release"}};

}  // namespace checks
