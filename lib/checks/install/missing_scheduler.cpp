// POD002: pods that name a scheduler that nothing runs.
#include <algorithm>
#include <map>

#include "aibrix/pod.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/objects.hpp"
#include "checks/common/pod_scheduling.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

using kube::Object;

constexpr auto scheduler_needs =
    with(model_lists, need::optional(need::namespaces), need::optional(need::services));

// What sets a pod's schedulerName in AIBrix: pkg/controller/roleset (v0.8 names Volcano by itself).
void show_wish(const Context& context, const Object& pod, Finding& f) {
  for (const Object& set : context.snapshot.list(aibrix::resources::role_sets, pod.ns())) {
    if (set.name() != pod.label("roleset-name")) continue;
    for (const kube::Member& strategy : set.spec()["schedulingStrategy"].members()) {
      f.with_evidence(std::string(strategy.key) + " of RoleSet " + std::string(set.name()),
                      base::shorten(kube::to_json(strategy.value), 200));
    }
    f.with_related(set);
  }
}

void report_scheduler(const Context& context, std::string_view scheduler,
                      const std::vector<const Object*>& waiting, Reporter& reporter) {
  const Object& first = *waiting.front();
  const std::string name(scheduler);
  const auto pods = scheduler_pods(context, scheduler);
  const bool all = context.snapshot.complete(kube::resources::pods);
  const bool runs = std::ranges::any_of(pods, aibrix::is_routable);
  const std::string what = runs ? " has not looked at "
                           : pods.empty()
                               ? (all ? " does not run, and " : " is not to be seen, and ")
                               : " is down, and ";
  std::string title = "scheduler " + name + what + base::plural(waiting.size(), "pod");
  if (!runs) title += waiting.size() == 1 ? " waits for it" : " wait for it";
  Finding& f = reporter.error(first, title);
  f.with_consequence("Its pods stay Pending, without an event that says why.");
  f.at_field("spec.schedulerName").with_evidence("schedulerName", name);
  f.with_evidence("pods of that scheduler",
                  pods.empty() ? (all ? "none in the cluster" : "none in what was read")
                  : runs       ? std::string(pods.front()->full_name()) + " is ready"
                               : aibrix::describe_pods(pods),
                  "at least 1 ready");
  show_wish(context, first, f);
  for (std::size_t i = 0; i < waiting.size() && i < 5; ++i) f.with_related(*waiting[i]);
  f.since = first.created();
  if (!pods.empty()) {
    const Object& pod = *pods.front();
    f.remedy(Confidence::manual,
             "find out from its log why it " + std::string(runs ? "leaves these pods" : "is down"),
             kubectl(pod.ns(), "logs", operand(pod.name())));
    return;
  }
  f.remedy(Confidence::manual,
           "install scheduler " + name +
               ", or take schedulerName and the schedulingStrategy that "
               "asks for it out of the workload, which the default scheduler then takes",
           kubectl("", "get", "pods", "-A"));
}

void run_scheduler(const Context& context, Reporter& reporter) {
  if (!context.snapshot.loaded(kube::resources::pods)) {
    return reporter.undetermined("no pod was read");
  }
  std::map<std::string_view, std::vector<const Object*>> waiting;
  for (const Object* pod : pods_that_matter(context)) {
    const std::string_view scheduler = own_scheduler(*pod);
    if (scheduler.empty() || !unseen_by_scheduler(*pod) || !from_api_server(*pod)) continue;
    if (just_made(context, *pod)) {
      reporter.undetermined("pod " + pod->full_name() + " was created only just now");
      continue;
    }
    waiting[scheduler].push_back(pod);
  }
  for (const auto& [scheduler, pods] : waiting)
    report_scheduler(context, scheduler, pods, reporter);
}

}  // namespace

constinit const Check registry::POD002{
    codes::POD002,
    Area::install,
    "pods wait for a scheduler that does not run",
    scheduler_needs,
    run_scheduler,
    {"Pods name a scheduler in spec.schedulerName, and no scheduler of that name has looked at them: "
     "they stay Pending, without a condition or an event.",
     "A StormService, RoleSet or PodSet asks for gang scheduling (schedulingStrategy: Volcano, "
     "coscheduling, Godel) in a cluster that has no such scheduler, the scheduler is down, or its "
     "name is misspelt.",
     "Install the scheduler, or take schedulerName and schedulingStrategy out; the default scheduler "
     "then takes the pods, without holding the group together.",
     "every release; schedulingStrategy since v0.4"}};

}  // namespace checks
