// MDL002, MDL003: the model's label is needed twice, on the workload for its HTTPRoute and on the
// pod template for the gateway's pod cache.
#include <algorithm>

#include "aibrix/engine/engine.hpp"
#include "aibrix/model_config.hpp"
#include "aibrix/names.hpp"
#include "aibrix/release_facts.hpp"
#include "base/text.hpp"
#include "checks/common/written.hpp"
#include "checks/core/command.hpp"
#include "kube/parse/value.hpp"

namespace checks {
namespace {

using aibrix::Model;
using aibrix::Workload;
using kube::Object;

constexpr auto label_needs = with(model_lists, need::optional(need::services));

bool in_template(const Workload& w, const std::string& model) {
  return std::find(w.template_models.begin(), w.template_models.end(), model) !=
         w.template_models.end();
}

std::string label(const std::string& model) {
  return std::string(aibrix::names::model_name) + ": " + model;
}

Command template_patch(const Object& object, const std::string& model) {
  return kubectl(object.ns(), "patch", target_of(object), "--type=merge", "-p",
                 R"({"spec":{"template":{"metadata":{"labels":{")" +
                     std::string(aibrix::names::model_name) + R"(":)" + kube::json_string(model) +
                     "}}}}}");
}

// A template must have the labels that the selector asks for, and a selector cannot be changed.
void remedy_template(const Object& object, const std::string& model,
                     const aibrix::PodTemplate& pods, Finding& f) {
  const std::string_view selected =
      object.spec().at("selector", "matchLabels", aibrix::names::model_name).text();
  if (!selected.empty() && selected != model) {
    f.with_evidence("selector", label(std::string(selected)), label(model));
    f.remedy(Confidence::manual,
             "create " + kind_and_name(object) +
                 " anew with this label in its selector and on its pod template (a selector cannot "
                 "be changed)");
    return;
  }
  const bool plain = pods.path == "spec.template";
  f.remedy(Confidence::review, "set the label on the pod template (re-creates its pods)",
           plain ? template_patch(object, model) : Command());
}

void report_unlabelled_pods(const Context& context, const Model& model, const Workload& w,
                            Reporter& reporter) {
  const Object& object = *w.object;
  const bool all = context.snapshot.complete(kube::resources::pods, object.ns());
  // A manifest fails as soon as it is applied, unless another workload of the model serves it.
  const bool alone = std::none_of(model.workloads.begin(), model.workloads.end(),
                                  [&](const Workload& o) { return in_template(o, model.name); });
  const bool fails =
      w.replicas > 0 && model.pods.empty() && (from_api_server(object) ? all : alone);
  const bool other = !w.template_models.empty();
  const std::string title =
      other ? "the pod template of " + kind_and_name(object) + " has the label of another model, " +
                  w.template_models.front()
            : "the pod template of " + kind_and_name(object) + " has no model label";
  Finding& f = fails ? reporter.error(object, title) : reporter.warning(object, title);
  f.model(model.name);
  f.with_consequence("Requests for " + model.name + " get 400 \"model " + model.name +
                     " does not exist\".");
  const auto templates = aibrix::pod_templates(object);
  f.at_field(templates.front().path + ".metadata.labels");
  f.with_evidence("metadata.labels", label(model.name));
  f.with_evidence(
      "pod template",
      other ? label(w.template_models.front()) : "no " + std::string(aibrix::names::model_name),
      label(model.name));
  remedy_template(object, model.name, templates.front(), f);
}

bool has_model_label(const Object& object) {
  const auto named = [](const kube::Value& metadata) {
    return metadata["labels"][aibrix::names::model_name].exists() ||
           metadata["annotations"][aibrix::names::model_name].exists();
  };
  const auto templates = aibrix::pod_templates(object);
  return named(object.metadata()) ||
         std::ranges::any_of(templates, [&](const auto& t) { return named(t.value["metadata"]); });
}

const aibrix::PodTemplate* engine_template(const std::vector<aibrix::PodTemplate>& templates) {
  const auto it = std::ranges::find_if(
      templates, [](const auto& t) { return aibrix::find_engine(t.value).has_value(); });
  return it == templates.end() ? nullptr : &*it;
}

// The model that an unlabelled workload was meant for: the one that a Service of its name selects.
std::string_view selected_model(const Context& context, const Object& object) {
  const kube::Lookup service =
      context.snapshot.find(kube::resources::services, object.ns(), object.name());
  if (!service || from_api_server(*service)) return {};
  return service->spec()["selector"][aibrix::names::model_name].text();
}

// KubeRay labels pods from the templates of the groups alone (ray-operator, common/pod.go
// labelPod): what stands on the fleet's own template reaches the RayCluster, and no pod.
std::string_view on_fleet_template(const Object& object) {
  if (object.kind() != "RayClusterFleet") return {};
  return object.spec().at("template", "metadata", "labels", aibrix::names::model_name).text();
}

