// ASC002: two autoscalers that change the same number of replicas. AIBrix's controller notices a
// pair only since v0.6, only among its own, and only when both name the same role
// (pkg/controller/podautoscaler/podautoscaler_controller.go, buildScalingTargetKey).
#include <algorithm>
#include <map>
#include <vector>

#include "aibrix/release_facts.hpp"
#include "base/text.hpp"
#include "checks/common/scale_target.hpp"

namespace checks {
namespace {

using kube::Object;
using kube::Value;
using namespace scaling;
namespace res = aibrix::resources;

constexpr auto two_scalers_needs =
    with(autoscaler_needs, need::optional({&kube::resources::horizontal_pod_autoscalers}));

// All that write one field: spec.replicas of a workload, or the replicas of one role.
struct Scalers {
  std::vector<const Object*> own;  // PodAutoscalers
  std::vector<const Object*> hpas;
};

bool is_hpa(const Object& object) {
  return &object.resource() == &kube::resources::horizontal_pod_autoscalers;
}

// Strategy HPA: the HorizontalPodAutoscaler is made by the PodAutoscaler, and named after it.
bool made_by_autoscaler(const Object& hpa) {
  for (const Value& owner : hpa.metadata()["ownerReferences"].items()) {
    if (base::lower(owner["kind"].text()) == "podautoscaler") return true;
  }
  return false;
}

std::string field_of(const Context& context, const Object& scaler) {
  const Value ref = scaler.spec()["scaleTargetRef"];
  const std::string_view api = ref["apiVersion"].text();
  std::string key(scaler.ns());
  key.append("/").append(api.substr(0, std::min(api.find('/'), api.size())));
  key.append("/").append(ref["kind"].text()).append("/").append(ref["name"].text());
  if (is_hpa(scaler)) return key;
  const Target target = target_of_autoscaler(context, scaler);
  const bool whole = target.role.empty() || !target.storm() || in_replica_mode(scaler) ||
                     scaler.spec()["scalingStrategy"].text() == "HPA";
  return whole ? key : key + "/" + target.role;
}

std::map<std::string, Scalers> scalers_by_field(const Context& context) {
  std::map<std::string, Scalers> out;
  for (const Object& a : context.snapshot.list(res::pod_autoscalers)) {
    if (!a.deleting() && !a.spec()["scaleTargetRef"]["name"].text().empty())
      out[field_of(context, a)].own.push_back(&a);
  }
  for (const Object& hpa : context.snapshot.list(kube::resources::horizontal_pod_autoscalers)) {
    if (hpa.deleting() || made_by_autoscaler(hpa)) continue;
    const auto it = out.find(field_of(context, hpa));
    if (it != out.end()) it->second.hpas.push_back(&hpa);
  }
  return out;
}

// The controller says so itself: ASC001 tells.
bool conflict_told(const Object& autoscaler) {
  const kube::Condition c = autoscaler.condition("MultiPodAutoscalerConflict");
  return c.is_true() || c.reason() == "MultiPodAutoscalerConflict";
}

std::string owner_of(const Object& hpa) {
  for (const Value& owner : hpa.metadata()["ownerReferences"].items()) {
    return " (of " + std::string(owner["kind"].text()) + ' ' + std::string(owner["name"].text()) +
           ')';
  }
  return "";
}

std::string limits_of(const Object& scaler) {
  const Value spec = scaler.spec();
  std::string out = is_hpa(scaler) ? "HPA" : std::string(spec["scalingStrategy"].text());
  out += ", " + std::to_string(spec["minReplicas"].integer_or(1)) + " to " +
         std::to_string(spec["maxReplicas"].integer_or(0)) + " replicas";
  const Value wants =
      is_hpa(scaler) ? scaler.status()["desiredReplicas"] : scaler.status()["desiredScale"];
  if (const auto number = wants.integer()) out += ", wants " + std::to_string(*number);
  return out;
}

// Manifests of different files may be meant as alternatives.
bool alternatives(const Scalers& all) {
  const Object& first = *all.own.front();
  const auto apart = [&](const Object* o) {
    return !from_api_server(*o) && o->file() != nullptr && first.file() != nullptr &&
           *o->file() != *first.file();
  };
  return !from_api_server(first) && (std::any_of(all.own.begin(), all.own.end(), apart) ||
                                     std::any_of(all.hpas.begin(), all.hpas.end(), apart));
}

void report_scalers(const Context& context, const Scalers& all, Reporter& reporter) {
  const Object& first = *all.own.front();
  const Object& other = all.own.size() > 1 ? *all.own[1] : *all.hpas.front();
  // By different roles, and yet the same field: the controller's own check does not see that.
  const bool same_role =
      target_of_autoscaler(context, first).role == target_of_autoscaler(context, other).role;
  Target target = target_of_autoscaler(context, first);
  if (is_hpa(other) || !same_role) target.text = kind_and_name(*target.found.object);
  Finding& f = tell(context, first, target,
                    " and " + (is_hpa(other) ? kind_and_name(other) : std::string(other.name())) +
                        " scale the same " + target.text,
                    reporter);
  const bool one_acts =
      all.hpas.empty() && same_role &&
      aibrix::facts::one_autoscaler_acts.holds(context.cluster.release()).value_or(false);
  f.with_consequence(one_acts
                         ? "Only the one that the controller processes first has an effect."
                         : "Each undoes what the other does, so the number of replicas swings.");
  f.at_field("spec.scaleTargetRef");
  if (alternatives(all)) f.level = Level::info;
  for (const auto& list : {all.own, all.hpas}) {
    for (const Object* scaler : list) {
      f.with_evidence(kind_and_name(*scaler),
                      limits_of(*scaler) + (is_hpa(*scaler) ? owner_of(*scaler) : ""));
      if (scaler != &first) f.with_related(*scaler);
    }
  }
  f.remedy(Confidence::manual,
           "keep one of them, with the metrics of both in its list, and delete the other");
}

void run_two_scalers(const Context& context, Reporter& reporter) {
  if (objects_to_judge(context, res::pod_autoscalers, reporter).empty()) return;
  for (const auto& [field, all] : scalers_by_field(context)) {
    if (all.own.size() + all.hpas.size() < 2) continue;
    if (std::any_of(all.own.begin(), all.own.end(),
                    [](const Object* a) { return conflict_told(*a); })) {
      continue;
    }
    // What scales nothing is ASC001's.
    if (!target_of_autoscaler(context, *all.own.front()).found) continue;
    report_scalers(context, all, reporter);
  }
}

}  // namespace

constinit const Check registry::ASC002{
    codes::ASC002,
    Area::scaling,
    "two autoscalers scale the same replicas",
    two_scalers_needs,
    run_two_scalers,
    {"Two autoscalers change the number of replicas of one workload, or of one role of a "
     "StormService. Each decides by its own metrics and undoes what the other does.",
     "Two PodAutoscalers with one target (before v0.6 both act; later the second has no effect), a "
     "HorizontalPodAutoscaler or a ScaledObject of KEDA beside a PodAutoscaler, or PodAutoscalers "
     "of two roles whose annotation autoscaling.aibrix.ai/storm-service-mode is replica: both "
     "change spec.replicas.",
     "Keep one autoscaler for each workload or role. One PodAutoscaler can have several "
     "metricsSources.",
     "every release"}};

}  // namespace checks
