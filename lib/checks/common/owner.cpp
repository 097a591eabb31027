// The finder of the controller behind a finalizer, and of what would bring it back.
#include "checks/common/owner.hpp"

#include <algorithm>

#include "aibrix/cluster.hpp"
#include "aibrix/controllers.hpp"
#include "aibrix/names.hpp"
#include "base/text.hpp"
#include "checks/common/causes.hpp"
#include "checks/core/command.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

namespace core = kube::resources;
using aibrix::Component;
using aibrix::ComponentRole;
using aibrix::ControllerProcess;

bool has_ready_replica(const kube::Object& deployment) {
  return deployment.spec()["replicas"].integer_or(1) > 0 &&
         deployment.status()["readyReplicas"].integer_or(0) > 0;
}

struct LeaseState {
  const kube::Object* lease = nullptr;
  std::string holder;        // the pod
  bool holder_gone = false;  // pods of its namespace were read, and it is not among them
  std::optional<std::chrono::microseconds> age;  // since it was last renewed
  std::chrono::seconds duration{};
  bool stale = false;
};

LeaseState read_lease(const Context& context, std::string_view ns, std::string_view name) {
  LeaseState out;
  const kube::Lookup lease = context.snapshot.find(core::leases, ns, name);
  if (!lease) return out;
  out.lease = lease.object;
  const kube::Value spec = lease->spec();
  const std::string_view identity = spec["holderIdentity"].text();
  out.holder = identity.substr(0, identity.rfind('_'));  // "<pod>_<uuid>"
  out.holder_gone = context.snapshot.find(core::pods, ns, out.holder).missing();
  out.age = context.snapshot.age(base::parse_time(spec["renewTime"].text()));
  out.duration = lease_duration(*lease);
  out.stale = lease_expired(context, *lease);
  return out;
}

Remedy make_remedy(Confidence confidence, std::string text, Command command = {}) {
  Remedy remedy;
  remedy.confidence = confidence;
  remedy.text = std::move(text);
  remedy.command = std::move(command);
  return remedy;
}

Remedy scale_up(const kube::ObjectRef& deployment) {
  return make_remedy(Confidence::review,
                     "scale up " + deployment.name + "; it removes its finalizers within seconds",
                     scale_up_command(deployment));
}

void set_down(Owner& owner, const ComponentHealth& state, const Component& part) {
  owner.certain = part.state != Component::State::not_ready;
  owner.can_return = state.can_return;
  owner.by_restart = part.deployment != nullptr && state.can_return;
  owner.scaled_to_zero = part.state == Component::State::scaled_to_zero;
  owner.why = state.why;
  if (state.cause) owner.causes.push_back(*state.cause);
  if (part.state == Component::State::scaled_to_zero) {
    owner.repair = scale_up(part.ref());
  } else if (part.state == Component::State::not_ready) {
    owner.repair = make_remedy(Confidence::manual, "fix what the pods of " + owner.name + " report",
                               kubectl(part.ref().ns, "describe").on("deployment", owner.name));
  } else if (state.can_return) {
    owner.repair = make_remedy(Confidence::manual, "reinstall " + owner.name);
  }
}

Owner controller_owner(const Context& context, const aibrix::Finalizer& finalizer) {
  Owner owner;
  const Component& part = context.cluster.component(ComponentRole::controller_manager);
  const ComponentHealth state = controller_state(context);
  owner.name = part.name();
  const auto processes = aibrix::controller_processes(context.cluster);
  const auto does_it = [&](const ControllerProcess& p) {
    return p.deployment != part.deployment && p.runs(finalizer.controller) &&
           has_ready_replica(*p.deployment);
  };
  const auto other = std::find_if(processes.begin(), processes.end(), does_it);
  owner.known = state.known || other != processes.end();
  owner.acts = other != processes.end();
  if (!owner.known || owner.acts) return owner;
  if (state.down) set_down(owner, state, part);
  const bool own = !processes.empty() && processes.front().deployment == part.deployment;
  if (own && !processes.front().runs(finalizer.controller)) {
    owner.certain = true;
    owner.by_restart = false;
    owner.switched_off = true;
    owner.causes.insert(owner.causes.begin(), {INS007, part.ref()});
    owner.why = owner.name + " runs without " + std::string(finalizer.controller);
    owner.repair = make_remedy(
        Confidence::review,
        "add " + std::string(finalizer.controller) + " to the --controllers flag of " + owner.name,
        kubectl(part.ref().ns, "edit").on("deployment", part.ref().name));
    return owner;
  }
  if (state.down) return owner;
  owner.acts = true;
  if (!own || !processes.front().leader_election) return owner;
  const LeaseState lease =
      read_lease(context, processes.front().lease_ns, processes.front().lease_name);
  if (lease.lease == nullptr || !lease.stale) return owner;
  owner.acts = false;
  owner.certain = true;
  owner.by_restart = true;
  owner.why = "no replica of " + owner.name + " holds the leader Lease";
  owner.causes.push_back({INS006, lease.lease->ref()});
  owner.repair =
      make_remedy(Confidence::safe, "restart " + owner.name + "; it then acquires the Lease",
                  restart_command(part.ref()));
  return owner;
}

