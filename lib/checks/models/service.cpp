// MDL010, MDL011: the Service a model's HTTPRoute leads to is missing, or picks the wrong pods.
#include <algorithm>

#include "aibrix/names.hpp"
#include "aibrix/pod.hpp"
#include "base/text.hpp"
#include "checks/common/adapters.hpp"
#include "checks/common/causes.hpp"
#include "checks/common/model_backend.hpp"
#include "checks/core/timing.hpp"
#include "kube/files/yaml_text.hpp"
#include "kube/label_index.hpp"
#include "kube/name_rules.hpp"
#include "kube/selector.hpp"

namespace checks {
namespace {

using aibrix::Model;
using kube::Object;

constexpr auto service_needs = with(model_lists, need::services, need::optional(need::namespaces));

constexpr std::string_view worker_index = "leaderworkerset.sigs.k8s.io/worker-index";

// The YAML of the Service that is missing; only heads and leaders serve.
std::string service_manifest(const Backend& b, const Model& model) {
  std::int64_t target = b.port;
  std::string extra;
  if (b.workload != nullptr) {
    if (const auto engine = engine_of(*b.workload, model.name); engine && engine->port) {
      target = *engine->port;
    }
    const std::string_view kind = b.workload->object->kind();
    if (kind == "RayClusterFleet") extra = "    ray.io/node-type: head\n";
    if (kind == "LeaderWorkerSet") extra = "    " + std::string(worker_index) + ": \"0\"\n";
  }
  return "apiVersion: v1\nkind: Service\nmetadata:\n  name: " + kube::yaml_scalar(b.service.name) +
         "\n  namespace: " + kube::yaml_scalar(b.service.ns) + "\nspec:\n  selector:\n    " +
         std::string(aibrix::names::model_name) + ": " + kube::yaml_scalar(model.name) + "\n" +
         extra + "  ports:\n  - name: serve\n    port: " + std::to_string(b.port) +
         "\n    targetPort: " + std::to_string(target) + "\n";
}

void advise_service(const Backend& b, const Model& model, Finding& f) {
  if (!kube::is_dns1035_label(b.service.name)) {
    f.with_evidence("Service name", b.service.name, "lower-case letters, digits and -, no dot");
    f.remedy(Confidence::manual,
             "no Service can have this name: rename the model, or from AIBrix v0.8 on set another "
             "Service with the annotation " +
                 std::string(aibrix::names::model_service_name));
    return;
  }
  Remedy r;
  r.confidence = Confidence::safe;
  r.text = "create the Service";
  r.command = apply_from_stdin();
  r.manifest = service_manifest(b, model);
  r.undo = kubectl(b.service.ns, "delete").on("service", b.service.name);
  f.remedies.push_back(std::move(r));
}

// The Service of a LoRA is the controller's: it makes it once the adapter is loaded.
void blame_adapter(const Context& context, const Object& adapter, Finding& f) {
  for (const Code code : {LOR001, LOR002, LOR004}) f.caused_by(code, adapter.ref());
  if (const auto cause = controller_state(context).cause) f.caused_by(cause->code, cause->object);
  f.with_related(adapter);
}

bool is_of_adapter(const Model& model, const Backend& b) {
  return model.adapter != nullptr && model.adapter->ns() == b.service.ns &&
         model.adapter->name() == b.service.name;
}

void report_missing(const Context& context, const Model& model, const Backend& b,
                    Reporter& reporter) {
  const ComponentHealth controller = controller_state(context);
  const bool of_adapter = is_of_adapter(model, b);
  const bool has_pods = !model.pods.empty() || of_adapter;
  const bool routed = b.from_route || (controller.known && !controller.down);
  const std::string title = "Service " + b.service.ns + '/' + b.service.name + " does not exist";
  Finding& f = !goes_by_route(context, model) ? reporter.info(b.service, title)
               : has_pods && routed           ? reporter.error(b.service, title)
                                              : reporter.warning(b.service, title);
  f.model(model.name);
  // An adapter that is not loaded gets no answer at all: what that means is said there.
  const bool unloaded = of_adapter && model.adapter->status()["instances"].empty();
  if (!unloaded)
    f.with_consequence("Requests for " + model.name +
                       " without the routing-strategy header get 503.");
  f.with_evidence("Service", "not found",
                  "name " + b.service.name + ", port " + std::to_string(b.port));
  if (model.route) {
    f.with_related(*model.route);
    if (const auto word = route_word(context, model))
      f.with_evidence("HTTPRoute status", word->summary());
  }
  if (of_adapter) return blame_adapter(context, *model.adapter, f);
  if (b.workload != nullptr) f.with_related(*b.workload->object);
  if (const auto way = way_round_route(model); !way.empty()) f.note(way);
  for (const aibrix::Workload& w : model.workloads) {
    if (model.pods.empty()) f.caused_by(w.replicas == 0 ? MDL004 : MDL006, w.object->ref());
  }
  advise_service(b, model, f);
}

// Among manifests: no Service of any cluster can be called so.
void report_impossible(const Context& context, const Model& model, const Backend& b,
                       Reporter& reporter) {
  const std::string title =
      "no Service can have the name " + b.service.name + " of model " + model.name;
  Finding& f = goes_by_route(context, model) ? reporter.error(*b.workload->object, title)
                                             : reporter.info(*b.workload->object, title);
  f.model(model.name).at_field("metadata.labels[" + std::string(aibrix::names::model_name) + ']');
  f.with_consequence("Requests for " + model.name +
                     " without the routing-strategy header get 503.");
  if (const auto way = way_round_route(model); !way.empty()) f.note(way);
  advise_service(b, model, f);
}

// A Service of the files that was meant for the model: it selects its pods under another name, or
// has the name in another namespace.
const Object* meant_service(const Context& context, const Model& model, const Backend& b) {
  for (const Object& service : context.snapshot.list(kube::resources::services)) {
    const kube::Value selector = service.spec()["selector"];
    if (from_api_server(service) || selector.empty()) continue;
    const bool named = selector[aibrix::names::model_name].text() == model.name;
    if (service.ns() != b.service.ns) {
      if (named && service.name() == b.service.name) return &service;
      continue;
    }
    for (const aibrix::PodTemplate& pod : aibrix::pod_templates(*b.workload->object)) {
      if (kube::matches_map(selector, pod.value.at("metadata", "labels"))) return &service;
    }
  }
  return nullptr;
}

void report_elsewhere(const Context& context, const Model& model, const Backend& b,
                      const Object& service, Reporter& reporter) {
  const bool other_ns = service.ns() != b.service.ns;
  const std::string wanted = b.service.ns + '/' + b.service.name;
  const std::string title = "Service " + service.full_name() + " selects the pods of " +
                            model.name + ", but its HTTPRoute leads to Service " + wanted;
  Finding& f = goes_by_route(context, model) ? reporter.warning(service, title)
                                             : reporter.info(service, title);
  f.model(model.name).at_field(other_ns ? "metadata.namespace" : "metadata.name");
  f.with_consequence("Unless that exists, requests for " + model.name +
                     " without the routing-strategy header get 503.");
  f.with_evidence("Service", service.full_name(), wanted);
  f.with_related(*b.workload->object);
  if (const auto way = way_round_route(model); !way.empty()) f.note(way);
  f.remedy(Confidence::review, other_ns ? "put the Service into the namespace of the model"
                                        : "name the Service as the model");
}

// What the files alone tell of a Service that is not among them.
bool judge_written(const Context& context, const Model& model, const Backend& b,
                   Reporter& reporter) {
  if (b.workload == nullptr || from_api_server(*b.workload->object)) return false;
  if (!kube::is_dns1035_label(b.service.name) && !b.from_route) {
    report_impossible(context, model, b, reporter);
    return true;
  }
  const Object* meant = meant_service(context, model, b);
  if (meant == nullptr) return false;
  report_elsewhere(context, model, b, *meant, reporter);
  return true;
}

void run_service_exists(const Context& context, Reporter& reporter) {
  for (const Model& model : models_to_judge(context, reporter)) {
    for (const Backend& b : backends_of(context, model)) {
      const kube::Lookup service =
          context.snapshot.find(kube::resources::services, b.service.ns, b.service.name);
      const std::string name = "Service " + b.service.ns + '/' + b.service.name;
      if (service.unknown() && judge_written(context, model, b, reporter)) continue;
      if (service.unknown()) reporter.undetermined(name + " was not read");
      if (!service.missing()) continue;
      if (model.adapter != nullptr && !from_api_server(*model.adapter)) continue;
      if (const auto word = route_word(context, model); word && word->is_true()) {
        reporter.undetermined(name + " was not found, but the gateway resolved it");
        continue;
      }
      if (model.adapter != nullptr && is_of_adapter(model, b) &&
          may_still_load(context, *model.adapter)) {
        reporter.undetermined(name + " is created when the adapter is loaded");
        continue;
      }
      report_missing(context, model, b, reporter);
    }
  }
}

struct Picked {
  std::size_t own = 0;      // of the model, or of none: an engine without the label works as well
  std::size_t others = 0;   // of another model
  std::size_t workers = 0;  // followers of a LeaderWorkerSet: no server runs in them
  std::string other;        // the other model's name
};

Picked look_at(const std::vector<const Object*>& pods, const Model& model,
               const aibrix::Release& release) {
  Picked out;
  for (const Object* pod : pods) {
    if (pod->deleting()) continue;
    const std::string_view name = aibrix::pod_model(*pod, release);
    const std::string_view index = pod->label(worker_index);
    if (!name.empty() && name != model.name) {
      const auto engine = aibrix::find_engine(pod->root());
      if (engine && aibrix::serves(*engine, model.name).value_or(false)) continue;
      ++out.others;
      out.other = name;
    } else if (!index.empty() && index != "0") {
      ++out.workers;
    } else {
      ++out.own;
    }
  }
  return out;
}

std::string selector_of(const Object& service) {
  std::string out;
  for (const kube::Member& m : service.spec()["selector"].members()) {
    out += (out.empty() ? "" : ",") + std::string(m.key) + '=' + std::string(m.value.scalar());
  }
  return out.empty() ? "none" : out;
}

void judge_selector(const Context& context, const Model& model, const Object& service,
                    const Picked& picked, Reporter& reporter) {
  const bool used = goes_by_route(context, model);
  const std::string name = "Service " + service.full_name();
  const bool has_pods = std::any_of(model.pods.begin(), model.pods.end(), [&](const Object* p) {
    return p->ns() == service.ns() && !p->deleting();
  });
  const auto finish = [&](Finding& f) {
    f.model(model.name).at_field("spec.selector");
    f.with_evidence("selector", selector_of(service),
                    std::string(aibrix::names::model_name) + '=' + model.name);
    f.remedy(Confidence::review, "correct the selector of the Service");
  };
  if (picked.own == 0 && picked.workers == 0 && has_pods) {
    if (!context.snapshot.complete(kube::resources::pods, service.ns())) {
      return reporter.undetermined("not all pods of namespace " + std::string(service.ns()) +
                                   " were read");
    }
    const std::string title = name + " selects no pods of " + model.name;
    Finding& f = used ? reporter.error(service, title) : reporter.info(service, title);
    f.with_consequence("Requests for " + model.name +
                       " without the routing-strategy header get 503.");
    if (const auto way = way_round_route(model); !way.empty()) f.note(way);
    return finish(f);
  }
  if (picked.others != 0) {
    Finding& f =
        reporter.warning(service, name + " also selects " + base::plural(picked.others, "pod") +
                                      " of model " + picked.other);
    f.with_consequence("Some requests for " + model.name +
                       " reach an engine that does not serve it.");
    finish(f);
  }
  if (picked.workers != 0) {
    Finding& f =
        reporter.warning(service, name + " also selects " + base::plural(picked.workers, "worker") +
                                      " of a LeaderWorkerSet");
    f.with_consequence("Some requests for " + model.name + " reach a pod without a server.");
    f.with_evidence("leaders", std::string(worker_index) + "=0");
    finish(f);
  }
}

// A Service and a workload of one model in manifests, without a pod of either: the pod template
// tells what the selector will pick.
void judge_written_selector(const Context& context, const Model& model, const Backend& b,
                            const Object& service, Reporter& reporter) {
  if (from_api_server(service) || b.workload == nullptr) return;
  const kube::Value selector = service.spec()["selector"];
  if (service.spec()["type"].text() == "ExternalName") return;
  const auto templates = aibrix::pod_templates(*b.workload->object);
  const bool picks = std::ranges::any_of(templates, [&](const aibrix::PodTemplate& pod) {
    return kube::matches_map(selector, pod.value.at("metadata", "labels"));
  });
  // A controller adds labels of its own to the pods of other kinds.
  const std::string_view kind = b.workload->object->kind();
  const bool all_labels = kind == "Deployment" || kind == "StatefulSet";
  bool unmatched = selector.empty();
  for (const kube::Member& m : selector.members()) {
    const bool of_model = m.key.find("model.aibrix.ai/") != std::string_view::npos;
    if (!all_labels && !of_model) continue;
    unmatched = unmatched || std::ranges::none_of(templates, [&](const aibrix::PodTemplate& pod) {
                  return pod.value.at("metadata", "labels", m.key).scalar() == m.value.scalar();
                });
  }
  // One that MDL002 tells of: the label is missing on the template.
  const bool labelled = std::ranges::find(b.workload->template_models, model.name) !=
                        b.workload->template_models.end();
  if (picks || !unmatched || templates.empty() || !labelled) return;
  const std::string title = "Service " + service.full_name() +
                            (selector.empty() ? " has no selector" : " selects no pods of ") +
                            (selector.empty() ? "" : model.name);
  const bool sure = !selector.empty() && goes_by_route(context, model);
  Finding& f = sure ? reporter.error(service, title) : reporter.warning(service, title);
  f.model(model.name).at_field("spec.selector").with_related(*b.workload->object);
  f.with_consequence("Requests for " + model.name +
                     " without the routing-strategy header get 503.");
  f.with_evidence("selector", selector_of(service),
                  std::string(aibrix::names::model_name) + '=' + model.name);
  f.remedy(Confidence::review, "correct the selector of the Service");
}

void run_selector(const Context& context, Reporter& reporter) {
  kube::LabelIndex index(context.snapshot, kube::resources::pods);
  for (const Model& model : models_to_judge(context, reporter)) {
    for (const Backend& b : backends_of(context, model)) {
      const kube::Lookup service =
          context.snapshot.find(kube::resources::services, b.service.ns, b.service.name);
      if (service.unknown()) {
        reporter.undetermined("Service " + b.service.ns + '/' + b.service.name + " was not read");
      }
      if (service && model.pods.empty()) {
        judge_written_selector(context, model, b, *service, reporter);
      }
      if (!service || service->deleting() || service->spec()["selector"].empty()) continue;
      const auto pods = index.select(b.service.ns, service->spec()["selector"]);
      judge_selector(context, model, *service, look_at(pods, model, context.cluster.release()),
                     reporter);
    }
  }
}

}  // namespace

constinit const Check registry::MDL010{
    codes::MDL010,
    Area::models,
    "the Service behind a model's HTTPRoute does not exist",
    service_needs,
    run_service_exists,
    {"A model's HTTPRoute references the Service with the model's name in the workload's "
     "namespace, but there is none. Requests without a routing strategy get 503 \"… not resolved: "
     "BackendNotFound\". AIBrix creates this Service only for ModelAdapters.",
     "The Deployment was created without a Service, as in the quickstart sample, or the Service "
     "has another name.",
     "Create the Service (the remedy contains its manifest). It is not needed for requests with a "
     "routing strategy.",
     "every release; the annotation model.aibrix.ai/service-name: v0.8 and later"}};

constinit const Check registry::MDL011{
    codes::MDL011,
    Area::models,
    "the Service of a model selects none of its pods, or others as well",
    service_needs,
    run_selector,
    {"The Service behind a model's HTTPRoute selects no pods of the model (requests without a "
     "routing strategy get 503), or also selects pods of another model or without a server (some "
     "requests fail).",
     "The labels were changed only on one side, or several models share a selector.",
     "Select by model.aibrix.ai/name, and by the head's or leader's label if a group of pods forms "
     "one engine.",
     "every release"}};

}  // namespace checks
