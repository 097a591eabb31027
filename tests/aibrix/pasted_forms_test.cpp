// The forms in which people paste: lines that a terminal broke, colours, tracebacks and error
// objects of clients, fragments of kubectl describe.
#include "aibrix/responses/responses.hpp"
#include "catch.hpp"

namespace {

std::vector<std::string> ids(const std::string& text) {
  std::vector<std::string> out;
  for (const aibrix::Recognised& one : aibrix::recognise(text)) {
    if (one.match.kind != nullptr) out.emplace_back(one.match.kind->id);
  }
  return out;
}

std::string first(const std::string& text) {
  const auto all = ids(text);
  return all.empty() ? "?" : all.front();
}

// The line as a terminal of this width shows it and its copy holds it.
std::string broken(const std::string& line, std::size_t width) {
  std::string out;
  for (std::size_t at = 0; at < line.size(); at += width) {
    out += line.substr(at, width) + '\n';
  }
  return out;
}

// As a mail or chat breaks it: at blanks.
std::string folded(const std::string& line, std::size_t width) {
  std::string out;
  std::size_t column = 0;
  for (const char c : line) {
    ++column;
    out += c == ' ' && column > width ? '\n' : c;
    if (out.back() == '\n') column = 0;
  }
  return out;
}

const std::string webhook =
    R"(Error from server (InternalError): error when creating "adapter.yaml": Internal error occurred: )"
    R"(failed calling webhook "mmodeladapter.kb.io": failed to call webhook: Post )"
    R"("https://aibrix-webhook-service.aibrix-system.svc:443/mutate?timeout=10s": no endpoints )"
    R"(available for service "aibrix-webhook-service")";
const std::string body =
    R"({"error":{"code":"service_unavailable","param":null,"message":"httproute: )"
    R"(aibrix-system/qwen-coder-7b-instruct-router, route's object references are not resolved: )"
    R"(RefNotPermitted.","type":"overloaded_error"}})";
const std::string pd_line =
    R"(E1126 09:35:15.123456       1 gateway_req_body.go:132] "failed to select target pod" )"
    R"(err="failed to filter prefill/decode pods for request r: target decode pod is nil" )"
    R"(requestID="r" routingStrategy="pd" model="llama")";

}  // namespace

TEST_CASE("lines that a terminal broke are read as one, at any width") {
  for (const std::size_t width :
       std::initializer_list<std::size_t>{40, 53, 64, 80, 100, 120, 132}) {
    CAPTURE(width);
    CHECK(first(broken(webhook, width)) == "webhook-failed");
    CHECK(first(broken(body, width)) == "ref-not-permitted");
    CHECK(first(broken(pd_line, width)) == "pd-no-common-set-decode");
  }
}

TEST_CASE("lines that were broken at words are read as one") {
  for (const std::size_t width : std::initializer_list<std::size_t>{50, 60, 72}) {
    CAPTURE(width);
    CHECK(first(folded(webhook, width)) == "webhook-failed");
    CHECK(first(folded(body, width)) == "ref-not-permitted");
    CHECK(first(folded(pd_line, width)) == "pd-no-common-set-decode");
  }
}

TEST_CASE("lines that only stand below each other are not joined") {
  const auto all =
      ids("F0812 10:00:00.1 1 main.go:95] Redis is required in Kubernetes mode\n"
          "E1126 09:35:15.1 1 gateway_req_body.go:132] \"no ready pod available\" err=\"x\" "
          "requestID=\"r\" model=\"m\"");
  CHECK(all == std::vector<std::string>{"redis-required", "no-routable-pod"});
}

TEST_CASE("colours do not matter, also where their escape character was spelt out or lost") {
  for (const char* colour : {"\033[31m", "\033[1;31m", "\\u001b[31m", "\\x1b[31m", "^[[31m",
                             "\xE2\x90\x9B[31m", "[31m", "[0;31m"}) {
    CAPTURE(colour);
    CHECK(first(std::string(colour) + "no healthy " + colour + "upstream") ==
          "envoy-no-healthy-upstream");
  }
  CHECK(first("\033]0;title\a503 UH") == "flag-UH");
}

