// What engines and the metadata service say, and how a good answer looks.
#include "aibrix/responses/responses.hpp"
#include "aibrix/responses/sender.hpp"
#include "aibrix/responses/sources.hpp"

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
constexpr ResponseCause passed_by[] = {
    {"the request went to the model's Service or pod, not to the gateway: users, limits and routing "
     "strategies have no effect",
     {}},
};
constexpr ResponseCause models_path[] = {
    {"the metadata service of v0.5 knows only /v1/models/, with a slash at the end",
     {},
     false,
     false,
     only(v0_5)},
    {"the HTTPRoute of /v1/models leads elsewhere", GW011},
};

// With the headers there, those of the plugin would be too.
bool is_past_gateway(const ResponseText& a) {
  return is_completion(a) && !a.headers.empty() && !has_aibrix_header(a) && !is_foreign(a) &&
         a.header("x-kubernetes-pf-flowschema-uid") == nullptr;
}
bool asks_for_models(const ResponseText& a) {
  return a.request.path == "/v1/models" && !is_foreign(a) && !has_aibrix_header(a);
}
bool came_through_gateway(const ResponseText& a) {
  return has_aibrix_header(a);
}

using namespace sources;

constexpr ResponsePattern other_rows[] = {
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
     .when = came_through_gateway,
     .meaning =
         "The engine (or another server of a pod) got the request and does not know the path.",
     .causes = engine_path},
    {.id = "engine-too-long",
     .source = N,
     .statuses = {400},
     .message = "*maximum context length*",
     .meaning = "The prompt and the tokens asked for are more than the model's context.",
     .causes = engine_says},
    {.id = "engine-too-long-sglang",
     .source = N,
     .statuses = {400},
     .message = "*longer than the model's context length*",
     .meaning = "The prompt and the tokens asked for are more than the model's context.",
     .causes = engine_says},
    {.id = "engine-unauthorized",
     .source = N,
     .statuses = {401},
     .message = "Unauthorized*",
     .meaning = "The engine asks for an API key.",
     .causes = engine_key},
    {.id = "engine-past-gateway",
     .source = N,
     .statuses = {200},
     .when = is_past_gateway,
     .meaning =
         "A good answer of the engine, without the header x-went-into-req-headers that the gateway "
         "puts into every answer: the gateway has not seen the request.",
     .causes = passed_by},
    {.id = "metadata-models-slash",
     .source = ResponseSource::metadata_service,
     .statuses = {404},
     .message = "Not Found*",
     .when = asks_for_models,
     .meaning =
         "/v1/models is answered by AIBrix's metadata service, not by an engine; it does not "
         "know the path.",
     .causes = models_path},
};

}  // namespace

std::span<const ResponsePattern> other_responses() {
  return other_rows;
}

}  // namespace aibrix
