// CLM001: ModelClaims whose model no engine serves. v0.8 has the kind; conditions and phases are
// those of pkg/controller/modelclaim/modelclaim_controller.go.
#include "aibrix/controllers.hpp"
#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "checks/common/causes.hpp"
#include "checks/common/objects.hpp"
#include "checks/core/command.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

using kube::Object;

constexpr auto claim_needs = std::to_array<kube::Need>({{&aibrix::resources::model_claims},
                                                        need::optional(need::deployments),
                                                        need::optional(need::namespaces),
                                                        need::optional(need::pods)});

Finding& tell_claim(const Object& claim, const std::string& what, Reporter& reporter) {
  const std::string model(aibrix::claimed_model(claim));
  Finding& f = reporter.error(claim, kind_and_name(claim) + what);
  return f.model(model).at_field("status").with_consequence("No engine serves " + model + '.');
}

// The controller looks at every claim anew each ten seconds: one without a word of it was never
// seen.
void report_unseen(const Context& context, const Object& claim, Reporter& reporter) {
  Finding& f = tell_claim(claim, " was not processed by its controller", reporter);
  f.with_evidence("status", "empty", "the condition Initialized");
  if (const auto cause = controller_cause(context, aibrix::controller_names::model_claim)) {
    f.caused_by(cause->code, cause->object);
    return;
  }
  f.remedy(Confidence::manual,
           "find out why from the log: a ClusterRole older than the CRD keeps the controller from "
           "listing claims",
           controller_log_command(context));
}

void report_failed(const Object& claim, Reporter& reporter) {
  const kube::Condition ready = claim.condition("Ready");
  Finding& f = tell_claim(claim, " has failed", reporter);
  show_condition(ready, f);
  for (const kube::Value& instance : claim.status()["instances"].items()) {
    if (instance["phase"].text() != "Failed") continue;
    const std::string pod(instance["pod"].text());
    f.with_evidence("failed on", "pod " + pod)
        .with_related(kube::ObjectRef{"", "Pod", std::string(claim.ns()), pod});
  }
  const kube::Condition scheduled = claim.condition("Scheduled");
  if (scheduled.is_false()) show_condition(scheduled, f);
  if (ready.reason() == "InvalidEngineConfig") {
    f.remedy(Confidence::manual, "correct spec.engineConfig.args");
  } else {
    f.remedy(Confidence::manual, "check the events, and the log of the pod's runtime",
             kubectl(claim.ns(), "describe", target_of(claim)));
  }
}

// The placement gate of v0.8 says why it refuses in the reason, or as the message's first word.
bool refused_for(const kube::Condition& condition, std::string_view name) {
  return condition.reason() == name || condition.message().starts_with(name);
}

void report_unplaced(const Object& claim, const kube::Condition& scheduled, Reporter& reporter) {
  const std::int64_t candidates = claim.status()["candidates"].integer_or(0);
  Finding& f = tell_claim(claim, " has no pod to run on", reporter);
  show_condition(scheduled, f);
  f.with_evidence("candidates", std::to_string(candidates));
  if (refused_for(scheduled, "NumbersMissing")) {
    f.remedy(Confidence::manual,
             "set maximumFootprint and kvFloor in spec.perGPU of the claim that the message names; "
             "where the manifest has them and the object does not, the CRD is older than the "
             "controller (INS002)");
  } else if (refused_for(scheduled, "InsufficientCapacity")) {
    f.remedy(Confidence::manual,
             "delete a claim that shares its warm pods, lower spec.perGPU, or run a warm pod on a "
             "larger GPU; the controller tries again by itself",
             kubectl(claim.ns(), "get", "modelclaims"));
  } else if (scheduled.reason() == "InvalidPerGPU") {
    f.remedy(Confidence::manual, "set the GPU share of one instance in spec.perGPU");
  } else if (candidates == 0) {
    f.remedy(Confidence::manual, "run a warm pod in namespace " + std::string(claim.ns()) +
                                     " with the labels of spec.podSelector and " +
                                     std::string(aibrix::names::model_pool_enabled) + ": \"true\"");
  } else {
    f.remedy(Confidence::manual,
             "free resources on the warm pods that it selects, or run another one");
  }
}

void judge_claim(const Context& context, const Object& claim, Reporter& reporter) {
  const std::string_view phase = claim.status()["phase"].text();
  const std::string name = kind_and_name(claim);
  if (!from_api_server(claim)) {
    return reporter.undetermined(name + " comes from a manifest, so its status is unknown");
  }
  if (phase == "Active" || phase == "Sleeping") return;
  if (just_made(context, claim)) return reporter.undetermined(name + " was created only just now");
  const kube::Condition ready = claim.condition("Ready");
  const kube::Condition scheduled = claim.condition("Scheduled");
  if (phase == "Failed") {
    if (settling(context, ready) || ready.reason() == "Moving") {
      return reporter.undetermined(name + " is being moved to another pod");
    }
    return report_failed(claim, reporter);
  }
  if (scheduled.is_false()) return report_unplaced(claim, scheduled, reporter);
  if (phase.empty()) return report_unseen(context, claim, reporter);
  reporter.undetermined(name + " is " + std::string(phase));
}

void run_claims(const Context& context, Reporter& reporter) {
  for (const Object* claim : objects_to_judge(context, aibrix::resources::model_claims, reporter)) {
    judge_claim(context, *claim, reporter);
  }
}

}  // namespace

constinit const Check registry::CLM001{
    codes::CLM001,
    Area::models,
    "a ModelClaim has no engine",
    claim_needs,
    run_claims,
    {"A ModelClaim attaches a model to a warm GPU pod, but no engine serves it there. Requests get "
     "503 \"model … is failed\" if it had a pod, otherwise 400 \"model … does not exist\". A "
     "sleeping ModelClaim is in the state that its pool requests, and is not reported.",
     "No warm pod of its namespace has the labels of spec.podSelector and pool.aibrix.ai/enabled: "
     "\"true\", none has room for spec.perGPU, the engine does not start with spec.engineConfig, "
     "or the controller is not permitted to list ModelClaims.",
     "Read the conditions Scheduled and Ready. The controller retries every ten seconds; nothing "
     "has to be restarted.",
     "v0.8 and later"}};

}  // namespace checks
