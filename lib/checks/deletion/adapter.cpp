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
          "this release asks engines to unload without a time limit: it hangs on a pod whose "
          "address answers nothing");
    }
    const kube::ObjectRef deployment{"apps", "Deployment", context.cluster.ns(), owner.name};
    f.remedy(Confidence::manual, "see what the controller says about it",
             log_command(deployment)
                 .with("--since=10m")
                 .piped(Command("grep", {"-i", "-e", "forbidden", "-e", adapter.name()})));
    if (endless) {
      f.remedy(Confidence::review,
               "remove the pod that does not answer, then restart the controller",
               restart_command(deployment));
    }
    if (*hold.level == Level::error) add_strip(f, hold, &owner);
  }
}

// What stripping leaves behind, as far as it can be told better than in general.
std::string left_behind(const Context& context, const kube::Object& adapter,
                        const std::vector<std::string>& engines) {
  const bool engines_gone = engines.empty() && !adapter.status()["instances"].empty();
  std::string left = engines_gone ? "its engines are gone, so no LoRA stays loaded"
                                  : "the LoRA stays loaded in its engines and keeps a slot there";
  if (const AdapterRoute made = adapter_route(context, adapter); made.own()) {
    left += "; HTTPRoute " + made.route->full_name() + " stays behind: delete it by hand";
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
      f.note("the same patch, with its own uid, strips " + name_of(adapter));
    }
  }
  const auto adapters = context.snapshot.list(aibrix::resources::model_adapters);
  const bool any_waits = std::any_of(adapters.begin(), adapters.end(), [](const kube::Object& a) {
    return a.deleting() && a.has_finalizer(names::adapter_finalizer);
  });
  if (any_waits && !owner.known) {
    reporter.undetermined("whether " + owner.name + " runs was not read");
  }
}

}  // namespace

constinit const Check registry::FIN001{
    codes::FIN001,
    Area::deletion,
    "ModelAdapters being deleted go as the controller removes their finalizer",
    waiting_needs,
    run_waiting,
    {"A ModelAdapter is being deleted and its finalizer adapter.model.aibrix.ai/finalizer stays, "
     "although nothing shows that the controller-manager is down. Up to 2 minutes that is normal: "
     "the controller first asks every engine to unload the LoRA. After 5 minutes it counts as "
     "stuck.",
     "An engine whose address answers nothing (its node is lost; before v0.6 the request has no "
     "time limit); RBAC removed before the controller (helm uninstall order); the controller "
     "cannot reach the API server.",
     "Wait 2 minutes. Then read the controller's log for the adapter's name and for \"forbidden\". "
     "Remove pods on lost nodes and restart the controller. Last: strip the finalizer.",
     "every release"}};

constinit const Check registry::FIN002{
    codes::FIN002,
    Area::deletion,
    "every ModelAdapter being deleted has a controller to remove its finalizer",
    orphaned_needs,
    run_orphaned,
    {"A ModelAdapter is being deleted and keeps adapter.model.aibrix.ai/finalizer, and the program "
     "that removes it is not running: the adapter, and the namespace it is in, cannot finish "
     "deleting.",
     "aibrix-controller-manager is scaled to 0, not Ready, not leader, was uninstalled before the "
     "custom resources, or runs without model-adapter-controller. When aibrix-system itself is "
     "being deleted it can never come back: nothing can be created in a namespace that is going.",
     "Bring the controller back: it removes the finalizer within seconds. Where it cannot come "
     "back strip the finalizer by a guarded JSON Patch (aibrixctl fix finalizers does both); the "
     "LoRA then stays loaded in its engines until they restart. A fail-closed webhook without a "
     "backend (v0.3.0 to v0.4.1) must go first: WH001.",
     "every release"}};

}  // namespace checks
