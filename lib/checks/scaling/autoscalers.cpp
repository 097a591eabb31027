// ASC001: PodAutoscalers that scale nothing. What the controller writes:
// pkg/controller/podautoscaler of v0.7.0.
#include <algorithm>
#include <optional>

#include "aibrix/controllers.hpp"
#include "aibrix/release_facts.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/autoscaler_spec.hpp"
#include "checks/common/causes.hpp"
#include "checks/common/objects.hpp"
#include "checks/common/scale_target.hpp"
#include "checks/common/written.hpp"
#include "checks/core/command.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

using kube::Object;
using kube::Value;
using namespace scaling;
namespace res = aibrix::resources;

bool same_target(const Context& context, const Object& a, const Object& b) {
  return same_workload(a, b) &&
         target_of_autoscaler(context, a).role == target_of_autoscaler(context, b).role;
}

void report_conflict(const Context& context, const Object& autoscaler, const Target& target,
                     const kube::Condition& conflict, Reporter& reporter) {
  const Object* other = nullptr;
  for (const Object& o : context.snapshot.list(res::pod_autoscalers, autoscaler.ns())) {
    if (o.name() != autoscaler.name() && same_target(context, o, autoscaler)) other = &o;
  }
  Finding& f = tell(context, autoscaler, target,
                    other != nullptr
                        ? " and " + std::string(other->name()) + " scale the same " + target.text
                        : " scales the target of another autoscaler",
                    reporter);
  f.with_consequence("PodAutoscaler " + std::string(autoscaler.name()) + " has no effect.")
      .at_field("spec.scaleTargetRef");
  show_condition(conflict, f);
  if (other != nullptr) f.with_related(*other);
  f.remedy(Confidence::review,
           "delete one of the two; the other is processed again within ten seconds");
}

void report_lost_target(const Context& context, const Object& autoscaler, const Target& target,
                        Reporter& reporter) {
  Finding& f = tell(context, autoscaler, target,
                    " scales " + target.text + ", which does not exist", reporter);
  f.with_consequence("Nothing is scaled.").at_field("spec.scaleTargetRef");
  std::vector<std::string> names;
  for (const Object& object : context.snapshot.list(*target.kind, autoscaler.ns()))
    names.emplace_back(object.name());
  const std::string near =
      base::closest_match(autoscaler.spec()["scaleTargetRef"]["name"].text(), names);
  f.remedy(Confidence::review, near.empty()
                                   ? "set spec.scaleTargetRef to a workload of namespace " +
                                         std::string(autoscaler.ns()) + ", or delete the autoscaler"
                                   : "did you mean " + near + "? Correct spec.scaleTargetRef.name");
}

// "chat" and "chat-deploy".
bool similar_names(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (a.size() < 3) return false;
  const bool part = b.starts_with(a) && b[a.size()] == '-';
  const std::vector<std::string> other = {std::string(b)};
  return part || !base::closest_match(a, other).empty();
}

// Another autoscaler of the files has it for its target.
bool is_targeted(const Context& context, const Object& workload) {
  const auto all = context.snapshot.list(res::pod_autoscalers);
  return std::any_of(all.begin(), all.end(), [&](const Object& o) {
    const Target target = target_of_autoscaler(context, o);
    return target.found && target.found->ref() == workload.ref();
  });
}

// In manifests the target is not there, but beside the autoscaler stands a workload that was
// probably meant: of nearly that name, or of that name in another namespace.
bool report_other_name(const Context& context, const Object& autoscaler, const Target& target,
                       Reporter& reporter) {
  if (target.kind == nullptr || from_api_server(autoscaler)) return false;
  const std::string_view wanted = autoscaler.spec()["scaleTargetRef"]["name"].text();
  for (const Object& o : context.snapshot.list(*target.kind)) {
    if (from_api_server(o) || is_targeted(context, o)) continue;
    const bool here = o.ns() == autoscaler.ns();
    if (here ? !similar_names(wanted, o.name()) : o.name() != wanted) continue;
    Finding& f =
        tell(context, autoscaler, target,
             " scales " + target.text + ", which is not in the files, but " +
                 (here ? std::string(o.name()) : "in namespace " + std::string(o.ns())) + " is",
             reporter);
    f.with_consequence("Unless it is in the cluster, nothing is scaled.")
        .at_field(here ? "spec.scaleTargetRef.name" : "metadata.namespace")
        .with_related(o);
    f.with_evidence("target", std::string(autoscaler.ns()) + '/' + std::string(wanted),
                    o.full_name());
    f.remedy(Confidence::review, here ? "correct spec.scaleTargetRef.name"
                                      : "put the autoscaler into the namespace of its target");
    return true;
  }
  return false;
}

