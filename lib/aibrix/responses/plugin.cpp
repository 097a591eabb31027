// What AIBrix's gateway plugin answers about models, pods and strategies, and makes of what engines
// say. Sources: pkg/plugins/gateway at the tags v0.1.0 to v0.7.0 and main.
#include "aibrix/responses/responses.hpp"
#include "aibrix/responses/sources.hpp"

namespace aibrix {
namespace {

using namespace codes;

constexpr ResponseCause unknown_model[] = {
    {"nothing in the cluster serves a model of this name: misspelt (names are case-sensitive), or not "
     "deployed",
     MDL001},
    {"a ModelAdapter of that name is loaded nowhere: its engine refuses it, or no pod fits",
     {LOR002, LOR001, LOR004, LOR007}},
    {"a ModelClaim of the model has no pod to run on", CLM001},
    {"the model is scaled to 0 replicas, or its pods were deleted", MDL004},
    {"the label model.aibrix.ai/name is on the workload but not on its pods", MDL002},
    {"all its pods are Ray workers or followers of a pod group, which are not routable", MDL005},
    {"the gateway plugin may not list pods, or is unhealthy", {INS008, INS010}},
    {"the plugin has lost a loaded ModelAdapter: restart aibrix-gateway-plugins", {}},
};
constexpr ResponseCause no_model_named[] = {
    {"the client's request has no field model, or its body is no JSON of this path", {}},
};
constexpr ResponseCause no_routable_pod[] = {
    {"no pod of the model is Ready: not scheduled, image not pulled, crashing, still loading",
     MDL006},
    {"the model's workload is scaled to 0 replicas", MDL004},
};
constexpr ResponseCause claim_state[] = {
    {"the ModelClaim's model is not loaded at the moment; it is woken by requests", {}},
};
constexpr ResponseCause claim_failed[] = {
    {"the engine of its ModelClaim failed, and no other pod takes it", CLM001},
};
constexpr ResponseCause bad_strategy[] = {
    {"the request's header routing-strategy is misspelt, or names one that a later release knows",
     {}},
    {"the default strategy of the gateway plugin (ROUTING_ALGORITHM) is unknown", STR001},
    {"the strategy in the model's annotation model.aibrix.ai/config is unknown", STR002},
    {"a list of strategies holds one that cannot be in a list, or a bad weight", STR003},
};
constexpr ResponseCause empty_strategy[] = {
    {"ROUTING_ALGORITHM of aibrix-gateway-plugins is set to nothing, which still counts as set",
     STR001},
    {"the strategy in the model's annotation model.aibrix.ai/config is empty", STR002},
};
constexpr ResponseCause no_address[] = {
    {"no pod of the model has an IP address yet", {MDL006, MDL004}},
};
constexpr ResponseCause broken_stream[] = {
    {"the plugin could not read the engine's stream to its end; whether it was cut off or is no "
     "event stream is not known: read the engine's log",
     {}},
};
constexpr ResponseCause no_target_pd[] = {
    {"pd: no complete pair of prefill and decode pods is ready", {STR004, MDL006, MDL007}},
    {"pd: the request to the prefill engine failed; the plugin's log says why", {}},
};
constexpr ResponseCause no_target[] = {
    {"only the plugin's log says why: the line failed to select target pod, at its err=", {}},
    {"pd: no complete pair of prefill and decode pods is ready", {STR004, MDL006, MDL007}},
    {"the request's external-filter selects no pod", {}},
    {"power-of-two without Redis", {RED001, RED002}},
    {"pods of one model with different model.aibrix.ai/engine labels", {}},
};
constexpr ResponseCause not_json[] = {
    {"the request reached something that is no engine: wrong port, Service or route; the plain "
     "text began with the character in the message (u: \"upstream connect error\")",
     {MDL008, MDL009, MDL011, MDL017}},
    {"the request fell to the reserved route's own backend", {GW013, GW014, GW015, MDL016}},
    {"the grant or Service behind the route is missing (up to v0.3)", {REF001, MDL010}},
};
constexpr ResponseCause engine_failed[] = {
    {"the engine itself answered so: read its log", {}},
    {"with an HTTPRoute text behind it, that route is broken too", {MDL014, REF001}},
};
constexpr ResponseCause engine_key_wrapped[] = {
    {"the engine was started with --api-key and the request brings another one, or none", {}},
};
constexpr ResponseCause internal[] = {
    {"Envoy skipped the plugin's header phase: EnvoyExtensionPolicy or EnvoyPatchPolicy do not fit",
     {GW012, GW015}},
};

// v0.1 answers in plain text, and 500 where later releases answer 503.
bool is_v0_1_text(const ResponseText& a) {
  return a.status == 500 && !a.json;
}
bool wants_pd(const ResponseText& a) {
  return a.request.strategy == "pd";
}
bool is_json(const ResponseText& a) {
  return a.json;
}
// v0.2 to v0.4 wrap the engine's answer into one of their own, without a type.
bool is_wrapped(const ResponseText& a) {
  return a.json && a.code_is_number && a.type.empty();
}
bool is_wrapped_nothing(const ResponseText& a) {
  return is_wrapped(a) && a.message.empty() && a.code == "500";
}

using namespace sources;

constexpr ResponsePattern plugin_rows[] = {
    {.id = "model-unknown",
     .source = P,
     .releases = since(v0_2),
     .statuses = {400},
     .header = "x-error-no-model-backends",
     .value = "{model}",
     .message = "model {model} does not exist",
     .log = "model doesn't exist in cache*",
     .meaning =
         "The gateway plugin knows no pod, ModelAdapter or ModelClaim that serves this model. "
         "Its HTTPRoute was not evaluated.",
     .causes = unknown_model},
    {.id = "model-unknown-v0.1-or",
     .source = P,
     .releases = only(v0_1),
     .statuses = {500},
     .header = "x-no-model",
     .value = "{model}",
     .message = "no model in request body or model {model} does not exist",
     .meaning = "The gateway plugin knows no pod that serves this model.",
     .causes = unknown_model},
    {.id = "model-unknown-v0.1",
     .source = P,
     .releases = only(v0_1),
     .statuses = {500, 400},
     .header = "x-no-model",
     .value = "{model}",
     .message = "model {model} does not exist",
     .meaning = "The gateway plugin knows no pod that serves this model.",
     .causes = unknown_model},
    {.id = "model-empty",
     .source = P,
     .releases = since(v0_2),
     .statuses = {400},
     .header = "x-error-no-model-backends",
     .message = "model  does not exist",
     .meaning = "The request's body names no model, or an empty one: the plugin looks for a model "
                "without a name.",
     .causes = no_model_named},
    {.id = "no-routable-pod",
     .source = P,
     .releases = since(v0_2),
     .statuses = {503},
     .header = "x-error-no-model-backends",
     .value = "true",
     .message = "error on getting pods for model {model}",
     .log = "no ready pod available",
     .meaning = "The model has pods, and none of them is routable: a pod must be Ready, have an "
                "address and not be terminating.",
     .causes = no_routable_pod},
    {.id = "no-routable-pod-v0.1",
     .source = P,
     .releases = only(v0_1),
     .statuses = {500},
     .header = "x-no-model-deployment",
     .message = "error on getting pods for model {model}",
     .meaning = "No pod of the model is routable.",
     .causes = no_routable_pod},
    {.id = "claim-activating",
     .source = P,
     .releases = after(v0_7),
     .statuses = {503},
     .header = "x-error-no-model-backends",
     .value = "{model}",
     .message = "model {model} is activating; retry shortly",
     .meaning = "A ModelClaim serves the model; it is being loaded.",
     .causes = claim_state},
    {.id = "claim-sleeping",
     .source = P,
     .releases = after(v0_7),
     .statuses = {503},
     .header = "x-error-no-model-backends",
     .value = "{model}",
     .message = "model {model} is sleeping*",
     .meaning = "A ModelClaim serves the model; it is put to sleep.",
     .causes = claim_state},
    {.id = "claim-failed",
     .source = P,
     .releases = after(v0_7),
     .statuses = {503},
     .header = "x-error-no-model-backends",
     .value = "{model}",
     .message = "model {model} is failed*",
     .meaning = "A ModelClaim serves the model, and its engine could not load it.",
     .causes = claim_failed},
    {.id = "strategy-unknown",
     .source = P,
     .releases = since(v0_6),
     .statuses = {400},
     .header = "x-error-routing",
     .message = "incorrect routing strategy {strategy}",
     .log = "incorrect routing strategy",
     .meaning =
         "The routing strategy in effect is none this release knows. The model itself is there.",
     .causes = bad_strategy},
    {.id = "strategy-empty",
     .source = P,
     .releases = since(v0_6),
     .statuses = {400},
     .header = "x-error-routing",
     .value = "true",
     .message = "incorrect routing strategy",
     .meaning = "The routing strategy in effect is the empty text.",
     .causes = empty_strategy},
    {.id = "strategy-unknown-v0.2",
     .source = P,
     .releases = between(v0_2, v0_5),
     .statuses = {400},
     .header = "x-error-invalid-routing-strategy",
     .value = "{strategy}",
     .message = "incorrect routing strategy",
     .meaning =
         "The routing strategy in effect is none this release knows; the model was not looked "
         "at yet.",
     .causes = bad_strategy},
    {.id = "strategy-unknown-v0.1",
     .source = P,
     .releases = only(v0_1),
     .statuses = {},
     .header = "x-incorrect-routing-strategy",
     .meaning = "The routing strategy in effect is none this release knows.",
     .causes = bad_strategy},
    {.id = "no-target-pod-v0.1",
     .source = P,
     .releases = only(v0_1),
     .statuses = {500},
     .header = "x-error-routing",
     .value = "true",
     .message = "error on selecting target pod",
     .when = is_v0_1_text,
     .meaning = "The model has pods, and the routing strategy could choose none of them.",
     .causes = no_address},
    {.id = "no-target-pod-pd",
     .source = P,
     .releases = since(v0_4),
     .statuses = {503},
     .header = "x-error-routing",
     .value = "true",
     .message = "error on selecting target pod",
     .when = wants_pd,
     .meaning = "Pods are there, and strategy pd could choose none of them. Why stands in the "
                "plugin's log: failed to select target pod, err=….",
     .causes = no_target_pd},
    {.id = "no-target-pod",
     .source = P,
     .releases = since(v0_2),
     .statuses = {503},
     .header = "x-error-routing",
     .value = "true",
     .message = "error on selecting target pod",
     .log = "failed to select target pod",
     .meaning =
         "Pods are there, and the routing strategy could choose none of them. Why stands in the "
         "plugin's log: failed to select target pod, err=….",
     .causes = no_target},
    {.id = "engine-500-empty",
     .source = ResponseSource::engine,
     .releases = between(v0_3, v0_4),
     .statuses = {500},
     .when = is_wrapped_nothing,
     .meaning = "The engine answered 500; the gateway plugin passed on the status, and nothing of "
                "the answer.",
     .causes = engine_failed},
    {.id = "engine-unauthorized-wrapped",
     .source = ResponseSource::engine,
     .releases = between(v0_3, v0_4),
     .statuses = {401},
     .message = "*\"unauthorized\"*",
     .when = is_wrapped,
     .meaning = "The engine asks for an API key and did not get the right one; the gateway plugin "
                "passed its answer on.",
     .causes = engine_key_wrapped},
    {.id = "engine-500",
     .source = P,
     .releases = since(v0_5),
     .statuses = {500},
     .message = "Internal server error*",
     .when = is_json,
     .meaning =
         "Whatever the request reached answered 500; the plugin puts its own words in place of "
         "the answer.",
     .causes = engine_failed},
    {.id = "not-json",
     .source = P,
     .releases = since(v0_2),
     .statuses = {500},
     .header = "x-error-response-unmarshal",
     .value = "true",
     .log = "error to unmarshal response*",
     .meaning = "What the request reached answered with something that is not JSON.",
     .causes = not_json},
    {.id = "not-json-text",
     .source = P,
     .releases = since(v0_1),
     .statuses = {500},
     .header = "x-error-response-unmarshal",
     .message = "*invalid character {char} looking for beginning of value*",
     .log = "*invalid character {char} looking for beginning of value*",
     .meaning = "What the request reached answered with plain text where the plugin wants JSON.",
     .causes = not_json},
    {.id = "not-json-syntax",
     .source = P,
     .releases = since(v0_6),
     .statuses = {500},
     .header = "x-error-response-unmarshal",
     .value = "true",
     .message = "*Syntax error at index {index}: invalid char*",
     .meaning =
         "What the request reached answered with plain text where the plugin wants JSON: the text "
         "stands in the message.",
     .causes = not_json},
    {.id = "engine-error",
     .source = P,
     .releases = since(v0_2),
     .statuses = {},
     .header = "x-error-response-unknown",
     .value = "true",
     .log = "unexpected response",
     .meaning =
         "The engine answered with an error of its own, passed on as it was: its message says "
         "what is wrong.",
     .causes = engine_failed},
    {.id = "stream-not-json",
     .source = P,
     .releases = since(v0_5),
     .statuses = {500},
     .header = "x-error-streaming",
     .value = "true",
     .message = "malformed JSON in SSE stream",
     .meaning = "The engine's stream broke off or holds something that is not JSON.",
     .causes = engine_failed},
    {.id = "streaming-v0.1",
     .source = P,
     .releases = only(v0_1),
     .statuses = {500},
     .header = "x-streaming-error",
     .value = "true",
     .meaning = "The plugin read the engine's stream, and it ended early or was none.",
     .causes = broken_stream},
    {.id = "no-routing-context",
     .source = P,
     .releases = since(v0_4),
     .statuses = {500},
     .message = "routing context is nil",
     .meaning = "The plugin was asked about an answer whose request it has not seen.",
     .causes = internal},
};

}  // namespace

std::span<const ResponsePattern> plugin_responses() {
  return plugin_rows;
}

}  // namespace aibrix
