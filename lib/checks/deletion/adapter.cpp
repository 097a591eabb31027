// FIN001: ModelAdapters being deleted go as the controller removes their finalizer; FIN002: every
// ModelAdapter being deleted has a controller to remove its finalizer.
#include <algorithm>

#include "aibrix/cluster.hpp"
#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/adapter_route.hpp"
#include "checks/common/causes.hpp"
#include "checks/common/deletion_needs.hpp"
#include "checks/common/deletion_text.hpp"
#include "checks/common/webhook_backend.hpp"
#include "checks/core/command.hpp"

namespace checks {
namespace {

namespace names = aibrix::names;

constexpr auto waiting_needs =
    need::joined(std::to_array<kube::Need>({need::model_adapters, need::optional(need::nodes)}),
                 need::controller_owner);
constexpr auto orphaned_needs = need::joined(
    std::to_array<kube::Need>(
        {need::model_adapters, need::deployments, need::optional(need::http_routes),
         need::optional(need::mutating_webhooks), need::optional(need::validating_webhooks),
         need::optional(need::services), need::optional(need::endpointslices)}),
    need::controller_owner);

// Commands are printed for so many objects; the others are named.
constexpr std::size_t most_commands = 5;

bool node_ready(const Context& context, std::string_view name) {
  const kube::Lookup node = context.snapshot.find(kube::resources::nodes, "", name);
  return !node || node->condition("Ready").is_true();
}

}  // namespace

std::vector<std::string> engines_of(const Context& context, const kube::Object& adapter) {
  std::vector<std::string> out;
  for (const kube::Value& instance : adapter.status()["instances"].items()) {
    const std::string_view name = instance.text();
    const kube::Lookup pod = context.snapshot.find(kube::resources::pods, adapter.ns(), name);
    if (pod.missing()) continue;  // the controller skips these
    std::string text = "pod " + std::string(name);
    if (pod) {
      const std::string node(pod->spec()["nodeName"].text());
      if (!node.empty()) text += " on node " + node;
      if (!node.empty() && !node_ready(context, node)) text += ", which is not Ready";
    }
    out.push_back(std::move(text));
  }
  return out;
}

namespace {

void run_waiting(const Context& context, Reporter& reporter) {
  FinalizerIndex deletions(context);
  const auto unload = aibrix::unload_behaviour(context.cluster.release());
  const bool endless = unload && !unload->timeout;
  for (const BlockingFinalizer& hold :
       deletions.found(reporter, FIN001, aibrix::resources::model_adapters)) {
    const kube::Object& adapter = *hold.object;
    const Owner& owner = deletions.owner(*hold.known);
    Finding& f = report_hold(context, reporter, hold, owner);
    f.model(std::string(adapter.name()));
    show_lease(context, f);
    const auto engines = engines_of(context, adapter);
    if (!engines.empty())
      f.with_evidence("asked to unload", base::join(engines, "; "), "they answer");
    if (endless) {
      f.note(
          "this release sends unload requests without a timeout, so it hangs on a pod whose "
          "address does not answer");
    }
    const kube::ObjectRef deployment{"apps", "Deployment", context.cluster.ns(), owner.name};
    f.remedy(Confidence::manual, "check the controller's log",
             log_command(deployment)
                 .with("--since=10m")
                 .piped(Command("grep", {"-i", "-e", "forbidden", "-e", adapter.name()})));
    if (endless) {
      f.remedy(Confidence::review,
               "delete the pod that does not answer, then restart the controller",
               restart_command(deployment));
    }
    if (*hold.level == Level::error) add_strip(f, hold, &owner);
  }
}

// What stripping leaves behind, as far as it can be told better than in general.
std::string left_behind(const Context& context, const kube::Object& adapter,
                        const std::vector<std::string>& engines) {
  const bool engines_gone = engines.empty() && !adapter.status()["instances"].empty();
  std::string left = engines_gone
                         ? "no LoRA remains loaded"
                         : "the LoRA stays loaded in its engines and occupies a slot there";
  if (const AdapterRoute made = adapter_route(context, adapter); made.own()) {
    left += "; delete the leftover HTTPRoute " + made.route->full_name() + " manually";
  }
  return left;
}

void run_orphaned(const Context& context, Reporter& reporter) {
  FinalizerIndex deletions(context);
  const auto* finalizer = aibrix::find_finalizer(names::adapter_finalizer);
  const Owner& owner = deletions.owner(*finalizer);
  NamespaceGroups groups;
  std::size_t shown = 0;
  for (const BlockingFinalizer& hold :
       deletions.found(reporter, FIN002, aibrix::resources::model_adapters)) {
    const kube::Object& adapter = *hold.object;
    Finding& f = report_hold(context, reporter, hold, owner);
    f.model(std::string(adapter.name()));
    show_lease(context, f);
    const auto engines = engines_of(context, adapter);
    if (!engines.empty()) {
      f.with_evidence("LoRA " + std::string(adapter.name()) + " loaded in",
                      base::join(engines, "; "));
    }
    if (!owner.can_return) groups.add(f);
    const auto blocking = blocking_webhooks(context, adapter);
    if (!blocking.empty()) f.note(refusal_note(blocking.front(), adapter));
    if (++shown <= most_commands) {
      add_strip(f, hold, &owner, left_behind(context, adapter, engines));
    } else {
      f.note("the same patch with its own uid removes the finalizer of " + name_of(adapter));
    }
  }
  const auto adapters = context.snapshot.list(aibrix::resources::model_adapters);
  const bool any_waits = std::any_of(adapters.begin(), adapters.end(), [](const kube::Object& a) {
    return a.deleting() && a.has_finalizer(names::adapter_finalizer);
  });
  if (any_waits && !owner.known) {
    reporter.undetermined(owner.name + " was not read, so whether it is running is unknown");
  }
}

}  // namespace

constinit const Check registry::FIN001{
    codes::FIN001,
    Area::deletion,
    "a ModelAdapter that the controller should finalize is stuck in Terminating",
    waiting_needs,
    run_waiting,
    {"A ModelAdapter is Terminating and keeps its finalizer adapter.model.aibrix.ai/finalizer, "
     "although nothing shows that the controller-manager is down. For up to 2 minutes this is "
     "normal: the controller first asks every engine to unload the LoRA adapter. After 5 minutes "
     "it counts as stuck.",
     "An engine whose address does not answer (its node is lost; before v0.6 the request has no "
     "timeout), RBAC that was removed before the controller (helm uninstall order), or a "
     "controller that cannot reach the API server.",
     "Wait 2 minutes. Then search the controller's log for the adapter's name and for "
     "\"forbidden\". Delete pods on lost nodes and restart the controller. As the last resort, "
     "remove the finalizer.",
     "every release"}};

constinit const Check registry::FIN002{
    codes::FIN002,
    Area::deletion,
    "a ModelAdapter cannot be finalized because the controller is down",
    orphaned_needs,
    run_orphaned,
    {"A ModelAdapter is Terminating and keeps adapter.model.aibrix.ai/finalizer, but the "
     "controller that removes it is not running. The adapter and its namespace are stuck in "
     "Terminating.",
     "aibrix-controller-manager is scaled to 0 replicas, unready, not the leader, was uninstalled "
     "before the custom resources, or runs without model-adapter-controller. If aibrix-system "
     "itself is being deleted, it can never come back: nothing can be created in a Terminating "
     "namespace.",
     "Bring the controller back: it removes the finalizer within seconds. Only if it cannot come "
     "back, remove the finalizer with a guarded JSON Patch (aibrixctl fix finalizers does both); "
     "the LoRA then stays loaded in its engines until they restart. A fail-closed webhook without "
     "a backend (v0.3.0 to v0.4.1) has to be fixed first: WH001.",
     "every release"}};

}  // namespace checks
