// The planner that scales up or restarts AIBrix's controller-manager.
#include "fix/restart.hpp"

#include "aibrix/cluster.hpp"
#include "aibrix/controllers.hpp"
#include "aibrix/finalizers.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "checks/common/causes.hpp"
#include "fix/common.hpp"

namespace fix {
namespace {

using aibrix::Component;
using kube::Object;

constexpr std::string_view restarted_at = "kubectl.kubernetes.io/restartedAt";

void scale_up(const Object& deployment, Step& step) {
  step.patch = {test("/metadata/uid", json_string(deployment.uid())), test("/spec/replicas", "0"),
                replace("/spec/replicas", "1")};
  step.undo = {test("/metadata/uid", json_string(deployment.uid())), test("/spec/replicas", "1"),
               replace("/spec/replicas", "0")};
  step.what = "scale it up to 1 replica";
  step.diff_path = "spec";
  step.diff = {{'-', "replicas: 0", ""}, {'+', "replicas: 1", ""}};
}

// As `kubectl rollout restart` does it.
void roll(const Object& deployment, const std::string& now, Step& step) {
  const kube::Value annotations = deployment.at("spec", "template", "metadata", "annotations");
  const std::string folder = "/spec/template/metadata/annotations";
  const std::string path = folder + '/' + pointer_step(restarted_at);
  step.patch = {test("/metadata/uid", json_string(deployment.uid()))};
  if (!deployment.at("spec", "template", "metadata").exists()) {
    step.patch.push_back(add("/spec/template/metadata", "{}"));
  }
  if (!annotations.exists()) step.patch.push_back(add(folder, "{}"));
  step.patch.push_back(add(path, json_string(now)));
  step.no_undo = "a restart has nothing to revert";
  step.what = "restart its pods";
  step.diff_path = "spec.template.metadata.annotations";
  const std::string_view before = annotations[restarted_at].text();
  if (!before.empty()) {
    step.diff.push_back({'-', std::string(restarted_at) + ": " + std::string(before), ""});
  }
  step.diff.push_back({'+', std::string(restarted_at) + ": " + now, ""});
}

// A controller among the watched finalizers' owners that this Deployment does not run.
std::string switched_off(const checks::Context& context, const Object& deployment,
                         const std::vector<Watch>& watches) {
  for (const aibrix::ControllerProcess& process : aibrix::controller_processes(context.cluster)) {
    if (process.deployment != &deployment) continue;
    for (const Watch& watch : watches) {
      for (const std::string& name : watch.finalizers) {
        const aibrix::Finalizer* known = aibrix::find_finalizer(name);
        if (known == nullptr || known->controller.empty()) continue;
        if (!process.runs(known->controller)) return std::string(known->controller);
      }
    }
  }
  return {};
}

}  // namespace

void plan_restart(const checks::Context& context, Plan& plan) {
  const Component& part = context.cluster.component(aibrix::ComponentRole::controller_manager);
  const checks::ComponentHealth state = checks::controller_state(context);
  const std::string otherwise = "; --force removes the finalizers instead";
  const Command strip = fix_command("finalizers", plan.options, {"--force"});
  if (part.deployment == nullptr) {
    plan.blockers.push_back(
        {part.name() + " cannot be brought back: " +
             (!state.known       ? "Deployments were not read"
              : state.can_return ? "it is not installed"
                                 : "namespace " + part.ref().ns +
                                       " is being deleted, and nothing can be created in it") +
             otherwise,
         strip});
    return;
  }
  const Object& deployment = *part.deployment;
  const kube::Lookup ns = context.snapshot.find(kube::resources::namespaces, "", deployment.ns());
  if (ns && ns->deleting()) {
    plan.blockers.push_back({part.name() + " cannot be brought back: namespace " +
                                 std::string(deployment.ns()) +
                                 " is being deleted, and no pod can be created in it" + otherwise,
                             strip});
    return;
  }
  const std::string off = switched_off(context, deployment, plan.watch);
  if (!off.empty()) {
    plan.blockers.push_back(
        {part.name() + " runs without " + off +
             ", so it would not remove these finalizers; add it to --controllers" + otherwise,
         strip});
    return;
  }
  Step step = step_on(context.snapshot, deployment);
  if (part.state == Component::State::scaled_to_zero) {
    scale_up(deployment, step);
  } else {
    if (!context.snapshot.now()) {
      plan.blockers.push_back({"the time of the cluster is unknown", {}});
      return;
    }
    roll(deployment, base::format_time(*context.snapshot.now()), step);
    if (part.state == Component::State::not_ready && !part.why.empty()) {
      plan.remaining.push_back("a restart may not be enough: " + part.why);
    }
  }
  plan.alternatives.clear();
  plan.alternatives.push_back(
      {"only if " + part.name() + " cannot come back: remove the finalizers (cannot be undone)",
       strip});
  plan.steps.push_back(std::move(step));
  plan.facts.push_back("then " + part.name() + " removes the finalizers of " +
                       base::plural(plan.watch.size(), "object"));
}

}  // namespace fix
