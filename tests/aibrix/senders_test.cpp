// Who sent an answer: proven by its headers and body, or not told.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "aibrix/responses/responses.hpp"
#include "catch.hpp"
#include "support/program.hpp"

namespace {

using aibrix::Match;
using aibrix::ResponseSource;

Match told(const std::string& text) {
  const auto all = aibrix::recognise(text);
  REQUIRE_FALSE(all.empty());
  return all.front().match;
}

std::string id(const std::string& text) {
  const Match match = told(text);
  return match.kind == nullptr ? "?" : std::string(match.kind->id);
}

}  // namespace

TEST_CASE("an empty answer is Envoy's only where nothing says otherwise") {
  for (const char* server : {"", "server: envoy\n"}) {
    const Match match =
        told(std::string("HTTP/1.1 404 Not Found\ndate: x\n") + server + "content-length: 0\n\n");
    CAPTURE(server);
    REQUIRE(match.kind != nullptr);
    CHECK(match.kind->source == ResponseSource::envoy);
  }
  for (const char* other : {"server: nginx/1.25.3", "Server: awselb/2.0", "server: cloudflare",
                            "server: Caddy", "server: istio-envoy", "server: openresty",
                            "x-amzn-requestid: 1", "cf-ray: 1", "location: /login"}) {
    for (const char* status : {"404 Not Found", "500 Internal Server Error", "413 Too Large"}) {
      for (const char* request : {"", "GET /v1/models HTTP/1.1\n\n",
                                  "POST /v1/completions HTTP/1.1\n\n", "GET /x HTTP/1.1\n\n"}) {
        const Match match = told(std::string(request) + "HTTP/1.1 " + status + "\ndate: x\n" +
                                 other + "\ncontent-length: 0\n\n");
        CAPTURE(other, status, request);
        CHECK((match.kind == nullptr || match.kind->source == ResponseSource::unknown));
      }
    }
  }
}

TEST_CASE("the sender of a foreign answer is named as far as it is known") {
  CHECK(told("HTTP/1.1 404 Not Found\nserver: nginx\ncontent-length: 0\n\n").sender ==
        "sender unknown (server: nginx)");
  CHECK(told("HTTP/1.1 418 x\nserver: kettle\n\nshort").sender ==
        "sender unknown (server: kettle)");
  CHECK(told("HTTP/1.1 502 Bad Gateway\ncontent-type: text/html\n\n<html>bad</html>").sender ==
        "sender unknown (an HTML page)");
}

TEST_CASE("a status without headers proves nobody") {
  for (const char* text : {"404", "HTTP/1.1 500 Internal Server Error", "413 Payload Too Large",
                           "AxiosError: Request failed with status code 503",
                           "InternalServerError: 503 status code (no body)"}) {
    CAPTURE(text);
    CHECK(id(text) == "status-alone");
  }
}

TEST_CASE("the plugin's marks prove it behind any proxy, its words alone do not") {
  const std::string body =
      "\n\n{\"error\":{\"message\":\"error on selecting target pod\",\"type\":\"x\"}}";
  CHECK(id("HTTP/1.1 503 x\nserver: nginx\nx-error-routing: true" + body) == "no-target-pod");
  CHECK(id("HTTP/1.1 503 x\nserver: nginx" + body) == "foreign-bad-gateway");
  CHECK(id("HTTP/1.1 404 x\nserver: uvicorn\n\n{\"error\":\"model lama does not exist\"}") == "?");
}

TEST_CASE("redirects, pages and gateways of others are told as what they are") {
  CHECK(id("HTTP/1.1 302 Found\nlocation: https://login.example.com/\ncontent-length: 0\n\n") ==
        "foreign-redirect");
  CHECK(id("HTTP/1.1 200 OK\nserver: Apache\ncontent-type: text/html\n\n<html>x</html>") ==
        "foreign-page");
  CHECK(id("HTTP/2 524\nserver: cloudflare\n\nerror code: 524") == "foreign-timeout");
  CHECK(id("HTTP/1.1 404 Not Found\ncontent-type: text/plain\n\n404 page not found\n") == "go-404");
  CHECK(id("HTTP/1.1 503 x\nserver: istio-envoy\n\nno healthy upstream") == "istio-envoy");
  CHECK(id("HTTP/1.1 503 x\nserver: envoy\n\nno healthy upstream") == "envoy-no-healthy-upstream");
  CHECK(id("openai.AuthenticationError: Error code: 401 - {'error': {'message': 'Incorrect API key "
           "provided: sk-x. You can find your API key at https://platform.openai.com/account/"
           "api-keys.', 'code': 'invalid_api_key'}}") == "openai-key");
}

