// MDL025: in manifests, workers of a LeaderWorkerSet that carry the model's label.
#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/written.hpp"

namespace checks {
namespace {

using kube::Object;
using kube::Value;

// The gateway leaves Ray's workers out (pkg/cache/informers.go isWorkerPod), and nobody else's.
void judge_workers(const Object& object, Reporter& reporter) {
  const Value group = object.spec()["leaderWorkerTemplate"];
  const Value labels = group.at("workerTemplate", "metadata", "labels");
  const std::string_view model = labels[aibrix::names::model_name].text();
  if (model.empty() || group["size"].integer_or(1) < 2) return;
  const bool leader = group["leaderTemplate"].is_object();
  Finding& f = reporter.warning(
      object, leader ? "workers of " + kind_and_name(object) + " also carry the model label"
                     : kind_and_name(object) +
                           " has no leaderTemplate, and its workers carry the model label");
  f.model(std::string(model));
  f.at_field("spec.leaderWorkerTemplate.workerTemplate.metadata.labels");
  f.with_consequence("Some requests for " + std::string(model) +
                     " go to a worker, where no server listens, and get 503.");
  f.with_evidence("label of workers",
                  std::string(aibrix::names::model_name) + '=' + std::string(model), "none");
  f.with_evidence("size", std::string(group["size"].scalar()));
  f.remedy(Confidence::review,
           leader ? "take the label off spec.leaderWorkerTemplate.workerTemplate"
                  : "give the leader a leaderTemplate of its own, and only that one the label");
}

void run_labelled_workers(const Context& context, Reporter& reporter) {
  std::size_t judged = 0;
  for (const Object* object : written_workloads(context)) {
    if (object->kind() != "LeaderWorkerSet") continue;
    ++judged;
    judge_workers(*object, reporter);
  }
  if (judged == 0) return reporter.not_applicable("no manifest is a LeaderWorkerSet");
  reporter.measured(base::plural(judged, "LeaderWorkerSet"));
}

}  // namespace

constinit const Check registry::MDL025{
    codes::MDL025,
    Area::models,
    "workers of a LeaderWorkerSet also carry the model label",
    model_lists,
    run_labelled_workers,
    {"The gateway sends requests to every pod that carries the model's label. Of the pods of a "
     "LeaderWorkerSet only the leader runs a server.",
     "The label stands on the workers' template, or the leader has no template of its own and "
     "takes the workers'.",
     "Label the leader alone.", "v0.6 and later"}};

}  // namespace checks
