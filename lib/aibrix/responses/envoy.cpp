// What Envoy answers by itself, in words and in the response flags of its access log. Sources:
// Envoy 1.40 (local replies, access log flags), Envoy Gateway v1.1 to v1.9.
#include "aibrix/responses/responses.hpp"
#include "aibrix/responses/sources.hpp"
#include "base/text.hpp"

namespace aibrix {
namespace {

using namespace codes;

constexpr ResponseCause no_route[] = {
    {"no HTTPRoute takes this host and path: a path that the gateway does not serve (in most releases "
     "/v1/messages and /v1/audio/… need a routing-strategy header), or a reserved route that is "
     "missing or not accepted; the request line, pasted too (curl -v), tells more",
     GW010, true},
    {"/v1/models has a route of its own, which does not work", GW011},
    {"the Gateway has no usable listener, or asks for another host name", {GW009, GW006}},
};
constexpr ResponseCause too_large[] = {
    {"the request is larger than Envoy's buffer (4 MiB; 1 MiB in v0.2.0)", GW016},
};
constexpr ResponseCause empty_500[] = {
    {"no backend of the matched HTTPRoute is valid: grant, Service or port missing (how v0.1 to "
     "v0.3 answer)",
     {REF001, REF002, MDL010, MDL009, MDL014}},
    {"the gateway plugin cannot be asked: it has no ready endpoint, or its policy is not accepted",
     {INS010, GW018, GW012}},
    {"the reserved route's backends are invalid", GW010},
};
constexpr ResponseCause plugin_gone[] = {
    {"the gateway plugin cannot be asked: it is down, or has no ready endpoint",
     {INS010, GW018, RED001}},
    {"it took longer than the policy's messageTimeout", GW017},
};
constexpr ResponseCause plugin_slow[] = {
    {"the gateway plugin did not answer within the policy's messageTimeout (5 s up to v0.3): it is "
     "overloaded, or the timeout is too short",
     GW017},
    {"the gateway plugin hangs on Redis", {RED001}},
};
constexpr ResponseCause strategy_not_in_force[] = {
    {"the strategy route is not in force: EnvoyPatchPolicy is switched off in Envoy Gateway, refused, "
     "or does not fit",
     {GW002, GW013, GW014, GW015}},
    {"the port behind the route does not speak HTTP/1.1", {MDL008, MDL009}},
};
constexpr ResponseCause path_not_routed[] = {
    {"the path is not among those of the gateway's reserved route in this release (v0.7 and older: "
     "/v1/responses, /v1/messages, /v1/audio/…): it works only with a routing-strategy header",
     {},
     true},
    {"the reserved route is missing, not accepted, or lacks paths of this release", GW010},
    {"the Gateway has no usable listener, or asks for another host name", {GW009, GW006}},
};
constexpr ResponseCause path_came_later[] = {
    {"the gateway's reserved route has no rule for the path: it is of an older release, or its "
     "manifest was applied in part",
     GW010, true},
    {"the Gateway has no usable listener, or asks for another host name", {GW009, GW006}},
};
constexpr ResponseCause models_not_routed[] = {
    {"/v1/models has an HTTPRoute of its own, which is missing or not accepted", GW011},
    {"the Gateway has no usable listener, or asks for another host name", {GW009, GW006}},
};
constexpr ResponseCause route_not_there[] = {
    {"the reserved route is missing, not accepted, or lacks paths of this release", GW010},
    {"the Gateway has no usable listener, or asks for another host name", {GW009, GW006}},
};
constexpr ResponseCause path_misspelt[] = {
    {"the path is none that the gateway serves: look at its spelling (/v1/chat/completions, …)",
     {},
     true},
    {"the reserved route is missing, not accepted, or lacks paths of this release", GW010},
};
constexpr ResponseCause no_upstream[] = {
    {"the model's Service has no ready endpoint: its selector matches no pod, or none is Ready",
     {MDL011, MDL006}},
    {"strategy: the request did not bring a target-pod, since the gateway plugin was not asked",
     {GW013, GW015, GW014, GW012}},
    {"the gateway plugin's own Service has no ready endpoint", {GW018, INS010}},
};
constexpr ResponseCause broken_off[] = {
    {"the connection to the pod failed or broke off; how, the reset reason and Envoy's access log "
     "tell",
     {MDL008, MDL009, MDL007, MDL006}},
};
constexpr ResponseCause no_target_pod[] = {
    {"the request did not bring a target-pod, since the gateway plugin was not asked",
     {GW015, GW013, GW014, GW012}},
    {"the gateway plugin's own Service has no ready endpoint", {GW018, INS010}},
};
constexpr ResponseCause pod_ended[] = {
    {"the engine closed the connection: it crashed, was restarted, or has a shorter idle time than "
     "Envoy",
     {MDL007, MDL006}},
};
constexpr ResponseCause refused[] = {
    {"nothing listens on that port of the pod: model.aibrix.ai/port is not the engine's port",
     {MDL008, MDL009}},
    {"the engine crashed or is still starting although its pod is Ready", {MDL007, MDL006}},
    {"the pod went away a moment ago", MDL006},
};
constexpr ResponseCause unreachable[] = {
    {"the pod does not answer: NetworkPolicy, node gone, or another address family",
     {SVC007, MDL007}},
    {"the Service selects pods that serve nothing (Ray workers)", {RAY002, MDL011}},
};
constexpr ResponseCause other_protocol[] = {
    {"the request fell to the reserved route's own backend, which speaks gRPC: the model's "
     "HTTPRoute, or with a strategy the strategy route, is not in force",
     {MDL016, MDL014, MDL013, GW002, GW013, GW014, GW015}},
    {"the path is not among those of the model's HTTPRoute", {}},
    {"the port behind the route speaks no HTTP/1.1", {MDL008, MDL009}},
};
constexpr ResponseCause too_slow[] = {
    {"a time limit of 120 s is still in force: HTTPRoutes made before "
     "AIBRIX_GATEWAY_TIMEOUT_SECONDS of aibrix-controller-manager was raised keep it, and so does "
     "the strategy route",
     TMO001},
    {"the engine took longer than the time limit of every route, 120 s unless it was raised", {}},
    {"the gateway plugin took longer than the policy's messageTimeout", GW017},
    {"the pods are too few for the load", MDL007},
};
constexpr ResponseCause client_left[] = {
    {"the client closed the connection, often by its own timeout", {}}};
constexpr ResponseCause overloaded[] = {{"more requests at once than Envoy's limits allow", {}}};
constexpr ResponseCause guarded[] = {
    {"a SecurityPolicy of Envoy Gateway guards the route and refused the request", {}},
};
constexpr ResponseCause no_cluster[] = {
    {"the patch that adds original_destination_cluster is not applied", {GW014, GW013, GW002}},
    {"Envoy has not got its newest configuration from Envoy Gateway", GW001},
};
constexpr ResponseCause none[] = {{"no part of AIBrix causes this", {}}};

bool says_refused(const ResponseText& a) {
  return base::lower(a.details).find("refused") != std::string::npos;
}
bool says_timeout(const ResponseText& a) {
  return a.details.find("timeout") != std::string::npos;
}
bool has_strategy(const ResponseText& a) {
  return !a.request.strategy.empty();
}

// Of the plugin or of models' routes, but not of the reserved route in some release up to v0.7.
bool is_unrouted_path(const ResponseText& a) {
  const std::string_view path = a.request.path;
  return path == "/v1/responses" || path == "/v1/messages" || path.starts_with("/v1/audio/");
}
// Of the reserved route from some release on.
bool is_later_path(const ResponseText& a) {
  const std::string_view path = a.request.path;
  return path == "/v1/rerank" || path == "/v1/classify" || path == "/v1/embeddings" ||
         path == "/v1/image/generations" || path == "/v1/images/generations" ||
         path == "/v1/video/generations";
}
bool is_models_path(const ResponseText& a) {
  return a.request.path.starts_with("/v1/models");
}
bool is_core_path(const ResponseText& a) {
  return a.request.path == "/v1/chat/completions" || a.request.path == "/v1/completions";
}
bool is_other_path(const ResponseText& a) {
  return !a.request.path.empty() && !is_unrouted_path(a) && !is_later_path(a) &&
         !is_models_path(a) && !is_core_path(a);
}

using namespace sources;

constexpr ResponsePattern envoy_rows[] = {
    {.id = "envoy-404",
     .source = E,
     .statuses = {404},
     .bare = true,
     .meaning = "Envoy has no route for the request; the gateway plugin has not seen it.",
     .causes = no_route},
    {.id = "envoy-404-unrouted-path",
     .source = E,
     .statuses = {404},
     .bare = true,
     .when = is_unrouted_path,
     .meaning = "Envoy has no route for the request; the gateway plugin has not seen it.",
     .causes = path_not_routed},
    {.id = "envoy-404-later-path",
     .source = E,
     .statuses = {404},
     .bare = true,
     .when = is_later_path,
     .meaning = "Envoy has no route for the request; the gateway plugin has not seen it.",
     .causes = path_came_later},
    {.id = "envoy-404-models",
     .source = E,
     .statuses = {404},
     .bare = true,
     .when = is_models_path,
     .meaning = "Envoy has no route for the request; the gateway plugin has not seen it.",
     .causes = models_not_routed},
    {.id = "envoy-404-completions",
     .source = E,
     .statuses = {404},
     .bare = true,
     .when = is_core_path,
     .meaning = "Envoy has no route for the request; the gateway plugin has not seen it.",
     .causes = route_not_there},
    {.id = "envoy-404-other-path",
     .source = E,
     .statuses = {404},
     .bare = true,
     .when = is_other_path,
     .meaning = "Envoy has no route for the request; the gateway plugin has not seen it.",
     .causes = path_misspelt},
    {.id = "envoy-route-not-found",
     .source = E,
     .statuses = {404},
     .message = "route_not_found",
     .meaning = "Envoy has no route for the request; the gateway plugin has not seen it.",
     .causes = no_route},
    // The plugin puts some of Envoy's texts into its own JSON, with what it thinks of the model's
    // HTTPRoute behind them: that part means nothing then.
    {.id = "envoy-413",
     .source = E,
     .statuses = {413},
     .message = "Payload Too Large*",
     .meaning = "The request is too large for Envoy.",
     .causes = too_large},
    {.id = "envoy-413-bare",
     .source = E,
     .statuses = {413},
     .bare = true,
     .meaning = "The request is too large for Envoy.",
     .causes = too_large},
    {.id = "envoy-500",
     .source = E,
     .statuses = {500},
     .bare = true,
     .meaning = "Envoy answers 500 itself, without a body: no backend of the route it matched is "
                "valid, or the gateway plugin could not be asked.",
     .causes = empty_500},
    {.id = "envoy-direct-response",
     .source = E,
     .statuses = {500, 503},
     .message = "direct_response",
     .meaning =
         "The matched route has no valid backend: Envoy Gateway makes Envoy answer by itself.",
     .causes = empty_500},
    {.id = "envoy-ext-proc-timeout",
     .source = E,
     .statuses = {504, 500},
     .message = "ext_proc_error_per-message_timeout_exceeded*",
     .meaning = "Envoy asked the gateway plugin about the request and got no answer in time.",
     .causes = plugin_slow},
    {.id = "envoy-ext-proc",
     .source = E,
     .statuses = {500, 504},
     .message = "ext_proc*",
     .meaning = "Envoy could not ask the gateway plugin about the request.",
     .causes = plugin_gone},
    {.id = "envoy-no-healthy-upstream",
     .source = E,
     .statuses = {503},
     .message = "no healthy upstream*",
     .meaning = "Envoy knows where the request is to go, and nothing ready is there.",
     .causes = no_upstream},
    {.id = "envoy-connection-refused",
     .source = E,
     .statuses = {503, 502},
     .message = "upstream connect error or disconnect/reset before headers.*connection refused*",
     .meaning = "Envoy could not connect to the pod: its port refuses.",
     .causes = refused},
    {.id = "envoy-connection-timeout",
     .source = E,
     .statuses = {503, 504},
     .message = "upstream connect error or disconnect/reset before headers.*connection timeout*",
     .meaning = "Envoy could not connect to the pod: it does not answer.",
     .causes = unreachable},
    // Some releases of Envoy (v1.33) write errno of Linux: ECONNREFUSED, ETIMEDOUT, EHOSTUNREACH.
    {.id = "envoy-connection-refused-111",
     .source = E,
     .statuses = {503, 502},
     .message = "upstream connect error or disconnect/reset before headers.*connect error: 111*",
     .meaning = "Envoy could not connect to the pod: its port refuses.",
     .causes = refused},
    {.id = "envoy-connection-timeout-110",
     .source = E,
     .statuses = {503, 504},
     .message = "upstream connect error or disconnect/reset before headers.*connect error: 110*",
     .meaning = "Envoy could not connect to the pod: it does not answer.",
     .causes = unreachable},
    {.id = "envoy-host-unreachable-113",
     .source = E,
     .statuses = {503, 504},
     .message = "upstream connect error or disconnect/reset before headers.*connect error: 113*",
     .meaning = "Envoy could not connect to the pod: no way leads to its node.",
     .causes = unreachable},
    {.id = "envoy-host-unreachable",
     .source = E,
     .statuses = {503, 504},
     .message = "upstream connect error or disconnect/reset before headers.*no route to host*",
     .meaning = "Envoy could not connect to the pod: no way leads to its node.",
     .causes = unreachable},
    {.id = "envoy-protocol-error",
     .source = E,
     .statuses = {502, 503},
     .message = "upstream connect error or disconnect/reset before headers.*protocol error*",
     .meaning = "What the request reached does not speak the protocol Envoy used.",
     .causes = other_protocol},
    {.id = "envoy-protocol-error-strategy",
     .source = E,
     .statuses = {502, 503},
     .message = "upstream connect error or disconnect/reset before headers.*protocol error*",
     .when = has_strategy,
     .meaning = "The request brought a routing strategy and did not get to a pod: it reached "
                "something that does not speak the protocol Envoy used.",
     .causes = strategy_not_in_force},
    {.id = "envoy-connect-error",
     .source = E,
     .statuses = {503, 502},
     .message = "upstream connect error or disconnect/reset before headers*",
     .meaning = "The connection to the pod failed or broke before an answer began.",
     .causes = broken_off},
    {.id = "envoy-connection-termination",
     .source = E,
     .statuses = {503, 502},
     .message =
         "upstream connect error or disconnect/reset before headers.*connection termination*",
     .meaning = "The engine closed the connection before it answered.",
     .causes = pod_ended},
    {.id = "envoy-timeout",
     .source = E,
     .statuses = {504},
     .message = "upstream request timeout*",
     .meaning = "The answer took longer than the route allows.",
     .causes = too_slow},
    {.id = "envoy-idle-timeout",
     .source = E,
     .statuses = {408, 504},
     .message = "stream timeout*",
     .meaning = "Nothing moved on the request for too long.",
     .causes = too_slow},
    {.id = "envoy-overflow",
     .source = E,
     .statuses = {503},
     .message = "upstream connect error or disconnect/reset before headers.*overflow*",
     .meaning = "Envoy's limit on requests or connections to this backend is reached.",
     .causes = overloaded},
    {.id = "envoy-rate-limited",
     .source = E,
     .statuses = {429},
     .message = "local_rate_limited",
     .meaning = "A rate limit of Envoy Gateway (BackendTrafficPolicy) refused the request.",
     .causes = overloaded},
    {.id = "envoy-jwt",
     .source = E,
     .statuses = {401},
     .message = "Jwt {problem}",
     .meaning = "A SecurityPolicy asks for a JWT, and this request's is missing or not valid.",
     .causes = guarded},
    {.id = "envoy-rbac",
     .source = E,
     .statuses = {403},
     .message = "RBAC: access denied",
     .meaning = "A SecurityPolicy's authorization refused the request.",
     .causes = guarded},
    {.id = "flag-NR",
     .source = E,
     .flag = "NR",
     .meaning = "No route fits the request.",
     .causes = no_route},
    {.id = "flag-UH-strategy",
     .source = E,
     .flag = "UH",
     .when = has_strategy,
     .meaning =
         "The request took the way of requests with a routing strategy, and no pod was chosen for it.",
     .causes = no_target_pod},
    {.id = "flag-UH",
     .source = E,
     .flag = "UH",
     .meaning = "No healthy upstream: nothing ready is behind the route.",
     .causes = no_upstream},
    {.id = "flag-UF-refused",
     .source = E,
     .flag = "UF",
     .when = says_refused,
     .meaning = "The connection to the upstream was refused.",
     .causes = refused},
    {.id = "flag-UF-timeout",
     .source = E,
     .flag = "UF",
     .when = says_timeout,
     .meaning = "The connection to the upstream was not made in time.",
     .causes = unreachable},
    {.id = "flag-UF",
     .source = E,
     .flag = "UF",
     .meaning = "The connection to the upstream failed.",
     .causes = broken_off},
    {.id = "flag-URX",
     .source = E,
     .flag = "URX",
     .meaning = "All tries, or connection attempts, were used up.",
     .causes = broken_off},
    {.id = "flag-UC",
     .source = E,
     .flag = "UC",
     .meaning = "The upstream closed the connection before or while it answered.",
     .causes = pod_ended},
    {.id = "flag-UR",
     .source = E,
     .flag = "UR",
     .meaning = "The upstream reset the request.",
     .causes = pod_ended},
    {.id = "flag-UPE",
     .source = E,
     .flag = "UPE",
     .meaning = "The upstream's answer breaks the protocol.",
     .causes = other_protocol},
    {.id = "flag-UT",
     .source = E,
     .flag = "UT",
     .meaning = "The answer took longer than the route allows.",
     .causes = too_slow},
    {.id = "flag-SI",
     .source = E,
     .flag = "SI",
     .meaning = "Nothing moved on the request for too long.",
     .causes = too_slow},
    {.id = "flag-DT",
     .source = E,
     .flag = "DT",
     .meaning = "The request or connection lasted longer than allowed.",
     .causes = too_slow},
    {.id = "flag-UMSDR",
     .source = E,
     .flag = "UMSDR",
     .meaning = "The request lasted longer than allowed.",
     .causes = too_slow},
    {.id = "flag-UO",
     .source = E,
     .flag = "UO",
     .meaning = "Envoy's limit on requests or connections to this backend is reached.",
     .causes = overloaded},
    {.id = "flag-RL",
     .source = E,
     .flag = "RL",
     .meaning = "A rate limit of Envoy Gateway refused the request.",
     .causes = overloaded},
    {.id = "flag-NC",
     .source = E,
     .flag = "NC",
     .meaning = "The route names a cluster Envoy does not know.",
     .causes = no_cluster},
    {.id = "flag-DC",
     .source = E,
     .flag = "DC",
     .meaning = "The client went away before the answer was complete.",
     .causes = client_left},
    {.id = "flag-DPE",
     .source = E,
     .flag = "DPE",
     .meaning = "The client's request breaks the protocol.",
     .causes = client_left},
    {.id = "flag-DR",
     .source = E,
     .flag = "DR",
     .meaning = "The client reset the request.",
     .causes = client_left},
    {.id = "flag-UAEX",
     .source = E,
     .flag = "UAEX",
     .meaning = "External authorization refused the request.",
     .causes = guarded},
    {.id = "flag-LR",
     .source = E,
     .flag = "LR",
     .meaning = "Envoy itself reset the connection.",
     .causes = none},
    {.id = "flag-LH",
     .source = E,
     .flag = "LH",
     .meaning = "Envoy's own health check failed: it is draining or starting.",
     .causes = none},
    {.id = "flag-IH",
     .source = E,
     .flag = "IH",
     .meaning = "A header that Envoy reads strictly has a value that is not allowed.",
     .causes = none},
    {.id = "flag-OM",
     .source = E,
     .flag = "OM",
     .meaning = "Envoy is short of memory or another resource and sheds load.",
     .causes = overloaded},
    {.id = "flag-DF",
     .source = E,
     .flag = "DF",
     .meaning = "The upstream's name could not be resolved.",
     .causes = unreachable},
};

}  // namespace

std::span<const ResponsePattern> envoy_responses() {
  return envoy_rows;
}

}  // namespace aibrix
