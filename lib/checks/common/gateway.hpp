// What the checks of the gateway and of the endpoint share.
#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "aibrix/cluster.hpp"
#include "aibrix/gateway.hpp"
#include "aibrix/route.hpp"
#include "checks/common/causes.hpp"
#include "checks/core/check.hpp"
#include "checks/core/needs.hpp"

namespace checks {

// The lists that gateway_expected(), gateway_cause() and serving() read, after the check's own. One
// of them that the check itself requires is given in `own`.
template <std::size_t N>
constexpr auto with_gateway(const kube::Need (&own)[N]) {
  constexpr kube::Need shared[] = {need::namespaces, need::deployments,     need::services,
                                   need::gateways,   need::gateway_classes, need::envoy_proxies,
                                   need::pods,       need::endpointslices};
  std::array<kube::Need, N + std::size(shared)> out{};
  std::size_t n = 0;
  for (const kube::Need& need : own) out[n++] = need;
  for (const kube::Need& need : shared) out[n++] = need::optional(need);
  return out;
}

// An Envoy Gateway install is there to be judged. False: `result` says why not: no gateway in this
// install, Envoy as a side-car, or namespace aibrix-system on its way out with all that is in it.
bool gateway_expected(const Context& context, Reporter& reporter);
// The same, with the side-car counted as a gateway.
bool entry_expected(const Context& context, Reporter& reporter);
// Says in `result` why there is no Service of the gateway to judge: there is none, which SVC001 or
// what keeps it from being made tells; or it may be among what was not read.
void without_service(const Context& context, Reporter& reporter);
// Gateway aibrix-eg, when it can be judged by its status: it exists, is not being deleted and comes
// from an API server. Otherwise nothing, and `result` says why.
const kube::Object* judgeable_gateway(const Context& context, Reporter& reporter);

// Envoy has ready endpoints: what it was told last goes on working. nullopt: not known.
std::optional<bool> serving(const Context& context);
// For what Envoy Gateway does not take up: an error, or a warning while Envoy serves on.
Level unless_serving(const Context& context);

// A route as our GatewayClass's controller sees it.
const aibrix::Route& route_view(const Context& context, const kube::Object& route);

// kubectl port-forward to it: then http://localhost:8888.
Command port_forward_command(std::string_view ns, std::string_view service, std::string_view port);
Finding& report(Reporter& reporter, Level level, Subject subject, std::string title);
// A condition as evidence: its summary and the message.
void show_condition(Finding& finding, const kube::Condition& condition);
// The cause unless it is `code` itself; nothing without a cause.
void because_of(Finding& finding, const std::optional<Cause>& cause);
// kubectl apply of a manifest of the installed release ("aibrix-core-crds"), by its address. Empty
// when it has none.
Command apply_manifest_command(const Context& context, std::string_view manifest);
// The images are of v0.5 while the reserved route is that of v0.6 or later: so is everything that
// was installed by the official manifests of v0.6.0, which name the images of v0.5.0
// (config/overlays/release/kustomization.yaml at v0.6.0). Reads: HTTPRoutes when there.
bool manifests_are_newer(const Context& context);
// Applies the release's own manifest again: part is "core" or "dependency".
void reapply_remedy(Finding& finding, const Context& context, std::string_view part);

// kubectl commands on the EnvoyProxy that set the Service's type, and take that back. Empty when
// none is referenced. `type` is ClusterIP, NodePort or LoadBalancer.
struct TypeCommands {
  Command apply;
  Command undo;
};
TypeCommands service_type_commands(const Context& context, std::string_view type);

}  // namespace checks
