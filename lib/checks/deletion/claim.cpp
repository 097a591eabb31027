// FIN005: ModelClaims being deleted go.
#include "aibrix/cluster.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/deletion_needs.hpp"
#include "checks/common/deletion_text.hpp"
#include "checks/core/command.hpp"

namespace checks {
namespace {

constexpr auto claim_needs =
    need::joined(std::to_array<kube::Need>({{&aibrix::resources::model_claims}, need::deployments}),
                 need::controller_owner);

}  // namespace

std::vector<const kube::Object*> warm_pods(const Context& context, const kube::Object& claim) {
  const std::string annotation = "modelclaim.aibrix.ai/" + std::string(claim.name());
  std::vector<const kube::Object*> out;
  for (const kube::Object& pod : context.snapshot.list(kube::resources::pods, claim.ns())) {
    if (pod.at("metadata", "annotations", annotation).exists()) out.push_back(&pod);
  }
  return out;
}

namespace {

void run_claim(const Context& context, Reporter& reporter) {
  FinalizerIndex deletions(context);
  NamespaceGroups groups;
  for (const BlockingFinalizer& hold :
       deletions.found(reporter, FIN005, aibrix::resources::model_claims)) {
    const kube::Object& claim = *hold.object;
    const Owner& owner = deletions.owner(*hold.known);
    Finding& f = report_hold(context, reporter, hold, owner);
    f.model(std::string(aibrix::claimed_model(claim)));
    show_lease(context, f);
    if (owner.unable() && !owner.can_return) groups.add(f);
    if (*hold.level == Level::error) add_strip(f, hold, &owner);
    for (const kube::Object* pod : warm_pods(context, claim)) {
      f.with_evidence("engine still running in", "pod " + pod->full_name());
      f.remedy(Confidence::review,
               "after removing the finalizer, restart the warm pod " + pod->full_name() +
                   ", which frees the engine's GPU memory",
               kubectl(pod->ns(), "delete").on("pod", pod->name()));
    }
  }
}

}  // namespace

constinit const Check registry::FIN005{
    codes::FIN005,
    Area::deletion,
    "a ModelClaim is stuck in Terminating",
    claim_needs,
    run_claim,
    {"A ModelClaim is Terminating and keeps model.aibrix.ai/modelclaim-finalizer. The controller "
     "would remove its annotation from the warm pods and stop the engine in them.",
     "The controller-manager is down, or runs without model-claim-controller.",
     "Bring the controller back. Only if that is impossible, remove the finalizer and delete the "
     "warm pods that have the annotation modelclaim.aibrix.ai/<claim>: their engines keep running "
     "and occupy GPU memory.",
     "v0.8 and later"}};

}  // namespace checks
