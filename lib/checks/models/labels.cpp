// MDL002, MDL003: the model's label is needed twice, on the workload for its HTTPRoute and on the
// pod template for the gateway's pod cache.
#include <algorithm>

#include "aibrix/model_config.hpp"
#include "aibrix/names.hpp"
#include "aibrix/release_facts.hpp"
#include "base/text.hpp"
#include "checks/common/objects.hpp"
#include "checks/core/command.hpp"
#include "kube/parse/value.hpp"

namespace checks {
namespace {

using aibrix::Model;
using aibrix::Workload;
using kube::Object;

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

void report_unlabelled_pods(const Context& context, const Model& model, const Workload& w,
                            Reporter& reporter) {
  const Object& object = *w.object;
  const bool all = context.snapshot.complete(kube::resources::pods, object.ns());
  const bool fails = from_api_server(object) && w.replicas > 0 && all && model.pods.empty();
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
  const bool plain = templates.front().path == "spec.template";
  f.remedy(Confidence::review, "set the label on the pod template (re-creates its pods)",
           plain ? template_patch(object, model.name) : Command());
}

void run_template_label(const Context& context, Reporter& reporter) {
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
  // Without the list of routes, one written by hand may be there.
  Finding& f =
      model.route.missing() ? reporter.warning(object, title) : reporter.info(object, title);
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
    model_lists,
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
