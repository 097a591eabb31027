// The explanation of gangs that cannot start: AIBrix's RoleSets under Volcano and its like.
#include "checks/common/pod_group.hpp"

#include <vector>

#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"

namespace checks {
namespace {

using kube::Object;
using kube::Value;

// volcano.sh/apis pkg/apis/batch/v1alpha1/labels.go (TaskSpecKey); Volcano's scheduler reads the
// annotation. AIBrix sets it since v0.8 (pull request 2632).
constexpr std::string_view task_annotation = "volcano.sh/task-spec";
constexpr std::string_view group_annotation = "scheduling.k8s.io/group-name";

std::string_view group_of(const Object& pod) {
  const std::string_view name = pod.annotation(group_annotation);
  return name.empty() ? pod.label("scheduling.x-k8s.io/pod-group") : name;
}

// The RoleSet that made the pod, or a Value that does not exist: its gang's demands.
const Object* role_set_of(const Context& context, const Object& pod) {
  const std::string_view name = pod.label(aibrix::names::roleset_name);
  return name.empty() ? nullptr
                      : context.snapshot.find(aibrix::resources::role_sets, pod.ns(), name).object;
}

std::int64_t pods_of_role(const Value& role) {
  return role["replicas"].integer_or(1) *
         std::max<std::int64_t>(1, role["podGroupSize"].integer_or(1));
}

// The roles whose templates lack the annotation that says which task a pod is.
std::vector<std::string> roles_without_task(const Value& roles, const Value& tasks) {
  std::vector<std::string> out;
  for (const kube::Member& task : tasks.members()) {
    for (const Value& role : roles.items()) {
      if (role["name"].text() != task.key) continue;
      const Value metadata = role["template"]["metadata"];
      if (metadata.at("annotations", task_annotation).text().empty()) out.emplace_back(task.key);
    }
  }
  return out;
}

// One patch that gives each of these roles its annotation. The list of roles is where the user
// wrote it: in the StormService, else in the RoleSet itself.
Command annotate_roles(const Context& context, const Object& set, const Value& tasks) {
  const std::string_view storm = set.label(aibrix::names::storm_service_name);
  const Object* owner =
      storm.empty()
          ? &set
          : context.snapshot.find(aibrix::resources::storm_services, set.ns(), storm).object;
  if (owner == nullptr) return {};
  const Value roles =
      storm.empty() ? owner->spec()["roles"] : owner->spec().at("template", "spec", "roles");
  std::string operations;
  for (std::size_t i = 0; i < roles.size(); ++i) {
    const std::string_view name = roles[i]["name"].text();
    if (!tasks[name].exists()) continue;
    const std::string role =
        (storm.empty() ? "/spec/roles/" : "/spec/template/spec/roles/") + std::to_string(i);
    if (!operations.empty()) operations += ',';
    operations += patch_operation("test", role + "/name", kube::json_string(name)) + ',';
    const Value metadata = roles[i]["template"]["metadata"];
    const std::string entry =
        '{' + kube::json_string(task_annotation) + ':' + kube::json_string(name) + '}';
    if (!metadata.exists()) {
      operations +=
          patch_operation("add", role + "/template/metadata", R"({"annotations":)" + entry + '}');
    } else if (!metadata["annotations"].exists()) {
      operations += patch_operation("add", role + "/template/metadata/annotations", entry);
    } else {
      operations +=
          patch_operation("add", role + "/template/metadata/annotations/volcano.sh~1task-spec",
                          kube::json_string(name));
    }
  }
  return operations.empty() ? Command() : json_patch_command(*owner, operations);
}

std::string quoted(const std::vector<std::string>& names) {
  return (names.size() == 1 ? "role " : "roles ") + base::join_and(names);
}

bool explain_tasks(const Context& context, const Object& pod, const Object& set,
                   const Value& strategy, PodReason& reason) {
  const Value tasks = strategy["minTaskMember"];
  const Value roles = set.spec()["roles"];
  if (!tasks.exists() || tasks.empty()) return false;
  const auto unmarked = roles_without_task(roles, tasks);
  if (!unmarked.empty() && pod.annotation(task_annotation).empty()) {
    reason.why = "minTaskMember counts " + quoted(unmarked) + " by annotation " +
                 std::string(task_annotation) + ", which its pods lack";
    reason.show("minTaskMember", kube::to_json(tasks));
    reason.show("annotation " + std::string(task_annotation), "not set on the pods",
                "the role's name");
    reason.advise(Confidence::review, "set the annotation in the template of each of these roles",
                  annotate_roles(context, set, tasks));
    reason.advise(Confidence::manual,
                  "or take minTaskMember out; minMember alone still holds the "
                  "group together");
    return true;
  }
  for (const kube::Member& task : tasks.members()) {
    std::int64_t makes = 0;
    for (const Value& role : roles.items()) {
      if (role["name"].text() == task.key) makes = pods_of_role(role);
    }
    const std::int64_t wants = task.value.integer_or(0);
    if (wants <= makes) continue;
    reason.why = "minTaskMember wants " + std::to_string(wants) + " of role " +
                 std::string(task.key) + ", and its RoleSet makes " + std::to_string(makes);
    reason.show("minTaskMember", kube::to_json(tasks), "at most what each role makes");
    reason.advise(Confidence::manual, "lower minTaskMember, or raise the role's replicas");
    return true;
  }
  return false;
}

bool explain_size(const Object& set, const Value& strategy, PodReason& reason) {
  const auto wants = strategy["minMember"].integer();
  if (!wants) return false;
  std::int64_t makes = 0;
  for (const Value& role : set.spec()["roles"].items()) makes += pods_of_role(role);
  if (*wants <= makes) return false;
  reason.why = "minMember of its group is " + std::to_string(*wants) + ", and its RoleSet makes " +
               base::plural(static_cast<std::size_t>(makes), "pod");
  reason.show("minMember", std::to_string(*wants), "at most " + std::to_string(makes));
  reason.advise(Confidence::manual, "lower minMember, or raise the replicas of the roles");
  return true;
}

void show_group(const Context& context, const Object& pod, PodReason& reason) {
  const std::string_view name = group_of(pod);
  const kube::Lookup group = context.snapshot.find(aibrix::resources::pod_groups, pod.ns(), name);
  if (!group) return;
  std::string text(group->status()["phase"].text("no phase"));
  for (const Value& c : group->status()["conditions"].items()) {
    if (c["type"].text() != "Unschedulable" || c["status"].text() != "True") continue;
    text.append(", ").append(c["reason"].text()).append(": ").append(c["message"].text());
  }
  reason.show("PodGroup " + std::string(name), base::shorten(text, 300));
}

}  // namespace

bool explain_gang(const Context& context, const Object& pod, std::string_view message,
                  PodReason& reason) {
  const std::string text = base::lower(message);
  const bool says = text.find("pod group") != text.npos || text.find("podgroup") != text.npos ||
                    text.find("gang") != text.npos;
  if (group_of(pod).empty() && !says) return false;
  show_group(context, pod, reason);
  if (const Object* set = role_set_of(context, pod)) {
    const Value scheduling = set->spec()["schedulingStrategy"];
    for (const char* kind : {"volcanoSchedulingStrategy", "coschedulingSchedulingStrategy",
                             "godelSchedulingStrategy"}) {
      const Value strategy = scheduling[kind];
      if (!strategy.exists()) continue;
      reason.kind = PodReason::Kind::gang;
      if (explain_tasks(context, pod, *set, strategy, reason)) return true;
      if (explain_size(*set, strategy, reason)) return true;
    }
  }
  if (!says) return false;
  reason.kind = PodReason::Kind::gang;
  reason.why = std::string(message.substr(0, message.find(". ")));
  reason.advise(Confidence::manual,
                "free or add what keeps the rest of its group from starting; the group starts as a "
                "whole",
                describe_pod(pod));
  return true;
}

}  // namespace checks
