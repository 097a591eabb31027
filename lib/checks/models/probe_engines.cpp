// PRB002, PRB003: engines that answer otherwise than their pods' status and labels say.
#include <algorithm>

#include "aibrix/engine/engine.hpp"
#include "aibrix/names.hpp"
#include "aibrix/pod.hpp"
#include "base/text.hpp"
#include "checks/common/objects.hpp"
#include "checks/common/probe_targets.hpp"
#include "checks/core/command.hpp"

namespace checks {
namespace {

using aibrix::Model;
using kube::Object;

constexpr std::string_view models_path = "/v1/models";

// The workload that made the pod; the pod itself where none is known.
const Object& owner_of(const Model& model, const Object& pod) {
  for (const aibrix::Workload& w : model.workloads) {
    if (!pods_of(w, model.pods).empty() && std::ranges::count(pods_of(w, model.pods), &pod) != 0) {
      return *w.object;
    }
  }
  return pod;
}

std::string where_of(std::int64_t port, std::string_view path) {
  return "GET :" + std::to_string(port) + std::string(path);
}

std::string pod_of(const Object& pod) {
  return "pod " + std::string(pod.name());
}

// Nothing listens where the gateway sends requests.
void judge_answer(const Context& context, const Model& model, const Object& pod,
                  Reporter& reporter) {
  const std::int64_t port = aibrix::pod_model_port(pod);
  const kube::PodAnswer* models = answer_of(context, pod, port, models_path, reporter);
  const kube::PodAnswer* health = answer_of(context, pod, port, "/health", reporter);
  if (models == nullptr) return;
  if (models->status == 0) {
    // The API server asks from elsewhere than Envoy: what does not get through may get through
    // there. A refused connection comes from the pod's own address.
    if (models->failure.find("connection refused") == std::string::npos) {
      return reporter.undetermined(
          pod_of(pod) + " could not be asked by way of the API server: " + models->failure);
    }
    Finding& f = reporter.error(pod, pod_of(pod) + " of " + model.name +
                                         " is Ready, but refuses connections on port " +
                                         std::to_string(port));
    f.model(model.name).with_consequence("Requests that the gateway sends to this pod fail.");
    f.with_evidence(where_of(port, models_path), models->failure, "an answer");
    f.caused_by(MDL008, owner_of(model, pod).ref());
    f.remedy(Confidence::manual, "let the engine listen on 0.0.0.0 and this port, or set label " +
                                     std::string(aibrix::names::model_port) + " to its port");
    return;
  }
  if (health == nullptr || health->status < 500) return;
  Finding& f = reporter.warning(
      pod, pod_of(pod) + " of " + model.name + " is Ready, but its engine is unhealthy");
  f.model(model.name).with_consequence("Requests that the gateway sends to this pod can fail.");
  f.with_evidence(where_of(port, "/health"), "HTTP " + std::to_string(health->status), "200");
  f.remedy(Confidence::manual, "find out from its log why",
           kubectl(pod.ns(), "logs", operand(pod.name()), "--tail=100"));
}

void run_answers(const Context& context, Reporter& reporter) {
  if (!pods_were_asked(context, "what engines answer", reporter)) return;
  for (const Model& model : models_to_judge(context, reporter)) {
    if (model.adapter != nullptr) continue;  // its pods are its base model's
    for (const Object* pod : probed_pods(model)) judge_answer(context, model, *pod, reporter);
  }
}

void judge_name(const Context& context, const Model& model, const Object& pod, Reporter& reporter) {
  const std::int64_t port = aibrix::pod_model_port(pod);
  const kube::PodAnswer* answer = answer_of(context, pod, port, models_path, reporter);
  if (answer == nullptr) return;
  const std::vector<std::string> names = listed_models(*answer);
  if (names.empty()) {
    const std::string said =
        answer->status == 0 ? answer->failure : "HTTP " + std::to_string(answer->status);
    return reporter.undetermined(pod_of(pod) + " does not list its models: " + said);
  }
  if (std::ranges::find(names, model.name) != names.end()) return;
  // SGLang answers to any name.
  const auto engine = aibrix::find_engine(pod.root());
  const bool any_name = engine && engine->kind == aibrix::Engine::Kind::sglang;
  if (any_name) return;
  const Object& owner = owner_of(model, pod);
  Finding& f = reporter.error(
      owner, "the engine of " + model.name + " serves only the name " + base::join(names, ", "));
  f.model(model.name).with_consequence("Requests for " + model.name + " get 404 from the engine.");
  f.with_evidence(where_of(port, models_path) + " of " + std::string(pod.name()),
                  base::join(names, ", "), model.name);
  f.with_related(pod).caused_by(MDL012, owner.ref());
  f.remedy(Confidence::review, "start the engine with --served-model-name " + model.name +
                                   " (more names may follow), or change the label");
}

void run_names(const Context& context, Reporter& reporter) {
  if (!pods_were_asked(context, "which models engines serve", reporter)) return;
  for (const Model& model : models_to_judge(context, reporter)) {
    if (model.adapter != nullptr) continue;
    const auto pods = probed_pods(model);
    if (!pods.empty()) judge_name(context, model, *pods.front(), reporter);
  }
}

}  // namespace

constinit const Check registry::PRB002{
    codes::PRB002,
    Area::models,
    "a Ready pod of a model does not answer",
    pod_model_lists,
    run_answers,
    {"With --probe, doctor sends GETs to the port that the gateway uses of up to two Ready pods of "
     "each model, through the API server. Nothing listens there, or the engine says that it is "
     "unhealthy. The gateway goes by Ready alone and sends requests to the pod all the same.",
     "The engine listens on another port or on 127.0.0.1 only, the pod has no readiness probe, or "
     "its probe asks another container.",
     "Correct the port (label model.aibrix.ai/port, --port, --host 0.0.0.0), and give the pod a "
     "readiness probe on /health of the engine.",
     "every release"}};

constinit const Check registry::PRB003{
    codes::PRB003,
    Area::models,
    "a running engine does not serve its model's name",
    pod_model_lists,
    run_names,
    {"With --probe, doctor asks an engine of each model for /v1/models through the API server. The "
     "list does not have the name that AIBrix's label gives the pod. The gateway forwards the "
     "label's name, and vLLM answers 404 to it.",
     "The label and --served-model-name differ, or the flag is missing. Unlike MDL012 this is what "
     "the engine itself says.",
     "Start the engine with the label's name; --served-model-name accepts several names.",
     "every release"}};

}  // namespace checks
