// The catalogue of gateway answers: every row by itself, and the raw answers of every release.
#include "aibrix/responses/responses.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>

#include "base/text.hpp"
#include "catch.hpp"
#include "checks/core/check.hpp"
#include "support/program.hpp"

namespace {

using aibrix::Match;
using aibrix::ResponsePattern;
using aibrix::ResponseText;

// A text that the pattern fits: names stand for themselves, stars for nothing.
std::string sample(std::string_view pattern) {
  std::string out;
  for (const char c : pattern) {
    if (c != '*' && c != '{' && c != '}') out += c;
  }
  return out;
}

// The answer a row speaks of, put together from its own columns.
ResponseText answer_of(const ResponsePattern& row) {
  using Form = ResponseText::Form;
  ResponseText a;
  a.status = row.statuses[0];
  a.param = row.param;
  if (row.source == aibrix::ResponseSource::client) {
    a.form = Form::client;
  } else if (row.source == aibrix::ResponseSource::kubectl && !row.message.empty()) {
    a.form = Form::text;
  } else if (row.source == aibrix::ResponseSource::helm) {
    a.form = Form::text;
  } else if (row.source == aibrix::ResponseSource::api_server) {
    a.form = Form::api_status;
  } else if (!row.flag.empty()) {
    a.form = Form::flag;
    a.flags = {std::string(row.flag)};
  } else if (row.message.empty() && row.header.empty() && !row.bare) {
    a.form = row.source == aibrix::ResponseSource::plugin ? Form::plugin_log : Form::log;
    a.error = sample(row.log);
  } else {
    a.form = Form::http;
    a.has_headers = true;
    a.headers.emplace_back("date", "x");
  }
  if (!row.header.empty()) {
    a.headers.emplace_back(row.header, row.value.empty() ? "true" : sample(row.value));
  }
  if (a.form != Form::plugin_log && a.form != Form::log) a.message = sample(row.message);
  a.body = !a.message.empty() ? ResponseText::Body::present
           : row.bare         ? ResponseText::Body::empty
                              : ResponseText::Body::unknown;
  return a;
}

Match first(const std::string& text) {
  const auto answers = aibrix::read_responses(text);
  REQUIRE_FALSE(answers.empty());
  return aibrix::match_response(answers.front());
}

std::string id(const std::string& text) {
  const Match r = first(text);
  return r.kind == nullptr ? "unknown" : std::string(r.kind->id);
}

struct Raw {
  const char* what;
  const char* text;
  const char* id;
  std::string releases;
  const char* model;
};

}  // namespace

TEST_CASE("every row of the catalogue is recognised by what it says of itself") {
  for (const ResponsePattern* row : aibrix::all_responses()) {
    if (row->when != nullptr) continue;  // asks for more than its columns: senders_test.cpp
    CAPTURE(row->id);
    const Match r = aibrix::match_response(answer_of(*row));
    REQUIRE(r.kind != nullptr);
    CHECK(r.kind->id == row->id);
    CHECK_FALSE(r.odd_status);
  }
}

TEST_CASE(
    "a row recognised by a header is recognised by the header alone, when that is all there is") {
  for (const ResponsePattern* row : aibrix::all_responses()) {
    if (row->header.empty() || row->when != nullptr) continue;
    CAPTURE(row->id);
    ResponseText a = answer_of(*row);
    a.message.clear();
    a.body = ResponseText::Body::unknown;
    const Match r = aibrix::match_response(a);
    REQUIRE(r.kind != nullptr);
    CHECK(r.kind->header == row->header);
  }
}

TEST_CASE("every row has a meaning, a name of its own and causes that name existing checks") {
  std::set<std::string_view> ids;
  for (const ResponsePattern* row : aibrix::all_responses()) {
    CAPTURE(row->id);
    CHECK(ids.insert(row->id).second);
    CHECK_FALSE(row->meaning.empty());
    CHECK((!row->causes.empty() || row->id.starts_with("ok-")));
    CHECK_FALSE(row->releases.empty());
    for (const aibrix::ResponseCause& cause : row->causes) {
      CHECK_FALSE(cause.text.empty());
      if (cause.codes.empty()) continue;
      for (const aibrix::Code code : cause.codes) {
        CAPTURE(code);
        CHECK(checks::find(code) != nullptr);
      }
    }
  }
  CHECK(ids.size() > 100);
}