// The name is that of a workload of another kind.
bool report_other_kind(const Context& context, const Object& autoscaler, const Target& target,
                       Reporter& reporter) {
  if (target.kind == nullptr || from_api_server(autoscaler)) return false;
  const std::string_view name = autoscaler.spec()["scaleTargetRef"]["name"].text();
  for (const Object* o : written_workloads(context)) {
    if (o->ns() != autoscaler.ns() || o->name() != name || &o->resource() == target.kind) continue;
    Finding& f = tell(
        context, autoscaler, target,
        " scales " + target.text + ", which is not in the files, but " + kind_and_name(*o) + " is",
        reporter);
    f.with_consequence("Unless it is in the cluster, nothing is scaled.")
        .at_field("spec.scaleTargetRef.kind")
        .with_related(*o);
    f.with_evidence("kind", std::string(target.kind->kind), std::string(o->kind()));
    f.remedy(Confidence::review, "correct kind and apiVersion in spec.scaleTargetRef");
    return true;
  }
  return false;
}

// It scales one role of a StormService, and that has none of this name. With the annotation it
// scales the whole.
bool lacks_role(const Object& autoscaler, const Target& target) {
  if (target.role.empty() || !target.found || !target.storm() || in_replica_mode(autoscaler))
    return false;
  const auto roles = target.found->spec().at("template", "spec", "roles").items();
  return std::none_of(roles.begin(), roles.end(),
                      [&](const Value& r) { return r["name"].text() == target.role; });
}

// The last decision, when it failed and is the latest look there was: a look that changes nothing
// is not recorded, but one that fails is, every ten seconds.
Value failed_decision(const Context& context, const Object& autoscaler) {
  const Value history = autoscaler.status()["scalingHistory"];
  if (history.size() == 0) return {};
  const Value last = history[history.size() - 1];
  const bool latest =
      surely_within(context, base::parse_time(last["timestamp"].text()), limits::metrics_appear);
  return last["success"].is_false() && latest ? last : Value{};
}

void report_blind(const Context& context, const Object& autoscaler, const Target& target,
                  const std::string& key, const std::string& words, Reporter& reporter) {
  Finding& f = tell(context, autoscaler, target, " gets no metrics", reporter);
  f.at_field("spec.metricsSources").with_evidence(key, words);
  if (target.found) f.caused_by(MDL006, target.found->ref());
  for (const Code cause : {ASC003, ASC004, ASC006, ASC007}) f.caused_by(cause, autoscaler.ref());
  f.remedy(Confidence::manual,
           "compare spec.metricsSources with what the engine serves: port, path and metric name");
}

void report_unseen(const Context& context, const Object& autoscaler, const Target& target,
                   Reporter& reporter) {
  const auto cause = controller_cause(context, aibrix::controller_names::pod_autoscaler);
  if (!cause && !aibrix::facts::autoscaler_conditions_known.holds(context.cluster.release())
                     .value_or(false)) {
    return reporter.undetermined(kind_and_name(autoscaler) + " has no conditions");
  }
  Finding& f = tell(context, autoscaler, target, " was not processed by its controller", reporter);
  f.at_field("status").with_evidence("status", "empty", "conditions");
  if (cause) f.caused_by(cause->code, cause->object);
  f.remedy(Confidence::manual, "find out why from the log", controller_log_command(context));
}

