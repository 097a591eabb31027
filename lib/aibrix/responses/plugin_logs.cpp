// What the gateway plugin writes into its log, and what clients do not get to see: why no pod was
// chosen, why it does not start. Sources: pkg/plugins/gateway, pkg/utils, cmd/plugins at v0.1.0 to
// v0.7.0 and main.
#include "aibrix/responses/responses.hpp"
#include "aibrix/responses/sources.hpp"

namespace aibrix {
namespace {

using namespace codes;

constexpr ResponseCause no_prefill[] = {
    {"no prefill pod is Ready, or none has the labels role-name and roleset-name",
     {STR004, MDL006, MDL007}},
};
constexpr ResponseCause no_decode[] = {
    {"no decode pod is Ready, or none has the labels role-name and roleset-name",
     {STR004, MDL006, MDL007}},
};
constexpr ResponseCause no_pair[] = {
    {"neither prefill nor decode pods are Ready, or have the labels role-name and roleset-name",
     {STR004, MDL006, MDL007}},
};
constexpr ResponseCause one_missing[] = {
    {"prefill or decode pods are not Ready, or lack the label role-name; the line does not say "
     "which",
     {STR004, MDL006, MDL007}},
};
constexpr ResponseCause no_common_set[] = {
    {"no RoleSet has both a Ready prefill and a Ready decode pod", {STR004, MDL006, MDL007}},
};
constexpr ResponseCause set_without_decode[] = {
    {"the chosen prefill pod's RoleSet has no Ready decode pod, or the prefill pod has no label "
     "roleset-name",
     {STR004, MDL006, MDL007}},
};
constexpr ResponseCause prefill_late[] = {
    {"the prefill engine did not answer in time (AIBRIX_PREFILL_REQUEST_TIMEOUT of the gateway "
     "plugins): it is overloaded, or hangs",
     {}},
};
constexpr ResponseCause prefill_gone[] = {
    {"nothing listens on the prefill pod's port: model.aibrix.ai/port is not the engine's port, or "
     "the engine crashed",
     {MDL008, MDL007}},
};
constexpr ResponseCause prefill_refused[] = {
    {"the prefill engine answered with an error, which stands in the line", {}},
};
constexpr ResponseCause prefill_failed[] = {
    {"the request to the prefill engine failed; the end of the line says why", {}},
};
constexpr ResponseCause no_bucket[] = {
    {"prompt-length bucketing is on, and no prefill/decode group is set up for this length",
     {},
     false,
     true},
};
constexpr ResponseCause mixed_engines[] = {
    {"the model's pods do not all carry the same label model.aibrix.ai/engine", {}, false, true},
};
constexpr ResponseCause filtered_out[] = {
    {"the request's header external-filter selects no Ready pod", {}},
    {"the pods went away between two looks at them", MDL006},
};
constexpr ResponseCause needs_redis[] = {
    {"the strategy needs Redis and has none", {RED001, RED002}}};
constexpr ResponseCause redis_at_start[] = {
    {"Redis cannot be reached at start: it is down, or REDIS_HOST and REDIS_PORT are wrong",
     {RED001, RED002}},
};
constexpr ResponseCause redis_password[] = {
    {"Redis asks for a password, and the plugin has none or a wrong one (REDIS_PASSWORD)", {}},
};
constexpr ResponseCause redis_before[] = {
    {"Redis cannot be reached at start; the line before (Redis not available: …) says why",
     {RED001, RED002}},
};
constexpr ResponseCause load_not_tracked[] = {
    {"a pod has neither the label app.kubernetes.io/name nor a ReplicaSet as owner (StormService), "
     "so its load is not tracked; the request itself goes on",
     {},
     false,
     true},
};

using namespace sources;

constexpr ResponsePattern plugin_logs_rows[] = {
    {.id = "pd-none-ready",
     .source = P,
     .releases = since(v0_4),
     .statuses = {503},
     .log = "*pods are not ready: prefill=0, decode=0*",
     .meaning = "Strategy pd found neither a Ready prefill nor a Ready decode pod; clients get 503 "
                "error on selecting target pod.",
     .causes = no_pair},
    {.id = "pd-prefill-not-ready",
     .source = P,
     .releases = since(v0_4),
     .statuses = {503},
     .log = "*pods are not ready: prefill=0, decode={decode}",
     .meaning =
         "Strategy pd found no Ready prefill pod; clients get 503 error on selecting target pod.",
     .causes = no_prefill},
    {.id = "pd-decode-not-ready",
     .source = P,
     .releases = since(v0_4),
     .statuses = {503},
     .log = "*pods are not ready: prefill={prefill}, decode=0",
     .meaning =
         "Strategy pd found no Ready decode pod; clients get 503 error on selecting target pod.",
     .causes = no_decode},
    {.id = "pd-one-not-ready",
     .source = P,
     .releases = only(v0_4),
     .statuses = {503},
     .log = "*prefill or decodes pods are not ready*",
     .meaning = "Strategy pd found no pair of prefill and decode pods; clients get 503 error on "
                "selecting target pod.",
     .causes = one_missing},
    {.id = "pd-set-without-decode",
     .source = P,
     .releases = only(v0_4_1),
     .statuses = {503},
     .log = "decode pod not found",
     .meaning = "Strategy pd chose a prefill pod and found no decode pod for it; clients get 503 "
                "error on selecting target pod.",
     .causes = set_without_decode},
    {.id = "pd-no-common-set",
     .source = P,
     .releases = since(v0_6),
     .statuses = {503},
     .log = "*target prefill pod is nil",
     .meaning =
         "Strategy pd found no pair in one RoleSet; clients get 503 error on selecting target "
         "pod.",
     .causes = no_common_set},
    {.id = "pd-no-common-set-decode",
     .source = P,
     .releases = since(v0_6),
     .statuses = {503},
     .log = "*target decode pod is nil",
     .meaning =
         "Strategy pd found no pair in one RoleSet; clients get 503 error on selecting target "
         "pod.",
     .causes = no_common_set},
    {.id = "pd-no-bucket",
     .source = P,
     .releases = since(v0_6),
     .statuses = {503},
     .log = "*no prompt-length bucket matches*",
     .meaning = "Strategy pd has no pods for prompts of this length.",
     .causes = no_bucket},
    {.id = "pd-prefill-timeout",
     .source = P,
     .releases = since(v0_4),
     .statuses = {503},
     .log = "*execute http prefill request*deadline exceeded*",
     .meaning = "Strategy pd chose a pair, and the prefill engine did not answer.",
     .causes = prefill_late},
    {.id = "pd-prefill-timeout-client",
     .source = P,
     .releases = since(v0_4),
     .statuses = {503},
     .log = "*execute http prefill request*timeout*",
     .meaning = "Strategy pd chose a pair, and the prefill engine did not answer.",
     .causes = prefill_late},
    {.id = "pd-prefill-gone",
     .source = P,
     .releases = since(v0_4),
     .statuses = {503},
     .log = "*execute http prefill request*connection refused*",
     .meaning = "Strategy pd chose a pair, and could not connect to the prefill engine.",
     .causes = prefill_gone},
    {.id = "pd-prefill-refused",
     .source = P,
     .releases = since(v0_4),
     .statuses = {503},
     .log = "*http prefill request failed with status {code}: {answer}",
     .meaning = "Strategy pd chose a pair, and the prefill engine refused the request.",
     .causes = prefill_refused},
    {.id = "pd-prefill-failed",
     .source = P,
     .releases = since(v0_4),
     .statuses = {503},
     .log = "*prefill request failed for request*",
     .meaning = "Strategy pd chose a pair, and the request to the prefill engine failed.",
     .causes = prefill_failed},
    {.id = "pd-mixed-engines",
     .source = P,
     .releases = since(v0_4),
     .statuses = {503},
     .log = "*inconsistent LLM engines detected*",
     .meaning = "Strategy pd found pods of different engines under one model.",
     .causes = mixed_engines},
    {.id = "pd-engine-refused",
     .source = P,
     .releases = since(v0_4),
     .statuses = {503},
     .log = "*engine validation failed*",
     .meaning = "Strategy pd does not know what to do with the engine of these pods.",
     .causes = mixed_engines},
    {.id = "filter-selects-none",
     .source = P,
     .releases = since(v0_2),
     .statuses = {503},
     .log = "*no ready pods for routing*",
     .meaning =
         "No Ready pod was left to choose from; clients get 503 error on selecting target pod.",
     .causes = filtered_out},
    {.id = "strategy-needs-redis",
     .source = P,
     .releases = since(v0_7),
     .statuses = {503},
     .log = "*power-of-two router requires redis*",
     .meaning = "Strategy power-of-two keeps its counts in Redis.",
     .causes = needs_redis},
    {.id = "redis-required",
     .source = P,
     .releases = since(v0_7),
     .log = "*redis is required in kubernetes mode*",
     .meaning = "The gateway plugin ends at once: it found no Redis when it started.",
     .causes = redis_before},
    {.id = "redis-no-login",
     .source = P,
     .log = "*redis*NOAUTH*",
     .meaning = "The gateway plugin does not get into Redis when it starts.",
     .causes = redis_password},
    {.id = "redis-wrong-password",
     .source = P,
     .log = "*redis*WRONGPASS*",
     .meaning = "The gateway plugin does not get into Redis when it starts.",
     .causes = redis_password},
    {.id = "redis-not-available",
     .source = P,
     .releases = since(v0_7),
     .log = "*redis not available: {reason}",
     .meaning = "The gateway plugin found no Redis when it started; in Kubernetes it ends with the "
                "next line.",
     .causes = redis_at_start},
    {.id = "redis-connect",
     .source = P,
     .releases = until(v0_6),
     .log = "*error connecting to redis: {reason}",
     .meaning = "The gateway plugin ends at once: it found no Redis when it started.",
     .causes = redis_at_start},
    {.id = "load-not-tracked",
     .source = P,
     .log = "*deployment name not found on pod {pod}",
     .meaning = "The plugin could not count a request towards its pod's load.",
     .causes = load_not_tracked},
};

}  // namespace

std::span<const ResponsePattern> plugin_logs() {
  return plugin_logs_rows;
}

}  // namespace aibrix
