// NS007: pods of namespaces being deleted end; NS008: load balancers of namespaces being deleted
// go; NS009: volume claims of namespaces being deleted go.
#include <algorithm>

#include "aibrix/cluster.hpp"
#include "aibrix/foreign_finalizers.hpp"
#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "base/version.hpp"
#include "checks/common/deletion_needs.hpp"
#include "checks/common/deletion_text.hpp"
#include "checks/common/namespaces.hpp"
#include "checks/core/command.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

constexpr auto pods_needs = need::joined(std::to_array<kube::Need>({need::pods}), need::ns_content);
constexpr kube::Need service_needs[] = {need::services, need::namespaces,
                                        need::optional(need::warning_events)};
constexpr kube::Need claims_needs[] = {need::pvcs, need::namespaces, need::optional(need::pods)};

// OrderedNamespaceDeletion is on by default from Kubernetes 1.33 on.
constexpr int minor_with_ordered_deletion = 33;

// With it, other kinds are marked only when all pods are gone.
void report_hidden(const Context& context, const TerminatingNamespace& going, Finding& f) {
  const auto version = base::parse_version(context.snapshot.info().kubernetes);
  if (version && version->major == 1 && version->minor < minor_with_ordered_deletion) return;
  std::vector<std::string> counts;
  bool ours = false;
  for (const kube::Resource* kind : held_kinds()) {
    std::size_t unmarked = 0;
    for (const kube::Object& object : context.snapshot.list(*kind, going.name())) {
      if (object.deleting()) continue;
      ++unmarked;
      for (const std::string_view finalizer : object.finalizers()) {
        ours = ours || aibrix::is_aibrix_finalizer(finalizer);
      }
    }
    if (unmarked != 0) counts.push_back(base::plural(unmarked, kind->kind));
  }
  if (counts.empty()) return;
  f.note("Kubernetes 1.33 and later deletes pods first: " + base::join_and(counts) + " in " +
         going.name() + " are marked for deletion only when the pods are gone" +
         (ours ? ", and then need aibrix-controller-manager to remove their finalizers" : ""));
}

// A finalizer outlasts a forced deletion, and a pod that has ended needs none: force is for pods
// whose node is lost.
void advise_pods(const TerminatingNamespace& going, Finding& f) {
  std::vector<std::string_view> told;
  const kube::Object* unheld = nullptr;
  for (const OverduePod& overdue : going.pods) {
    const auto finalizers = overdue.pod->finalizers();
    if (finalizers.empty() && unheld == nullptr) unheld = overdue.pod;
    for (const std::string_view finalizer : finalizers) {
      if (std::find(told.begin(), told.end(), finalizer) != told.end()) continue;
      told.push_back(finalizer);
      add_owner_remedy(f, finalizer, "pod " + overdue.pod->full_name());
    }
  }
  if (unheld == nullptr) return;
  f.remedy(Confidence::manual, "repair the node or remove it from the cluster");
  f.remedy(
      Confidence::manual,
      "only if the node is known to be powered off: force-delete the pod (otherwise it may still "
      "be running)",
      kubectl(going.name(), "delete")
          .on("pod", unheld->name())
          .with("--grace-period=0", "--force"));
}

void run_pods(const Context& context, Reporter& reporter) {
  const TerminatingNamespaces namespaces(context, reporter);
  for (const TerminatingNamespace& going : namespaces.list()) {
    if (going.pods.empty()) continue;
    const bool held = std::any_of(going.pods.begin(), going.pods.end(),
                                  [](const OverduePod& p) { return p.certain || p.stuck; });
    const OverduePod& first = going.pods.front();
    const std::string title =
        going.pods.size() == 1
            ? "pod " + first.pod->full_name() + " does not terminate: " + first.why
            : std::to_string(going.pods.size()) + " pods of namespace " + going.name() +
                  " do not terminate: " + first.why;
    Finding& f = held ? reporter.error(*going.ns, title) : reporter.warning(*going.ns, title);
    f.with_consequence(going.consequence(context));
    f.since = going.ns->deleted();
    for (const OverduePod& overdue : going.pods) {
      f.with_related(*overdue.pod);
      f.with_evidence(kube::to_string(*overdue.pod),
                      "overdue " + deleting_for(context, *overdue.pod) + ": " + overdue.why,
                      "gone");
    }
    report_hidden(context, going, f);
    advise_pods(going, f);
  }
}

bool namespace_going(const Context& context, std::string_view name) {
  const kube::Lookup ns = context.snapshot.find(kube::resources::namespaces, "", name);
  return ns && ns->deleting();
}

void show_events(const Context& context, const kube::Object& service, Finding& f) {
  for (const kube::Object& event : context.snapshot.list(kube::resources::events, service.ns())) {
    const kube::Value about = event["involvedObject"];
    if (about["kind"].text() == "Service" && about["name"].text() == service.name()) {
      f.with_evidence("event " + std::string(event["reason"].text()),
                      std::string(event["message"].text()));
    }
  }
}