void report_unlabelled_engine(const Object& object, const aibrix::PodTemplate& pod,
                              std::string_view model, Reporter& reporter) {
  const std::string title =
      "the engine of " + kind_and_name(object) + " has no model label on its pod template";
  Finding& f = model.empty() ? reporter.warning(object, title) : reporter.error(object, title);
  f.at_field(pod.path + ".metadata.labels");
  f.with_consequence("The gateway does not find its pods, and requests for the model get 400.");
  f.with_evidence("pod template", "no " + std::string(aibrix::names::model_name),
                  model.empty() ? "" : label(std::string(model)));
  f.remedy(Confidence::review, "set the label on the pod template");
}

// Manifests without the label anywhere, whose kind or whose Service says that AIBrix is to serve
// them.
void judge_unlabelled(const Context& context, Reporter& reporter) {
  for (const Object* object : written_workloads(context)) {
    const auto templates = aibrix::pod_templates(*object);
    const aibrix::PodTemplate* engine = engine_template(templates);
    const std::string_view of_fleet = on_fleet_template(*object);
    if (!of_fleet.empty() && object->label(aibrix::names::model_name).empty()) {
      const bool given = std::ranges::any_of(templates, [](const auto& t) {
        return t.value.at("metadata", "labels", aibrix::names::model_name).exists();
      });
      if (!given && !templates.empty()) {
        report_unlabelled_engine(*object, templates.front(), of_fleet, reporter);
      }
      continue;
    }
    if (engine == nullptr || has_model_label(*object)) continue;
    const std::string_view model = selected_model(context, *object);
    if (model.empty() && object->kind() != "StormService") continue;
    report_unlabelled_engine(*object, *engine, model, reporter);
  }
}

void run_template_label(const Context& context, Reporter& reporter) {
  judge_unlabelled(context, reporter);
  for (const Model& model : models_to_judge(context, reporter)) {
    for (const Workload& w : model.workloads) {
      if (w.metadata_model != model.name || in_template(w, model.name)) continue;
      if (aibrix::pod_templates(*w.object).empty()) continue;
      // Pods may get it from elsewhere, e.g. a mutating webhook.
      if (pods_of(w, model.pods).empty()) report_unlabelled_pods(context, model, w, reporter);
    }
  }
}

void report_routeless(const Model& model, const Workload& w, Reporter& reporter) {
  const Object& object = *w.object;
  const std::string title = kind_and_name(object) + " has the model label only on its pod template";
  // Without the list of routes, one written by hand may be there. A manifest has it beside itself.
  const bool alone = model.route.missing() || (!model.route && !from_api_server(object));
  Finding& f = alone ? reporter.warning(object, title) : reporter.info(object, title);
  f.model(model.name).at_field("metadata.labels");
  f.with_consequence("AIBrix creates no HTTPRoute for it, and requests for " + model.name +
                     " without the routing-strategy header get 503.");
  f.with_evidence("metadata.labels", "no " + std::string(aibrix::names::model_name),
                  label(model.name));
  f.with_evidence("HTTPRoute " + aibrix::route_name(model.name),
                  model.route.missing() ? "not found" : "not read");
  f.note("requests with the routing-strategy header work");
  f.remedy(
      Confidence::review,
      "label the workload itself, then restart the controller, which only processes new objects",
      kubectl(object.ns(), "label", target_of(object),
              std::string(aibrix::names::model_name) + '=' + model.name));
}

void run_metadata_label(const Context& context, Reporter& reporter) {
  for (const Model& model : models_to_judge(context, reporter)) {
    if (model.route || model.wants_route()) continue;
    for (const Workload& w : model.workloads) {
      const bool watched =
          aibrix::gets_route(w.object->kind(), context.cluster.release()).value_or(false);
      // A fleet is REF002's: with its missing label goes a missing grant.
      if (!watched || w.object->kind() == "RayClusterFleet") continue;
      if (!w.metadata_model.empty() || !in_template(w, model.name)) continue;
      const auto strategy = aibrix::default_strategy(context.cluster, model);
      if (strategy.source != aibrix::DefaultStrategy::Source::none) continue;
      report_routeless(model, w, reporter);
      break;
    }
  }
}

}  // namespace

constinit const Check registry::MDL002{
    codes::MDL002,
    Area::models,
    "the pod template of a labelled workload has no model label",
    label_needs,
    run_template_label,
    {"A workload has the label model.aibrix.ai/name, but its pod template does not (or has the "
     "label of another model). The gateway finds models only by the labels of pods, so it does not "
     "know this one.",
     "The label was set only on the Deployment.",
     "Add the label to the pod template. This re-creates the pods.", "every release"}};

constinit const Check registry::MDL003{
    codes::MDL003,
    Area::models,
    "a workload that serves a model has no model label of its own",
    model_lists,
    run_metadata_label,
    {"The pod template has the label model.aibrix.ai/name, but the workload itself does not. The "
     "controller reads the workload's own labels, so it creates no HTTPRoute and no "
     "ReferenceGrant, and requests without a routing strategy get 503 \"httproutes … not found\".",
     "The label was set only on the template, or added to the workload later: the controller acts "
     "only on creation and deletion.",
     "Label the workload and restart aibrix-controller-manager, or always send a routing strategy.",
     "every release; LeaderWorkerSet since v0.6"}};

}  // namespace checks
