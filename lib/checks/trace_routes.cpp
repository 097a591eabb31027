// The way by the model's HTTPRoute.
#include <algorithm>

#include "aibrix/names.hpp"
#include "base/text.hpp"
#include "checks/gateway/common.hpp"
#include "checks/models/backend.hpp"
#include "checks/trace_hops.hpp"

namespace checks {
namespace {

using aibrix::Model;
using Fact = HopFacts::Fact;

HopFacts http_route_hop(const Context& context, const Model& model) {
  HopFacts out = make_hop("HTTPRoute", Way::route,
                      {std::string(aibrix::gateway_group), "HTTPRoute",
                       std::string(aibrix::names::system_namespace), aibrix::route_name(model.name)},
                      "MDL003,MDL013,MDL014,MDL015,MDL016,MDL017,MDL018,MDL020,MDL021,LOR003,GW019");
  out.of_model = true;
  if (!model.route) {
    out.fact = model.route.missing() ? Fact::no : Fact::unknown;
    out.hop.detail = model.route.missing() ? "does not exist" : "not read";
    return out;
  }
  const aibrix::Route route = route_view(context, *model.route);
  const kube::Condition accepted = route.condition("Accepted");
  out.hop.detail = accepted.exists() ? accepted.summary() : "Envoy Gateway has said nothing about it";
  if (accepted.is_true()) out.fact = Fact::yes;
  if (accepted.is_false()) out.fact = Fact::no;
  return out;
}

HopFacts grant_hop(const Context& context, const Model& model) {
  HopFacts out = make_hop("ReferenceGrant", Way::route, {}, "REF001,REF002,REF003,REF004,REF005,REF006");
  out.of_model = true;
  if (!model.route) return not_reached(std::move(out));
  const aibrix::Route route = route_view(context, *model.route);
  if (route.backends().empty()) return not_reached(std::move(out));
  const aibrix::BackendRef& backend = route.backends().front();
  const aibrix::GrantVerdict verdict = aibrix::judge(context.snapshot, route.reference(backend));
  out.hop.object = verdict.allowed_by != nullptr
                       ? verdict.allowed_by->ref()
                       : kube::ObjectRef{std::string(aibrix::gateway_group), "ReferenceGrant",
                                         backend.target.ns, ""};
  out.hop.detail = "to " + backend.text() + ": " + std::string(aibrix::to_string(verdict.permission));
  switch (verdict.permission) {
    case aibrix::Permission::not_needed:
    case aibrix::Permission::allowed: out.fact = Fact::yes; break;
    case aibrix::Permission::denied: out.fact = Fact::no; break;
    case aibrix::Permission::undetermined: out.hop.reason = verdict.why; break;
  }
  return out;
}

const Backend* backend_of(const std::vector<Backend>& backends) {
  return backends.empty() ? nullptr : &backends.front();
}

HopFacts backend_hop(const Context& context, const Backend* backend) {
  HopFacts out = make_hop("model's Service", Way::route, {}, "MDL009,MDL010");
  out.of_model = true;
  if (backend == nullptr) return not_reached(std::move(out));
  out.hop.object = backend->service;
  const kube::Lookup service =
      context.snapshot.find(kube::resources::services, backend->service.ns, backend->service.name);
  if (!service) {
    out.fact = service.missing() ? Fact::no : Fact::unknown;
    out.hop.detail = service.missing() ? "does not exist" : "not read";
    return out;
  }
  const auto ports = service->spec()["ports"].items();
  const bool has = std::any_of(ports.begin(), ports.end(), [&](const kube::Value& p) {
    return p["port"].integer() == backend->port;
  });
  out.hop.detail = "port " + std::to_string(backend->port) + (has ? "" : " is none of its ports");
  out.fact = has ? Fact::yes : Fact::no;
  return out;
}

HopFacts endpoints_hop(const Context& context, const Backend* backend) {
  HopFacts out = make_hop("endpoints", Way::route, {}, "MDL011,RAY002");
  out.of_model = true;
  if (backend == nullptr) return not_reached(std::move(out));
  out.hop.object = backend->service;
  const kube::Lookup service =
      context.snapshot.find(kube::resources::services, backend->service.ns, backend->service.name);
  if (!service) return not_reached(std::move(out));
  const auto ready = context.cluster.ready_endpoints(backend->service.ns, backend->service.name);
  out.hop.detail = ready ? base::plural(*ready, "ready endpoint") : "not read";
  if (ready) out.fact = *ready > 0 ? Fact::yes : Fact::no;
  return out;
}

}  // namespace

std::vector<HopFacts> route_hops(const Context& context, const std::string& name) {
  const Model* model = context.cluster.model(name);
  if (model == nullptr) return {not_reached(make_hop("HTTPRoute", Way::route, {}, ""))};
  const std::vector<Backend> backends =
      model->route ? backends_of(context, *model) : std::vector<Backend>();
  const Backend* backend = backend_of(backends);
  return {http_route_hop(context, *model), grant_hop(context, *model), backend_hop(context, backend),
          endpoints_hop(context, backend)};
}

}  // namespace checks