// The first finalizer on it that protects this; empty: none.
std::string_view protector(const kube::Object& object, aibrix::Protects what) {
  for (const std::string_view finalizer : object.finalizers()) {
    if (aibrix::finalizer_advice(finalizer).protects == what) return finalizer;
  }
  return {};
}

void run_services(const Context& context, Reporter& reporter) {
  for (const kube::Object& service : context.snapshot.list(kube::resources::services)) {
    const std::string_view finalizer = protector(service, aibrix::Protects::load_balancer);
    if (!service.deleting() || finalizer.empty()) continue;
    if (!namespace_going(context, service.ns())) continue;
    const auto level = level_of(stage_of(context, service, limits::object_slow));
    if (!level) {
      report_unjudged(context, reporter, service);
      continue;
    }
    const std::string title =
        name_of(service) + " waits for " + std::string(aibrix::finalizer_advice(finalizer).owner);
    Finding& f =
        *level == Level::error ? reporter.error(service, title) : reporter.warning(service, title);
    f.with_consequence("Its load balancer and namespace " + std::string(service.ns()) +
                       " cannot be deleted.");
    f.at_field("metadata.finalizers");
    show_holds(context, f, service);
    show_events(context, service, f);
    f.remedy(Confidence::manual,
             "fix " + std::string(aibrix::finalizer_advice(finalizer).owner) +
                 " (see its events and log); removing the finalizer manually would leave a load "
                 "balancer that costs money",
             kubectl(service.ns(), "describe").on("service", service.name()));
  }
}

std::vector<std::string> pods_using(const Context& context, const kube::Object& claim) {
  std::vector<std::string> out;
  for (const kube::Object& pod : context.snapshot.list(kube::resources::pods, claim.ns())) {
    for (const kube::Value& volume : pod.spec()["volumes"].items()) {
      if (volume.at("persistentVolumeClaim", "claimName").text() == claim.name()) {
        out.emplace_back(pod.name());
      }
    }
  }
  return out;
}

void run_claims(const Context& context, Reporter& reporter) {
  for (const kube::Object& claim : context.snapshot.list(kube::resources::pvcs)) {
    const std::string_view finalizer = protector(claim, aibrix::Protects::volume);
    if (!claim.deleting() || finalizer.empty()) continue;
    if (!namespace_going(context, claim.ns())) continue;
    const auto level = level_of(stage_of(context, claim, limits::namespace_slow));
    if (!level) {
      report_unjudged(context, reporter, claim);
      continue;
    }
    const auto users = pods_using(context, claim);
    const std::string title =
        name_of(claim) + (users.empty() ? " is held by " + std::string(finalizer)
                                        : " is still used by pod " + base::join_and(users));
    Finding& f =
        *level == Level::error ? reporter.error(claim, title) : reporter.warning(claim, title);
    f.with_consequence("Namespace " + std::string(claim.ns()) + " is waiting for it.")
        .at_field("metadata.finalizers");
    show_holds(context, f, claim);
    if (finalizer != "kubernetes.io/pvc-protection") {
      add_owner_remedy(f, finalizer, name_of(claim));
      if (users.empty()) continue;
    }
    f.caused_by(NS007, {"", "Namespace", "", std::string(claim.ns())});
    f.remedy(Confidence::manual,
             "have the pods that use it terminated; their data is deleted with the claim",
             kubectl(claim.ns(), "get", "pods"));
  }
}

}  // namespace

constinit const Check registry::NS007{
    codes::NS007,
    Area::deletion,
    "a pod of a Terminating namespace does not terminate",
    pods_needs,
    run_pods,
    {"A pod of a Terminating namespace is more than a minute past its grace period. From "
     "Kubernetes 1.33 on, everything else in the namespace waits for it: ModelAdapters are not "
     "even marked for deletion yet.",
     "Its node is lost, its kubelet hangs, or it has a finalizer.",
     "Repair or remove the node, or have the finalizer's owner finish. Force-delete the pod only "
     "if the node is known to be powered off: otherwise the containers may still run and write.",
     "every release"}};

constinit const Check registry::NS008{
    codes::NS008,
    Area::deletion,
    "a load balancer keeps a Service and its namespace stuck in Terminating",
    service_needs,
    run_services,
    {"A Service of type LoadBalancer is Terminating, and the cloud controller has not removed its "
     "load balancer.",
     "The controller that made it (the cloud's, AWS's, GKE's, Alibaba's, k3s's; the finalizer tells) "
     "is down or lacks permissions, or the cloud rejects the request.",
     "Fix that controller. Removing the finalizer manually leaves a load balancer that "
     "continues to cost money.",
     "every release"}};

constinit const Check registry::NS009{
    codes::NS009,
    Area::deletion,
    "a volume claim of a Terminating namespace is still in use",
    claims_needs,
    run_claims,
    {"A PersistentVolumeClaim of a Terminating namespace is held because a pod still uses it, or a "
     "snapshot or a clone is made of it.",
     "The pod does not terminate (NS007), or the CSI driver does not finish.",
     "Have the pod terminated or the snapshot finished; the claim is then released.",
     "every release"}};

}  // namespace checks
