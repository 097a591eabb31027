// PRB004: an adapter that its status calls loaded is not in the engine.
#include <algorithm>

#include "aibrix/engine/engine.hpp"
#include "aibrix/pod.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/objects.hpp"
#include "checks/common/probe_targets.hpp"
#include "checks/core/command.hpp"

namespace checks {
namespace {

using kube::Object;

constexpr auto adapter_needs =
    with(model_lists, kube::Need{&aibrix::resources::model_adapters}, need::optional(need::pods));

void judge_adapter(const Context& context, const Object& adapter, Reporter& reporter) {
  const std::string name(adapter.name());
  for (const kube::Value& instance : adapter.status()["instances"].items()) {
    const kube::Lookup pod =
        context.snapshot.find(kube::resources::pods, adapter.ns(), instance.text());
    if (!pod) continue;
    const std::int64_t port = aibrix::pod_model_port(*pod);
    const kube::PodAnswer* answer = answer_of(context, *pod, port, "/v1/models", reporter);
    if (answer == nullptr) continue;
    const auto engine = aibrix::find_engine(pod->root());
    const std::vector<std::string> names = listed_models(*answer);
    // Only vLLM is known to list its adapters.
    if (names.empty() || !engine || engine->kind != aibrix::Engine::Kind::vllm) {
      reporter.undetermined("pod " + std::string(pod->name()) + " does not list its adapters");
      continue;
    }
    if (std::ranges::find(names, name) != names.end()) continue;
    Finding& f = reporter.error(adapter, kind_and_name(adapter) + " is missing in the engine of " +
                                             std::string(pod->name()));
    f.model(name).at_field("status.instances");
    f.with_consequence("Requests for " + name + " get 404 from this pod.");
    f.with_evidence("status.instances", std::string(pod->name()));
    f.with_evidence("GET :" + std::to_string(port) + "/v1/models", base::join(names, ", "), name);
    f.with_related(*pod);
    f.remedy(Confidence::review,
             "restart the pod: the controller loads the adapter into the new one",
             kubectl(pod->ns(), "delete").on("pod", pod->name()));
    return;
  }
}

void run_adapters(const Context& context, Reporter& reporter) {
  if (!pods_were_asked(context, "which adapters engines have loaded", reporter)) return;
  for (const Object* adapter :
       objects_to_judge(context, aibrix::resources::model_adapters, reporter)) {
    judge_adapter(context, *adapter, reporter);
  }
}

}  // namespace

constinit const Check registry::PRB004{
    codes::PRB004,
    Area::lora,
    "an adapter that is called loaded is missing in the engine",
    adapter_needs,
    run_adapters,
    {"With --probe, doctor asks engines for /v1/models. status.instances of a ModelAdapter lists a "
     "pod whose engine does not have the adapter: requests that reach this pod get 404.",
     "The engine's container restarted and lost the adapter; the controller looks at pods, not at "
     "containers.",
     "Delete the pod; the controller loads the adapter into its successor.", "every release"}};

}  // namespace checks
