// WRM001: ModelWarmups that fail, or never end. Phases, conditions and reasons are those of
// pkg/controller/modelwarmup and api/model/v1alpha1/modelwarmup_types.go (98aaca3f, d0267aac), read
// beside the tag v0.8.0: nothing here is an error.
#include <algorithm>
#include <chrono>

#include "aibrix/controllers.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/causes.hpp"
#include "checks/common/gateway.hpp"
#include "checks/common/objects.hpp"
#include "checks/core/command.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

using kube::Object;
using kube::Value;
using std::chrono::seconds;

constexpr auto warmup_needs = std::to_array<kube::Need>({{&aibrix::resources::model_warmups},
                                                         need::optional(need::deployments),
                                                         need::optional(need::namespaces),
                                                         need::optional(need::pods)});

// Defaults of spec.policies; parallelism 8.
constexpr std::int64_t default_timeout = 1800;
constexpr std::int64_t default_retries = 2;
constexpr std::int64_t default_parallelism = 8;

Finding& tell_warmup(const Object& warmup, const std::string& what, Reporter& reporter) {
  Finding& f = reporter.warning(warmup, kind_and_name(warmup) + what);
  return f.at_field("status").with_consequence(
      "Models that start on these nodes pull their images first.");
}

void report_unseen(const Context& context, const Object& warmup, Reporter& reporter) {
  Finding& f = tell_warmup(warmup, " was not processed by its controller", reporter);
  f.with_evidence("status", "empty", "a phase");
  if (const auto cause = controller_cause(context, aibrix::controller_names::model_warmup)) {
    f.caused_by(cause->code, cause->object);
    return;
  }
  f.remedy(Confidence::manual,
           "find out why from the log: its ClusterRole may be older than the CRD",
           controller_log_command(context));
}

Command jobs_of(const Object& warmup) {
  return kubectl(warmup.ns(), "get", "jobs", "-l",
                 "model.aibrix.ai/warmup=" + std::string(warmup.uid()));
}

bool any_target(const Object& warmup, std::string_view reason) {
  const auto targets = warmup.status()["targets"].items();
  return std::any_of(targets.begin(), targets.end(),
                     [&](const Value& t) { return t["reason"].text() == reason; });
}

void show_targets(const Object& warmup, Finding& f) {
  constexpr std::size_t most = 3;
  std::size_t shown = 0;
  for (const Value& target : warmup.status()["targets"].items()) {
    if (target["phase"].text() != "Failed" || shown == most) continue;
    ++shown;
    std::string why(target["reason"].text("Failed"));
    // With a colon it would read like the header of a key, and be hidden.
    if (!target["message"].text().empty()) {
      why += " (" + std::string(target["message"].text()) + ')';
    }
    f.with_evidence("node " + std::string(target["nodeName"].text()), base::shorten(why, 200));
  }
}

// The spec cannot be changed and a Failed object is not looked at again.
constexpr std::string_view once = ", then create the ModelWarmup anew: it does not try again";

void advise_failed(const Object& warmup, const kube::Condition& degraded, Finding& f) {
  if (degraded.reason() == "TargetLimitExceeded") {
    f.remedy(Confidence::manual, "select at most 1000 nodes" + std::string(once));
  } else if (any_target(warmup, "NodeNotAuthorized")) {
    f.remedy(Confidence::manual,
             "label the node model.aibrix.ai/warmup-enabled=true, and node and namespace with the "
             "same resource-pool.aibrix.ai/name" +
                 std::string(once));
  } else if (any_target(warmup, "NodeNotFound")) {
    f.remedy(Confidence::manual, "name nodes that exist" + std::string(once));
  } else {
    f.remedy(Confidence::manual,
             "find out from its Jobs why an image could not be loaded" + std::string(once),
             jobs_of(warmup));
  }
}

void report_failed(const Object& warmup, Reporter& reporter) {
  const std::int64_t failed = warmup.status()["failedNodes"].integer_or(0);
  const std::int64_t desired = warmup.status()["desiredNodes"].integer_or(0);
  const std::string count =
      desired > 0 ? " on " + std::to_string(failed) + " of " + std::to_string(desired) + " nodes"
                  : std::string();
  Finding& f = tell_warmup(warmup, " has failed" + count, reporter);
  const kube::Condition degraded = warmup.condition("Degraded");
  show_condition(f, degraded);
  show_targets(warmup, f);
  advise_failed(warmup, degraded, f);
}

