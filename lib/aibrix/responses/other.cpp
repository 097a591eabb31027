// What engines, the Kubernetes API server and clients say, and how a good answer looks.
#include "aibrix/responses/responses.hpp"

namespace aibrix {
namespace {

using namespace codes;

constexpr ResponseCause other_name[] = {
    {"the engine serves the model under another name than AIBrix's label says "
     "(--served-model-name)",
     MDL012},
    {"a ModelAdapter is not loaded in the pod that got the request", {LOR002, LOR004}},
};
constexpr ResponseCause engine_path[] = {
    {"the engine does not serve this path", {}},
    {"the request reached a pod's other server: wrong port", {MDL008, MDL009}},
};
constexpr ResponseCause engine_says[] = {{"the request asks more of the model than it can do", {}}};
constexpr ResponseCause engine_refused[] = {
    {"the engine does not take the request as it is", {}},
    {"the engine itself has failed: read its log", {}},
};
constexpr ResponseCause engine_key[] = {
    {"the engine was started with --api-key and the request brings another one, or none", {}},
};
constexpr ResponseCause webhook_down[] = {
    {"the webhook's server is not there: aibrix-controller-manager is down, or was uninstalled and "
     "left its configuration: aibrixctl fix webhooks",
     {WH001, WH002, INS005}},
    {"its certificate is not the one the API server is told to trust", {WH003, WH004, WH005}},
};
constexpr ResponseCause no_endpoints[] = {
    {"no pod behind the Service is ready", {SVC005, GW018, MDL006}},
    {"its selector matches no pod", MDL011},
};
constexpr ResponseCause proxy_failed[] = {
    {"nothing listens on that port of the pod, or the API server cannot reach it", SVC005},
};
constexpr ResponseCause terminating[] = {
    {"the namespace is being deleted and cannot finish",
     {NS001, NS002, NS003, NS004, NS005, NS006, FIN002, INS005}},
};
constexpr ResponseCause no_kind[] = {
    {"a CustomResourceDefinition is missing", {INS002, INS001}},
};
constexpr ResponseCause not_allowed[] = {
    {"your user, or the service account named, lacks this right: aibrixctl rbac print shows the "
     "smallest role that has it",
     INS008},
};
constexpr ResponseCause not_there[] = {{"the object does not exist, or in another namespace", {}}};
constexpr ResponseCause login[] = {{"the login is missing, wrong or has expired", {}}};
constexpr ResponseCause moved_on[] = {
    {"somebody changed the object in between: read it again", {}}};
constexpr ResponseCause invalid[] = {
    {"a field has a value this version does not take; labels must be quoted text", {}},
};
constexpr ResponseCause busy[] = {{"the API server limits this user's requests: try again", {}}};
constexpr ResponseCause nothing_listens[] = {
    {"the address or port is not the gateway's: aibrixctl endpoint print gives the right one",
     {SVC001, SVC003, SVC006}},
    {"Envoy is not running, or not ready", {SVC005, GW008, GW001}},
    {"a port-forward that has ended", {}},
};
constexpr ResponseCause no_answer[] = {
    {"a node that runs no Envoy pod, with externalTrafficPolicy Local", SVC004},
    {"a cluster address used from outside, or a firewall", {SVC002, SVC003}},
    {"Envoy is not running", {SVC005, GW008}},
};
constexpr ResponseCause no_name[] = {
    {"the host's name is not known where the client runs; cluster names work only inside", {}},
    {"the load balancer has no address yet", SVC002},
};
constexpr ResponseCause cut_off[] = {
    {"something between client and Envoy closed the connection, or speaks no HTTP on that port",
     {SVC005, GW008}},
};
// What a client trusts, and by which name it asks, is in no object of the cluster.
constexpr ResponseCause no_tls[] = {{"https used on a port that speaks http", {}}};
constexpr ResponseCause untrusted[] = {
    {"the listener's certificate is from an authority the client does not know (curl --cacert, "
     "endpoint test --cacert)",
     {}},
    {"something between client and gateway shows a certificate of its own", {}},
};
constexpr ResponseCause wrong_host[] = {
    {"the client asks by an address, or by another name than the listener's hostname (endpoint "
     "print -o curl asks rightly)",
     {}},
    {"the Secret of the listener holds a certificate for another host", {}},
};

constexpr auto N = ResponseSource::engine;
constexpr auto K = ResponseSource::api_server;
constexpr auto C = ResponseSource::client;

constexpr ResponsePattern rows[] = {
    {.id = "ok-strategy",
     .source = N,
     .statuses = {200},
     .header = "target-pod",
     .value = "{pod}",
     .meaning =
         "A good answer. A routing strategy was in effect: the gateway plugin chose the pod; "
         "the model's HTTPRoute was not used.",
     .causes = {}},
    {.id = "ok-route",
     .source = N,
     .statuses = {200},
     .header = "x-went-into-req-headers",
     .meaning =
         "A good answer. The gateway plugin saw the request; no routing strategy was in effect, "
         "so it went by the model's HTTPRoute and Service.",
     .causes = {}},
    {.id = "engine-model-unknown",
     .source = N,
     .statuses = {404},
     .message = "*The model `{model}` does not exist.*",
     .meaning = "The engine got the request and does not know the model by this name.",
     .causes = other_name},
    {.id = "engine-answer",
     .source = N,
     .statuses = {400, 404, 422},
     .header = "target-pod",
     .value = "{pod}",
     .failed = true,
     .meaning =
         "The gateway plugin chose a pod, and this pod's engine refused the request: its message "
         "says why.",
     .causes = engine_refused},
    {.id = "engine-path-unknown",
     .source = N,
     .statuses = {404},
     .message = "Not Found*",
     .meaning =
         "The engine (or another server of a pod) got the request and does not know the path.",
     .causes = engine_path},
    {.id = "engine-too-long",
     .source = N,
     .statuses = {400},
     .message = "*maximum context length*",
     .meaning = "The prompt and the tokens asked for are more than the model's context.",
     .causes = engine_says},
    {.id = "engine-unauthorized",
     .source = N,
     .statuses = {401},
     .message = "Unauthorized*",
     .meaning = "The engine asks for an API key.",
     .causes = engine_key},
    {.id = "webhook-failed",
     .source = K,
     .statuses = {500},
     .message = "*failed calling webhook \"{webhook}\"*",
     .meaning = "The API server must ask a webhook before it takes this change, and cannot.",
     .causes = webhook_down},
    {.id = "service-without-endpoints",
     .source = K,
     .statuses = {503},
     .message = "*no endpoints available for service \"{service}\"*",
     .meaning = "The API server was to pass the request on to a Service that has no ready pod.",
     .causes = no_endpoints},
    {.id = "service-unreachable",
     .source = K,
     .statuses = {503, 502, 500},
     .message = "*error trying to reach service: {detail}",
     .meaning = "The API server was to pass the request on to a Service and could not connect.",
     .causes = proxy_failed},
    {.id = "namespace-terminating",
     .source = K,
     .statuses = {403},
     .message = "*unable to create new content in namespace {ns} because it is being terminated*",
     .meaning = "Nothing can be created in a namespace that is being deleted.",
     .causes = terminating},
    {.id = "kind-missing",
     .source = K,
     .message = "*no matches for kind \"{kind}\" in version \"{version}\"*",
     .meaning = "The cluster does not serve this kind.",
     .causes = no_kind},
    {.id = "kind-missing-path",
     .source = K,
     .statuses = {404},
     .message = "the server could not find the requested resource*",
     .meaning = "The cluster does not serve this kind, or the path is wrong.",
     .causes = no_kind},
    {.id = "not-allowed",
     .source = K,
     .statuses = {403},
     .message = "*cannot {verb} resource \"{resource}\"*",
     .meaning = "RBAC does not allow it.",
     .causes = not_allowed},
    {.id = "not-logged-in",
     .source = K,
     .statuses = {401},
     .message = "*Unauthorized",
     .meaning = "The API server does not know who is asking.",
     .causes = login},
    {.id = "must-log-in",
     .source = K,
     .statuses = {401},
     .message = "*You must be logged in to the server*",
     .meaning = "The API server does not know who is asking.",
     .causes = login},
    {.id = "object-missing",
     .source = K,
     .statuses = {404},
     .message = "*{resource} \"{name}\" not found",
     .meaning = "The object does not exist.",
     .causes = not_there},
    {.id = "object-changed",
     .source = K,
     .statuses = {409},
     .message = "*the object has been modified*",
     .meaning = "The object is not what it was when it was read.",
     .causes = moved_on},
    {.id = "object-invalid",
     .source = K,
     .statuses = {422},
     .message = "*{resource} \"{name}\" is invalid*",
     .meaning = "The API server does not take the object as written.",
     .causes = invalid},
    {.id = "server-busy",
     .source = K,
     .statuses = {429},
     .message = "*Too many requests*",
     .meaning = "The API server limits requests.",
     .causes = busy},
    {.id = "connection-refused",
     .source = C,
     .message = "*connection refused*",
     .meaning = "Nothing listens on that address and port.",
     .causes = nothing_listens},
    {.id = "could-not-connect",
     .source = C,
     .message = "*couldn't connect to server*",
     .meaning = "No connection to that address and port.",
     .causes = nothing_listens},
    {.id = "connection-timeout",
     .source = C,
     .message = "*timed out*",
     .meaning = "No answer in time.",
     .causes = no_answer},
    {.id = "connection-timeout-go",
     .source = C,
     .message = "*i/o timeout*",
     .meaning = "No answer in time.",
     .causes = no_answer},
    {.id = "timeout-was-reached",
     .source = C,
     .message = "*timeout was reached*",
     .meaning = "No answer in time.",
     .causes = no_answer},
    {.id = "no-route-to-host",
     .source = C,
     .message = "*no route to host*",
     .meaning = "The address cannot be reached from there.",
     .causes = no_answer},
    {.id = "host-unknown",
     .source = C,
     .message = "*could not resolve host*",
     .meaning = "The host's name means nothing where the client runs.",
     .causes = no_name},
    {.id = "host-unknown-go",
     .source = C,
     .message = "*no such host*",
     .meaning = "The host's name means nothing where the client runs.",
     .causes = no_name},
    {.id = "empty-reply",
     .source = C,
     .message = "*empty reply from server*",
     .meaning = "The connection was closed without an answer.",
     .causes = cut_off},
    {.id = "connection-reset",
     .source = C,
     .message = "*connection reset by peer*",
     .meaning = "The connection was broken off.",
     .causes = cut_off},
    {.id = "tls-wrong-version",
     .source = C,
     .message = "*wrong version number*",
     .meaning = "The other side does not speak TLS on that port.",
     .causes = no_tls},
    {.id = "tls-certificate",
     .source = C,
     .message = "*SSL certificate problem*",
     .meaning = "The client does not trust the certificate it was shown.",
     .causes = untrusted},
    {.id = "tls-verify-failed",
     .source = C,
     .message = "*certificate verify failed*",
     .meaning = "The client does not trust the certificate it was shown.",
     .causes = untrusted},
    {.id = "tls-authority",
     .source = C,
     .message = "*certificate signed by unknown authority*",
     .meaning = "The client does not trust the certificate it was shown.",
     .causes = untrusted},
    {.id = "tls-name",
     .source = C,
     .message = "*no alternative certificate subject name*",
     .meaning = "The certificate is for other names than the one the client asked for.",
     .causes = wrong_host},
    {.id = "tls-name-go",
     .source = C,
     .message = "*certificate is valid for*",
     .meaning = "The certificate is for other names than the one the client asked for.",
     .causes = wrong_host},
};

}  // namespace

std::span<const ResponsePattern> other_responses() {
  return rows;
}

}  // namespace aibrix
