// MDL012: the engine was told another name than the label, and refuses what the gateway sends it.
#include "aibrix/names.hpp"
#include "base/text.hpp"
#include "checks/models/backend.hpp"

namespace checks {
namespace {

using aibrix::Model;
using kube::Object;
using kube::Value;

void judge(const Model& model, const Object& object, const Value& pod, const std::string& path,
           bool runs, Result& result) {
  const auto engine = aibrix::find_engine(pod);
  if (!engine) return;
  const auto answers = aibrix::serves(*engine, model.name);
  if (!answers) {
    result.undetermined("which names the engine of " + model.name +
                        " answers to is not on its command line");
    return;
  }
  if (*answers) return;
  const std::string names = base::join(engine->names, ", ");
  const std::string title = "the engine of " + model.name + " answers to " + names + " only";
  Finding& f = runs ? result.error(object, title) : result.warning(object, title);
  f.model(model.name);
  f.at((path.empty() ? "" : path + '.') + "spec.containers[" + std::to_string(engine->index) + ']');
  f.so("requests for " + model.name + " get 404 from the engine");
  f.shows(engine->names_told ? "--served-model-name" : "model, without --served-model-name", names,
          model.name);
  f.shows("container", engine->container);
  f.remedy(Confidence::review, "start the engine with --served-model-name " + model.name +
                                   " (several names may follow), or change the label");
}

void judge_model(const Model& model, Result& result) {
  for (const aibrix::Workload& w : model.workloads) {
    for (const aibrix::PodTemplate& t : aibrix::pod_templates(*w.object)) {
      const Value metadata = t.value["metadata"];
      std::string_view name = metadata["labels"][aibrix::names::model_name].text();
      if (name.empty()) name = metadata["annotations"][aibrix::names::model_name].text();
      const bool runs = is_running(*w.object) && w.replicas != 0;
      if (name == model.name) judge(model, *w.object, t.value, t.path, runs, result);
    }
  }
  if (!model.workloads.empty() || model.pods.empty()) return;
  const Object& pod = *model.pods.front();
  if (!pod.deleting()) judge(model, pod, pod.root(), "", is_running(pod), result);
}

void run_served_name(const Context& context, Result& result) {
  for (const Model& model : models_to_judge(context, result)) judge_model(model, result);
}

}  // namespace

extern constinit const Check MDL012{
    "MDL012",
    Area::models,
    "every engine answers to its model's name",
    model_lists,
    run_served_name,
    {"The gateway passes on the model name of the request. vLLM answers 404 to a name it was not "
     "told by --served-model-name (by default it is the path of the model). SGLang does not look.",
     "The label and --served-model-name differ, or the flag is missing.",
     "Give the engine the label's name; --served-model-name takes several.", "every release"}};

}  // namespace checks