void report_no_nodes(const Object& warmup, const kube::Condition& progressing, Reporter& reporter) {
  Finding& f = tell_warmup(warmup, " selects no node", reporter);
  show_condition(f, progressing);
  f.remedy(Confidence::manual,
           "label the nodes that its targets select model.aibrix.ai/warmup-enabled=true, and them "
           "and the namespace with the same resource-pool.aibrix.ai/name");
}

// How long its Jobs may take together, by its own limits.
seconds longest(const Object& warmup) {
  const Value policies = warmup.spec()["policies"];
  const std::int64_t timeout = policies["jobTimeoutSeconds"].integer_or(
      policies["globalTimeoutSeconds"].integer_or(default_timeout));
  const std::int64_t tries = policies["retryLimit"].integer_or(default_retries) + 1;
  const std::int64_t at_once =
      std::max<std::int64_t>(policies["parallelism"].integer_or(default_parallelism), 1);
  const std::int64_t nodes =
      std::max<std::int64_t>(warmup.status()["desiredNodes"].integer_or(1), 1);
  return seconds(timeout * tries * ((nodes + at_once - 1) / at_once));
}

void judge_running(const Context& context, const Object& warmup, Reporter& reporter) {
  const auto age = context.snapshot.age(base::parse_time(warmup.status()["startTime"].text()));
  if (!age || *age <= longest(warmup)) return;
  Finding& f = tell_warmup(warmup, " has not finished in " + base::format_age(*age), reporter);
  f.with_evidence("running since", std::string(warmup.status()["startTime"].text()),
                  "at most " + base::format_age(longest(warmup)));
  f.with_evidence("nodes",
                  std::to_string(warmup.status()["succeededNodes"].integer_or(0)) + " of " +
                      std::to_string(warmup.status()["desiredNodes"].integer_or(0)) + " succeeded");
  f.remedy(Confidence::manual, "find out what its Jobs wait for", jobs_of(warmup));
}

bool has_failed(const Object& warmup) {
  const std::string_view phase = warmup.status()["phase"].text();
  return phase == "Failed" || phase == "Degraded";
}

void judge_warmup(const Context& context, const Object& warmup, Reporter& reporter) {
  const std::string name = kind_and_name(warmup);
  if (!from_api_server(warmup)) {
    return reporter.undetermined(name + " comes from a manifest, so its status is unknown");
  }
  const std::string_view phase = warmup.status()["phase"].text();
  if (phase == "Succeeded") return;
  if (has_failed(warmup)) return report_failed(warmup, reporter);
  if (just_made(context, warmup)) {
    return reporter.undetermined(name + " was created only just now");
  }
  if (phase.empty()) return report_unseen(context, warmup, reporter);
  const kube::Condition progressing = warmup.condition("Progressing");
  if (phase == "Pending" && progressing.reason() == "NoTargetsResolved") {
    return report_no_nodes(warmup, progressing, reporter);
  }
  judge_running(context, warmup, reporter);
}

void run_warmups(const Context& context, Reporter& reporter) {
  for (const Object* warmup :
       objects_to_judge(context, aibrix::resources::model_warmups, reporter)) {
    judge_warmup(context, *warmup, reporter);
  }
  // That one is being deleted does not make what it did not do good.
  for (const Object& warmup : context.snapshot.list(aibrix::resources::model_warmups)) {
    if (warmup.deleting() && has_failed(warmup)) report_failed(warmup, reporter);
  }
}

}  // namespace

constinit const Check registry::WRM001{
    codes::WRM001,
    Area::models,
    "a ModelWarmup has failed or does not finish",
    warmup_needs,
    run_warmups,
    {"A ModelWarmup loads images onto nodes before models need them, by one Job per node. It has "
     "failed on some or all nodes, selects no node, or takes longer than its own limits permit. "
     "Models still start; they only pull their images first.",
     "A node or its namespace lacks the labels that permit it (model.aibrix.ai/warmup-enabled: "
     "\"true\" and the same resource-pool.aibrix.ai/name), an image cannot be pulled, or the "
     "controller may not create Jobs.",
     "Fix what the target's reason names and create the ModelWarmup anew: its spec is immutable, "
     "and a finished one is not tried again.",
     "v0.8 and later"}};

}  // namespace checks