void judge_conditions(const Context& context, const Object& autoscaler, const Target& target,
                      Reporter& reporter) {
  const kube::Condition valid = autoscaler.condition("ValidSpec");
  if (valid.is_false()) {
    Finding& f =
        tell(context, autoscaler, target, " has a spec that its controller rejects", reporter);
    show_condition(valid, f);
    f.at_field("spec").remedy(Confidence::manual, "fix what the message names");
    return;
  }
  // v0.7.0 writes the conflict with status False, and takes the condition away afterwards.
  const kube::Condition conflict = autoscaler.condition("MultiPodAutoscalerConflict");
  if (conflict.is_true() || conflict.reason() == "MultiPodAutoscalerConflict") {
    return report_conflict(context, autoscaler, target, conflict, reporter);
  }
  const kube::Condition able = autoscaler.condition("AbleToScale");
  const kube::Condition active = autoscaler.condition("ScalingActive");
  if (able.is_false() && able.reason() == "FailedGetScale") {
    Finding& f = tell(context, autoscaler, target, " cannot read " + target.text, reporter);
    show_condition(able, f);
    f.at_field("spec.scaleTargetRef");
    f.remedy(Confidence::manual,
             "correct its kind and apiVersion, or the controller's ClusterRole");
  } else if (active.is_false() && active.reason().starts_with("FailedGet")) {
    // Strategy HPA: the conditions of the HorizontalPodAutoscaler that is made for it. It has no
    // metrics at first.
    if (context.snapshot.live() && surely_within(context, active.since(), limits::metrics_appear)) {
      return reporter.undetermined(kind_and_name(autoscaler) + " has no metrics yet");
    }
    report_blind(context, autoscaler, target, "ScalingActive",
                 std::string(active.reason()) + ": " + std::string(active.message()), reporter);
  } else if (const Value failed = failed_decision(context, autoscaler); failed.exists()) {
    report_blind(context, autoscaler, target, std::string(failed["reason"].text("last decision")),
                 std::string(failed["error"].text()), reporter);
  }
}

void judge(const Context& context, const Object& autoscaler, Reporter& reporter) {
  const Target target = target_of_autoscaler(context, autoscaler);
  if (from_api_server(autoscaler) && just_made(context, autoscaler)) {
    return reporter.undetermined(kind_and_name(autoscaler) + " was created only just now");
  }
  if (target.found.missing()) return report_lost_target(context, autoscaler, target, reporter);
  if (target.found.unknown() && (report_other_name(context, autoscaler, target, reporter) ||
                                 report_other_kind(context, autoscaler, target, reporter))) {
    return;
  }
  if (lacks_role(autoscaler, target)) {
    Finding& f = tell(context, autoscaler, target,
                      " scales " + target.text + ", which has no such role", reporter);
    f.with_consequence("Nothing is scaled.")
        .at_field("spec.subTargetSelector.roleName")
        .with_related(*target.found.object);
    f.remedy(Confidence::review, "set a role from spec.template.spec.roles of the target");
    return;
  }
  // What its controller says of the spec comes first.
  const bool refused = autoscaler.condition("ValidSpec").is_false();
  if (const auto fault = spec_fault(autoscaler, target); fault && !refused) {
    Finding& f = tell(context, autoscaler, target, fault->what, reporter);
    f.at_field(fault->field).with_evidence(fault->key, fault->value, fault->want);
    f.remedy(Confidence::review, fault->remedy);
    return;
  }
  if (!from_api_server(autoscaler)) {
    return reporter.undetermined(kind_and_name(autoscaler) +
                                 " comes from a manifest, so whether it scales is unknown");
  }
  if (autoscaler.status()["conditions"].size() == 0)
    return report_unseen(context, autoscaler, target, reporter);
  judge_conditions(context, autoscaler, target, reporter);
}

void run_autoscalers(const Context& context, Reporter& reporter) {
  for (const Object* autoscaler : objects_to_judge(context, res::pod_autoscalers, reporter)) {
    judge(context, *autoscaler, reporter);
  }
}

}  // namespace

constinit const Check registry::ASC001{
    codes::ASC001,
    Area::scaling,
    "a PodAutoscaler does not scale its target",
    autoscaler_needs,
    run_autoscalers,
    {"A PodAutoscaler has no effect: its target does not exist, another one scales the same "
     "target, its spec is rejected or cannot work, or its controller reports that it gets no metrics (v0.7 mostly "
     "treats missing metrics as zero, and says so only in its log). Its Ready condition is no "
     "proof: it is True even without a target. The model continues with its current replicas.",
     "A typo in spec.scaleTargetRef, a target in another namespace, two autoscalers for one "
     "workload, a port or path where the engine exposes no metrics, or unready engines.",
     "Correct the autoscaler; its controller retries every ten seconds.",
     "every release; conflicts and failed metric reads as v0.6 and v0.7 report them"}};

}  // namespace checks
