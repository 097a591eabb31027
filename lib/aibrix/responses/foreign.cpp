// Answers that are not shown to be of AIBrix's gateway: proxies and load balancers in front of it,
// login pages, other servers at the address, OpenAI's own API.
#include "aibrix/responses/responses.hpp"
#include "aibrix/responses/sender.hpp"
#include "aibrix/responses/sources.hpp"
#include "base/text.hpp"

namespace aibrix {
namespace {

constexpr ResponseCause no_site[] = {
    {"the address is not the gateway's, or what stands in front of it has no route to the gateway "
     "for this host and path",
     {}},
};
constexpr ResponseCause elsewhere[] = {
    {"the address wants https, another host name or a login: look at the Location header", {}},
};
constexpr ResponseCause some_page[] = {
    {"a login or error page of something in front of the gateway, or of another server at this "
     "address",
     {}},
};
constexpr ResponseCause behind_it[] = {
    {"what stands in front of the gateway got no good answer from behind it; its own log says from "
     "where. Ask the gateway directly: aibrixctl endpoint test",
     {}},
};
constexpr ResponseCause too_slow_for_it[] = {
    {"what stands in front of the gateway has a timeout of its own, shorter than the answer takes",
     {}},
};
constexpr ResponseCause too_large_for_it[] = {
    {"what stands in front of the gateway limits the size of requests", {}},
};
constexpr ResponseCause refuses[] = {
    {"what stands in front of the gateway asks for a login or forbids the request; the gateway has "
     "not seen it",
     {}},
};
constexpr ResponseCause says_itself[] = {
    {"the answer is not the gateway's; its sender's log or documentation says why", {}},
};
constexpr ResponseCause other_mesh[] = {
    {"Istio's proxy (a sidecar or its ingress) answered or passed the answer on: its access log "
     "shows the response flag and the upstream",
     {}},
};
constexpr ResponseCause openai_itself[] = {
    {"the request went to OpenAI's own API: the client's base URL is not the gateway's", {}},
};
constexpr ResponseCause other_path[] = {
    {"the server that got the request does not know the path: an engine without this path, the "
     "wrong port, or AIBrix's metadata service",
     {}},
};
constexpr ResponseCause only_a_status[] = {
    {"paste the whole answer, headers and body (curl -i): a status alone does not tell", {}},
};

bool is_istio(const ResponseText& a) {
  return base::lower(server_of(a)) == "istio-envoy" && !has_aibrix_header(a);
}
// Istio's has a row of its own.
bool is_from_elsewhere(const ResponseText& a) {
  return is_foreign(a) && !is_istio(a);
}
bool is_page_alone(const ResponseText& a) {
  return a.status == 0 && a.form != ResponseText::Form::client && is_html(a);
}
bool is_page(const ResponseText& a) {
  return is_foreign(a) && is_html(a);
}
bool redirects(const ResponseText& a) {
  return a.status >= 300 && a.status < 400 && a.header("location") != nullptr;
}
bool is_status_alone(const ResponseText& a) {
  return a.status >= 400 && a.headers.empty() && a.message.empty() && a.flags.empty() &&
         a.details.empty() && !a.json;
}
bool proven_by_nothing(const ResponseText& a) {
  return !has_aibrix_header(a);
}

using namespace sources;
constexpr std::string_view not_ours =
    "Nothing shows that AIBrix's gateway sent this answer: Envoy names itself or nobody in the "
    "header server, and the gateway plugin marks its answers.";

constexpr ResponsePattern foreign_rows[] = {
    {.id = "foreign-not-found",
     .source = U,
     .statuses = {404},
     .when = is_from_elsewhere,
     .meaning = not_ours,
     .causes = no_site},
    {.id = "foreign-redirect",
     .source = U,
     .statuses = {301, 302, 307},
     .when = redirects,
     .meaning = "A redirect. AIBrix's gateway sends none.",
     .causes = elsewhere},
    {.id = "foreign-page",
     .source = U,
     .statuses = {200},
     .when = is_page,
     .meaning = "A web page. AIBrix's gateway sends none.",
     .causes = some_page},
    {.id = "foreign-html",
     .source = U,
     .when = is_page_alone,
     .meaning = "A web page. AIBrix's gateway sends none.",
     .causes = some_page},
    {.id = "foreign-bad-gateway",
     .source = U,
     .statuses = {502, 503},
     .when = is_from_elsewhere,
     .meaning = not_ours,
     .causes = behind_it},
    {.id = "foreign-timeout",
     .source = U,
     .statuses = {504, 524, 522},
     .when = is_from_elsewhere,
     .meaning = not_ours,
     .causes = too_slow_for_it},
    {.id = "foreign-too-large",
     .source = U,
     .statuses = {413},
     .when = is_from_elsewhere,
     .meaning = not_ours,
     .causes = too_large_for_it},
    {.id = "foreign-refused",
     .source = U,
     .statuses = {401, 403, 407},
     .when = is_from_elsewhere,
     .meaning = not_ours,
     .causes = refuses},
    {.id = "foreign-error",
     .source = U,
     .failed = true,
     .when = is_from_elsewhere,
     .meaning = not_ours,
     .causes = says_itself},
    {.id = "istio-envoy",
     .source = U,
     .failed = true,
     .when = is_istio,
     .meaning = "The header server names Istio's Envoy. It words its errors as the gateway's Envoy "
                "does, so the text does not tell which of the two it was.",
     .causes = other_mesh},
    {.id = "go-404",
     .source = U,
     .statuses = {404},
     .message = "404 page not found",
     .when = proven_by_nothing,
     .meaning =
         "A server written in Go does not know the path. Traefik answers so when none of its "
         "routes fits; neither Envoy nor an engine does.",
     .causes = no_site},
    {.id = "ingress-default-backend",
     .source = U,
     .statuses = {404},
     .message = "default backend - 404",
     .when = proven_by_nothing,
     .meaning = "ingress-nginx has no Ingress for this host and path; the gateway has not seen the "
                "request.",
     .causes = no_site},
    {.id = "haproxy-no-server",
     .source = U,
     .statuses = {503},
     .message = "*no server is available to handle this request*",
     .meaning = "HAProxy knows no healthy server behind it.",
     .causes = behind_it},
    {.id = "openai-key",
     .source = U,
     .statuses = {401},
     .message = "*platform.openai.com*",
     .meaning = "OpenAI's own API answered, not the gateway.",
     .causes = openai_itself},
    {.id = "openai-model",
     .source = U,
     .statuses = {404},
     .message = "*does not exist or you do not have access to it*",
     .meaning = "OpenAI's own API answered, not the gateway.",
     .causes = openai_itself},
    {.id = "path-unknown-somewhere",
     .source = U,
     .statuses = {404},
     .message = "Not Found*",
     .meaning =
         "A Python server (an engine, or a service of AIBrix's) got the request and does not "
         "know the path.",
     .causes = other_path},
    {.id = "status-alone",
     .source = U,
     .failed = true,
     .when = is_status_alone,
     .meaning = "A status without headers and body: nothing tells who sent it.",
     .causes = only_a_status},
};

}  // namespace

std::span<const ResponsePattern> foreign_responses() {
  return foreign_rows;
}

}  // namespace aibrix