TEST_CASE("the wordings of every release are told apart, with the releases that use them") {
  const std::vector<Raw> table = {
      {"v0.1 unknown model",
       "HTTP/1.1 400 Bad Request\nx-no-model: fake-model\n\nmodel fake-model does not exist",
       "model-unknown-v0.1", "v0.1", "fake-model"},
      {"v0.1 bad strategy",
       "HTTP/1.1 500 Internal Server Error\nx-incorrect-routing-strategy: x\n\n",
       "strategy-unknown-v0.1", "v0.1", ""},
      {"v0.1 no pod", "HTTP/1.1 500 Internal Server Error\nx-no-model-deployment: llama\n\n",
       "no-routable-pod-v0.1", "v0.1", ""},
      {"v0.2 unknown model",
       "HTTP/1.1 400 Bad Request\nx-error-no-model-backends: llama\n\nmodel llama does not exist",
       "model-unknown", "v0.2 to v0.3", "llama"},
      {"v0.2 no pod",
       "HTTP/1.1 503 Service Unavailable\nx-error-no-model-backends: true\n\n"
       "error on getting pods for model llama",
       "no-routable-pod", "v0.2 to v0.3", "llama"},
      {"v0.2 bad strategy",
       "HTTP/1.1 400 Bad Request\nx-error-invalid-routing-strategy: lest-request\n\n"
       "incorrect routing strategy",
       "strategy-unknown-v0.2", "v0.2 to v0.3", ""},
      {"v0.2 no model", "HTTP/1.1 500 Internal Server Error\nx-error-no-model-in-request: true\n\n",
       "no-model", "v0.2", ""},
      {"v0.3 missing grant",
       "HTTP/1.1 500 Internal Server Error\n\n"
       R"({"error":{"code":500,"message":"Internal server error. httproute: aibrix-system/llama-router, route's object references are not resolved: RefNotPermitted."}})",
       "ref-not-permitted-500", "v0.3 to v0.4", "llama"},
      {"v0.4 missing grant",
       "HTTP/1.1 503 Service Unavailable\nx-error-routing: true\ncontent-type: text/plain\n\n"
       R"({"error":{"code":503,"message":"httproute: aibrix-system/deepseek-router, route's object references are not resolved: RefNotPermitted."}})",
       "ref-not-permitted", "v0.4", "deepseek"},
      {"v0.4 unknown model", R"({"error":{"message":"model llama does not exist","code":400}})",
       "model-unknown", "v0.2 to v0.4", "llama"},
      {"v0.5 unknown model",
       R"({"error":{"message":"model llama does not exist","type":"invalid_request_error","code":"model_not_found","param":"model"}})",
       "model-unknown", "v0.5 and later", "llama"},
      {"v0.5 bad strategy",
       "HTTP/1.1 400 Bad Request\nx-error-invalid-routing-strategy: lest-request\n\n"
       R"({"error":{"message":"incorrect routing strategy","type":"invalid_request_error","code":null,"param":"routing-strategy"}})",
       "strategy-unknown-v0.2", "v0.5", ""},
      {"v0.6 bad strategy",
       R"({"error":{"message":"incorrect routing strategy lest-request","type":"invalid_request_error","code":null,"param":null}})",
       "strategy-unknown", "v0.6 and later", ""},
      {"v0.7 model limit",
       "HTTP/1.1 429 Too Many Requests\nx-error-model-rps-exceeded: true\n\n"
       R"({"error":{"message":"model: llama has exceeded RPS: 5","type":"rate_limit_error","code":"rate_limit_exceeded","param":null}})",
       "model-rps-exceeded", "v0.7 and later", "llama"},
      {"main claim",
       "HTTP/1.1 503 Service Unavailable\nx-error-no-model-backends: llama\nretry-after: 10\n\n"
       R"({"error":{"message":"model llama is activating; retry shortly","type":"overloaded_error","code":"service_unavailable","param":"model"}})",
       "claim-activating", aibrix::after(aibrix::v0_7).text(), "llama"},
      {"v0.7 no model in the body",
       "HTTP/1.1 400 Bad Request\nx-error-no-model-backends: \ncontent-type: \n\n"
       R"({"error":{"param":"model","message":"model  does not exist","type":"invalid_request_error","code":"model_not_found"}})",
       "model-empty", "v0.5 and later", ""},
      {"v0.7 too large",
       "HTTP/1.1 413 Payload Too Large\nx-went-into-req-headers: true\n\n"
       R"({"error":{"code":null,"param":null,"message":"Payload Too Large. httproutes.gateway.networking.k8s.io \"-router\" not found","type":"api_error"}})",
       "envoy-413", "every release", ""},
      {"main gateway token",
       R"({"error":{"message":"Incorrect API key provided","type":"authentication_error","code":"invalid_api_key","param":"api_key"}})",
       "api-key-gateway", aibrix::after(aibrix::v0_7).text(), ""},
      {"engine token",
       R"({"error":{"message":"Incorrect API key provided","type":"authentication_error","code":"invalid_api_key","param":null}})",
       "api-key-engine", "v0.5 and later", ""},
  };
  for (const Raw& raw : table) {
    CAPTURE(raw.what);
    const Match r = first(raw.text);
    REQUIRE(r.kind != nullptr);
    CHECK(r.kind->id == raw.id);
    CHECK(r.releases.text() == raw.releases);
    CHECK(r.model() == raw.model);
  }
}

