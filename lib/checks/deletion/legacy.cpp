// FIN003: no ModelAdapter being deleted keeps the finalizer of v0.1.0-rc.1; FIN004: no ModelAdapter
// carries the finalizer of v0.1.0-rc.1.
#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "checks/common/deletion_needs.hpp"
#include "checks/common/deletion_text.hpp"
#include "checks/common/fix_remedies.hpp"
#include "checks/common/webhook_backend.hpp"

namespace checks {
namespace {

namespace names = aibrix::names;

constexpr kube::Need legacy_needs[] = {need::model_adapters,
                                       need::optional(need::mutating_webhooks),
                                       need::optional(need::validating_webhooks),
                                       need::optional(need::services),
                                       need::optional(need::endpointslices),
                                       need::optional(need::deployments),
                                       need::optional(need::namespaces)};
constexpr kube::Need sleeping_needs[] = {need::model_adapters};

void run_legacy(const Context& context, Reporter& reporter) {
  for (const kube::Object& adapter : context.snapshot.list(aibrix::resources::model_adapters)) {
    if (!adapter.deleting() || !adapter.has_finalizer(names::legacy_adapter_finalizer)) continue;
    BlockingFinalizer hold;
    hold.object = &adapter;
    hold.finalizer = names::legacy_adapter_finalizer;
    hold.known = aibrix::find_finalizer(hold.finalizer);
    Finding& f = reporter.error(adapter, name_of(adapter) + " keeps finalizer " +
                                             std::string(hold.finalizer) +
                                             ", which no release since v0.1.0-rc.2 removes");
    f.with_consequence(name_of(adapter) + " is stuck in Terminating.")
        .at_field("metadata.finalizers")
        .model(std::string(adapter.name()));
    show_holds(context, f, adapter);
    const auto blocking = blocking_webhooks(context, adapter);
    if (!blocking.empty()) f.note(refusal_note(blocking.front(), adapter));
    offer_fix_finalizers(f, hold, nullptr);
    add_strip(f, hold, nullptr);
  }
}

void run_sleeping(const Context& context, Reporter& reporter) {
  for (const kube::Object& adapter : context.snapshot.list(aibrix::resources::model_adapters)) {
    if (adapter.deleting() || !adapter.has_finalizer(names::legacy_adapter_finalizer)) continue;
    BlockingFinalizer hold;
    hold.object = &adapter;
    hold.finalizer = names::legacy_adapter_finalizer;
    hold.known = aibrix::find_finalizer(hold.finalizer);
    Finding& f = reporter.warning(adapter, name_of(adapter) + " has finalizer " +
                                               std::string(hold.finalizer) +
                                               ", which no release since v0.1.0-rc.2 removes");
    f.with_consequence("Once it is deleted, it will be stuck in Terminating.")
        .at_field("metadata.finalizers")
        .model(std::string(adapter.name()));
    f.with_evidence("finalizer", std::string(hold.finalizer),
                    std::string(names::adapter_finalizer));
    add_strip(f, hold, nullptr);
  }
}

}  // namespace

constinit const Check registry::FIN003{
    codes::FIN003,
    Area::deletion,
    "a ModelAdapter is stuck in Terminating because of the finalizer of v0.1.0-rc.1",
    legacy_needs,
    run_legacy,
    {"A ModelAdapter is Terminating and keeps modeladapter.aibrix.ai/finalizer. Only v0.1.0-rc.1 "
     "and rc.2 used this finalizer; no later controller removes it, running or not.",
     "The object was created by a release candidate of v0.1.0 and kept through upgrades.",
     "Remove the finalizer: nothing acts on it any more.",
     "objects created by v0.1.0-rc.1 and rc.2"}};

constinit const Check registry::FIN004{
    codes::FIN004,
    Area::deletion,
    "a ModelAdapter has the obsolete finalizer of v0.1.0-rc.1",
    sleeping_needs,
    run_sleeping,
    {"A ModelAdapter has the finalizer modeladapter.aibrix.ai/finalizer. It works, but once "
     "deleted it will be stuck in Terminating, and so will its namespace.",
     "The object was created by a release candidate of v0.1.0 and kept through upgrades.",
     "Remove the finalizer now, before the object is deleted.",
     "objects created by v0.1.0-rc.1 and rc.2"}};

}  // namespace checks
