// LOR001: a LoRA that waits for a pod to load it into.
#include <algorithm>

#include "aibrix/names.hpp"
#include "aibrix/pod.hpp"
#include "base/text.hpp"
#include "checks/common/adapters.hpp"
#include "checks/core/command.hpp"
#include "checks/core/timing.hpp"
#include "kube/label_index.hpp"
#include "kube/selector.hpp"

namespace checks {
namespace {

using kube::Object;
using kube::Value;
using Pods = std::vector<const Object*>;

constexpr auto candidate_needs = with(pod_model_lists, need::optional(need::namespaces));

Pods selected_pods(const Context& context, kube::LabelIndex& index, const Object& adapter) {
  const Value selector = adapter.spec()["podSelector"];
  const bool indexed = !selector["matchLabels"].empty();
  Pods pods = indexed ? index.select(adapter.ns(), selector["matchLabels"])
                      : context.cluster.pods_for_selector(adapter.ns(), selector);
  pods.erase(std::remove_if(pods.begin(), pods.end(),
                            [&](const Object* pod) {
                              return pod->deleting() ||
                                     !kube::matches_selector(selector, pod->labels());
                            }),
             pods.end());
  return pods;
}

// Which labels of the selector the base model's pods do not carry: the usual slip.
std::string lacking(const Object& adapter, const aibrix::Model& base) {
  const auto pod = std::find_if(base.pods.begin(), base.pods.end(),
                                [&](const Object* p) { return p->ns() == adapter.ns(); });
  if (pod == base.pods.end()) return "";
  std::vector<std::string> out;
  for (const kube::Member& m : adapter.at("spec", "podSelector", "matchLabels").members()) {
    if ((*pod)->label(m.key) == m.value.text()) continue;
    out.push_back(std::string(m.key) + '=' + std::string(m.value.scalar()));
  }
  return out.empty() ? "" : "pods of " + base.name + " do not have " + base::join(out, ", ");
}

void blame_base(const aibrix::Model* base, const Object& adapter, Finding& f) {
  if (base == nullptr) return;
  for (const aibrix::Workload& w : base->workloads) {
    if (w.object->ns() != adapter.ns()) continue;
    f.caused_by(w.replicas == 0 ? MDL004 : MDL006, w.object->ref());
  }
}

bool watched(const Object& pod) {
  return pod.label(aibrix::names::adapter_enabled) == "true" &&
         !pod.label(aibrix::names::model_name).empty();
}

// Why no pod takes the adapter, told by the pods.
void report(const Context& context, const Object& adapter, const Pods& pods, Reporter& reporter) {
  const auto ready = std::count_if(pods.begin(), pods.end(), aibrix::is_routable);
  const bool seen =
      std::any_of(pods.begin(), pods.end(), [](const Object* p) { return watched(*p); });
  const std::string name = kind_and_name(adapter);
  const std::string title = pods.empty() ? "the podSelector of " + name + " selects no pods"
                            : ready == 0 ? "no pod that " + name + " selects is ready"
                            : !seen ? "the pods of " + name + " are not labelled for LoRA adapters"
                                    : name + " is not loaded into any pod";
  Finding& f = reporter.error(adapter, title);
  f.model(std::string(adapter.name())).with_consequence(unloaded_consequence(adapter));
  f.at_field(pods.empty() ? "spec.podSelector" : "status");
  f.with_evidence("selector", kube::selector_text(adapter.spec()["podSelector"]));
  f.with_evidence("pods",
                  std::to_string(pods.size()) + " selected, " + std::to_string(ready) + " ready",
                  "at least 1 ready");
  const std::string_view phase = adapter.status()["phase"].text();
  f.with_evidence("phase",
                  phase.empty() ? "none: not processed by any controller" : std::string(phase),
                  "Running");
  const aibrix::Model* base = context.cluster.model(adapter.spec()["baseModel"].text());
  if (pods.empty() && base != nullptr) {
    const std::string missing = lacking(adapter, *base);
    if (!missing.empty()) f.note(missing);
  }
  const std::string enabled = std::string(aibrix::names::adapter_enabled) + ": \"true\"";
  if (!pods.empty() && !seen) {
    f.with_evidence("pod labels", "no " + std::string(aibrix::names::adapter_enabled), enabled);
  }
  if (ready == 0) blame_base(base, adapter, f);
  blame_controller(context, f);
  if (ready == 0 && !pods.empty()) {
    f.remedy(Confidence::manual, "make a pod of the base model ready");
  } else if (!seen) {
    f.remedy(Confidence::review, "label the base model's pod template with " + enabled + " and " +
                                     std::string(aibrix::names::model_name) +
                                     ", as the adapter's podSelector requires");
  } else {
    f.remedy(Confidence::manual, "check its events and conditions",
             kubectl(adapter.ns(), "describe", target_of(adapter)));
  }
}

// Loaded, but into fewer pods than asked.
void judge_count(const Object& adapter, Reporter& reporter) {
  const std::int64_t ready = adapter.status()["readyReplicas"].integer_or(0);
  const std::int64_t desired = adapter.status()["desiredReplicas"].integer_or(0);
  if (ready >= desired) return;
  Finding& f = reporter.warning(
      adapter, kind_and_name(adapter) + " is loaded into " + std::to_string(ready) + " of " +
                   base::plural(static_cast<std::size_t>(desired), "pod"));
  f.model(std::string(adapter.name())).at_field("status.readyReplicas");
  f.with_consequence("Fewer pods share its requests.");
  f.with_evidence("readyReplicas", std::to_string(ready), std::to_string(desired));
  f.with_evidence("candidates", std::to_string(adapter.status()["candidates"].integer_or(0)));
  f.remedy(Confidence::manual, "make more of the selected pods ready");
}

// replicas: absent (every matching pod) or 1; the field came with v0.5 (modeladapter_types.go).
void judge_replicas(const Object& adapter, Reporter& reporter) {
  const auto replicas = adapter.spec()["replicas"].integer();
  if (!replicas || *replicas == 1) return;
  Finding& f = reporter.warning(
      adapter,
      kind_and_name(adapter) + " requests " +
          base::plural(static_cast<std::size_t>(std::max<std::int64_t>(*replicas, 0)), "replica"));
  f.model(std::string(adapter.name())).at_field("spec.replicas");
  f.with_consequence("AIBrix loads it either into one pod or into all selected pods.");
  f.with_evidence("replicas", std::to_string(*replicas), "1, or not set for all selected pods");
  f.remedy(Confidence::review, "remove spec.replicas, or set it to 1");
}

void judge(const Context& context, kube::LabelIndex& index, const Object& adapter,
           Reporter& reporter) {
  judge_replicas(adapter, reporter);
  if (!from_api_server(adapter)) {
    return reporter.undetermined(kind_and_name(adapter) +
                                 " comes from a manifest, so whether it is loaded is unknown");
  }
  if (adapter.status()["instances"].size() != 0) return judge_count(adapter, reporter);
  if (load_error(adapter).exists() || just_made(context, adapter)) return;
  const std::string_view phase = adapter.status()["phase"].text();
  if (phase == "Running" || phase == "Failed") return;
  if (!context.snapshot.complete(kube::resources::pods, adapter.ns())) {
    return reporter.undetermined("not all pods of namespace " + std::string(adapter.ns()) +
                                 " were read");
  }
  const Pods pods = selected_pods(context, index, adapter);
  if (still_starting(context, pods)) {
    return reporter.undetermined("the pods that " + kind_and_name(adapter) +
                                 " selects were created only just now");
  }
  report(context, adapter, pods, reporter);
}

void run_candidates(const Context& context, Reporter& reporter) {
  kube::LabelIndex index(context.snapshot, kube::resources::pods);
  for (const Object* adapter : adapters_to_judge(context, reporter)) {
    judge(context, index, *adapter, reporter);
  }
}

}  // namespace

constinit const Check registry::LOR001{
    codes::LOR001,
    Area::lora,
    "a ModelAdapter has no pod that it can be loaded into",
    candidate_needs,
    run_candidates,
    {"A ModelAdapter stays Pending, because its podSelector selects no pods of its namespace, or "
     "no ready ones. Requests get 400 \"model … does not exist\". This is a warning if it is "
     "loaded into fewer pods than requested, or requests a number of replicas that AIBrix does not "
     "support.",
     "The podSelector does not match the pods' labels, the label adapter.model.aibrix.ai/enabled: "
     "\"true\" is missing on the pod template, or the base model is unready.",
     "Make the selector match the pod labels; the controller retries every 10 seconds.",
     "every release; spec.replicas: v0.5 and later"}};

}  // namespace checks