TEST_CASE("an engine's answer that has not passed the gateway is told as that") {
  const std::string good = "\n\n{\"object\":\"chat.completion\",\"choices\":[]}";
  CHECK(id("HTTP/1.1 200 OK\nserver: uvicorn" + good) == "engine-past-gateway");
  CHECK(id("HTTP/1.1 200 OK\nserver: uvicorn\nx-went-into-req-headers: true" + good) == "ok-route");
  CHECK(id("> GET /v1/models HTTP/1.1\n> Host: x\n>\n< HTTP/1.1 404 Not Found\n< server: uvicorn\n"
           "<\n{\"detail\":\"Not Found\"}") == "metadata-models-slash");
  CHECK(id("HTTP/1.1 404 Not Found\nserver: uvicorn\n\n{\"detail\":\"Not Found\"}") ==
        "path-unknown-somewhere");
}

TEST_CASE("the pasted request orders the causes") {
  const auto with = [](const std::string& request) {
    return id(request +
              "< HTTP/1.1 502 Bad Gateway\n< content-type: text/plain\n<\n"
              "upstream connect error or disconnect/reset before headers. reset reason: "
              "protocol error");
  };
  const std::string line = "> POST /v1/chat/completions HTTP/1.1\n> Host: x\n";
  CHECK(with(line + ">\n") == "envoy-protocol-error");
  CHECK(with(line + "> routing-strategy: pd\n>\n") == "envoy-protocol-error-strategy");
  CHECK(with("$ curl -v http://gw/v1/chat/completions -H 'routing-strategy: pd' \\\n  -d '{}'\n" +
             line + ">\n") == "envoy-protocol-error-strategy");
  const std::string empty = "< HTTP/1.1 404 Not Found\n< content-length: 0\n<\n";
  CHECK(id("> POST /v1/responses HTTP/1.1\n>\n" + empty) == "envoy-404-unrouted-path");
  CHECK(id("> POST /v1/completion HTTP/1.1\n>\n" + empty) == "envoy-404-other-path");
  CHECK(id("> GET /v1/models HTTP/1.1\n>\n" + empty) == "envoy-404-models");
  CHECK(id("> POST /v1/completions HTTP/1.1\n>\n" + empty) == "envoy-404-completions");
}

TEST_CASE("log lines are told by who writes them") {
  const auto source = [](const std::string& text) {
    const Match match = told(text);
    return match.kind == nullptr ? ResponseSource::unknown : match.kind->source;
  };
  CHECK(source("E0812 10:02:00.0 1 controller.go:200] \"Could not wait for Cache to sync\" "
               "err=\"failed to wait for roleset caches to sync: timed out waiting for cache to be "
               "synced for Kind *v1alpha1.RoleSet\" controllerGroup=\"orchestration.aibrix.ai\"") ==
        ResponseSource::controller);
  CHECK(
      source("{\"level\":\"error\",\"ts\":\"x\",\"logger\":\"x\",\"msg\":\"if kind is a CRD\","
             "\"kind\":\"RayCluster.ray.io\",\"error\":\"no matches for kind \\\"RayCluster\\\" in "
             "version \\\"ray.io/v1\\\"\"}") == ResponseSource::kuberay);
  CHECK(source("2026-09-14T08:30:00.123Z\tERROR\tprovider\tfailed\t{\"runner\": \"provider\", "
               "\"error\": \"failed to create gatewayapi controller: no matches for kind "
               "\\\"BackendTLSPolicy\\\" in version \\\"gateway.networking.k8s.io/v1\\\"\"}") ==
        ResponseSource::envoy_gateway);
  CHECK(source("[2026-09-14 07:40:01.000][1][warning][config] [x.cc:1] StreamAggregatedResources "
               "gRPC config stream to xds_cluster closed: 14, no healthy upstream") ==
        ResponseSource::envoy);
  CHECK(source("E1128 09:00:00.1 9 memcache.go:265] \"Unhandled Error\" err=\"couldn't get current "
               "server API group list: Get \\\"https://h:6443/api\\\": dial tcp 10.0.0.1:6443: "
               "connect: connection refused\"") == ResponseSource::kubectl);
  CHECK(source("error: timed out waiting for the condition on pods/x") == ResponseSource::kubectl);
  CHECK(source("Error: INSTALLATION FAILED: cannot re-use a name that is still in use") ==
        ResponseSource::helm);
  // Who could not connect to what, and it was not to the gateway.
  for (const char* text :
       {"redis: dial tcp 10.0.0.1:6379: connect: connection refused",
        "Unable to connect to the server: dial tcp 10.0.0.5:6443: i/o timeout",
        "Readiness probe failed: Get \"http://10.0.0.9:8000/health\": dial tcp 10.0.0.9:8000: "
        "connect: connection refused",
        "error: timed out waiting for the condition"}) {
    CAPTURE(text);
    const Match match = told(text);
    CHECK((match.kind == nullptr || match.kind->source != ResponseSource::client));
  }
}

