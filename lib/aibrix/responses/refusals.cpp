// What AIBrix's gateway plugin refuses: requests it cannot read, users it does not know, limits.
// Nothing in the cluster is broken then, but for Redis.
#include "aibrix/release_facts.hpp"
#include "aibrix/responses/responses.hpp"
#include "aibrix/responses/sources.hpp"

namespace aibrix {
namespace {

using namespace codes;

constexpr ResponseCause bad_body[] = {{"the client's request: its JSON, or a field of it", {}}};
constexpr ResponseCause bad_path[] = {
    {"the path is none the plugin serves: look at its spelling (/v1/chat/completions, …)", {}},
    {"a later release serves it", INS012},
};
constexpr ResponseCause wrong_token[] = {
    {"the request's Authorization header does not hold the gateway's bearer token "
     "(AIBRIX_AUTH_BEARER_TOKEN of aibrix-gateway-plugins)",
     {}},
};
constexpr ResponseCause engine_token[] = {
    {"the engine was started with --api-key and the request brings another one, or none", {}},
};
constexpr ResponseCause unknown_user[] = {
    {"the request's header user names somebody who is not registered with the metadata service",
     {}},
    {"Redis, where users are kept, is down", {RED001, RED002}},
};
constexpr ResponseCause over_limit[] = {
    {"the limit was reached: wait a minute, or raise it; nothing in the cluster is broken", {}},
};
constexpr ResponseCause redis_gone[] = {{"Redis is down or full", {RED001, RED002}}};
constexpr ResponseCause body_v0_1[] = {
    {"the request's body is not JSON", {}},
    {"v0.1.2: the request asks for a stream without stream_options", {}},
};
constexpr ResponseCause no_stream_options[] = {
    {"stream is true and the request has no stream_options", {}},
};
constexpr ResponseCause no_usage[] = {
    {"stream is true and stream_options.include_usage is not true", {}},
};
constexpr ResponseCause body_too_old[] = {
    {"the client's request has no model", {}},
};

constexpr ResponseCause replica_full[] = {
    {"every replica that could take it has requestsInflight requests under way, the cap of the "
     "model's config profile: try again, raise it, or add replicas",
     {}},
};
constexpr ResponseCause policy_denies[] = {
    {"the external router's policy refuses this request (AIBRIX_EXTERNAL_ROUTER_POLICY_MODE is "
     "Authoritative): who runs that router knows why",
     {}},
};
constexpr ResponseCause router_silent[] = {
    {"the external router at AIBRIX_EXTERNAL_ROUTER_ENDPOINT does not answer within "
     "AIBRIX_EXTERNAL_ROUTER_TIMEOUT (10ms unless set), or is broken, and "
     "AIBRIX_EXTERNAL_ROUTER_FAILURE_MODE is FailClosed",
     {}},
    {"AIBRIX_EXTERNAL_ROUTER_MAX_INFLIGHT requests are under way, or it failed so often that the "
     "plugin does not ask it for a while",
     {}},
};
constexpr ResponseCause video_gone[] = {
    {"the gateway does not know the video job that the path names; why is not told: it may be "
     "misspelt, or no longer kept",
     {}},
};
constexpr ResponseCause video_pod_gone[] = {
    {"the pod that holds the video job takes no requests any more, or is gone", {}},
};

// v0.8 marks these by a header of their own, by error.code, or by both; sentences were read beside
// the tag only (gateway_inflight.go@05a5922d, types.go@00d21f1d, external-replica-routing.rst).
bool is_marked(const ResponseText& a, std::string_view header, std::string_view code) {
  return a.code == code || a.header(header) != nullptr;
}
bool replica_is_full(const ResponseText& a) {
  return is_marked(a, "x-error-model-replica-inflight-exceeded", "replica_inflight_exceeded");
}
bool policy_denied(const ResponseText& a) {
  return a.code == "external_policy_denied";
}
bool router_unavailable(const ResponseText& a) {
  return a.code == "external_router_unavailable";
}
bool video_not_found(const ResponseText& a) {
  return is_marked(a, "x-error-video-not-found", "video_not_found");
}
bool video_pod_unavailable(const ResponseText& a) {
  return is_marked(a, "x-error-video-job-pod-unavailable", "video_job_pod_unavailable");
}

using namespace sources;

constexpr ResponsePattern refusals_rows[] = {
    {.id = "api-key-gateway",
     .source = P,
     .releases = facts::plugin_asks_for_token,
     .statuses = {401},
     .message = "Incorrect API key provided*",
     .param = "api_key",
     .meaning = "The gateway asks for a bearer token and did not get the right one.",
     .causes = wrong_token},
    {.id = "api-key-engine",
     .source = P,
     .releases = since(v0_5),
     .statuses = {401},
     .message = "Incorrect API key provided*",
     .meaning = "The engine behind the gateway asks for an API key and did not get the right one.",
     .causes = engine_token},
    {.id = "user-unknown",
     .source = P,
     .releases = since(v0_2),
     .statuses = {500},
     .header = "x-error-user",
     .value = "true",
     .log = "unable to process user info",
     .meaning = "The request names a user the gateway cannot look up.",
     .causes = unknown_user},
    {.id = "user-unknown-v0.1",
     .source = P,
     .releases = only(v0_1),
     .statuses = {500},
     .header = "x-user-error",
     .meaning = "The request names a user the gateway cannot look up.",
     .causes = unknown_user},
    {.id = "rpm-exceeded",
     .source = P,
     .releases = since(v0_2),
     .statuses = {429},
     .header = "x-error-rpm-exceeded",
     .value = "true",
     .message = "user: {user} has exceeded RPM: {limit}",
     .meaning = "The user has sent more requests in this minute than allowed.",
     .causes = over_limit},
    {.id = "tpm-exceeded",
     .source = P,
     .releases = since(v0_2),
     .statuses = {429},
     .header = "x-error-tpm-exceeded",
     .value = "true",
     .message = "user: {user} has exceeded TPM: {limit}",
     .meaning = "The user has used more tokens in this minute than allowed.",
     .causes = over_limit},
    {.id = "rpm-v0.1",
     .source = P,
     .releases = only(v0_1),
     .statuses = {},
     .header = "x-rpm-error",
     .meaning = "The user's requests per minute are over the limit, or could not be counted.",
     .causes = over_limit},
    {.id = "tpm-v0.1",
     .source = P,
     .releases = only(v0_1),
     .statuses = {},
     .header = "x-tpm-exceeded",
     .meaning = "The user has used more tokens in this minute than allowed.",
     .causes = over_limit},
    {.id = "rpm-unreadable",
     .source = P,
     .releases = since(v0_2),
     .statuses = {500},
     .header = "x-error-rpm-exceeded",
     .value = "true",
     .message = "fail to get RPM for user: {user}",
     .meaning =
         "The user's requests could not be counted; the header says exceeded, and nothing is.",
     .causes = redis_gone},
    {.id = "tpm-unreadable",
     .source = P,
     .releases = since(v0_2),
     .statuses = {500},
     .header = "x-error-tpm-exceeded",
     .value = "true",
     .message = "fail to get TPM for user: {user}",
     .meaning = "The user's tokens could not be counted; the header says exceeded, and nothing is.",
     .causes = redis_gone},
    {.id = "rpm-not-counted",
     .source = P,
     .releases = since(v0_2),
     .statuses = {500},
     .header = "x-error-incr-rpm",
     .value = "true",
     .message = "fail to increment RPM for user: {user}",
     .meaning = "The user's request could not be counted.",
     .causes = redis_gone},
    {.id = "tpm-not-counted",
     .source = P,
     .releases = since(v0_2),
     .statuses = {500},
     .header = "x-error-incr-tpm",
     .message = "fail to increment TPM for user: {user}",
     .meaning = "The user's tokens could not be counted.",
     .causes = redis_gone},
    {.id = "model-rps-exceeded",
     .source = P,
     .releases = since(v0_7),
     .statuses = {429},
     .header = "x-error-model-rps-exceeded",
     .value = "true",
     .message = "model: {model} has exceeded RPS: {limit}",
     .meaning = "The model gets more requests a second than its profile (requestsPerSecond in "
                "model.aibrix.ai/config) allows.",
     .causes = over_limit},
    {.id = "model-rps-not-counted",
     .source = P,
     .releases = since(v0_7),
     .statuses = {500},
     .header = "x-error-incr-model-rps",
     .value = "true",
     .message = "fail to increment RPS for model: {model}",
     .meaning = "The model's requests could not be counted.",
     .causes = redis_gone},
    {.id = "replica-inflight-exceeded",
     .source = P,
     .releases = since(v0_8),
     .failed = true,
     .when = replica_is_full,
     .meaning = "The replica that was chosen has as many requests under way as its profile "
                "(requestsInflight in model.aibrix.ai/config) allows.",
     .causes = replica_full},
    {.id = "replica-inflight-log",
     .source = P,
     .releases = since(v0_8),
     .log = "*replica_inflight_exceeded*",
     .meaning = "A replica has as many requests under way as its profile (requestsInflight in "
                "model.aibrix.ai/config) allows; clients get 429.",
     .causes = replica_full},
    {.id = "external-policy-denied",
     .source = P,
     .releases = since(v0_8),
     .failed = true,
     .when = policy_denied,
     .meaning = "Strategy external: the policy of the external router denies the request.",
     .causes = policy_denies},
    {.id = "external-router-unavailable",
     .source = P,
     .releases = since(v0_8),
     .failed = true,
     .when = router_unavailable,
     .meaning = "Strategy external: the external router did not choose a pod, and without its "
                "choice the request is refused.",
     .causes = router_silent},
    {.id = "video-not-found",
     .source = P,
     .releases = since(v0_8),
     .failed = true,
     .when = video_not_found,
     .meaning = "The gateway knows no such video job.",
     .causes = video_gone},
    {.id = "video-pod-unavailable",
     .source = P,
     .releases = since(v0_8),
     .failed = true,
     .when = video_pod_unavailable,
     .meaning = "The gateway knows the video job, and cannot reach the pod that holds it.",
     .causes = video_pod_gone},
    // By its header alone it is this one.
    {.id = "body-refused",
     .source = P,
     .releases = since(v0_2),
     .statuses = {400},
     .header = "x-error-request-body-processing",
     .value = "true",
     .meaning = "The plugin does not take the request's body; the message says why.",
     .causes = bad_body},
    {.id = "body-unreadable-v0.1",
     .source = P,
     .releases = only(v0_1),
     .statuses = {500},
     .header = "x-request-body-processing-error",
     .value = "true",
     .message = "error processing request body",
     .meaning = "The plugin cannot read the request's body.",
     .causes = body_v0_1},
    {.id = "tokens-not-counted",
     .source = P,
     .releases = until(v0_2),
     .statuses = {500},
     .header = "x-error-update-tpm",
     .meaning = "The user's tokens could not be counted.",
     .causes = redis_gone},
    {.id = "stream-options-missing",
     .source = P,
     .releases = only(v0_2),
     .statuses = {500},
     .header = "x-error-no-stream-options",
     .message = "no stream option available",
     .meaning = "A user with a limit on tokens asked for a stream that does not report them.",
     .causes = no_stream_options},
    {.id = "usage-not-asked-v0.2",
     .source = P,
     .releases = only(v0_2),
     .statuses = {500},
     .header = "x-error-no-stream-options-include-usage",
     .message = "no stream with usage option available",
     .meaning = "A user with a limit on tokens asked for a stream that does not report them.",
     .causes = no_usage},
    {.id = "body-unreadable",
     .source = P,
     .releases = since(v0_2),
     .statuses = {400, 500},
     .header = "x-error-request-body-processing",
     .value = "true",
     .message = "error processing request body",
     .meaning = "The plugin cannot read the request's body as what its path asks for.",
     .causes = bad_body},
    {.id = "no-messages",
     .source = P,
     .releases = since(v0_3),
     .statuses = {400},
     .header = "x-error-request-body-processing",
     .value = "true",
     .message = "no messages in the request body",
     .log = "no messages in the request body",
     .meaning = "A chat request needs messages.",
     .causes = bad_body},
    {.id = "property-missing",
     .source = P,
     .releases = since(v0_5),
     .statuses = {400},
     .header = "x-error-request-body-processing",
     .value = "true",
     .message = "'{field}' is a required property*",
     .meaning = "A field is missing in the request's body.",
     .causes = bad_body},
    {.id = "input-wrong",
     .source = P,
     .releases = since(v0_6),
     .statuses = {400},
     .header = "x-error-request-body-processing",
     .value = "true",
     .message = "'input' {what}",
     .meaning = "The field input does not hold what its path asks for.",
     .causes = bad_body},
    {.id = "no-model",
     .source = P,
     .releases = only(v0_2),
     .statuses = {500, 400},
     .header = "x-error-no-model-in-request",
     .message = "no model in request body",
     .meaning = "The request's body names no model.",
     .causes = body_too_old},
    {.id = "no-model-v0.1",
     .source = P,
     .releases = only(v0_1),
     .statuses = {500},
     .header = "x-no-model",
     .message = "no model in request body",
     .meaning = "The request's body names no model.",
     .causes = body_too_old},
    {.id = "not-multipart",
     .source = P,
     .releases = since(v0_6),
     .statuses = {400},
     .header = "x-error-request-body-processing",
     .value = "true",
     .message = "audio requests must use multipart/form-data content-type",
     .meaning = "Audio is to be sent as a form (curl -F file=@…).",
     .causes = bad_body},
    {.id = "stream-not-supported",
     .source = P,
     .releases = since(v0_5),
     .statuses = {400},
     .header = "x-error-request-body-processing",
     .value = "true",
     .message = "stream not supported for embeddings",
     .meaning = "Embeddings cannot be streamed.",
     .causes = bad_body},
    {.id = "path-unknown",
     .source = P,
     .releases = since(v0_3),
     .statuses = {501, 400},
     .header = "x-error-request-body-processing",
     .value = "true",
     .message = "unknown request path",
     .meaning = "The path reaches the plugin, which has nothing to do for it.",
     .causes = bad_path},
    {.id = "multipart-unreadable",
     .source = P,
     .releases = since(v0_6),
     .statuses = {400},
     .header = "x-error-multipart-parsing",
     .value = "true",
     .meaning = "The form of an audio request cannot be read; the message says why.",
     .causes = bad_body},
    {.id = "stream-incorrect",
     .source = P,
     .releases = since(v0_2),
     .statuses = {400},
     .header = "x-error-stream",
     .message = "stream incorrectly set",
     .log = "no stream option available",
     .meaning = "The field stream is to be true or false.",
     .causes = bad_body},
    {.id = "usage-not-asked",
     .source = P,
     .releases = since(v0_2),
     .statuses = {400},
     .header = "x-error-no-stream-options-include-usage",
     .message = "include usage for stream options not set",
     .log = "no stream with usage option available",
     .meaning = "The user has a limit on tokens, so a stream must report them: set "
                "stream_options.include_usage.",
     .causes = bad_body},
};

}  // namespace

std::span<const ResponsePattern> plugin_refusals() {
  return refusals_rows;
}

}  // namespace aibrix
