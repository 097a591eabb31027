// Pasted text taken apart: every form people paste, and what a terminal does to it.
#include "aibrix/responses/response_text.hpp"

#include "aibrix/responses/responses.hpp"
#include "base/text.hpp"
#include "catch.hpp"

namespace {

using aibrix::ResponseText;
using Form = ResponseText::Form;

const std::string refused =
    "HTTP/1.1 503 Service Unavailable\r\nX-Error-Routing: true\r\nContent-Type: text/plain\r\n\r\n"
    R"({"error":{"message":"error on selecting target pod","code":"service_unavailable"}})";

std::vector<std::string> ids(const std::string& text) {
  std::vector<std::string> out;
  for (const ResponseText& a : aibrix::read_responses(text)) {
    const auto r = aibrix::match_response(a);
    out.push_back(r.kind == nullptr ? "?" : std::string(r.kind->id));
  }
  return out;
}

ResponseText only(const std::string& text) {
  const auto all = aibrix::read_responses(text);
  REQUIRE(all.size() == 1);
  return all.front();
}

}  // namespace

TEST_CASE("a pasted answer has its status, its headers in lower case and its message") {
  const ResponseText a = only(refused);
  CHECK(a.form == Form::http);
  CHECK(a.status == 503);
  REQUIRE(a.header("x-error-routing") != nullptr);
  CHECK(*a.header("x-error-routing") == "true");
  CHECK(a.message == "error on selecting target pod");
  CHECK(a.code == "service_unavailable");
}

TEST_CASE("colour codes, indentation and a byte order mark do not matter") {
  CHECK(ids("\xEF\xBB\xBF\033[1mHTTP/1.1\033[0m 503 Service "
            "Unavailable\n\033[1mx-error-routing\033[0m: true\n\n"
            "error on selecting target pod") == std::vector<std::string>{"no-target-pod"});
  CHECK(ids("   HTTP/1.1 503 x\n   x-error-routing: true\n\n   error on selecting target pod\n") ==
        std::vector<std::string>{"no-target-pod"});
}

TEST_CASE("interim answers, a proxy's 200 and followed redirects are no answers") {
  CHECK(ids("HTTP/1.1 100 Continue\n\n" + refused) == std::vector<std::string>{"no-target-pod"});
  CHECK(ids("HTTP/1.1 200 Connection established\n\n" + refused) ==
        std::vector<std::string>{"no-target-pod"});
  CHECK(ids("HTTP/1.1 301 Moved Permanently\nlocation: /x\ncontent-length: 0\n\n" + refused) ==
        std::vector<std::string>{"no-target-pod"});
  CHECK(ids("HTTP/2 503 \nx-error-routing: true\n\nerror on selecting target pod\n" + refused) ==
        std::vector<std::string>{"no-target-pod", "no-target-pod"});
}

TEST_CASE("curl -v is read without its remarks and without the request") {
  const std::string text =
      "*   Trying 10.0.0.1:80...\n* Connected to 10.0.0.1\n> POST /v1/completions HTTP/1.1\n"
      "> Authorization: Bearer very-secret\n>\n* upload completely sent off: 37 bytes\n"
      "< HTTP/1.1 503 Service Unavailable\n< x-error-routing: true\n< content-type: text/plain\n<\n"
      "* Connection #0 to host left intact\n"
      R"({"error":{"message":"error on selecting target pod"}})";
  const ResponseText a = only(text);
  CHECK(a.status == 503);
  CHECK(a.message == "error on selecting target pod");
  for (const auto& [name, value] : a.headers) CHECK(value.find("secret") == std::string::npos);
}

TEST_CASE("the lengths of chunks, as they go over the wire, are no part of a body") {
  const ResponseText a = only(
      "HTTP/1.1 503 Service Unavailable\r\nTransfer-Encoding: chunked\r\nx-error-routing: "
      "true\r\n\r\n3b\r\n"
      R"({"error":{"message":"error on selecting target pod"}})"
      "\r\n0\r\n\r\n");
  CHECK(a.message == "error on selecting target pod");
}

