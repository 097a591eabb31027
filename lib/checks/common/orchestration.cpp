// Roles, and which RoleSet belongs to whom.
#include "checks/common/orchestration.hpp"

#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"

namespace checks {

using kube::Object;
using kube::Value;

std::vector<Role> roles_of(const Object& object) {
  std::vector<Role> out;
  const bool storm = object.kind() == "StormService";
  const Value roles =
      storm ? object.spec().at("template", "spec", "roles") : object.spec()["roles"];
  const std::string path = storm ? "spec.template.spec.roles[" : "spec.roles[";
  for (std::size_t i = 0; i < roles.size(); ++i) {
    Role role;
    role.value = roles[i];
    role.path = path + std::to_string(i) + ']';
    role.name = roles[i]["name"].text();
    role.replicas = roles[i]["replicas"].integer_or(0);
    role.group_size = roles[i]["podGroupSize"].integer_or(1);
    role.stateful = roles[i]["stateful"].is_true();
    out.push_back(role);
  }
  return out;
}

std::vector<const Object*> role_sets_of(const Context& context, const Object& storm) {
  std::vector<const Object*> out;
  for (const Object& set : context.snapshot.list(aibrix::resources::role_sets, storm.ns())) {
    if (set.label(aibrix::names::storm_service_name) == storm.name() && !set.deleting())
      out.push_back(&set);
  }
  return out;
}

bool has_controller(const Object& object) {
  for (const Value& owner : object.metadata()["ownerReferences"].items()) {
    if (owner["controller"].is_true()) return true;
  }
  return false;
}

kube::Condition replica_failure(const Object& object) {
  const kube::Condition c = object.condition("ReplicaFailure");
  return c.is_true() ? c : kube::Condition();
}

void blame_orchestration(const Object& workload, Finding& finding) {
  if (workload.resource().group != "orchestration.aibrix.ai") return;
  finding.caused_by(ORC002, workload.ref());
  if (workload.kind() == "RayClusterFleet") return;
  finding.caused_by(ORC001, workload.ref()).caused_by(ORC003, workload.ref());
}

}  // namespace checks
