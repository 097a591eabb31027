// INS001, INS002: the namespace and the CRDs an install stands on.
#include "checks/common/crds.hpp"
#include "aibrix/release_facts.hpp"

#include <algorithm>
#include <array>

#include "aibrix/cluster.hpp"
#include "base/text.hpp"
#include "checks/common/gateway.hpp"
#include "checks/core/needs.hpp"

namespace checks {
namespace {

constexpr kube::Need crds{&kube::resources::crds, kube::Scope::everywhere};
constexpr kube::Need namespace_needs[] = {need::namespaces, need::optional(need::deployments),
                                          need::optional(crds)};
constexpr kube::Need crd_needs[] = {need::deployments, need::optional(crds)};

std::size_t aibrix_crds(const kube::Snapshot& snapshot) {
  const auto list = snapshot.list(kube::resources::crds);
  return static_cast<std::size_t>(std::count_if(list.begin(), list.end(), [](const auto& crd) {
    return crd.name().ends_with(".aibrix.ai");
  }));
}

void report_not_there(const Context& context, const std::string& ns, Reporter& reporter) {
  const bool some = context.cluster.installed();
  const kube::ObjectRef ref{"", "Namespace", "", ns};
  Finding& f =
      reporter.error(ref, some ? "namespace " + ns + " does not exist" : "AIBrix is not installed");
  f.with_consequence(some ? "No AIBrix component is running, and every AI request fails."
                          : "There is no gateway for AI requests and no controller for models.");
  f.with_evidence("namespace " + ns, context.snapshot.find(kube::resources::namespaces, "", ns)
                                         ? "exists, without a Deployment of AIBrix"
                                         : "does not exist");
  // Unread, they may all be there.
  if (context.snapshot.complete(kube::resources::crds)) {
    f.with_evidence("CRDs of AIBrix", std::to_string(aibrix_crds(context.snapshot)));
  }
  f.remedy(Confidence::manual,
           "install AIBrix into namespace aibrix-system (the controllers support no other): its "
           "dependencies, then its CRDs, then its core manifest or chart");
}

void run_namespace(const Context& context, Reporter& reporter) {
  const kube::Snapshot& snapshot = context.snapshot;
  const std::string& ns = context.cluster.ns();
  const kube::Lookup found = snapshot.find(kube::resources::namespaces, "", ns);
  if (found && found->deleting()) {
    return reporter.not_applicable("namespace " + ns + " is being deleted");
  }
  if (found.unknown()) return reporter.undetermined("namespace " + ns + " was not read");
  if (found && context.cluster.installed()) return reporter.measured(ns);
  // Without all Deployments AIBrix may be installed under another name.
  if (!snapshot.complete(kube::resources::deployments)) {
    return reporter.undetermined("not all Deployments were read");
  }
  report_not_there(context, ns, reporter);
}

// Of each manifest that holds one of them, in the order in which they are installed.
void advise_crds(const Context& context, const std::vector<std::string>& missing, Finding& f) {
  const aibrix::Release& release = context.cluster.release();
  if (release.state() == aibrix::Release::State::newer_than_known) {
    f.note("this release is newer than " + aibrix::last_known_release() +
           ", the last that this program knows; it may no longer need them");
    return;
  }
  if (!release.tagged()) {
    f.remedy(Confidence::manual,
             "apply the CRDs of the commit that the images were built from (config/crd) with "
             "--server-side, then restart the controller; a build of main has no manifest file");
    return;
  }
  if (manifests_are_newer(context)) {
    f.note("the install's manifests are newer than its images (INS012): apply the CRDs alone");
  }
  for (const std::string_view part : {"aibrix-dependency", "aibrix-core-crds", "aibrix-core"}) {
    std::vector<std::string> held;
    for (const std::string& crd : missing) {
      if (aibrix::manifest_of_crd(crd, release) == part) held.push_back(crd);
    }
    if (held.empty()) continue;
    f.remedy(Confidence::review,
             "apply the release's " + std::string(part.substr(part.find('-') + 1)) +
                 " manifest, which holds " + (held.size() == 1 ? held.front() : "them") +
                 ", with --server-side (some CRDs are too large for a client-side apply), then "
                 "restart the controller",
             apply_manifest_command(context, part));
  }
}

void report_crds(const Context& context, const std::vector<std::string>& missing,
                 Reporter& reporter) {
  const std::string& first = missing.front();
  const bool one = missing.size() == 1;
  const bool up = context.cluster.component(aibrix::ComponentRole::controller_manager).up();
  // Whether a running controller misses it was not proved.
  const bool unproved =
      context.cluster.release().state() == aibrix::Release::State::newer_than_known ||
      std::all_of(missing.begin(), missing.end(), aibrix::is_less_certain_crd);
  Finding& f = report(reporter, up && unproved ? Level::info : Level::warning, crd_ref(first),
                      one ? "CRD " + first + " is missing"
                          : std::to_string(missing.size()) + " CRDs of AIBrix are missing");
  const aibrix::Release& release = context.cluster.release();
  f.with_consequence(up ? "Objects of these kinds cannot be created."
                        : "The controller-manager does not start without them.");
  f.with_evidence("missing", base::join(missing, ", "),
                  "installed, as required by " + release.text());
  f.with_evidence("release", release.evidence());
  for (std::size_t i = 1; i < missing.size(); ++i) f.with_related(crd_ref(missing[i]));
  advise_crds(context, missing, f);
}

void run_crds(const Context& context, Reporter& reporter) {
  if (!context.cluster.installed()) return reporter.not_applicable("AIBrix is not installed");
  const aibrix::Release& release = context.cluster.release();
  const auto required = aibrix::required_crds(release);
  if (required.empty()) return reporter.undetermined("AIBrix's release is unknown");
  for (const std::string_view name : required) {
    if (!has_crd(context, name))
      return reporter.undetermined("neither CRDs nor API discovery were read");
  }
  const std::vector<std::string> missing = missing_crds(context);
  if (!missing.empty()) report_crds(context, missing, reporter);
  for (const kube::Object& crd : context.snapshot.list(kube::resources::crds)) {
    const bool ours = std::find(required.begin(), required.end(), crd.name()) != required.end();
    const kube::Condition established = crd.condition("Established");
    if (!ours || crd.deleting() || !established.is_false()) continue;
    Finding& f = reporter.warning(crd, "CRD " + std::string(crd.name()) + " is not established");
    f.with_consequence("The API server does not serve its objects.").at_field("status.conditions");
    f.with_evidence("status", established.summary() + " " + std::string(established.message()),
                    "True");
  }
  reporter.measured(base::plural(required.size(), "CRD") + " of " + release.text());
}

}  // namespace

constinit const Check registry::INS001{
    codes::INS001,
    Area::install,
    "AIBrix is not installed",
    namespace_needs,
    run_namespace,
    {"AIBrix's namespace does not exist, or has no AIBrix component in it.",
     "AIBrix was never installed here, the wrong context is selected, or its namespace was deleted "
     "and only the CRDs remain.",
     "Check the context, then install AIBrix. Existing objects of its CRDs are then reconciled "
     "again.",
     "every release"}};

constinit const Check registry::INS002{
    codes::INS002,
    Area::install,
    "a CRD that the release needs is missing or not established",
    crd_needs,
    run_crds,
    {"A CRD that this release of AIBrix needs is missing or not established. A controller-manager "
     "that starts without one crash-loops, because its informers never sync. Before v0.5 this also "
     "applies to KubeRay's rayclusters.ray.io.",
     "The core manifest was applied before the CRDs (they are separate from v0.7 on), Helm was "
     "used for the upgrade (Helm never upgrades CRDs), or a CRD was too large for a client-side "
     "apply.",
     "Apply the manifest of the release that holds the CRD with --server-side and restart the "
     "controller: core-crds from v0.7 on, before it core; KubeRay's CRDs are in dependency.",
     "every release; the list grows with each release"}};

}  // namespace checks