TEST_CASE("an answer without a body is known to be empty only when that was seen") {
  CHECK(only("HTTP/1.1 404 Not Found\ncontent-length: 0\n").body == ResponseText::Body::empty);
  CHECK(only("HTTP/1.1 404 Not Found\ndate: x\n\n").body == ResponseText::Body::empty);
  CHECK(only("HTTP/1.1 404 Not Found\ncontent-length: 9\n\n").body == ResponseText::Body::unknown);
}

TEST_CASE("a body is read from JSON, from half of it, and from a dict as Python prints it") {
  CHECK(only(R"({"error":{"message":"model \"x\u0020y\" does not exist"}})").message ==
        "model \"x y\" does not exist");
  const ResponseText half = only(R"({"error":{"type":"a","message":"error on getting po)");
  CHECK(half.cut);
  CHECK(half.message == "error on getting po");
  const ResponseText python = only(
      "openai.BadRequestError: Error code: 400 - {'error': {'code': 'model_not_found', 'message': "
      "'model llama does not exist', 'param': None}}");
  CHECK(python.status == 400);
  CHECK(python.message == "model llama does not exist");
  CHECK(python.param.empty());
}

TEST_CASE("a line of the plugin's log tells message, error and model") {
  const ResponseText a = only(
      R"(E1126 09:35:15.123456       1 gateway_req_body.go:132] "failed to select target pod" )"
      R"(err="prefill pods are not ready: prefill=0, decode=2" requestID="r" routingStrategy="pd" model="llama")");
  CHECK(a.form == Form::plugin_log);
  CHECK(a.message == "failed to select target pod");
  CHECK(a.error == "prefill pods are not ready: prefill=0, decode=2");
  CHECK(a.model == "llama");
  CHECK(a.strategy == "pd");
  CHECK(
      ids(R"(E1126 09:35:15.1 1 g.go:1] "failed to select target pod" err="prefill pods are not ready: prefill=0, decode=2" model="m")") ==
      std::vector<std::string>{"pd-prefill-not-ready"});
  CHECK(
      ids(R"([pod/x/gateway] E1126 09:35:15.1 1 g.go:1] "no ready pod available" err="x" requestID="r" model="m")") ==
      std::vector<std::string>{"no-routable-pod"});
}

