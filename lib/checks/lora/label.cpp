// LOR003: a LoRA gets its HTTPRoute by a label of its own.
#include "aibrix/model_config.hpp"
#include "aibrix/names.hpp"
#include "checks/common/adapters.hpp"
#include "checks/core/command.hpp"

namespace checks {
namespace {

using kube::Object;

constexpr auto label_needs = model_lists_with(aibrix::resources::model_adapters);

void report(const Object& adapter, const aibrix::Model& model, Reporter& reporter) {
  const std::string_view label = adapter.label(aibrix::names::model_name);
  const std::string key(aibrix::names::model_name);
  const std::string title =
      kind_and_name(adapter) +
      (label.empty() ? " does not have the label " + key : " has another name in its label " + key);
  // Without the list of routes, one written by hand may be there. A manifest has it beside itself.
  const bool alone = model.route.missing() || (!model.route && !from_api_server(adapter));
  Finding& f = alone ? reporter.warning(adapter, title) : reporter.info(adapter, title);
  f.model(model.name).at_field("metadata.labels");
  f.with_consequence("AIBrix creates no HTTPRoute for it, and requests for " + model.name +
                     " without the routing-strategy header get 503.");
  f.with_evidence(key, label.empty() ? "not set" : std::string(label), model.name);
  f.note("requests with the routing-strategy header work once it is loaded");
  f.remedy(
      Confidence::review, "label it, then restart the controller, which only processes new objects",
      kubectl(adapter.ns(), "label", "--overwrite", target_of(adapter), key + '=' + model.name));
}

void run_label(const Context& context, Reporter& reporter) {
  for (const Object* adapter : adapters_to_judge(context, reporter)) {
    if (adapter->label(aibrix::names::model_name) == adapter->name()) continue;
    const aibrix::Model* model = context.cluster.model(adapter->name());
    if (model == nullptr || model->route) continue;
    const auto strategy = aibrix::default_strategy(context.cluster, *model);
    if (strategy.source != aibrix::DefaultStrategy::Source::none) continue;
    report(*adapter, *model, reporter);
  }
}

}  // namespace

constinit const Check registry::LOR003{
    codes::LOR003,
    Area::lora,
    "a ModelAdapter does not have its own name as model label",
    label_needs,
    run_label,
    {"The controller creates an HTTPRoute for a ModelAdapter only if its own labels contain "
     "model.aibrix.ai/name, and for the name in that label. Requests use the adapter's own name: "
     "without a routing strategy they get 503.",
     "The label was omitted, or copied from another adapter.",
     "Label the adapter with its own name and restart the controller, or use a routing strategy.",
     "every release"}};

}  // namespace checks