TEST_CASE("Envoy's own answers are told from the plugin's by what is not there") {
  CHECK(id("HTTP/1.1 404 Not Found\ndate: x\ncontent-length: 0\n\n") == "envoy-404");
  CHECK(id("HTTP/1.1 500 Internal Server Error\ndate: x\ncontent-length: 0\n\n") == "envoy-500");
  CHECK(id("HTTP/2 503\ncontent-type: text/plain\n\nno healthy upstream") ==
        "envoy-no-healthy-upstream");
  CHECK(id("HTTP/1.1 413 Payload Too Large\n\nPayload Too Large") == "envoy-413");
  CHECK(id("upstream connect error or disconnect/reset before headers. reset reason: remote "
           "connection "
           "failure, transport failure reason: delayed connect error: Connection refused") ==
        "envoy-connection-refused");
  const auto failed = [](const std::string& error) {
    return id(
        "{\"error\":{\"code\":503,\"message\":\"upstream connect error or disconnect/reset "
        "before headers. reset reason: remote connection failure, transport failure reason: "
        "delayed connect error: " +
        error + ". \"}}");
  };
  CHECK(failed("111") == "envoy-connection-refused-111");
  CHECK(failed("110") == "envoy-connection-timeout-110");
  CHECK(failed("113") == "envoy-host-unreachable-113");
  CHECK(failed("No route to host") == "envoy-host-unreachable");
  CHECK(failed("1") == "envoy-connect-error");
  CHECK(id("upstream connect error or disconnect/reset before headers. reset reason: protocol "
           "error") == "envoy-protocol-error");
  // With a body nobody knows, or a header of the plugin's, they are not Envoy's.
  CHECK(id("HTTP/1.1 500 Internal Server Error\n\nsomething else") == "unknown");
  CHECK(id("HTTP/1.1 500 Internal Server Error\nx-error-user: true\n\n") == "user-unknown");
}

TEST_CASE("an access log on the way of requests with a strategy misses the pod, not the Service") {
  const auto logged = [](const std::string& route) {
    return id(
        "{\"method\":\"POST\",\"x-envoy-origin-path\":\"/v1/completions\",\"response_code\":\"503\","
        "\"response_code_details\":\"no_healthy_upstream\",\"response_flags\":\"UH\","
        "\"route_name\":\"" +
        route + "\"}");
  };
  CHECK(logged("original_route") == "flag-UH-strategy");
  CHECK(logged("httproute/aibrix-system/llama-router/rule/0/match/0/*") == "flag-UH");
}

TEST_CASE("an engine that waits for other nodes of its Ray cluster is told as such") {
  CHECK(
      id("INFO 04-01 02:46:00 ray_utils.py:214] Waiting for creating a placement group of specs for 10 "
         "seconds. specs=[{'GPU': 1.0}]. Check `ray status` to see if you have enough resources") ==
      "engine-ray-waits");
}

// Texts of public reports in AIBrix's tracker, by their number.
TEST_CASE("what users pasted into reports is recognised for what it was") {
  const std::vector<std::pair<const char*, const char*>> table = {
      {"1070", "invalid character 'u' looking for beginning of value"},
      {"1489",
       "httproute: aibrix-system/deepseek-router, route's object references are not resolved: "
       "RefNotPermitted."},
      {"1845",
       "httproute: aibrix-system/llama-router, route's object references are not resolved: "
       "BackendNotFound."},
      {"1321", "httproutes.gateway.networking.k8s.io \"storm-router\" not found"},
      {"750",
       "upstream connect error or disconnect/reset before headers. reset reason: protocol error"},
      {"144", "route_not_found"},
      {"1186", "model sql-lora does not exist"},
      {"668", "F1126 09:35:15.1 1 main.go:90] Redis is required in Kubernetes mode"},
      {"1281", "curl: (7) Failed to connect to 10.0.0.1 port 31000: Connection refused"},
  };
  const std::vector<std::string> want = {
      "not-json-text", "ref-not-permitted",    "backend-not-found",
      "route-missing", "envoy-protocol-error", "envoy-route-not-found",
      "model-unknown", "redis-required",       "connection-refused"};
  for (std::size_t i = 0; i < table.size(); ++i) {
    CAPTURE(table[i].first);
    CHECK(id(table[i].second) == want[i]);
  }
}

