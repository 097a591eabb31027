// The finder of a ModelAdapter's HTTPRoute, and of why one is not its own.
#include "checks/common/adapter_route.hpp"

#include <algorithm>

#include "aibrix/cluster.hpp"
#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "aibrix/route.hpp"
#include "checks/common/gateway.hpp"

namespace checks {
namespace {

namespace names = aibrix::names;
using kube::Object;

// Nothing on a route says who made it. It is the adapter's when it has the router's name, place and
// shape, leads to the Service of the adapter's model in the adapter's namespace, and that Service
// is the adapter's own or gone. Empty: it is.
std::string why_foreign(const Context& context, const Object& adapter, const Object& object) {
  const aibrix::Route& route = route_view(context, object);
  if (!route.looks_generated() || route.model() != adapter.label(names::model_name)) {
    return "it does not look like a route that AIBrix generates";
  }
  const kube::ObjectRef& target = route.backends().front().target;
  if (target.ns != adapter.ns()) return "its backend is in namespace " + target.ns;
  const kube::Lookup service =
      context.snapshot.find(kube::resources::services, target.ns, target.name);
  if (service.unknown())
    return "the owner of its backend, Service " + target.name + ", was not read";
  if (!service) return {};
  const auto owners = service->at("metadata", "ownerReferences").items();
  const bool own = !adapter.uid().empty() &&
                   std::any_of(owners.begin(), owners.end(), [&](const kube::Value& owner) {
                     return owner["uid"].text() == adapter.uid();
                   });
  return own ? std::string()
             : "its backend, Service " + service->full_name() +
                   ", does not belong to the ModelAdapter";
}

}  // namespace

AdapterRoute adapter_route(const Context& context, const Object& adapter) {
  AdapterRoute out;
  const std::string_view model = adapter.label(names::model_name);
  if (model.empty()) return out;
  out.route = context.snapshot.find(aibrix::resources::http_routes, names::system_namespace,
                                    aibrix::route_name(model));
  if (out.route) out.foreign = why_foreign(context, adapter, *out.route.object);
  return out;
}

}  // namespace checks