TEST_CASE("answers and logs of public reports are told with their sender, or not at all") {
  const std::map<std::string, std::string> expected = {
      {"1014.txt", "optimizer-no-trace"},
      {"1176.txt", "envoy-timeout"},
      {"1321.txt", "load-not-tracked"},
      {"1443.txt", "envoy-protocol-error"},
      {"1443b.txt", "envoy-protocol-error-strategy"},
      {"1552.txt", "engine-past-gateway"},
      {"1740.txt", "metadata-models-slash"},
      {"2539.txt", "envoy-404-unrouted-path"},
      {"2562.txt", "host-name-too-long"},
      {"671.txt", "engine-unauthorized"},
      {"743.txt", "annotations-too-long"},
      {"7709.txt", "envoy-gateway-kind-missing"},
      {"881.txt", "envoy-xds-untrusted"},
      {"916.txt", "envoy-ext-proc-timeout"},
      {"996.txt", "exec-format"},
      {"cache-sync.log", "manager-cache-sync"},
      {"cachesync.txt", "manager-cache-sync"},
      {"flag.txt", "manager-flag-unknown"},
      {"invalidctl.txt", "manager-controllers"},
      {"main-bucket.log", "pd-no-bucket"},
      {"main-empty-strategy.txt", "strategy-empty"},
      {"main-prefill.log", "pd-prefill-timeout"},
      {"nomatch.log", "manager-kind-missing"},
      {"redis-v06.log", "redis-connect"},
      {"ssa.txt", "apply-conflict-helm"},
      {"too-long.txt", "annotations-too-long"},
      {"v01-body.txt", "body-unreadable-v0.1"},
      {"v01-model.txt", "model-unknown-v0.1-or"},
      {"v01-pods.txt", "no-routable-pod-v0.1"},
      {"v01-target.txt", "no-target-pod-v0.1"},
      {"v012-streaming.txt", "streaming-v0.1"},
      {"v02-model-json.txt", "model-unknown"},
      {"v02-nomodel.txt", "no-model"},
      {"v02-stream.txt", "stream-options-missing"},
      {"v02-usage.txt", "usage-not-asked-v0.2"},
      {"v03-401.txt", "engine-unauthorized-wrapped"},
      {"v04-500.txt", "engine-500-empty"},
      {"v041-pd.log", "pd-set-without-decode"},
      {"v05-pd.log", "pd-prefill-not-ready"},
      {"v06-pd-sets.log", "pd-no-common-set"},
      {"v07-redis-warn.log", "redis-not-available"},
      {"v07-redis.log", "redis-required"},
      {"vap.txt", "safe-upgrades"},
      {"vllm-nccl.log", "wait-timeout-on"},
      {"wait.txt", "wait-timeout-on"},
      {"wait2.txt", "wait-timeout"},
  };
  for (const auto& [file, row] : expected) {
    const std::string path = support::testdata("field/answers/" + file);
    if (path.empty()) {
      std::cout << "skipped: ../shared/testdata/field/answers is not there\n";
      return;
    }
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    CAPTURE(file);
    CHECK(id(text.str()) == row);
  }
}
