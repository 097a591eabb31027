// What AIBrix's gateway plugin answers when a request is to go by its model's HTTPRoute. Since v0.4
// it looks at the route's status first; several texts may stand in one message, and behind others'.
// Sources: validateHTTPRouteStatus in pkg/plugins/gateway/gateway.go, v0.3.0 to v0.7.0 and main.
#include "aibrix/responses/responses.hpp"
#include "aibrix/responses/sources.hpp"

namespace aibrix {
namespace {

using namespace codes;

constexpr ResponseCause route_missing[] = {
    {"the model is of a kind that never gets an HTTPRoute (StormService, StatefulSet, bare pods): "
     "requests need a routing strategy",
     MDL020},
    {"the controller has not created it: the label model.aibrix.ai/name is missing on the workload's "
     "own metadata",
     {MDL003, REF002, LOR003}},
    {"the route was deleted, or never created; the controller creates it only when it starts or the "
     "workload appears",
     MDL013},
    {"aibrix-controller-manager is down, or its model-route-controller is off", {INS005, INS007}},
    {"the model's name does not make a valid route name", MDL021},
};
constexpr ResponseCause route_forbidden[] = {
    {"the gateway plugin's service account may not read HTTPRoutes", INS008},
};
constexpr ResponseCause not_granted[] = {
    {"no ReferenceGrant in the Service's namespace permits HTTPRoutes of aibrix-system to reference it: "
     "aibrixctl fix referencegrants -n NAMESPACE",
     {REF001, REF002, REF003}},
    {"a ReferenceGrant exists and differs in one field", REF004},
    {"Envoy Gateway has not processed the grant", REF006},
};
constexpr ResponseCause no_backend[] = {
    {"there is no Service of the model's name in its namespace", MDL010},
    {"the Service has no such port (Envoy Gateway up to v1.2 says BackendNotFound for this too)",
     MDL009},
    {"the route refers to an old Service: it was created before the workload was moved", MDL017},
};
constexpr ResponseCause no_port[] = {
    {"the Service does not have the port the route names: label model.aibrix.ai/port on the "
     "workload, else 8000",
     MDL009},
};
constexpr ResponseCause unresolved[] = {
    {"Envoy Gateway cannot use a backend of the route; the reason says why", {MDL014, MDL015}},
};
constexpr ResponseCause not_accepted[] = {
    {"Gateway aibrix-eg does not accept the route; the reason says why", MDL014},
    {"the Gateway itself is not accepted or has no usable listener", {GW006, GW009}},
};
constexpr ResponseCause no_status[] = {
    {"Envoy Gateway has not reconciled the route: it is down, or does not own the GatewayClass",
     {MDL016, GW001, GW003}},
};
using namespace sources;

constexpr ResponsePattern route_rows[] = {
    {.id = "route-missing",
     .source = P,
     .releases = since(v0_4),
     .statuses = {503, 500, 401},
     .header = "x-error-routing",
     .value = "true",
     .message = "*httproutes.gateway.networking.k8s.io \"{route}\" not found*",
     .meaning =
         "No routing strategy is in effect, so the request goes by the model's HTTPRoute, and "
         "there is none.",
     .causes = route_missing},
    {.id = "route-forbidden",
     .source = P,
     .releases = since(v0_4),
     .statuses = {503, 500, 401},
     .header = "x-error-routing",
     .value = "true",
     .message = "*httproutes.gateway.networking.k8s.io \"{route}\" is forbidden*",
     .meaning = "The gateway plugin is not allowed to look at the model's HTTPRoute.",
     .causes = route_forbidden},
    {.id = "ref-not-permitted",
     .source = P,
     .releases = since(v0_4),
     .statuses = {503},
     .header = "x-error-routing",
     .value = "true",
     .message =
         "*httproute: {ns}/{route}, route's object references are not resolved: RefNotPermitted.*",
     .meaning =
         "No routing strategy is in effect, so the request goes by the model's HTTPRoute; its "
         "Service is in a namespace that does not permit the reference. With a routing-strategy "
         "header the same model answers.",
     .causes = not_granted},
    {.id = "ref-not-permitted-500",
     .source = P,
     .releases = since(v0_3),
     .statuses = {500},
     .message =
         "*httproute: {ns}/{route}, route's object references are not resolved: RefNotPermitted.*",
     .meaning =
         "The request failed behind the gateway, and the model's HTTPRoute has no ReferenceGrant: "
         "up to v0.3 that is the reason. Later releases answer 503 for it, and 500 only when the "
         "engine itself answered 500.",
     .causes = not_granted},
    {.id = "backend-not-found",
     .source = P,
     .releases = since(v0_3),
     .statuses = {503, 500},
     .header = "x-error-routing",
     .value = "true",
     .message =
         "*httproute: {ns}/{route}, route's object references are not resolved: BackendNotFound.*",
     .meaning =
         "No routing strategy is in effect, so the request goes by the model's HTTPRoute; the "
         "Service it leads to, or that Service's port, does not exist.",
     .causes = no_backend},
    {.id = "port-not-found",
     .source = P,
     .releases = since(v0_3),
     .statuses = {503, 500},
     .header = "x-error-routing",
     .value = "true",
     .message =
         "*httproute: {ns}/{route}, route's object references are not resolved: PortNotFound.*",
     .meaning =
         "No routing strategy is in effect, so the request goes by the model's HTTPRoute; its "
         "Service has no such port.",
     .causes = no_port},
    {.id = "refs-not-resolved",
     .source = P,
     .releases = since(v0_3),
     .statuses = {503, 500},
     .header = "x-error-routing",
     .value = "true",
     .message = "*httproute: {ns}/{route}, route's object references are not resolved: {reason}.*",
     .meaning =
         "No routing strategy is in effect, so the request goes by the model's HTTPRoute; Envoy "
         "Gateway cannot use its backend.",
     .causes = unresolved},
    {.id = "route-not-accepted",
     .source = P,
     .releases = since(v0_3),
     .statuses = {503, 500},
     .header = "x-error-routing",
     .value = "true",
     .message = "*httproute: {ns}/{route}, route is not accepted: {reason}.*",
     .meaning =
         "No routing strategy is in effect, so the request goes by the model's HTTPRoute; the "
         "Gateway does not accept it.",
     .causes = not_accepted},
    {.id = "route-without-status",
     .source = P,
     .releases = since(v0_3),
     .statuses = {503, 500},
     .header = "x-error-routing",
     .value = "true",
     .message = "*httproute: {ns}/{route}, does not have valid status*",
     .meaning =
         "No routing strategy is in effect, so the request goes by the model's HTTPRoute; Envoy "
         "Gateway has said nothing about it.",
     .causes = no_status},
};

}  // namespace

std::span<const ResponsePattern> route_responses() {
  return route_rows;
}

}  // namespace aibrix
