// FIN011: no CRD of AIBrix's is being deleted.
#include <algorithm>

#include "aibrix/cluster.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/deletion_needs.hpp"
#include "checks/common/deletion_text.hpp"
#include "checks/core/command.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

constexpr kube::Need crds_need{&kube::resources::crds, kube::Scope::everywhere};
constexpr auto crd_needs = need::joined(std::to_array<kube::Need>({crds_need}), need::held);

bool concerns_aibrix(std::string_view crd) {
  return crd.ends_with(".aibrix.ai") || crd.ends_with(".ray.io");
}

const kube::Resource* kind_of(const kube::Object& crd) {
  for (const kube::Resource* kind : aibrix::resources::all()) {
    if (kube::full_name(*kind) == crd.name()) return kind;
  }
  return nullptr;
}

void report_crd(const Context& context, FinalizerIndex& deletions, const kube::Object& crd,
                Reporter& reporter) {
  const kube::Resource* kind = kind_of(crd);
  const auto left =
      kind == nullptr ? std::span<const kube::Object>() : context.snapshot.list(*kind);
  const bool counted = kind != nullptr && context.snapshot.loaded(*kind);
  std::vector<BlockingFinalizer> holds;
  for (const kube::Object& object : left) {
    for (const BlockingFinalizer& hold : deletions.holds(object)) {
      if (hold.level) holds.push_back(hold);
    }
  }
  const bool held = std::any_of(holds.begin(), holds.end(),
                                [](const BlockingFinalizer& h) { return h.level == Level::error; });
  std::optional<Level> level = level_of(stage_of(context, crd, limits::object_slow));
  if (held) level = Level::error;
  if (!level && !left.empty()) level = Level::warning;
  if (!level) {
    report_unjudged(context, reporter, crd);
    return;
  }
  const std::string count = counted ? base::plural(left.size(), kind->kind) : "its objects";
  const std::string title =
      "CustomResourceDefinition " + std::string(crd.name()) + " is being deleted with " + count;
  Finding& f = *level == Level::error ? reporter.error(crd, title) : reporter.warning(crd, title);
  f.with_consequence(*level == Level::error
                         ? "CustomResourceDefinition " + std::string(crd.name()) +
                               " is stuck in Terminating."
                         : "Every object of this kind is deleted with it.");
  show_holds(context, f, crd);
  for (const BlockingFinalizer& hold : holds) f.caused_by(hold.code, hold.object->ref());
  f.note(
      "a deletion cannot be undone; AIBrix's core manifest contains the CRDs up to v0.6, so "
      "to delete that manifest with kubectl also deletes every AIBrix object");
  Command save = kubectl("", "get", operand(crd.name()), "-A", "-o", "yaml");
  save.output_file = std::string(crd.name()) + ".yaml";
  f.remedy(Confidence::safe, "first save the remaining objects", std::move(save));
}

void run_crd(const Context& context, Reporter& reporter) {
  FinalizerIndex deletions(context);
  for (const kube::Object& crd : context.snapshot.list(kube::resources::crds)) {
    const bool going = crd.deleting() || crd.condition("Terminating").is_true();
    if (going && concerns_aibrix(crd.name())) report_crd(context, deletions, crd, reporter);
  }
}

}  // namespace

constinit const Check registry::FIN011{
    codes::FIN011,
    Area::deletion,
    "a CRD of AIBrix is being deleted",
    crd_needs,
    run_crd,
    {"A CustomResourceDefinition of AIBrix or KubeRay is being deleted. Kubernetes deletes every "
     "object of the kind with it, in all namespaces, and the CRD itself stays until the last of "
     "them is gone.",
     "kubectl delete -f was run with the core manifest of v0.6 or earlier, which contains the "
     "CRDs; or an uninstall removed the controller first, so that finalizers hold the last "
     "objects.",
     "Save the remaining objects. Free those that are stuck (FIN002, FIN006), wait until the CRD "
     "is gone, then reapply the CRDs and the saved objects. To uninstall: first the objects, then "
     "the controller, then the CRDs.",
     "every release; from v0.7 on the CRDs are in a manifest of their own"}};

}  // namespace checks
