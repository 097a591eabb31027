#include "checks/causes.hpp"

#include "aibrix/cluster.hpp"

namespace checks {

ControllerState controller_state(const Context& context) {
  using aibrix::Part;
  ControllerState out;
  const Part& part = context.cluster.part(aibrix::Role::controller_manager);
  out.known = part.state != Part::State::unknown;
  out.down = part.down();
  if (!out.down) return out;
  const kube::ObjectRef ref = part.ref();
  out.why = ref.name + (part.state == Part::State::not_ready ? " has " : " is ") + part.describe();
  const kube::Lookup ns = context.snapshot.find(kube::resources::namespaces, "", ref.ns);
  out.can_return = part.state != Part::State::missing || !ns || !ns->deleting();
  if (out.can_return) out.cause = Cause{"INS005", ref};
  return out;
}

std::string scale_up_command(const kube::ObjectRef& deployment) {
  return "kubectl -n " + deployment.ns + " scale deployment/" + deployment.name + " --replicas=1";
}

std::string restart_command(const kube::ObjectRef& deployment) {
  return "kubectl -n " + deployment.ns + " rollout restart deployment/" + deployment.name;
}

bool settling(const Context& context, const kube::Condition& condition) {
  if (!context.snapshot.live()) return false;
  const auto age = context.snapshot.age(condition.since());
  return age && *age < std::chrono::seconds(10);
}

}  // namespace checks
