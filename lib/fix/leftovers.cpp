// The search for routes and loaded LoRAs that a stripped ModelAdapter leaves behind.
#include "fix/leftovers.hpp"

#include <algorithm>

#include "aibrix/engine/engine.hpp"
#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/adapter_route.hpp"
#include "checks/common/deletion_text.hpp"
#include "checks/core/command.hpp"
#include "fix/common.hpp"
#include "fix/finalizers.hpp"

namespace fix {
namespace {

namespace kinds = aibrix::resources;
namespace names = aibrix::names;
using checks::BlockingFinalizer;
using kube::Object;

constexpr int after_all_strips = 3;  // waves 0 to 2: StormService, RoleSet, PodSet

Step deletion(const checks::Context& context, const Object& adapter, const Object& route) {
  Step step = step_on(context.snapshot, route);
  step.verb = Step::Verb::remove;
  step.wave = after_all_strips;
  step.reversibility = Reversibility::permanent;
  step.what = "delete it: AIBrix created it for " + checks::name_of(adapter) +
              ", and only a running controller would delete it";
  step.cost.push_back("undo re-creates it from its backup");
  return step;
}

void plan_route(const checks::Context& context, const Options& options, const Object& adapter,
                const std::vector<BlockingFinalizer>& others, Plan& plan) {
  const checks::AdapterRoute found = checks::adapter_route(context, adapter);
  const kube::Lookup& route = found.route;
  if (!route || route->deleting()) return;
  std::string why_not = found.foreign;
  if (why_not.empty() && !others.empty())
    why_not = checks::name_of(adapter) + " remains for now as well";
  if (why_not.empty() && options[option::delete_routes]) {
    Watch watch;
    watch.resource = &route->resource();
    watch.object = route->ref();
    watch.uid = route->uid();
    plan.watch.push_back(std::move(watch));
    plan.steps.push_back(deletion(context, adapter, *route));
    return;
  }
  const std::string text =
      "HTTPRoute " + route->full_name() + " remains, because only the controller deletes it";
  if (why_not.empty()) {
    add_once(
        plan.manual_steps,
        {text, options[option::force]
                   ? fix_command("finalizers", options, {"--force", "--delete-routes", "--apply"})
                   : fix_command("finalizers", options, {"--delete-routes", "--apply"})});
  } else {
    add_once(plan.manual_steps, {text + "; --delete-routes does not either (" + why_not + ')',
                                 checks::kubectl(route->ns(), "delete").on(*route)});
  }
}

// The Kubernetes API has nothing that unloads a LoRA: the engine in the pod is to be asked, as the
// controller does (pkg/controller/modeladapter/lora_client.go). A key is never printed.
Command unload_command(const Object& adapter, const Object& pod) {
  const auto engine = aibrix::find_engine(pod.root());
  const bool sglang = engine && engine->kind == aibrix::Engine::Kind::sglang;
  const std::int64_t port = engine && engine->port ? *engine->port : 8000;
  // exec has a "--" of its own, so that a name that looks like a flag needs its kind before it.
  const std::string name(pod.name());
  Command out = checks::kubectl(pod.ns(), "exec", name.starts_with('-') ? "pod/" + name : name);
  if (engine) out.with("-c", engine->container);
  out.with("--", "curl", "-sS", "-X", "POST",
           "http://localhost:" + std::to_string(port) +
               (sglang ? "/unload_lora_adapter" : "/v1/unload_lora_adapter"),
           "-H", "Content-Type: application/json");
  if (adapter.spec()["additionalConfig"]["api-key"].exists())
    out.with("-H", checks::expression("Authorization: Bearer $API_KEY"));
  return out.with("-d", R"({"lora_name":)" + json_string(adapter.name()) + '}');
}

void report_loaded(const checks::Context& context, const Object& adapter, Plan& plan) {
  for (const kube::Value& instance : adapter.status()["instances"].items()) {
    const kube::Lookup pod =
        context.snapshot.find(kube::resources::pods, adapter.ns(), instance.text());
    if (!pod || pod->deleting()) continue;
    add_once(plan.manual_steps,
             {"LoRA " + std::string(adapter.name()) + " remains loaded in pod " + pod->full_name() +
                  " until the engine is asked to unload it, or restarts",
              unload_command(adapter, *pod)});
  }
}

}  // namespace

void plan_leftovers(const checks::Context& context, const Options& options,
                    const std::vector<BlockingFinalizer>& ours,
                    const std::vector<BlockingFinalizer>& others, Plan& plan) {
  if (options[option::restart_controller]) return;  // it cleans up itself
  for (const BlockingFinalizer& hold : ours) {
    const Object& object = *hold.object;
    if (hold.finalizer == names::adapter_finalizer) {
      plan_route(context, options, object, others, plan);
      report_loaded(context, object, plan);
    }
    if (hold.finalizer != names::claim_finalizer) continue;
    for (const Object* pod : checks::warm_pods(context, object)) {
      add_once(plan.manual_steps,
               {"the engine of " + checks::name_of(object) + " keeps running in pod " +
                    pod->full_name() + ": delete the pod to free its GPU memory",
                checks::kubectl(pod->ns(), "delete").on("pod", pod->name())});
    }
  }
}

}  // namespace fix
