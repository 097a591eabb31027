// What clients say that got no answer, or only the beginning of one: curl, Python, Node.js, Go.
#include "aibrix/responses/responses.hpp"
#include "aibrix/responses/sources.hpp"

namespace aibrix {
namespace {

using namespace codes;

constexpr ResponseCause nothing_listens[] = {
    {"the address or port is not the gateway's: aibrixctl endpoint print shows the right one",
     {SVC001, SVC003, SVC006}},
    {"Envoy is not running, or not ready", {SVC005, GW008, GW001}},
    {"a port-forward that has ended", {}},
};
constexpr ResponseCause nothing_local[] = {
    {"no port-forward is running: the address is the client's own machine", {}},
    {"the port-forward ended with the Envoy pod it led to", {GW008, GW001}},
    {"the client uses a default address (base_url) instead of the gateway's", {}},
};
constexpr ResponseCause no_answer[] = {
    {"a cluster address used from outside, or a firewall", {SVC002, SVC003}},
    {"a node that runs no Envoy pod, with externalTrafficPolicy Local", SVC004},
    {"Envoy is not running", {SVC005, GW008}},
};
constexpr ResponseCause slow_answer[] = {
    {"the answer takes longer than the client's own timeout: raise it, or stream the answer", {}},
    {"the engine is busy, or too few pods serve the model", MDL007},
};
constexpr ResponseCause no_name[] = {
    {"the host name is not known where the client runs; cluster names work only inside", {}},
    {"the load balancer has no address yet", SVC002},
};
constexpr ResponseCause cut_off[] = {
    {"something between client and Envoy closed the connection, or the port speaks no HTTP",
     {SVC005, GW008}},
};
constexpr ResponseCause half_answer[] = {
    {"the engine, or what is between it and the client, ended the stream before its end: a "
     "timeout, or an engine that crashed; read the engine's log",
     {}},
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
constexpr ResponseCause stands_beneath[] = {
    {"the error that it was raised from says why: paste the whole traceback", {}},
};

bool is_local(const ResponseText& a) {
  for (const std::string_view own : {"127.0.0.1", "localhost", "::1"}) {
    if (a.message.find(own) != std::string::npos) return true;
  }
  return false;
}

using namespace sources;

constexpr std::string_view nobody = "Nothing listens on that address and port.";
constexpr std::string_view late = "No connection in time: the address does not answer.";
constexpr std::string_view slow = "The connection was made; the answer did not come in time.";
constexpr std::string_view nameless = "The host name cannot be resolved where the client runs.";
constexpr std::string_view broken = "The connection was closed without an answer.";
constexpr std::string_view distrust = "The client does not trust the certificate it was shown.";

constexpr ResponsePattern clients_rows[] = {
    // clang-format off
    {.id = "connection-refused-local", .source = C, .message = "*connection refused*", .when = is_local, .meaning = nobody, .causes = nothing_local},
    {.id = "connection-refused-local-node", .source = C, .message = "*econnrefused*", .when = is_local, .meaning = nobody, .causes = nothing_local},
    {.id = "could-not-connect-local", .source = C, .message = "*couldn't connect to server*", .when = is_local, .meaning = nobody, .causes = nothing_local},
    {.id = "connection-refused", .source = C, .message = "*connection refused*", .meaning = nobody, .causes = nothing_listens},
    {.id = "connection-refused-node", .source = C, .message = "*econnrefused*", .meaning = nobody, .causes = nothing_listens},
    {.id = "could-not-connect", .source = C, .message = "*couldn't connect to server*", .meaning = "No connection to that address and port.", .causes = nothing_listens},
    {.id = "could-not-connect-old", .source = C, .message = "*could not connect to server*", .meaning = "No connection to that address and port.", .causes = nothing_listens},
    {.id = "connect-call-failed", .source = C, .message = "*connect call failed*", .meaning = "No connection to that address and port.", .causes = nothing_listens},
    {.id = "answer-timeout", .source = C, .message = "*with {count} bytes received*", .meaning = slow, .causes = slow_answer},
    {.id = "answer-timeout-read", .source = C, .message = "*read timed out*", .meaning = slow, .causes = slow_answer},
    {.id = "answer-timeout-httpx", .source = C, .message = "*ReadTimeout*", .meaning = slow, .causes = slow_answer},
    {.id = "answer-timeout-go", .source = C, .message = "*while awaiting headers*", .meaning = slow, .causes = slow_answer},
    {.id = "answer-timeout-node", .source = C, .message = "*HeadersTimeout*", .meaning = slow, .causes = slow_answer},
    {.id = "answer-timeout-axios", .source = C, .message = "*timeout of {time}ms exceeded*", .meaning = "The client's own time for the request ran out.", .causes = slow_answer},
    {.id = "answer-timeout-openai", .source = C, .message = "*request timed out*", .meaning = "The client's own time for the request ran out; whether it was connected is not told.", .causes = slow_answer},
    {.id = "connection-timeout", .source = C, .message = "*timed out*", .meaning = late, .causes = no_answer},
    {.id = "connection-timeout-go", .source = C, .message = "*i/o timeout*", .meaning = late, .causes = no_answer},
    {.id = "connection-timeout-node", .source = C, .message = "*etimedout*", .meaning = late, .causes = no_answer},
    {.id = "connection-timeout-httpx", .source = C, .message = "*ConnectTimeout*", .meaning = late, .causes = no_answer},
    {.id = "timeout-was-reached", .source = C, .message = "*timeout was reached*", .meaning = late, .causes = no_answer},
    {.id = "no-route-to-host", .source = C, .message = "*no route to host*", .meaning = "The address cannot be reached from there.", .causes = no_answer},
    {.id = "network-unreachable", .source = C, .message = "*network is unreachable*", .meaning = "The address cannot be reached from there.", .causes = no_answer},
    {.id = "host-unknown", .source = C, .message = "*could not resolve host*", .meaning = nameless, .causes = no_name},
    {.id = "host-unknown-go", .source = C, .message = "*no such host*", .meaning = nameless, .causes = no_name},
    {.id = "host-unknown-node", .source = C, .message = "*enotfound*", .meaning = nameless, .causes = no_name},
    {.id = "host-unknown-again", .source = C, .message = "*eai_again*", .meaning = nameless, .causes = no_name},
    {.id = "host-unknown-python", .source = C, .message = "*name or service not known*", .meaning = nameless, .causes = no_name},
    {.id = "host-unknown-resolution", .source = C, .message = "*failure in name resolution*", .meaning = nameless, .causes = no_name},
    {.id = "host-unknown-mac", .source = C, .message = "*nodename nor servname provided*", .meaning = nameless, .causes = no_name},
    {.id = "empty-reply", .source = C, .message = "*empty reply from server*", .meaning = broken, .causes = cut_off},
    {.id = "connection-reset", .source = C, .message = "*connection reset by peer*", .meaning = "The connection was broken off.", .causes = cut_off},
    {.id = "connection-reset-node", .source = C, .message = "*econnreset*", .meaning = "The connection was broken off.", .causes = cut_off},
    {.id = "server-disconnected", .source = C, .message = "*server disconnected*", .meaning = broken, .causes = cut_off},
    {.id = "remote-end-closed", .source = C, .message = "*remote end closed connection*", .meaning = broken, .causes = cut_off},
    {.id = "http-0.9", .source = C, .message = "*received HTTP/0.9 when not allowed*", .meaning = "What listens there does not speak HTTP/1.", .causes = cut_off},
    {.id = "stream-cut", .source = C, .message = "*peer closed connection without sending complete message*", .meaning = "The answer broke off in the middle.", .causes = half_answer},
    {.id = "stream-cut-curl", .source = C, .message = "*transfer closed with*", .meaning = "The answer broke off in the middle.", .causes = half_answer},
    {.id = "stream-cut-chunk", .source = C, .message = "*response ended prematurely*", .meaning = "The answer broke off in the middle.", .causes = half_answer},
    {.id = "stream-cut-http2", .source = C, .message = "*HTTP/2 stream {stream} was not closed cleanly*", .meaning = "The answer broke off in the middle.", .causes = half_answer},
    {.id = "tls-wrong-version", .source = C, .message = "*wrong version number*", .meaning = "The other side does not speak TLS on that port.", .causes = no_tls},
    {.id = "tls-http-answer", .source = C, .message = "*server gave HTTP response to HTTPS client*", .meaning = "The other side does not speak TLS on that port.", .causes = no_tls},
    {.id = "tls-certificate", .source = C, .message = "*SSL certificate problem*", .meaning = distrust, .causes = untrusted},
    {.id = "tls-verify-failed", .source = C, .message = "*certificate verify failed*", .meaning = distrust, .causes = untrusted},
    {.id = "tls-authority", .source = C, .message = "*certificate signed by unknown authority*", .meaning = distrust, .causes = untrusted},
    {.id = "tls-self-signed", .source = C, .message = "*self_signed_cert*", .meaning = distrust, .causes = untrusted},
    {.id = "tls-name", .source = C, .message = "*no alternative certificate subject name*", .meaning = "The certificate is for other names than the one the client asked for.", .causes = wrong_host},
    {.id = "tls-name-python", .source = C, .message = "*certificate is not valid for*", .meaning = "The certificate is for other names than the one the client asked for.", .causes = wrong_host},
    {.id = "tls-name-go", .source = C, .message = "*certificate is valid for*", .meaning = "The certificate is for other names than the one the client asked for.", .causes = wrong_host},
    {.id = "client-connection-error", .source = C, .message = "*Connection error*", .meaning = "The client got no answer; this line does not say why.", .causes = stands_beneath},
    {.id = "client-fetch-failed", .source = C, .message = "*fetch failed*", .meaning = "The client got no answer; this line does not say why.", .causes = stands_beneath},
    {.id = "client-max-retries", .source = C, .message = "*max retries exceeded with url*", .meaning = "The client got no answer; this line does not say why.", .causes = stands_beneath},
    // clang-format on
};

}  // namespace

std::span<const ResponsePattern> client_responses() {
  return clients_rows;
}

}  // namespace aibrix
