// What Envoy answers by itself, in words and in the response flags of its access log. Sources: Envoy
// 1.40 (local replies, access log flags), Envoy Gateway v1.1 to v1.9.
#include "aibrix/answers.hpp"

namespace aibrix {
namespace {

constexpr AnswerCause no_route[] = {
    {"the path is none of the reserved route's: look at its spelling; /v1/messages, /v1/audio/… and "
     "some more need the header routing-strategy in most releases",
     ""},
    {"the reserved route is missing, not accepted, or lacks paths of this release", "GW010"},
    {"/v1/models has a route of its own, which does not work", "GW011"},
    {"the Gateway has no usable listener, or asks for another host name", "GW009,GW006"},
};
constexpr AnswerCause too_large[] = {
    {"the request is larger than Envoy's buffer (4 MiB; 1 MiB in v0.2.0)", "GW016"},
};
constexpr AnswerCause empty_500[] = {
    {"no backend of the matched HTTPRoute is valid: grant, Service or port missing (how v0.1 to v0.3 "
     "answer)",
     "REF001,REF002,MDL010,MDL009,MDL014"},
    {"the gateway plugin cannot be asked: it has no ready endpoint, or its policy is not accepted",
     "INS010,GW018,GW012"},
    {"the reserved route's backends are invalid", "GW010"},
};
constexpr AnswerCause plugin_gone[] = {
    {"the gateway plugin cannot be asked: it is down, or has no ready endpoint",
     "INS010,GW018,RED001"},
    {"it took longer than the policy's messageTimeout", "GW017"},
};
constexpr AnswerCause no_upstream[] = {
    {"the model's Service has no ready endpoint: its selector matches no pod, or none is Ready",
     "MDL011,MDL006"},
    {"strategy: the request did not bring a target-pod, since the gateway plugin was not asked",
     "GW013,GW015,GW014,GW012"},
    {"the gateway plugin's own Service has no ready endpoint", "GW018,INS010"},
};
constexpr AnswerCause refused[] = {
    {"nothing listens on that port of the pod: model.aibrix.ai/port is not the engine's port",
     "MDL008,MDL009"},
    {"the engine crashed or is still starting although its pod is Ready", "MDL007,MDL006"},
    {"the pod went away a moment ago", "MDL006"},
};
constexpr AnswerCause unreachable[] = {
    {"the pod does not answer: NetworkPolicy, node gone, or another address family", "SVC007,MDL007"},
    {"the Service selects pods that serve nothing (Ray workers)", "RAY002,MDL011"},
};
constexpr AnswerCause other_protocol[] = {
    {"the request fell to the reserved route's own backend, which speaks gRPC: the model's HTTPRoute is "
     "not in force",
     "MDL016,MDL014,MDL013"},
    {"the path is not among those of the model's HTTPRoute", ""},
    {"the port behind the route speaks no HTTP/1.1", "MDL008,MDL009"},
};
constexpr AnswerCause too_slow[] = {
    {"the engine took longer than the route's timeout (120 s; AIBRIX_GATEWAY_TIMEOUT_SECONDS of "
     "aibrix-controller-manager)",
     ""},
    {"the gateway plugin took longer than the policy's messageTimeout", "GW017"},
    {"the pods are too few for the load", "MDL007"},
};
constexpr AnswerCause client_left[] = {{"the client closed the connection, often by its own timeout", ""}};
constexpr AnswerCause overloaded[] = {{"more requests at once than Envoy's limits allow", ""}};
constexpr AnswerCause guarded[] = {
    {"a SecurityPolicy of Envoy Gateway guards the route and refused the request", ""},
};
constexpr AnswerCause no_cluster[] = {
    {"the patch that adds original_destination_cluster is not applied", "GW014,GW013,GW002"},
    {"Envoy has not got its newest configuration from Envoy Gateway", "GW001"},
};
constexpr AnswerCause none[] = {{"nothing of AIBrix's brings this about", ""}};

constexpr auto E = Producer::envoy;

constexpr AnswerKind rows[] = {
    {.id = "envoy-404", .producer = E, .statuses = {404}, .bare = true,
     .meaning = "Envoy has no route for the request; the gateway plugin has not seen it.",
     .causes = no_route},
    {.id = "envoy-route-not-found", .producer = E, .statuses = {404}, .message = "route_not_found",
     .meaning = "Envoy has no route for the request; the gateway plugin has not seen it.",
     .causes = no_route},
    // The plugin puts some of Envoy's texts into its own JSON, with what it thinks of the model's
    // HTTPRoute behind them: that part means nothing then.
    {.id = "envoy-413", .producer = E, .statuses = {413}, .message = "Payload Too Large*",
     .meaning = "The request is too large for Envoy.", .causes = too_large},
    {.id = "envoy-413-bare", .producer = E, .statuses = {413}, .bare = true,
     .meaning = "The request is too large for Envoy.", .causes = too_large},
    {.id = "envoy-500", .producer = E, .statuses = {500}, .bare = true,
     .meaning = "Envoy answers 500 itself, without a body: no backend of the route it matched is "
                "valid, or the gateway plugin could not be asked.",
     .causes = empty_500},
    {.id = "envoy-direct-response", .producer = E, .statuses = {500, 503},
     .message = "direct_response",
     .meaning = "The matched route has no valid backend: Envoy Gateway makes Envoy answer by itself.",
     .causes = empty_500},
    {.id = "envoy-ext-proc", .producer = E, .statuses = {500, 504}, .message = "ext_proc*",
     .meaning = "Envoy could not ask the gateway plugin about the request.", .causes = plugin_gone},
    {.id = "envoy-no-healthy-upstream", .producer = E, .statuses = {503},
     .message = "no healthy upstream*",
     .meaning = "Envoy knows where the request is to go, and nothing ready is there.",
     .causes = no_upstream},
    {.id = "envoy-connection-refused", .producer = E, .statuses = {503, 502},
     .message = "upstream connect error or disconnect/reset before headers.*connection refused*",
     .meaning = "Envoy could not connect to the pod: its port refuses.", .causes = refused},
    {.id = "envoy-connection-timeout", .producer = E, .statuses = {503, 504},
     .message = "upstream connect error or disconnect/reset before headers.*connection timeout*",
     .meaning = "Envoy could not connect to the pod: it does not answer.", .causes = unreachable},
    {.id = "envoy-protocol-error", .producer = E, .statuses = {502, 503},
     .message = "upstream connect error or disconnect/reset before headers.*protocol error*",
     .meaning = "What the request reached does not speak the protocol Envoy used.",
     .causes = other_protocol},
    {.id = "envoy-connect-error", .producer = E, .statuses = {503, 502},
     .message = "upstream connect error or disconnect/reset before headers*",
     .meaning = "The connection to the pod failed or broke before an answer began.",
     .causes = refused},
    {.id = "envoy-timeout", .producer = E, .statuses = {504}, .message = "upstream request timeout*",
     .meaning = "The answer took longer than the route allows.", .causes = too_slow},
    {.id = "envoy-idle-timeout", .producer = E, .statuses = {408, 504}, .message = "stream timeout*",
     .meaning = "Nothing moved on the request for too long.", .causes = too_slow},
    {.id = "envoy-overflow", .producer = E, .statuses = {503},
     .message = "upstream connect error or disconnect/reset before headers.*overflow*",
     .meaning = "Envoy's limit on requests or connections to this backend is reached.",
     .causes = overloaded},
    {.id = "envoy-rate-limited", .producer = E, .statuses = {429}, .message = "local_rate_limited",
     .meaning = "A rate limit of Envoy Gateway (BackendTrafficPolicy) refused the request.",
     .causes = overloaded},
    {.id = "envoy-jwt", .producer = E, .statuses = {401}, .message = "Jwt {problem}",
     .meaning = "A SecurityPolicy asks for a JWT, and this request's is missing or not valid.",
     .causes = guarded},
    {.id = "envoy-rbac", .producer = E, .statuses = {403}, .message = "RBAC: access denied",
     .meaning = "A SecurityPolicy's authorization refused the request.", .causes = guarded},
    {.id = "flag-NR", .producer = E, .flag = "NR",
     .meaning = "No route fits the request.", .causes = no_route},
    {.id = "flag-UH", .producer = E, .flag = "UH",
     .meaning = "No healthy upstream: nothing ready is behind the route.", .causes = no_upstream},
    {.id = "flag-UF", .producer = E, .flag = "UF",
     .meaning = "The connection to the upstream failed.", .causes = refused},
    {.id = "flag-URX", .producer = E, .flag = "URX",
     .meaning = "All tries, or connection attempts, were used up.", .causes = refused},
    {.id = "flag-UC", .producer = E, .flag = "UC",
     .meaning = "The upstream closed the connection before or while it answered.", .causes = refused},
    {.id = "flag-UR", .producer = E, .flag = "UR",
     .meaning = "The upstream reset the request.", .causes = refused},
    {.id = "flag-UPE", .producer = E, .flag = "UPE",
     .meaning = "The upstream's answer breaks the protocol.", .causes = other_protocol},
    {.id = "flag-UT", .producer = E, .flag = "UT",
     .meaning = "The answer took longer than the route allows.", .causes = too_slow},
    {.id = "flag-SI", .producer = E, .flag = "SI",
     .meaning = "Nothing moved on the request for too long.", .causes = too_slow},
    {.id = "flag-DT", .producer = E, .flag = "DT",
     .meaning = "The request or connection lasted longer than allowed.", .causes = too_slow},
    {.id = "flag-UMSDR", .producer = E, .flag = "UMSDR",
     .meaning = "The request lasted longer than allowed.", .causes = too_slow},
    {.id = "flag-UO", .producer = E, .flag = "UO",
     .meaning = "Envoy's limit on requests or connections to this backend is reached.",
     .causes = overloaded},
    {.id = "flag-RL", .producer = E, .flag = "RL",
     .meaning = "A rate limit of Envoy Gateway refused the request.", .causes = overloaded},
    {.id = "flag-NC", .producer = E, .flag = "NC",
     .meaning = "The route names a cluster Envoy does not know.", .causes = no_cluster},
    {.id = "flag-DC", .producer = E, .flag = "DC",
     .meaning = "The client went away before the answer was complete.", .causes = client_left},
    {.id = "flag-DPE", .producer = E, .flag = "DPE",
     .meaning = "The client's request breaks the protocol.", .causes = client_left},
    {.id = "flag-DR", .producer = E, .flag = "DR",
     .meaning = "The client reset the request.", .causes = client_left},
    {.id = "flag-UAEX", .producer = E, .flag = "UAEX",
     .meaning = "External authorization refused the request.", .causes = guarded},
    {.id = "flag-LR", .producer = E, .flag = "LR",
     .meaning = "Envoy itself reset the connection.", .causes = none},
    {.id = "flag-LH", .producer = E, .flag = "LH",
     .meaning = "Envoy's own health check said it is not well: it is draining or starting.",
     .causes = none},
    {.id = "flag-IH", .producer = E, .flag = "IH",
     .meaning = "A header that Envoy reads strictly has a value that is not allowed.", .causes = none},
    {.id = "flag-OM", .producer = E, .flag = "OM",
     .meaning = "Envoy is short of memory or another resource and sheds load.", .causes = overloaded},
    {.id = "flag-DF", .producer = E, .flag = "DF",
     .meaning = "The upstream's name could not be resolved.", .causes = unreachable},
};

}  // namespace

std::span<const AnswerKind> envoy_answers() { return rows; }

}  // namespace aibrix
