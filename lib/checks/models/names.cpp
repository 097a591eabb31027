// MDL001, MDL019, MDL021: model names that nobody serves, that two namespaces share, or that an
// HTTPRoute or Service cannot carry.
#include <algorithm>

#include "aibrix/names.hpp"
#include "aibrix/release_facts.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/objects.hpp"
#include "kube/name_rules.hpp"

namespace checks {
namespace {

using aibrix::Model;
using aibrix::Workload;
using kube::Object;

// "Llama" for "llama", "llama-8b" for "meta/llama-8b": what people type for another.
std::string similar(const std::string& name, const std::vector<std::string>& names) {
  const std::string wanted = base::lower(name.substr(name.rfind('/') + 1));
  for (const std::string& candidate : names) {
    if (base::lower(candidate) == wanted) return candidate;
  }
  return base::closest_match(name, names);
}

bool being_deleted(const Context& context, const std::string& name) {
  for (const Object& adapter : context.snapshot.list(aibrix::resources::model_adapters)) {
    if (adapter.name() == name) return adapter.deleting();
  }
  return false;
}

std::string some_of(std::vector<std::string> names) {
  const std::size_t all = names.size();
  constexpr std::size_t shown = 10;
  if (all > shown) names.resize(shown);
  return all == 0 ? "none"
                  : base::join(names, ", ") +
                        (all > shown ? ", and " + std::to_string(all - shown) + " more" : "");
}

void report_unknown(const Context& context, const std::string& name,
                    const std::vector<std::string>& served, Reporter& reporter) {
  Finding& f = reporter.error(kube::ObjectRef{"", "Model", "", name},
                              "no pod, ModelAdapter or ModelClaim serves a model named " + name);
  f.model(name).with_consequence("Requests for it get 400 \"model " + name + " does not exist\".");
  f.with_evidence("models served", some_of(served));
  f.note("names are case-sensitive; the gateway finds a model by the label " +
         std::string(aibrix::names::model_name) + " of its pods");
  const std::string near = similar(name, served);
  const bool is_namespace =
      static_cast<bool>(context.snapshot.find(kube::resources::namespaces, "", name));
  if (is_namespace) {
    f.remedy(Confidence::safe, name + " is a namespace: check what is in it",
             aibrixctl("doctor", "-n", name));
  }
  if (!near.empty()) {
    f.remedy(Confidence::safe, "use the name " + near, aibrixctl("doctor", operand(near)));
  } else if (!is_namespace) {
    f.remedy(Confidence::manual, "deploy it, or correct the name in the request");
  }
}

constexpr auto asked_needs = with(pod_model_lists, need::optional(need::namespaces));

void run_asked(const Context& context, Reporter& reporter) {
  if (context.models.empty()) return reporter.not_applicable("no model was given by name");
  namespace res = aibrix::resources;
  std::vector<std::string> served;
  for (const Model& model : context.cluster.models()) served.push_back(model.name);
  for (const std::string& name : context.models) {
    if (context.cluster.model(name) != nullptr || being_deleted(context, name)) continue;
    const bool all = context.snapshot.complete(kube::resources::pods) &&
                     context.snapshot.complete(res::model_adapters);
    if (all) {
      report_unknown(context, name, served, reporter);
    } else {
      reporter.undetermined("model " + name + " was not found, but not all pods and " +
                            "ModelAdapters were read");
    }
  }
}

// Namespaces with pods or workloads of the model, each once, in order.
std::vector<std::string> places(const Model& model) {
  std::vector<std::string> out = model.namespaces();
  for (const Object* pod : model.pods) {
    const bool known = std::find(out.begin(), out.end(), pod->ns()) != out.end();
    if (!known && !pod->deleting()) out.emplace_back(pod->ns());
  }
  std::sort(out.begin(), out.end());
  return out;
}

const Object* object_in(const Model& model, const std::string& ns) {
  for (const Workload& w : model.workloads) {
    if (w.object->ns() == ns) return w.object;
  }
  if (model.adapter != nullptr && model.adapter->ns() == ns) return model.adapter;
  for (const Object* pod : model.pods) {
    if (pod->ns() == ns) return pod;
  }
  return nullptr;
}

void report_shared(const Model& model, const std::vector<std::string>& namespaces,
                   Reporter& reporter) {
  std::string routed;
  if (model.route) {
    const kube::Value backend = model.route->spec()["rules"][0]["backendRefs"][0];
    routed = backend["namespace"].text(model.route->ns());
  }
  std::vector<const Object*> objects;
  for (const std::string& ns : namespaces) objects.push_back(object_in(model, ns));
  // The one that the route does not lead to is the one that misses requests.
  const auto left_out = std::find_if(objects.begin(), objects.end(), [&](const Object* o) {
    return !routed.empty() && o->ns() != routed;
  });
  const Object& subject = left_out != objects.end() ? **left_out : *objects.back();
  Finding& f = reporter.warning(subject, "model " + model.name + " is deployed in " +
                                             std::to_string(namespaces.size()) + " namespaces");
  f.model(model.name);
  f.with_consequence("They share one HTTPRoute, and deleting either model deletes it.");
  f.with_evidence("namespaces", base::join(namespaces, ", "), "one");
  if (!routed.empty())
    f.with_evidence("HTTPRoute " + std::string(model.route->name()), "points to " + routed);
  for (const Object* o : objects) {
    if (o != &subject) f.with_related(*o);
  }
  f.note("with a routing strategy, the pods of all of them form one pool");
  f.remedy(Confidence::manual, "rename one of them");
}

void run_shared(const Context& context, Reporter& reporter) {
  for (const Model& model : models_to_judge(context, reporter)) {
    const std::vector<std::string> namespaces = places(model);
    if (namespaces.size() > 1) report_shared(model, namespaces, reporter);
  }
  if (!context.snapshot.complete(kube::resources::pods) ||
      !context.snapshot.complete(kube::resources::deployments)) {
    reporter.undetermined("not all namespaces were read");
  }
}

void report_unroutable_name(const Model& model, const Object& object, Reporter& reporter) {
  const std::string plain = model.name + "-router";
  Finding& f =
      model.route.missing()
          ? reporter.error(object, "\"" + plain + "-router\" is not a valid name for an HTTPRoute")
          : reporter.warning(object,
                             "\"" + plain + "-router\" is not a valid name for an HTTPRoute");
  f.model(model.name).at_field("metadata.labels[" + std::string(aibrix::names::model_name) + "]");
  f.with_consequence("Requests for " + model.name +
                     " without the routing-strategy header get 503.");
  f.with_evidence("model name", model.name, "lower-case letters, digits, - and .");
  f.note("requests with the routing-strategy header work");
  f.remedy(Confidence::manual,
           "rename the model, or use AIBrix v0.8 or later, which hashes such names");
}

void run_name_fits(const Context& context, Reporter& reporter) {
  const auto takes_any = aibrix::facts::names_are_hashed.holds(context.cluster.release());
  for (const Model& model : models_to_judge(context, reporter)) {
    if (kube::is_subdomain(model.name + "-router")) continue;
    for (const Workload& w : model.workloads) {
      if (w.metadata_model != model.name || takes_any.value_or(false)) continue;
      if (!aibrix::gets_route(w.object->kind(), context.cluster.release()).value_or(false))
        continue;
      if (!takes_any) {
        reporter.undetermined("whether an HTTPRoute can be created for " + model.name +
                              " depends on AIBrix's release, which is unknown");
      } else {
        report_unroutable_name(model, *w.object, reporter);
      }
      break;
    }
  }
}

}  // namespace

constinit const Check registry::MDL001{
    codes::MDL001,
    Area::models,
    "no pod, ModelAdapter or ModelClaim serves the requested model",
    asked_needs,
    run_asked,
    {"No pod in any namespace has this model name, and no ModelAdapter or ModelClaim has it. The "
     "gateway answers 400 \"model … does not exist\".",
     "A typo in the name (it is case-sensitive), the engine's model path instead of the label, or "
     "a deleted model.",
     "Use the name of the label model.aibrix.ai/name, or deploy the model.", "every release"}};

constinit const Check registry::MDL019{
    codes::MDL019,
    Area::models,
    "a model name is used in several namespaces",
    pod_model_lists,
    run_shared,
    {"One model name is deployed in several namespaces. The name of its HTTPRoute does not contain "
     "a namespace: the first one created wins, and deleting either model deletes the HTTPRoute of "
     "both. With a routing strategy, the gateway treats the pods of all of them as one pool.",
     "Several teams deployed the same model.",
     "Give the models different names, for example with the team's name.", "every release"}};

constinit const Check registry::MDL021{
    codes::MDL021,
    Area::models,
    "a model name is not valid for an HTTPRoute",
    model_lists,
    run_name_fits,
    {"Before v0.8, a model's HTTPRoute is named <model>-router. With capital letters or "
     "other characters that are not valid in a DNS name, the API server rejects it: the model has "
     "no HTTPRoute and works only with a routing strategy.",
     "Names such as Qwen3-8B.", "Rename the model (label, Service, --served-model-name).",
     "v0.1 to v0.7"}};

}  // namespace checks