TEST_CASE("what is not in the catalogue is unknown, with what was seen of it") {
  for (const char* text :
       {"hello", "{}", "HTTP/1.1 418 I'm a teapot\ndate: x\n\nshort and stout",
        R"({"error":{"message":"the moon is in the wrong house"}})", "segmentation fault"}) {
    CAPTURE(text);
    CHECK(id(text) == "unknown");
  }
  const Match r = first("HTTP/1.1 418 I'm a teapot\nx-error-tea: true\n\nshort and stout");
  CHECK(r.kind == nullptr);
  CHECK(base::join(r.evidence, "; ") ==
        "status 418; header x-error-tea: true; message \"short and stout\"");
}

TEST_CASE(
    "a message that is cut off is matched as far as it goes, and no name is taken from its end") {
  const Match r = first(R"({"error":{"message":"error on getting pods for model llam)");
  REQUIRE(r.kind != nullptr);
  CHECK(r.kind->id == "no-routable-pod");
  CHECK(r.model().empty());
  const Match several = first(R"({"error":{"message":"httproute: aibrix-system/deepse)");
  REQUIRE(several.kind != nullptr);
  CHECK(several.also.size() >= 4);  // grant, backend, port, status: it may be any of them
  CHECK(several.model().empty());
  CHECK(id(R"({"error":{"message":"mod)") == "unknown");
}

TEST_CASE("all recorded answers of a real gateway are told rightly") {
  const std::map<std::string, std::pair<std::string, std::string>> expected = {
      {"backend-not-found", {"backend-not-found", "deepseek-r1-distill-llama-8b"}},
      {"lora-load-error", {"model-unknown", "broken-lora"}},
      {"lora-ok", {"ok-route", ""}},
      {"model-unknown", {"model-unknown", "deepseek-r1-distil-llama-8b"}},
      {"no-routable-pod-strategy", {"no-routable-pod", "big-model"}},
      {"no-routable-pod", {"no-routable-pod", "big-model"}},
      {"ok-httproute-path", {"ok-route", ""}},
      {"ok-strategy", {"ok-strategy", ""}},
      {"refnotpermitted-strategy", {"ok-strategy", ""}},
      {"refnotpermitted", {"ref-not-permitted", "qwen-coder-7b-instruct"}},
      {"stormservice-no-strategy", {"route-missing", "storm-chat"}},
      {"stormservice-strategy", {"ok-strategy", ""}},
      {"strategy-unknown", {"strategy-unknown", ""}},
  };
  const std::string folder = support::testdata("responses");
  if (folder.empty()) {
    std::cout << "skipped: ../shared/testdata/responses is not there\n";
    return;
  }
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().stem().string();
    CAPTURE(name);
    std::stringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    const auto answers = aibrix::read_responses(text.str());
    REQUIRE(answers.size() == 1);
    const Match r = aibrix::match_response(answers.front());
    REQUIRE(expected.count(name) == 1);
    REQUIRE(r.kind != nullptr);
    CHECK(r.kind->id == expected.at(name).first);
    CHECK(r.model() == expected.at(name).second);
    CHECK(r.also.empty());
  }
}

TEST_CASE("an engine that refuses is no good answer, although a pod was chosen") {
  const auto read = [](const std::string& text) {
    return aibrix::match_response(aibrix::read_responses(text).at(0));
  };
  const std::string chosen =
      "\nrouting-strategy: random\ntarget-pod: llama-0\nx-went-into-req-headers: true\n\n";
  CHECK(read("HTTP/1.1 200 OK" + chosen + "{}").kind->id == "ok-strategy");
  const auto refused = read(
      "HTTP/1.1 422 Unprocessable Entity" + chosen +
      R"({"error":{"message":"max_tokens must be at least 1","type":"invalid_request_error"}})");
  REQUIRE(refused.kind != nullptr);
  CHECK(refused.kind->id == "engine-answer");
  CHECK_FALSE(refused.odd_status);
  const auto unknown = read(
      "HTTP/1.1 404 Not Found" + chosen +
      R"({"error":{"message":"{\"code\":404,\"message\":\"The model `llama` does not exist.\"}\n"}})");
  REQUIRE(unknown.kind != nullptr);
  CHECK(unknown.kind->id == "engine-model-unknown");
  const auto by_route = read(
      "HTTP/1.1 422 Unprocessable Entity\nx-went-into-req-headers: "
      "true\n\n{\"error\":{\"message\":\"no\"}}");
  CHECK(by_route.kind == nullptr);  // who said so is not told
}
