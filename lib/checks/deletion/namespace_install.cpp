// NS010: the namespace controller works on deletions; NS011: AIBrix's own namespaces are not
// deleted under its objects.
#include "aibrix/cluster.hpp"
#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/deletion_needs.hpp"
#include "checks/common/deletion_text.hpp"
#include "checks/common/namespaces.hpp"
#include "checks/core/command.hpp"

namespace checks {
namespace {

void run_untouched(const Context& context, Reporter& reporter) {
  const TerminatingNamespaces namespaces(context, reporter);
  for (const TerminatingNamespace& going : namespaces.list()) {
    if (going.status.begun || going.stage != Stage::stuck || !going.ns->finalizers().empty())
      continue;
    Finding& f =
        report_namespace(context, reporter, going,
                         "no controller has processed the deletion of namespace " + going.name());
    f.at_field("status.conditions")
        .with_evidence("conditions", "none", "those of the namespace controller");
    f.remedy(Confidence::manual, "check whether kube-controller-manager is running",
             kubectl("kube-system", "get", "pods", "-l", "component=kube-controller-manager"));
  }
}

// AIBrix's objects outside the namespace, by kind.
std::vector<std::string> left_elsewhere(const Context& context, std::string_view ns, Finding* f) {
  std::vector<std::string> counts;
  for (const kube::Resource* kind : held_kinds()) {
    if (!kind->group.ends_with("aibrix.ai")) continue;
    std::size_t count = 0;
    for (const kube::Object& object : context.snapshot.list(*kind)) {
      if (object.ns() == ns) continue;
      ++count;
      if (f != nullptr) f->with_related(object);
    }
    if (count != 0) counts.push_back(base::plural(count, kind->kind));
  }
  return counts;
}

void run_install(const Context& context, Reporter& reporter) {
  struct Place {
    std::string ns;
    std::string_view loses;
  };
  const Place places[] = {
      {context.cluster.ns(),
       "Their finalizers, HTTPRoutes and LoRA loading will no longer be processed."},
      {context.cluster.envoy_gateway_ns(), "No request reaches their models."}};
  for (const Place& place : places) {
    const kube::Lookup ns = context.snapshot.find(kube::resources::namespaces, "", place.ns);
    if (!ns || !ns->deleting()) continue;
    const auto counts = left_elsewhere(context, place.ns, nullptr);
    if (counts.empty()) continue;
    Finding& f = reporter.warning(*ns, "namespace " + place.ns + " is being deleted while " +
                                           base::join_and(counts) + " remain in other namespaces");
    f.with_consequence(std::string(place.loses));
    left_elsewhere(context, place.ns, &f);
    f.with_evidence("remaining in other namespaces", base::join_and(counts), "none");
    f.remedy(Confidence::manual,
             "to uninstall: delete those objects first, wait until they are gone, then delete the "
             "install, and the CRDs last");
    f.remedy(Confidence::manual, "to keep them: reinstall AIBrix once the namespace is gone");
  }
}

}  // namespace

constinit const Check registry::NS010{
    codes::NS010,
    Area::deletion,
    "the namespace controller does not process a deletion",
    need::ns_content,
    run_untouched,
    {"A namespace has been Terminating for more than 5 minutes and has none of the conditions that "
     "the namespace controller sets within seconds.",
     "kube-controller-manager is down or cannot reach the API server.", "Fix the control plane.",
     "every release"}};

constinit const Check registry::NS011{
    codes::NS011,
    Area::deletion,
    "AIBrix's own namespace is being deleted while its objects remain elsewhere",
    need::ns_content,
    run_install,
    {"AIBrix's (or Envoy Gateway's) namespace is being deleted while AIBrix objects remain in "
     "other namespaces. Their controller is deleted with it: finalizers, HTTPRoutes and LoRA "
     "adapters are no longer processed.",
     "An uninstall in the wrong order: kubectl delete ns aibrix-system, or helm uninstall before "
     "the custom resources.",
     "First delete the custom resources and wait until they are gone, then delete the install, and "
     "the CRDs last. To keep the objects, reinstall AIBrix once the namespace is gone.",
     "every release"}};

}  // namespace checks
