// MDL012: the engine was told another name than the label, and refuses what the gateway sends it.
#include "aibrix/names.hpp"
#include "base/text.hpp"
#include "checks/common/model_backend.hpp"

namespace checks {
namespace {

using aibrix::Model;
using kube::Object;
using kube::Value;

void judge_name(const Model& model, const Object& object, const Value& pod, const std::string& path,
                bool runs, Reporter& reporter) {
  const auto engine = aibrix::find_engine(pod);
  if (!engine) return;
  const auto answers = aibrix::serves(*engine, model.name);
  if (!answers) {
    reporter.undetermined("the names that the engine of " + model.name +
                          " serves are not on its command line");
    return;
  }
  if (*answers) return;
  const std::string names = base::join(engine->names, ", ");
  const std::string title = "the engine of " + model.name + " serves only the name " + names;
  Finding& f = runs ? reporter.error(object, title) : reporter.warning(object, title);
  f.model(model.name);
  f.at_field((path.empty() ? "" : path + '.') + "spec.containers[" + std::to_string(engine->index) +
             ']');
  f.with_consequence("Requests for " + model.name + " get 404 from the engine.");
  // The engine may be right, and the label wrong: then nobody asks for that name.
  f.caused_by(MDL002, object.ref());
  const std::string_view own = object.label(aibrix::names::model_name);
  if (!own.empty() && own != model.name) f.consequence.clear();
  f.with_evidence(engine->names_told ? "--served-model-name" : "model, without --served-model-name",
                  names, model.name);
  f.with_evidence("container", engine->container);
  f.remedy(Confidence::review, "start the engine with --served-model-name " + model.name +
                                   " (more names may follow), or change the label");
}

void judge_names_of(const Model& model, Reporter& reporter) {
  for (const aibrix::Workload& w : model.workloads) {
    for (const aibrix::PodTemplate& t : aibrix::pod_templates(*w.object)) {
      const Value metadata = t.value["metadata"];
      std::string_view name = metadata["labels"][aibrix::names::model_name].text();
      if (name.empty()) name = metadata["annotations"][aibrix::names::model_name].text();
      const bool runs = w.replicas != 0;
      if (name == model.name) judge_name(model, *w.object, t.value, t.path, runs, reporter);
    }
  }
  if (!model.workloads.empty() || model.pods.empty()) return;
  const Object& pod = *model.pods.front();
  if (!pod.deleting()) judge_name(model, pod, pod.root(), "", true, reporter);
}

void run_served_name(const Context& context, Reporter& reporter) {
  for (const Model& model : models_to_judge(context, reporter)) judge_names_of(model, reporter);
}

}  // namespace

constinit const Check registry::MDL012{
    codes::MDL012,
    Area::models,
    "an engine does not serve its model's name",
    model_lists,
    run_served_name,
    {"The gateway forwards the model name of the request. vLLM answers 404 to a name that is not "
     "in --served-model-name (which defaults to the path of the model). SGLang does not check the "
     "name.",
     "The label and --served-model-name differ, or the flag is missing.",
     "Start the engine with the label's name; --served-model-name accepts several names.",
     "every release"}};

}  // namespace checks
