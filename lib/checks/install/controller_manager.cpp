#include "aibrix/cluster.hpp"
#include "checks/common/causes.hpp"
#include "checks/common/crds.hpp"
#include "checks/core/needs.hpp"

namespace checks {
namespace {

using aibrix::Component;
using aibrix::ComponentRole;

constexpr kube::Need controller_needs[] = {
    need::deployments, need::optional(need::pods), need::optional(need::namespaces),
    need::optional({&kube::resources::crds, kube::Scope::everywhere})};

// Nothing fails the moment the controller stops: finalizers, routes and LoRAs wait for it. What
// does wait (a deletion, a model without a route) names this finding as its cause and raises it.
void run_controller(const Context& context, Reporter& reporter) {
  const Component& part = context.cluster.component(ComponentRole::controller_manager);
  if (part.state == Component::State::unknown) {
    reporter.undetermined("no status of Deployment " + part.name() + " was read");
    return;
  }
  if (part.up()) {
    reporter.measured(part.describe());
    return;
  }
  if (part.state == Component::State::missing && !context.cluster.installed()) {
    reporter.not_applicable("AIBrix is not installed");
    return;
  }
  const ComponentHealth state = controller_state(context);
  Finding& f = reporter.warning(
      part.deployment != nullptr ? Subject(*part.deployment) : Subject(part.ref()), state.why);
  f.with_consequence("finalizers, routes and LoRA loading wait for it");
  f.at_field(part.state == Component::State::scaled_to_zero ? "spec.replicas" : "");
  f.with_evidence(
      "replicas",
      std::to_string(part.ready) + " ready, " + std::to_string(part.desired) + " wanted",
      "at least 1 ready");
  if (!part.why.empty()) f.with_evidence("pods", part.why);
  if (part.state == Component::State::missing)
    f.caused_by(INS001, {"", "Namespace", "", part.ref().ns});
  if (part.state == Component::State::not_ready) {
    const std::vector<std::string> missing = missing_crds(context);
    if (!missing.empty()) f.caused_by(INS002, crd_ref(missing.front()));
  }
  if (!state.can_return) {
    for (const Code code : {NS002, NS001}) f.caused_by(code, {"", "Namespace", "", part.ref().ns});
  } else if (part.state == Component::State::scaled_to_zero) {
    f.remedy(Confidence::review, "scale the controller up: it then does what waits for it",
             scale_up_command(part.ref()));
  } else if (part.state == Component::State::missing) {
    f.remedy(Confidence::manual, "install AIBrix's core manifest (or chart) again");
  } else {
    f.remedy(Confidence::manual, "repair what its pods report",
             "kubectl -n " + part.ref().ns + " describe pods -l control-plane=controller-manager");
  }
}

}  // namespace

constinit const Check registry::INS005{
    codes::INS005,
    Area::install,
    "aibrix-controller-manager is running",
    controller_needs,
    run_controller,
    {"AIBrix's controller-manager has no ready replica. It is the one that removes AIBrix's "
     "finalizers, makes the HTTPRoute and ReferenceGrant of each model, loads LoRAs and scales. "
     "Requests to existing models go on; everything new or being deleted waits.",
     "Scaled to 0, removed before the objects it looks after, crash-looping (a CRD missing, memory "
     "limit 128Mi of the chart), or not Ready because its webhook certificate never came.",
     "Bring it back first: it clears within seconds what waits for it. Only when it cannot come "
     "back "
     "(its namespace is being deleted) strip finalizers instead.",
     "every release"}};

}  // namespace checks