TEST_CASE("Envoy's access log is read as JSON and as text, with the route's model") {
  const std::string json =
      R"({":authority":"x","method":"POST","response_code":503,"response_code_details":"no_healthy_upstream",)"
      R"("response_flags":"UH","route_name":"httproute/aibrix-system/llama-router/rule/0/match/1/*"})";
  const ResponseText a = only(json);
  CHECK(a.form == Form::access_log);
  CHECK(a.status == 503);
  CHECK(a.flags == std::vector<std::string>{"UH"});
  CHECK(aibrix::match_response(a).model() == "llama");
  const ResponseText text = only(
      R"([2026-11-26T09:00:00Z] "POST /v1/completions HTTP/1.1" 503 UF,URX upstream_reset_before_response_started - "-" 1 2 3 - "-" "curl/8" "id" "host" "-")");
  CHECK(text.flags == std::vector<std::string>{"UF", "URX"});
  CHECK(text.details == "upstream_reset_before_response_started");
  CHECK(ids(R"([t] "GET / HTTP/2" 404 NR route_not_found - "-")") ==
        std::vector<std::string>{"flag-NR"});
  CHECK(ids(R"([t] "GET / HTTP/2" 500 - direct_response - "-")") ==
        std::vector<std::string>{"envoy-direct-response"});
}

TEST_CASE("flags and statuses alone are read; words that only look like them are not") {
  CHECK(ids("UH") == std::vector<std::string>{"flag-UH"});
  CHECK(ids("503 UF,URX") == std::vector<std::string>{"flag-UF"});
  CHECK(ids("URX") == std::vector<std::string>{"flag-URX"});
  CHECK(ids("NoRouteFound") == std::vector<std::string>{"flag-NR"});
  CHECK(ids("503 UH no_healthy_upstream") == std::vector<std::string>{"flag-UH"});
  CHECK(only("503").status == 503);
  CHECK(only("503 Service Unavailable").status == 503);
  CHECK(only("UHU").form == Form::text);
  CHECK(only("42").form == Form::text);
}

TEST_CASE("the API server's words are its own, whoever they are about") {
  const ResponseText a = only(
      R"({"kind":"Status","apiVersion":"v1","status":"Failure","message":"no endpoints available for service \"x\"","reason":"ServiceUnavailable","code":503})");
  CHECK(a.form == Form::api_status);
  CHECK(a.status == 503);
  CHECK(a.reason == "ServiceUnavailable");
  CHECK(
      ids(R"(Error from server (NotFound): httproutes.gateway.networking.k8s.io "x-router" not found)") ==
      std::vector<std::string>{"object-missing"});
  CHECK(
      ids(R"(Error from server (InternalError): Internal error occurred: failed calling webhook "mmodeladapter.kb.io": failed to call webhook: Post "https://x")") ==
      std::vector<std::string>{"webhook-failed"});
}

TEST_CASE("a client without an answer is told by its own words") {
  CHECK(ids("curl: (7) Failed to connect to 10.0.0.1 port 80 after 0 ms: Couldn't connect to "
            "server") == std::vector<std::string>{"could-not-connect"});
  CHECK(ids("curl: (28) Connection timed out after 5000 ms") ==
        std::vector<std::string>{"connection-timeout"});
  CHECK(ids("dial tcp 10.0.0.1:80: connect: connection refused") ==
        std::vector<std::string>{"connection-refused"});
}

TEST_CASE("nothing, noise and very much of it are read without harm") {
  CHECK(aibrix::read_responses("").empty());
  CHECK(aibrix::read_responses("\n \r\n\t").empty());
  CHECK(aibrix::read_responses(std::string(100000, '{')).size() == 1);
  CHECK(aibrix::read_responses(std::string(200, '\n') + "\0\1\2").size() <= 1);
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "line\n";
  CHECK(aibrix::read_responses(many).size() == 64);
}

TEST_CASE(
    "the conditions of a namespace in Terminating are known, the finalizers before what they keep") {
  const auto first = [](const std::string& text) {
    const auto all = aibrix::recognise(text);
    REQUIRE_FALSE(all.empty());
    return all.front().match.kind == nullptr ? "?" : std::string(all.front().match.kind->id);
  };
  const std::string content =
      "Some resources are remaining: modeladapters.model.aibrix.ai has 2 resource instances";
  const std::string finalizers =
      "Some content in the namespace has finalizers remaining: adapter.model.aibrix.ai/finalizer in 2 "
      "resource instances";
  CHECK(first(content) == "namespace-content");
  CHECK(first(content + '\n' + finalizers) == "namespace-finalizers");
  CHECK(
      first(
          "status:\n  conditions:\n  - lastTransitionTime: \"2026-01-01T00:00:00Z\"\n    message: "
          "'" +
          content +
          "'\n    reason: SomeResourcesRemain\n    status: \"True\"\n    type: "
          "NamespaceContentRemaining\n  - message: '" +
          finalizers + "'\n    reason: SomeFinalizersRemain\n") == "namespace-finalizers");
  CHECK(first("  NamespaceFinalizersRemaining  True  Mon, 05 Jan 2026  SomeFinalizersRemain  " +
              finalizers) == "namespace-finalizers");
  CHECK(
      first("Discovery failed for some groups, 1 failing: unable to retrieve the complete list of "
            "server APIs: metrics.k8s.io/v1beta1: stale GroupVersion discovery: "
            "metrics.k8s.io/v1beta1") == "namespace-api-dead");
  CHECK(first("Failed to delete all resource types, 1 remaining: Internal error occurred: error "
              "resolving resource") == "namespace-not-deleted");
}
