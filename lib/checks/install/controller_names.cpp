// INS017: --controllers names one that the release does not have, so the manager ends at its start.
#include "aibrix/controllers.hpp"

#include "aibrix/cluster.hpp"
#include "base/text.hpp"
#include "checks/common/gateway.hpp"
#include "checks/core/check.hpp"
#include "checks/core/needs.hpp"

namespace checks {
namespace {

using aibrix::ControllerProcess;
using kube::Object;

constexpr kube::Need names_needs[] = {need::deployments};

// Its status may be that of pods with the flags of before.
Level level_of_names(const Context& context, const Object& deployment) {
  if (context.cluster.release().beyond_known()) return Level::info;
  const bool none_ready = deployment.status()["readyReplicas"].integer_or(0) == 0;
  const bool wanted = deployment.spec()["replicas"].integer_or(1) > 0;
  return aibrix::from_api_server(deployment) && none_ready && wanted ? Level::error
                                                                     : Level::warning;
}

void report_names(const Context& context, const ControllerProcess& process,
                  const std::vector<std::string>& unknown, Reporter& reporter) {
  const Object& deployment = *process.deployment;
  const aibrix::Release& release = context.cluster.release();
  const bool beyond = release.beyond_known();
  const std::string names = base::join_and(unknown);
  const std::string flag = "--controllers of " + std::string(deployment.name());
  Finding& f = report(
      reporter, level_of_names(context, deployment), deployment,
      flag + (beyond ? " names " + names + ", which is unknown to this program"
                     : " names " + names + ", which " +
                           (release.known() ? release.text() : "no release") + " does not have"));
  f.with_consequence(beyond ? "If this release does not have it either, the controller-manager "
                              "does not start."
                            : "The controller-manager ends at its start: \"invalid controller "
                              "specified: " +
                                  unknown.front() + "\".");
  f.at_field("spec.template.spec.containers").with_evidence("--controllers", process.controllers);
  if (beyond) {
    f.with_evidence("release", release.text(), "up to " + aibrix::last_known_release());
    return;
  }
  f.with_evidence("release", release.known() ? release.text() : "unknown");
  f.remedy(Confidence::manual, "remove " + names + " from --controllers",
           kubectl(deployment.ns(), "edit").on("deployment", deployment.name()));
}

void run_controller_names(const Context& context, Reporter& reporter) {
  const auto processes = aibrix::controller_processes(context.cluster);
  if (processes.empty()) {
    const bool all = context.snapshot.complete(kube::resources::deployments);
    return all ? reporter.not_applicable("no controller-manager is installed")
               : reporter.undetermined("no controller-manager was read");
  }
  for (const ControllerProcess& process : processes) {
    const auto unknown =
        aibrix::unknown_controllers(process.controllers, context.cluster.release());
    if (!unknown.empty()) report_names(context, process, unknown, reporter);
  }
  reporter.measured("--controllers=" + processes.front().controllers);
}

}  // namespace

constinit const Check registry::INS017{
    codes::INS017,
    Area::install,
    "--controllers names a controller that the release does not have",
    names_needs,
    run_controller_names,
    {"The controller-manager's --controllers flag names a controller that the installed release "
     "does not have, also as one to leave out (-name). The manager then ends at once with "
     "\"invalid controller specified\".",
     "A typo, or a flag written for a later release: model-claim-controller and "
     "model-warmup-controller came with v0.8.",
     "Remove the name from the flag.", "v0.2 and later"}};

}  // namespace checks
