// FIN010: GatewayClasses being deleted go.
#include "aibrix/cluster.hpp"
#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/deletion_needs.hpp"
#include "checks/common/deletion_text.hpp"
#include "checks/common/fix_remedies.hpp"
#include "checks/core/command.hpp"

namespace checks {
namespace {

constexpr kube::Need class_needs[] = {need::gateway_classes,
                                      need::optional(need::gateways),
                                      need::optional(need::deployments),
                                      need::optional(need::services),
                                      need::optional(need::pods),
                                      need::optional(need::namespaces)};

std::vector<std::string> users_of(const Context& context, const kube::Object& gateway_class) {
  std::vector<std::string> out;
  for (const kube::Object& gateway : context.snapshot.list(aibrix::resources::gateways)) {
    if (gateway.spec()["gatewayClassName"].text() == gateway_class.name()) {
      out.push_back(gateway.full_name());
    }
  }
  return out;
}

void report_class(const Context& context, const Owner& owner, const BlockingFinalizer& hold,
                  Reporter& reporter) {
  const kube::Object& object = *hold.object;
  Finding& f = report_hold(context, reporter, hold, owner);
  const auto users = users_of(context, object);
  const std::string used =
      std::string(users.size() == 1 ? "Gateway " : "Gateways ") + base::join_and(users);
  if (!users.empty()) f.with_evidence("used by", used, "no Gateway");
  if (!users.empty() && !owner.unable()) {
    f.title = name_of(object) + " is being deleted while " + used +
              (users.size() == 1 ? " uses it" : " use it");
    f.with_consequence(name_of(object) + " stays in Terminating until " + used +
                       (users.size() == 1 ? " is deleted." : " are deleted."));
  } else if (!users.empty()) {
    f.note("once it is back, Envoy Gateway removes the finalizer of " + name_of(object) +
           " only when no Gateway uses it any more, but " + used +
           (users.size() == 1 ? " does" : " do"));
  }
  if (!users.empty()) {
    f.note("a deletion cannot be undone: to keep the gateway, delete " + used +
           " as well and reapply GatewayClass and Gateway");
  }
  if (owner.unable() && users.empty()) offer_fix_finalizers(f, hold, &owner);
  if (owner.unable()) add_strip(f, hold, &owner);
}

void run_class(const Context& context, Reporter& reporter) {
  FinalizerIndex deletions(context);
  for (const BlockingFinalizer& hold :
       deletions.found(reporter, FIN010, aibrix::resources::gateway_classes)) {
    report_class(context, deletions.owner(*hold.known), hold, reporter);
  }
}

}  // namespace

constinit const Check registry::FIN010{
    codes::FIN010,
    Area::deletion,
    "a GatewayClass is stuck in Terminating",
    class_needs,
    run_class,
    {"A GatewayClass is Terminating and keeps gateway-exists-finalizer.gateway.networking.k8s.io. "
     "Envoy Gateway removes the finalizer when no Gateway uses the class any more.",
     "Envoy Gateway is scaled to 0 replicas or was uninstalled first, or a Gateway still uses the "
     "class.",
     "Bring Envoy Gateway back and delete the Gateways that use the class. Without Envoy Gateway, "
     "remove the finalizer: nothing inside Kubernetes is lost, but Envoy Deployments and Services "
     "of existing Gateways may remain.",
     "every release"}};

}  // namespace checks
