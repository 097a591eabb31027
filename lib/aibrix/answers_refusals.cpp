// What AIBrix's gateway plugin refuses: requests it cannot read, users it does not know, limits.
// Nothing in the cluster is broken then, but for Redis.
#include "aibrix/answers.hpp"

namespace aibrix {
namespace {

constexpr AnswerCause bad_body[] = {{"the client's request: its JSON, or a field of it", ""}};
constexpr AnswerCause bad_path[] = {
    {"the path is none the plugin serves: look at its spelling (/v1/chat/completions, …)", ""},
    {"a later release serves it", "INS012"},
};
constexpr AnswerCause wrong_token[] = {
    {"the request's Authorization header does not hold the gateway's bearer token "
     "(AIBRIX_AUTH_BEARER_TOKEN of aibrix-gateway-plugins)",
     ""},
};
constexpr AnswerCause engine_token[] = {
    {"the engine was started with --api-key and the request brings another one, or none", ""},
};
constexpr AnswerCause unknown_user[] = {
    {"the request's header user names somebody who is not registered with the metadata service", ""},
    {"Redis, where users are kept, is down", "RED001,RED002"},
};
constexpr AnswerCause over_limit[] = {
    {"the limit was reached: wait a minute, or raise it; nothing in the cluster is broken", ""},
};
constexpr AnswerCause redis_gone[] = {{"Redis is down or full", "RED001,RED002"}};
constexpr AnswerCause body_too_old[] = {
    {"the client's request has no model", ""},
};

constexpr auto P = Producer::plugin;

constexpr AnswerKind rows[] = {
    {.id = "api-key-gateway", .producer = P, .releases = {8, 8}, .statuses = {401},
     .message = "Incorrect API key provided", .param = "api_key",
     .meaning = "The gateway asks for a bearer token and did not get the right one.",
     .causes = wrong_token},
    {.id = "api-key-engine", .producer = P, .releases = {3, 8}, .statuses = {401},
     .message = "Incorrect API key provided*",
     .meaning = "The engine behind the gateway asks for an API key and did not get the right one.",
     .causes = engine_token},
    {.id = "user-unknown", .producer = P, .releases = {2, 8}, .statuses = {500},
     .header = "x-error-user", .value = "true", .log = "unable to process user info",
     .meaning = "The request names a user the gateway cannot look up.", .causes = unknown_user},
    {.id = "user-unknown-v0.1", .producer = P, .releases = {1, 1}, .statuses = {500},
     .header = "x-user-error", .meaning = "The request names a user the gateway cannot look up.",
     .causes = unknown_user},
    {.id = "rpm-exceeded", .producer = P, .releases = {2, 8}, .statuses = {429},
     .header = "x-error-rpm-exceeded", .value = "true", .message = "user: {user} has exceeded RPM: {limit}",
     .meaning = "The user has sent more requests in this minute than allowed.", .causes = over_limit},
    {.id = "tpm-exceeded", .producer = P, .releases = {2, 8}, .statuses = {429},
     .header = "x-error-tpm-exceeded", .value = "true", .message = "user: {user} has exceeded TPM: {limit}",
     .meaning = "The user has used more tokens in this minute than allowed.", .causes = over_limit},
    {.id = "rpm-v0.1", .producer = P, .releases = {1, 1}, .statuses = {}, .header = "x-rpm-error",
     .meaning = "The user's requests per minute are over the limit, or could not be counted.",
     .causes = over_limit},
    {.id = "tpm-v0.1", .producer = P, .releases = {1, 1}, .statuses = {}, .header = "x-tpm-exceeded",
     .meaning = "The user has used more tokens in this minute than allowed.", .causes = over_limit},
    {.id = "rpm-unreadable", .producer = P, .releases = {2, 8}, .statuses = {500},
     .header = "x-error-rpm-exceeded", .value = "true", .message = "fail to get RPM for user: {user}",
     .meaning = "The user's requests could not be counted; the header says exceeded, and nothing is.",
     .causes = redis_gone},
    {.id = "tpm-unreadable", .producer = P, .releases = {2, 8}, .statuses = {500},
     .header = "x-error-tpm-exceeded", .value = "true", .message = "fail to get TPM for user: {user}",
     .meaning = "The user's tokens could not be counted; the header says exceeded, and nothing is.",
     .causes = redis_gone},
    {.id = "rpm-not-counted", .producer = P, .releases = {2, 8}, .statuses = {500},
     .header = "x-error-incr-rpm", .value = "true", .message = "fail to increment RPM for user: {user}",
     .meaning = "The user's request could not be counted.", .causes = redis_gone},
    {.id = "tpm-not-counted", .producer = P, .releases = {2, 8}, .statuses = {500},
     .header = "x-error-incr-tpm", .message = "fail to increment TPM for user: {user}",
     .meaning = "The user's tokens could not be counted.", .causes = redis_gone},
    {.id = "model-rps-exceeded", .producer = P, .releases = {7, 8}, .statuses = {429},
     .header = "x-error-model-rps-exceeded", .value = "true",
     .message = "model: {model} has exceeded RPS: {limit}",
     .meaning = "The model gets more requests a second than its profile (requestsPerSecond in "
                "model.aibrix.ai/config) allows.",
     .causes = over_limit},
    {.id = "model-rps-not-counted", .producer = P, .releases = {7, 8}, .statuses = {500},
     .header = "x-error-incr-model-rps", .value = "true",
     .message = "fail to increment RPS for model: {model}",
     .meaning = "The model's requests could not be counted.", .causes = redis_gone},
    // By its header alone it is this one.
    {.id = "body-refused", .producer = P, .releases = {2, 8}, .statuses = {400},
     .header = "x-error-request-body-processing", .value = "true",
     .meaning = "The plugin does not take the request's body; the message says why.",
     .causes = bad_body},
    {.id = "body-unreadable", .producer = P, .releases = {2, 8}, .statuses = {400, 500},
     .header = "x-error-request-body-processing", .value = "true",
     .message = "error processing request body",
     .meaning = "The plugin cannot read the request's body as what its path asks for.",
     .causes = bad_body},
    {.id = "no-messages", .producer = P, .releases = {3, 8}, .statuses = {400},
     .header = "x-error-request-body-processing", .value = "true",
     .message = "no messages in the request body", .log = "no messages in the request body",
     .meaning = "A chat request needs messages.", .causes = bad_body},
    {.id = "property-missing", .producer = P, .releases = {5, 8}, .statuses = {400},
     .header = "x-error-request-body-processing", .value = "true",
     .message = "'{field}' is a required property*",
     .meaning = "A field is missing in the request's body.", .causes = bad_body},
    {.id = "input-wrong", .producer = P, .releases = {6, 8}, .statuses = {400},
     .header = "x-error-request-body-processing", .value = "true", .message = "'input' {what}",
     .meaning = "The field input does not hold what its path asks for.", .causes = bad_body},
    {.id = "no-model", .producer = P, .releases = {2, 2}, .statuses = {500, 400},
     .header = "x-error-no-model-in-request",
     .meaning = "The request's body names no model.", .causes = body_too_old},
    {.id = "no-model-v0.1", .producer = P, .releases = {1, 1}, .statuses = {500},
     .header = "x-no-model", .message = "no model in request body*",
     .meaning = "The request's body names no model.", .causes = body_too_old},
    {.id = "not-multipart", .producer = P, .releases = {6, 8}, .statuses = {400},
     .header = "x-error-request-body-processing", .value = "true",
     .message = "audio requests must use multipart/form-data content-type",
     .meaning = "Audio is to be sent as a form (curl -F file=@…).", .causes = bad_body},
    {.id = "stream-not-supported", .producer = P, .releases = {5, 8}, .statuses = {400},
     .header = "x-error-request-body-processing", .value = "true",
     .message = "stream not supported for embeddings",
     .meaning = "Embeddings cannot be streamed.", .causes = bad_body},
    {.id = "path-unknown", .producer = P, .releases = {3, 8}, .statuses = {501, 400},
     .header = "x-error-request-body-processing", .value = "true", .message = "unknown request path",
     .meaning = "The path reaches the plugin, which has nothing to do for it.", .causes = bad_path},
    {.id = "multipart-unreadable", .producer = P, .releases = {6, 8}, .statuses = {400},
     .header = "x-error-multipart-parsing", .value = "true",
     .meaning = "The form of an audio request cannot be read; the message says why.",
     .causes = bad_body},
    {.id = "stream-incorrect", .producer = P, .releases = {2, 8}, .statuses = {400},
     .header = "x-error-stream", .message = "stream incorrectly set", .log = "no stream option available",
     .meaning = "The field stream is to be true or false.", .causes = bad_body},
    {.id = "usage-not-asked", .producer = P, .releases = {2, 8}, .statuses = {400},
     .header = "x-error-no-stream-options-include-usage",
     .message = "include usage for stream options not set", .log = "no stream with usage option available",
     .meaning = "The user has a limit on tokens, so a stream must report them: set "
                "stream_options.include_usage.",
     .causes = bad_body},
};

}  // namespace

std::span<const AnswerKind> plugin_refusals() { return rows; }

}  // namespace aibrix
