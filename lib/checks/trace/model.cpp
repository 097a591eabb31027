// What the gateway plugin knows of the model, and the engine.
#include <algorithm>

#include "aibrix/engine/engine.hpp"
#include "aibrix/names.hpp"
#include "aibrix/pod.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/trace/hops.hpp"

namespace checks {
namespace {

using aibrix::Model;
using Observed = ObservedHop::Observed;
using kube::Object;
using Pods = std::vector<const Object*>;

std::size_t routable(const Pods& pods) {
  return static_cast<std::size_t>(std::count_if(pods.begin(), pods.end(), aibrix::is_routable));
}

bool has_role(const Object& pod, std::string_view role) {
  return pod.label(aibrix::names::role_name) == role;
}

// "prefill 1 of 1, decode 0 of 2 ready"; empty when the pods have no such roles.
std::string pair_of_roles(const Pods& pods) {
  std::vector<std::string> parts;
  for (const std::string_view role : {"prefill", "decode"}) {
    Pods mine;
    std::copy_if(pods.begin(), pods.end(), std::back_inserter(mine),
                 [&](const Object* pod) { return has_role(*pod, role); });
    if (mine.empty()) continue;
    parts.push_back(std::string(role) + ' ' + std::to_string(routable(mine)) + " of " +
                    std::to_string(mine.size()));
  }
  return parts.empty() ? "" : base::join(parts, ", ") + " ready";
}

// What stands for the model when it is named as one object.
kube::ObjectRef object_of(const Model& model) {
  if (model.adapter != nullptr) return model.adapter->ref();
  if (!model.workloads.empty()) return model.workloads.front().object->ref();
  if (model.claim != nullptr) return model.claim->ref();
  return model.pods.empty() ? kube::ObjectRef{"", "Model", "", model.name}
                            : model.pods.front()->ref();
}

bool all_read(const Context& context) {
  return context.snapshot.complete(kube::resources::pods) &&
         context.snapshot.complete(aibrix::resources::model_adapters);
}

// The checks of what serves the model: those of adapters say nothing of a model without one.
CodeList model_codes(const Model* model) {
  if (model == nullptr) return MDL001;
  if (model->adapter != nullptr) {
    return {MDL001, MDL002, MDL004, MDL005, MDL019, LOR001, LOR002, LOR004, LOR007};
  }
  if (model->claim != nullptr && model->workloads.empty())
    return {MDL001, MDL002, MDL004, MDL005, MDL019, CLM001};
  const bool fleet =
      std::any_of(model->workloads.begin(), model->workloads.end(),
                  [](const auto& w) { return w.object->kind() == "RayClusterFleet"; });
  if (fleet) return {MDL001, MDL002, MDL004, MDL005, MDL019, RAY001, INS015};
  return {MDL001, MDL002, MDL004, MDL005, MDL019};
}

ObservedHop known_hop(const Context& context, const Model* model, const std::string& name) {
  ObservedHop out =
      make_hop("model", RequestPath::every,
               model != nullptr ? object_of(*model) : kube::ObjectRef{"", "Model", "", name},
               model_codes(model));
  out.of_model = true;
  if (model == nullptr) {
    out.observed = all_read(context) ? Observed::no : Observed::unknown;
    out.hop.detail =
        out.observed == Observed::no ? "nothing serves it" : "not in the objects that were read";
    return out;
  }
  const Pods pods = serving_pods(context, *model);
  out.hop.detail = base::plural(pods.size(), "pod");
  if (model->adapter != nullptr) {
    out.hop.detail = "ModelAdapter " +
                     std::string(model->adapter->status()["phase"].text("without a phase")) +
                     ", loaded in " + out.hop.detail;
  }
  if (model->claim != nullptr && pods.empty()) {
    const std::string_view phase = model->claim->status()["phase"].text();
    out.hop.detail = "ModelClaim " + std::string(phase.empty() ? "without a phase" : phase);
    if (phase == "Active") out.observed = Observed::yes;
    if (phase != "Active") out.hop.reason = "the plugin answers 503 until the ModelClaim is Active";
  } else if (!pods.empty()) {
    out.observed = Observed::yes;
  } else {
    out.observed = all_read(context) ? Observed::no : Observed::unknown;
  }
  return out;
}

ObservedHop pods_hop(const Context& context, const Model* model, const std::string& name) {
  ObservedHop out = make_hop("pods", RequestPath::every, {"", "Pod", "", ""}, {MDL006, MDL007});
  out.of_model = true;
  if (model == nullptr) return not_reached(std::move(out));
  const Pods pods = serving_pods(context, *model);
  if (pods.empty()) return not_reached(std::move(out));
  const std::size_t ready = routable(pods);
  out.hop.object = pods.front()->ref();
  out.hop.detail = std::to_string(ready) + " of " + base::plural(pods.size(), "pod") + " of " +
                   name + (pods.size() == 1 ? " is routable" : " are routable");
  const std::string pair = pair_of_roles(pods);
  if (!pair.empty()) out.hop.detail += " (" + pair + ')';
  out.observed = ready > 0 ? Observed::yes : Observed::no;
  return out;
}

}  // namespace

ObservedHop make_hop(std::string name, RequestPath way, kube::ObjectRef object, CodeList codes) {
  ObservedHop out;
  out.hop.name = std::move(name);
  out.hop.way = way;
  out.hop.object = std::move(object);
  out.codes = codes;
  return out;
}

ObservedHop not_reached(ObservedHop hop) {
  hop.hop.detail = "not reached";
  return hop;
}

Pods serving_pods(const Context& context, const Model& model) {
  Pods out = model.pods;
  if (model.adapter == nullptr) return out;
  for (const kube::Value& instance : model.adapter->status()["instances"].items()) {
    const kube::Lookup pod =
        context.snapshot.find(kube::resources::pods, model.adapter->ns(), instance.text());
    if (pod) out.push_back(pod.object);
  }
  return out;
}

std::vector<ObservedHop> model_hops(const Context& context, const std::string& name) {
  const Model* model = context.cluster.model(name);
  return {known_hop(context, model, name), pods_hop(context, model, name)};
}

ObservedHop engine_hop(const Context& context, const std::string& name) {
  ObservedHop out = make_hop("engine", RequestPath::every, {}, MDL012);
  out.of_model = true;
  const Model* model = context.cluster.model(name);
  if (model == nullptr) return not_reached(std::move(out));
  const Pods pods = serving_pods(context, *model);
  const auto first = std::find_if(pods.begin(), pods.end(), aibrix::is_routable);
  if (first == pods.end()) return not_reached(std::move(out));
  out.hop.object = (*first)->ref();
  if (model->adapter != nullptr) {
    const kube::Condition ready = model->adapter->condition("Ready");
    if (ready.is_true()) out.observed = Observed::yes;
    out.hop.detail = ready.is_true()
                         ? "has the adapter loaded, according to its controller"
                         : "its controller does not report whether the adapter is loaded";
    return out;
  }
  const auto engine = aibrix::find_engine((*first)->root());
  const auto known = engine ? aibrix::serves(*engine, name) : std::nullopt;
  if (known) out.observed = *known ? Observed::yes : Observed::no;
  out.hop.detail = !known   ? "the served model name is not visible from outside"
                   : *known ? "serves the name " + name
                            : "does not serve the name " + name;
  return out;
}

}  // namespace checks
