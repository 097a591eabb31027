// The way by the model's HTTPRoute.
#include <algorithm>

#include "aibrix/names.hpp"
#include "base/text.hpp"
#include "checks/common/gateway.hpp"
#include "checks/common/model_backend.hpp"
#include "checks/trace/hops.hpp"

namespace checks {
namespace {

using aibrix::Model;
using Observed = ObservedHop::Observed;

ObservedHop http_route_hop(const Context& context, const Model& model) {
  ObservedHop out = make_hop(
      "HTTPRoute", RequestPath::route,
      {std::string(aibrix::gateway_group), "HTTPRoute",
       std::string(aibrix::names::system_namespace), aibrix::route_name(model.name)},
      {MDL003, MDL013, MDL014, MDL015, MDL016, MDL017, MDL018, MDL020, MDL021, LOR003, GW019});
  out.of_model = true;
  if (!model.route) {
    out.observed = model.route.missing() ? Observed::no : Observed::unknown;
    out.hop.detail = model.route.missing() ? "does not exist" : "not read";
    return out;
  }
  const aibrix::Route& route = route_view(context, *model.route);
  const kube::Condition accepted = route.condition("Accepted");
  out.hop.detail = accepted.exists() ? accepted.summary() : "Envoy Gateway has written no status";
  if (accepted.is_true()) out.observed = Observed::yes;
  if (accepted.is_false()) out.observed = Observed::no;
  return out;
}

ObservedHop grant_hop(const Context& context, const Model& model) {
  ObservedHop out = make_hop("ReferenceGrant", RequestPath::route, {},
                             {REF001, REF002, REF003, REF004, REF005, REF006});
  out.of_model = true;
  if (!model.route) return not_reached(std::move(out));
  const aibrix::Route& route = route_view(context, *model.route);
  if (route.backends().empty()) return not_reached(std::move(out));
  const aibrix::BackendRef& backend = route.backends().front();
  const aibrix::GrantVerdict verdict = aibrix::judge(context.snapshot, route.reference(backend));
  out.hop.object = verdict.allowed_by != nullptr
                       ? verdict.allowed_by->ref()
                       : kube::ObjectRef{std::string(aibrix::gateway_group), "ReferenceGrant",
                                         backend.target.ns, ""};
  out.hop.detail =
      "to " + backend.text() + ": " + std::string(aibrix::to_string(verdict.permission));
  switch (verdict.permission) {
    case aibrix::Permission::not_needed:
    case aibrix::Permission::allowed: out.observed = Observed::yes; break;
    case aibrix::Permission::denied: out.observed = Observed::no; break;
    case aibrix::Permission::undetermined: out.hop.reason = verdict.why; break;
  }
  return out;
}

const Backend* backend_of(const std::vector<Backend>& backends) {
  return backends.empty() ? nullptr : &backends.front();
}

ObservedHop backend_hop(const Context& context, const Backend* backend) {
  ObservedHop out = make_hop("model's Service", RequestPath::route, {}, {MDL009, MDL010});
  out.of_model = true;
  if (backend == nullptr) return not_reached(std::move(out));
  out.hop.object = backend->service;
  const kube::Lookup service =
      context.snapshot.find(kube::resources::services, backend->service.ns, backend->service.name);
  if (!service) {
    out.observed = service.missing() ? Observed::no : Observed::unknown;
    out.hop.detail = service.missing() ? "does not exist" : "not read";
    return out;
  }
  const auto ports = service->spec()["ports"].items();
  const bool has = std::any_of(ports.begin(), ports.end(), [&](const kube::Value& p) {
    return p["port"].integer() == backend->port;
  });
  out.hop.detail =
      "port " + std::to_string(backend->port) + (has ? "" : " is not one of its ports");
  out.observed = has ? Observed::yes : Observed::no;
  return out;
}

ObservedHop endpoints_hop(const Context& context, const Backend* backend) {
  ObservedHop out = make_hop("endpoints", RequestPath::route, {}, {MDL011, RAY002});
  out.of_model = true;
  if (backend == nullptr) return not_reached(std::move(out));
  out.hop.object = backend->service;
  const kube::Lookup service =
      context.snapshot.find(kube::resources::services, backend->service.ns, backend->service.name);
  if (!service) return not_reached(std::move(out));
  const auto ready = context.cluster.ready_endpoints(backend->service.ns, backend->service.name);
  out.hop.detail = ready ? base::plural(*ready, "ready endpoint") : "not read";
  if (ready) out.observed = *ready > 0 ? Observed::yes : Observed::no;
  return out;
}

}  // namespace

std::vector<ObservedHop> route_hops(const Context& context, const std::string& name) {
  const Model* model = context.cluster.model(name);
  if (model == nullptr) return {not_reached(make_hop("HTTPRoute", RequestPath::route, {}, {}))};
  const std::vector<Backend> backends =
      model->route ? backends_of(context, *model) : std::vector<Backend>();
  const Backend* backend = backend_of(backends);
  return {http_route_hop(context, *model), grant_hop(context, *model),
          backend_hop(context, backend), endpoints_hop(context, backend)};
}

}  // namespace checks
