// VER005: Envoy runs with the certificate authority of before Envoy Gateway's certificates were
// re-created.
#include <algorithm>

#include "aibrix/cluster.hpp"
#include "checks/common/causes.hpp"
#include "checks/core/check.hpp"
#include "checks/core/needs.hpp"

namespace checks {
namespace {

using aibrix::ComponentRole;
using kube::Object;

constexpr kube::Need certificate_needs[] = {
    need::deployments, need::pods,
    need::optional(
        {&kube::resources::secrets, kube::Scope::install, true, {}, &kube::secrets_right})};

// What Envoy Gateway's certgen makes for Envoy: its certificate, and the authority it trusts.
constexpr std::string_view envoy_secret = "envoy";
// An install makes both at about the same time.
constexpr std::chrono::minutes same_install{10};

// When the container that runs now began, which a restart in the same pod moves.
std::optional<base::Time> started(const Object& pod) {
  for (const kube::Value& c : pod.status()["containerStatuses"].items()) {
    if (c["name"].text() != "envoy") continue;
    if (const auto at = base::parse_time(c.at("state", "running", "startedAt").text())) return at;
  }
  if (const auto at = base::parse_time(pod.status()["startTime"].text())) return at;
  return pod.created();
}

void run_certificates(const Context& context, Reporter& reporter) {
  const aibrix::Component& envoy = context.cluster.component(ComponentRole::envoy);
  if (envoy.pods.empty()) return reporter.undetermined("no pod of Envoy was read");
  const std::string& ns = context.cluster.envoy_gateway_ns();
  const kube::Lookup secret = context.snapshot.find(kube::resources::secrets, ns, envoy_secret);
  if (secret.unknown() && context.snapshot.withheld(kube::resources::secrets)) {
    return reporter.not_asked("whether Envoy Gateway's certificates are newer than Envoy",
                              kube::secrets_right);
  }
  if (secret.unknown()) return reporter.undetermined("Secret " + ns + "/envoy was not read");
  if (!secret) return reporter.not_applicable("there is no Secret " + ns + "/envoy");
  const auto made = secret->created();
  if (!made) return reporter.undetermined("when Secret " + ns + "/envoy was made is not recorded");
  for (const Object* pod : envoy.pods) {
    const auto at = started(*pod);
    if (pod->deleting() || !at || *at + same_install > *made) continue;
    Finding& f = reporter.warning(
        *pod,
        "Pod " + pod->full_name() +
            " started before Envoy Gateway's certificates were re-created, and may still trust "
            "the old authority");
    f.with_consequence(
        "Envoy refuses Envoy Gateway's new certificate: new models and changed routes do not reach "
        "it.");
    f.with_evidence("Envoy started", base::format_time(*at));
    f.with_evidence("Secret " + ns + "/envoy made", base::format_time(*made));
    f.note("Envoy's log says so: xds_cluster closed, CERTIFICATE_VERIFY_FAILED");
    f.with_related(*secret);
    f.remedy(Confidence::review, "restart Envoy: it then reads the new certificates",
             restart_command(envoy.ref()));
    return;
  }
  reporter.measured("Envoy is newer than its certificates");
}

}  // namespace

constinit const Check registry::VER005{
    codes::VER005,
    Area::gateway,
    "Envoy still runs with certificates that Envoy Gateway has replaced",
    certificate_needs,
    run_certificates,
    {"Envoy reads the authority it trusts from Secret envoy when it starts. The Secret was re-created "
     "later, so Envoy can refuse Envoy Gateway's certificate: it goes on with its last "
     "configuration, and new models stay unreachable.",
     "Envoy Gateway was uninstalled and installed again, its certgen Job ran with --overwrite, or "
     "its Secrets were deleted, while Envoy's pods stayed.",
     "Restart Envoy's Deployment. Secrets are listed only with --with-secrets; their values are "
     "never read.",
     "every release (not with the chart's envoyAsSideCar)"}};

}  // namespace checks