TEST_CASE("a traceback of Python tells the error at its root") {
  CHECK(ids("Traceback (most recent call last):\n"
            "  File \"/x/httpx/_transports/default.py\", line 101, in map_exceptions\n"
            "    raise mapped_exc(message) from exc\n"
            "httpx.ConnectError: [Errno -2] Name or service not known\n\n"
            "The above exception was the direct cause of the following exception:\n\n"
            "openai.APIConnectionError: Connection error.\n") ==
        std::vector<std::string>{"host-unknown-python", "client-connection-error"});
  CHECK(first("requests.exceptions.ReadTimeout: HTTPConnectionPool(host='10.0.0.1', port=80): Read "
              "timed out. (read timeout=30)") == "answer-timeout-read");
  CHECK(first("openai.APITimeoutError: Request timed out.") == "answer-timeout-openai");
  CHECK(first("openai.InternalServerError: no healthy upstream") == "envoy-no-healthy-upstream");
}

TEST_CASE("error objects of JavaScript are read with their headers") {
  const auto all = aibrix::recognise(
      "BadRequestError: 400 model lama does not exist\n"
      "    at APIError.generate (/app/node_modules/openai/error.js:41:20) {\n"
      "  status: 400,\n"
      "  headers: { 'x-error-no-model-backends': 'lama' },\n"
      "  error: {\n"
      "    message: 'model lama does not exist',\n"
      "    type: 'invalid_request_error',\n"
      "    code: 'model_not_found',\n"
      "    param: 'model'\n"
      "  }\n"
      "}\n");
  REQUIRE(all.size() == 3);  // the line, the stack, the object
  const aibrix::Recognised& object = all[1];
  REQUIRE(object.match.kind != nullptr);
  CHECK(object.match.kind->id == "model-unknown");
  CHECK(object.match.releases.text() == "v0.5 and later");
  CHECK(object.answer.status == 400);
  CHECK(object.match.model() == "lama");
  CHECK(ids("TypeError: fetch failed\n    at node:internal/deps/undici/undici:13185:13 {\n"
            "  [cause]: Error: connect ECONNREFUSED 127.0.0.1:8888\n"
            "      at TCPConnectWrap.afterConnect (node:net:1607:16) {\n"
            "    errno: -111,\n    code: 'ECONNREFUSED'\n  }\n}\n") ==
        std::vector<std::string>{"connection-refused-local-node", "client-fetch-failed"});
}

TEST_CASE("fragments of kubectl describe are read") {
  CHECK(
      first(
          "  Warning  FailedScheduling  2m  default-scheduler  0/3 nodes are available: 1 node(s) "
          "had untolerated taint {a: }, 2 Insufficient nvidia.com/gpu. preemption: none.") ==
      "too-few-gpus");
  CHECK(first("      Message:  Backend ref to Service a/b not permitted by any ReferenceGrant.\n"
              "      Reason:   RefNotPermitted\n      Status:   False\n"
              "      Type:     ResolvedRefs\n") == "condition-ref-not-permitted");
  CHECK(first("  Warning  Unhealthy  12s (x9 over 2m)  kubelet  Readiness probe failed: Get "
              "\"http://10.244.0.9:8000/health\": dial tcp 10.244.0.9:8000: connect: connection "
              "refused") == "probe-refused");
}

TEST_CASE("what a client could not connect to is the gateway, or it is not told") {
  CHECK(
      first("curl: (7) Failed to connect to localhost port 8888 after 0 ms: Connection refused") ==
      "connection-refused-local");
  CHECK(first("curl: (28) Operation timed out after 30001 milliseconds with 0 bytes received") ==
        "answer-timeout");
  CHECK(first("curl: (28) Connection timed out after 5001 milliseconds") == "connection-timeout");
  CHECK(first("redis.exceptions.ConnectionError: Error 111 connecting to aibrix-redis-master:6379. "
              "Connection refused.") == "python-redis");
  for (const char* text : {"connection refused", "timed out", "Unauthorized", "Not Found",
                           "psycopg2.OperationalError: connection refused"}) {
    CAPTURE(text);
    CHECK(first(text) == "?");
  }
}

TEST_CASE("objects are found behind what streams and viewers of logs put before them") {
  CHECK(
      first(
          R"(data: {"error":{"message":"model lama does not exist","type":"invalid_request_error"}})") ==
      "model-unknown");
  CHECK(first(R"(envoy-1  | {"response_code":"503","response_flags":"UH","method":"POST"})") ==
        "flag-UH");
  CHECK(first(R"([pod/envoy-x/envoy] {"response_code":"404","response_flags":"NR"})") == "flag-NR");
}
