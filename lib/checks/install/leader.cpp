// INS006, INS009: the Lease by which one controller-manager leads.
#include "aibrix/controllers.hpp"
#include "aibrix/names.hpp"
#include "checks/common/causes.hpp"
#include "checks/core/needs.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

using aibrix::ControllerProcess;
using kube::Object;

constexpr kube::Need lease_needs[] = {{&kube::resources::leases, kube::Scope::install},
                                      need::deployments,
                                      need::optional(need::pods),
                                      need::optional(need::namespaces)};
constexpr kube::Need shared_needs[] = {need::deployments};

// "aibrix-controller-manager-56995b6f54-45n5p" of "<pod>_<uuid>" (client-go leader election).
std::string_view holder_pod(const Object& lease) {
  const std::string_view holder = lease.spec()["holderIdentity"].text();
  return holder.substr(0, holder.rfind('_'));
}

void report_stale(const Context& context, const Object& lease, bool holder_gone,
                  Reporter& reporter) {
  const auto renewed = base::parse_time(lease.spec()["renewTime"].text());
  const ComponentHealth controller = controller_state(context);
  Finding& f = reporter.warning(lease, "Lease " + lease.full_name() + " is stale");
  f.since = renewed;
  f.at_field("spec.renewTime");
  const auto age = context.snapshot.age(renewed);
  f.with_evidence(
      "renewed", age ? base::format_age(*age) + " ago" : "?",
      "every few seconds, lease duration " + std::to_string(lease_duration(lease).count()) + "s");
  f.with_evidence("holder", std::string(lease.spec()["holderIdentity"].text()) +
                                (holder_gone ? ", a pod that no longer exists" : ""));
  if (controller.cause) {
    f.caused_by(controller.cause->code, controller.cause->object);
  } else {
    f.with_consequence(
        "No controller-manager is the leader: finalizers, HTTPRoutes and LoRA loading are not "
        "being processed.");
    f.remedy(Confidence::review, "restart the controller",
             restart_command(
                 context.cluster.component(aibrix::ComponentRole::controller_manager).ref()));
  }
}

void run_lease(const Context& context, Reporter& reporter) {
  const aibrix::Component& part =
      context.cluster.component(aibrix::ComponentRole::controller_manager);
  const ComponentHealth controller = controller_state(context);
  if (!controller.can_return) {
    return reporter.not_applicable("namespace " + part.ref().ns + " is being deleted");
  }
  ControllerProcess process;
  process.leader_election = true;
  process.lease_ns = part.ref().ns;
  process.lease_name = aibrix::names::controller_lease;
  for (const ControllerProcess& p : aibrix::controller_processes(context.cluster)) {
    if (p.deployment == part.deployment) process = p;
  }
  if (!process.leader_election) return reporter.not_applicable("leader election is disabled");
  const kube::Lookup lease =
      context.snapshot.find(kube::resources::leases, process.lease_ns, process.lease_name);
  if (!lease) {
    if (lease.missing() && !part.up()) return reporter.not_applicable("the Lease does not exist");
    return reporter.undetermined("Lease " + process.lease_ns + '/' + process.lease_name +
                                 " was not read");
  }
  const auto age = context.snapshot.age(base::parse_time(lease->spec()["renewTime"].text()));
  if (!age) return reporter.undetermined("the age of the Lease is unknown");
  const std::string_view holder = holder_pod(*lease);
  const bool gone =
      context.snapshot.find(kube::resources::pods, process.lease_ns, holder).missing();
  // A controller that is down renews nothing any more; a Lease of one that seems up is only stale
  // when its holder is gone as well: the lists of a dump may be minutes apart.
  const bool expired = lease_expired(context, *lease);
  const bool stale = controller.down ? gone || expired : gone && expired;
  if (stale) return report_stale(context, *lease, gone, reporter);
  reporter.measured("renewed " + base::format_age(*age) + " ago by " + std::string(holder));
}

std::int64_t replicas(const Object& deployment) {
  return deployment.spec()["replicas"].integer_or(1);
}

void run_shared(const Context& context, Reporter& reporter) {
  const auto processes = aibrix::controller_processes(context.cluster);
  if (processes.empty()) {
    const bool all = context.snapshot.complete(kube::resources::deployments);
    return all ? reporter.not_applicable("no controller-manager is installed")
               : reporter.undetermined("no controller-manager was read");
  }
  for (std::size_t i = 0; i < processes.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const ControllerProcess& a = processes[j];
      const ControllerProcess& b = processes[i];
      const bool same = a.lease_ns == b.lease_ns && a.lease_name == b.lease_name;
      const bool both = a.leader_election && b.leader_election && replicas(*a.deployment) != 0 &&
                        replicas(*b.deployment) != 0;
      if (!same || !both) continue;
      Finding& f = reporter.warning(*b.deployment, "Deployments " + a.deployment->full_name() +
                                                       " and " + b.deployment->full_name() +
                                                       " share Lease " + a.lease_name);
      f.with_consequence("Only the holder of the Lease works, with its own list of controllers.");
      f.with_evidence("controllers of " + std::string(a.deployment->name()), a.controllers);
      f.with_evidence("controllers of " + std::string(b.deployment->name()), b.controllers);
      f.with_related(*a.deployment);
      f.remedy(Confidence::manual, "remove one of them, or give it another --leader-election-id");
    }
  }
}

}  // namespace

constinit const Check registry::INS006{
    codes::INS006,
    Area::install,
    "the controller-manager's Lease is stale",
    lease_needs,
    run_lease,
    {"Of several controller-manager replicas, only the one that renews Lease "
     "aibrix-controller-manager is active. Nobody has renewed it for several times its duration, "
     "and the pod that held it no longer exists.",
     "The controller-manager is down (then INS005 says so), or its pods are not permitted to write "
     "Leases.",
     "Bring the controller-manager back. It acquires a stale Lease after 15 seconds.",
     "every release"}};

constinit const Check registry::INS009{
    codes::INS009,
    Area::install,
    "two controller-managers share a Lease",
    shared_needs,
    run_shared,
    {"Two controller-manager Deployments use the same Lease. Only one of them is active at a time, "
     "and the controllers that only the other one runs do nothing.",
     "A full install runs next to config/standalone/stormservice-controller, which uses the same "
     "Lease name.",
     "Remove one of them, or give it its own --leader-election-id.", "v0.4 and later"}};

}  // namespace checks