Owner envoy_gateway_owner(const Context& context) {
  Owner owner;
  const ComponentHealth state = envoy_gateway_state(context);
  const Component& part = context.cluster.component(ComponentRole::envoy_gateway);
  owner.name = part.name();
  owner.known = state.known;
  owner.acts = state.known && !state.down;
  if (state.down) set_down(owner, state, part);
  return owner;
}

// The operator AIBrix ships is a Part; KubeRay's own chart runs it as kuberay-operator anywhere.
Owner kuberay_owner(const Context& context) {
  Owner owner;
  const Component& part = context.cluster.component(ComponentRole::kuberay_operator);
  const kube::Object* operator_deployment = part.deployment;
  for (const kube::Object& d : context.snapshot.list(core::deployments)) {
    if (operator_deployment == nullptr && d.name().ends_with("kuberay-operator")) {
      operator_deployment = &d;
    }
  }
  owner.name = operator_deployment != nullptr ? std::string(operator_deployment->name())
                                              : "the KubeRay operator";
  if (operator_deployment == nullptr) {
    owner.known = context.snapshot.complete(core::deployments);
    owner.certain = true;
    owner.why = "the KubeRay operator is not installed";
    owner.causes.push_back({INS015, part.ref()});
    owner.repair = make_remedy(Confidence::manual, "reinstall the KubeRay operator");
    return owner;
  }
  owner.known = operator_deployment->status().exists();
  owner.acts = has_ready_replica(*operator_deployment);
  if (owner.acts) return owner;
  owner.certain = operator_deployment->spec()["replicas"].integer_or(1) == 0;
  owner.why = owner.name + (owner.certain ? " is scaled to 0 replicas" : " has no ready replica");
  owner.causes.push_back({INS015, operator_deployment->ref()});
  if (owner.certain) owner.repair = scale_up(operator_deployment->ref());
  return owner;
}

}  // namespace

Owner find_owner(const Context& context, const aibrix::Finalizer& finalizer) {
  switch (finalizer.owner) {
    case aibrix::FinalizerOwner::controller_manager: return controller_owner(context, finalizer);
    case aibrix::FinalizerOwner::envoy_gateway: return envoy_gateway_owner(context);
    case aibrix::FinalizerOwner::kuberay: return kuberay_owner(context);
    case aibrix::FinalizerOwner::nobody: {
      Owner owner;
      owner.known = owner.certain = true;
      owner.can_return = false;
      owner.why = "no release since v0.1.0-rc.2 uses this finalizer";
      return owner;
    }
    case aibrix::FinalizerOwner::kubernetes:
    case aibrix::FinalizerOwner::cloud: break;
  }
  Owner owner;  // runs outside the cluster: nothing to look at
  owner.name = finalizer.who;
  return owner;
}

void show_lease(const Context& context, Finding& finding) {
  std::string_view ns = aibrix::names::system_namespace;
  std::string_view name = aibrix::names::controller_lease;
  const auto processes = aibrix::controller_processes(context.cluster);
  if (!processes.empty()) {
    ns = processes.front().lease_ns;
    name = processes.front().lease_name;
  }
  const LeaseState lease = read_lease(context, ns, name);
  if (lease.lease == nullptr) return;
  std::string value = lease.age ? "renewed " + base::format_age(*lease.age) + " ago" : "renewed";
  if (!lease.holder.empty()) value += " by pod " + lease.holder;
  if (lease.holder_gone) value += ", which no longer exists";
  finding.with_evidence(kube::to_string(*lease.lease), value,
                        "renewed within " + base::format_age(lease.duration));
}

}  // namespace checks
