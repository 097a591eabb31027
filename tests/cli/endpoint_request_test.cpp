// `endpoint test`: real requests to a gateway of this process, and what is said of its answers.
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "support/certificates.hpp"
#include "support/dead_server.hpp"
#include "support/fake_api_server.hpp"
#include "support/program.hpp"

using nlohmann::json;
using support::FakeApiServer;
using support::Script;

namespace {

const std::string healthy = std::string(SOURCE_DIR) + "/examples/healthy-cluster";
const std::string broken = std::string(SOURCE_DIR) + "/examples/broken-cluster";

class File {
 public:
  explicit File(const std::string& text)
      : path_(std::filesystem::temp_directory_path() /
              ("aibrixctl-endpoint-" + std::to_string(++count_) + "-" + std::to_string(getpid()))) {
    std::ofstream(path_) << text;
  }
  ~File() { std::filesystem::remove(path_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  std::string path() const { return path_.string(); }

 private:
  static inline int count_ = 0;
  std::filesystem::path path_;
};

// A gateway on the loopback: what it answers to which path.
std::unique_ptr<FakeApiServer> gateway() {
  return std::make_unique<FakeApiServer>(support::ServerOptions{.tls = false});
}

Script answers(const std::string& target, int status, const std::string& body,
               std::vector<std::pair<std::string, std::string>> headers = {}, int times = 0) {
  Script script;
  script.target = target;
  script.times = times;
  script.status = status;
  script.body = body;
  script.headers = std::move(headers);
  return script;
}

base::ProcessResult test(std::vector<std::string> more,
                         const std::string& kubeconfig = "/nonexistent/config") {
  std::vector<std::string> arguments = {"endpoint", "test", "--kubeconfig", kubeconfig};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return support::aibrixctl(arguments);
}

const std::string two_models = R"({"object":"list","data":[{"id":"a"},{"id":"b"}]})";
const std::string refused =
    R"({"error":{"message":"httproute: aibrix-system/qwen2-5-72b-instruct-router, route's object references are not resolved: RefNotPermitted.","type":"overloaded_error","code":"service_unavailable","param":null}})";

}  // namespace

TEST_CASE("endpoint test asks for the models, once, and tells how many there are") {
  const auto server = gateway();
  server->script(answers("/v1/models", 200, two_models));
  const auto run = test({"--address", server->url(), "-o", "json"});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 0);
  const json document = json::parse(run.out);
  CHECK(document["requests"][0]["result"] == "2 models");
  CHECK(server->requests() == 1);
  CHECK(server->log().front().method == "GET");
}

TEST_CASE(
    "endpoint test MODEL sends one token's request each way, and needs no cluster when both work") {
  const auto server = gateway();
  server->script(answers("/v1/completions", 200, R"({"choices":[]})", {{"target-pod", "llama-0"}}));
  const auto run = test({"llama", "--address", server->url()});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 0);
  CHECK(run.out.find("answered by pod llama-0") != std::string::npos);
  const auto log = server->log();
  REQUIRE(log.size() == 2);
  CHECK(log[0].headers.count("routing-strategy") == 0);
  CHECK(log[1].headers.find("routing-strategy")->second == "random");
  const json body = json::parse(log[0].body);
  CHECK(body["model"] == "llama");
  CHECK(body["max_tokens"] == 1);
}

TEST_CASE("endpoint test with --strategy sends that one only, with none only the plain one") {
  const auto server = gateway();
  server->script(answers("/v1/completions", 200, "{}"));
  CHECK(test({"llama", "--address", server->url(), "--strategy", "pd"}).code == 0);
  CHECK(test({"llama", "--address", server->url(), "--strategy", "none"}).code == 0);
  const auto log = server->log();
  REQUIRE(log.size() == 2);
  CHECK(log[0].headers.find("routing-strategy")->second == "pd");
  CHECK(log[1].headers.count("routing-strategy") == 0);
}

TEST_CASE("endpoint test reads a refusal with the catalogue and runs the checks that tell why") {
  FakeApiServer cluster(
      {.date = "Mon, 23 Nov 2026 12:00:00 GMT"});  // after all that is in the dump
  cluster.load(broken);
  const File config(cluster.kubeconfig());
  const auto server = gateway();
  server->script(answers("/v1/completions", 503, refused, {{"x-error-routing", "true"}}, 1));
  server->script(answers("/v1/completions", 200, "{}"));
  const auto run =
      test({"qwen2-5-72b-instruct", "--address", server->url(), "-o", "json"}, config.path());
  CAPTURE(run.out, run.err);
  CHECK(run.code == 1);
  const json document = json::parse(run.out);
  CHECK(document["answers"][0]["id"] == "ref-not-permitted");
  CHECK(document["findings"][0]["code"] == "REF001");
  CHECK(document["requests"][1]["ok"] == true);  // the other way works
  CHECK(server->requests() == 2);                // a 503 is not tried again
}

TEST_CASE("endpoint test tells a refused connection from silence, with exit 1") {
  std::string address;
  {
    const support::DeadServer gone;
    address = "http://" + gone.authority();
  }
  const auto run = test({"--address", address, "-o", "json"});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 1);
  CHECK(json::parse(run.out)["answers"][0]["id"] == "connection-refused");
  const support::DeadServer silent;
  const auto late = test(
      {"--address", "http://" + silent.authority(), "--request-timeout", "300ms", "-o", "json"});
  CHECK(json::parse(late.out)["answers"][0]["id"] == "answer-timeout-read");
}

TEST_CASE("endpoint test judges an address that was given, not the gateway's own") {
  FakeApiServer cluster({.date = "Mon, 23 Nov 2026 12:00:00 GMT"});
  cluster.load(std::string(SOURCE_DIR) + "/examples/healthy-cluster");
  const File config(cluster.kubeconfig());
  std::string authority;
  {
    const support::DeadServer gone;
    authority = gone.authority();
  }
  const auto run =
      test({"llama-3-1-8b-instruct", "--address", "http://" + authority}, config.path());
  CAPTURE(run.out, run.err);
  CHECK(run.code == 1);
  CHECK(run.out.find("CONFIRMED: the address given is not the gateway's") != std::string::npos);
  CHECK(run.out.find("ruled out") == std::string::npos);
  CHECK(run.out.find("No cause could be confirmed") == std::string::npos);
  const auto document = test(
      {"llama-3-1-8b-instruct", "--address", "http://" + authority, "-o", "json"}, config.path());
  const json causes = json::parse(document.out)["answers"][0]["causes"];
  CHECK(causes[0]["state"] == "holds");
  CHECK(causes[0]["detail"].get<std::string>().starts_with(
      authority + " is not an address of the gateway (http://"));
  for (const json& cause : causes) CHECK(cause["state"] != "ruled out");
}

TEST_CASE("endpoint test does not take an empty 404 of another server for Envoy's") {
  const auto server = gateway();
  server->script(answers("/v1/models", 404, "\n", {{"server", "nginx"}}));
  const auto run = test({"--address", server->url()});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 1);
  CHECK(run.out.find("404, sender unknown (server: nginx)") != std::string::npos);
  CHECK(run.out.find("Envoy has no route") == std::string::npos);
}

TEST_CASE("endpoint test shows where a redirect leads") {
  const auto server = gateway();
  server->script(answers("/v1/models", 302, "\n", {{"location", "https://login.example.com/x"}}));
  const auto run = test({"--address", server->url()});
  CAPTURE(run.out, run.err);
  CHECK(run.out.find("Location: https://login.example.com/x") != std::string::npos);
}

TEST_CASE("endpoint test sends the key of the file and never shows it") {
  const auto server = gateway();
  server->script(answers(
      "/v1/models", 401,
      R"({"error":{"message":"Incorrect API key provided","type":"authentication_error","code":"invalid_api_key","param":"api_key"}})"));
  const File key("sk-very-secret\n");
  for (const char* format : {"text", "json"}) {
    const auto run = test({"--address", server->url(), "--api-key-file", key.path(), "--header",
                           "X-Other: other-secret", "-o", format, "-v"});
    CAPTURE(run.out, run.err);
    CHECK(run.code == 1);
    CHECK(run.out.find("api-key-gateway") != std::string::npos);
    CHECK((run.out + run.err).find("very-secret") == std::string::npos);
    CHECK((run.out + run.err).find("other-secret") == std::string::npos);
  }
  CHECK(server->log().front().headers.find("authorization")->second == "Bearer sk-very-secret");
  CHECK(server->log().front().headers.find("x-other")->second == "other-secret");
}

TEST_CASE("endpoint test does not show what a gateway repeats of the request") {
  const auto server = gateway();
  server->script(answers("/v1/models", 400,
                         R"({"error":{"message":"you sent plainword, Bearer plainword and x-other )"
                         R"(otherword to http://me:thirdword@h","type":"bad"}})"));
  const File key("plainword\n");
  std::string address = server->url();
  address.insert(address.find("://") + 3, "me:thirdword@");
  for (const char* format : {"text", "json", "yaml"}) {
    const auto run = test({"--address", address, "--api-key-file", key.path(), "--header",
                           "X-Other: otherword", "-o", format, "-v"});
    CAPTURE(run.out, run.err);
    CHECK(run.code != 0);
    for (const char* secret : {"plainword", "otherword", "thirdword"})
      CHECK((run.out + run.err).find(secret) == std::string::npos);
  }
}

TEST_CASE("endpoint test --via api-server goes through the Service's proxy, port and all") {
  FakeApiServer cluster({.token = "right"});
  cluster.load(broken);  // its load balancer is pending: there is no other way
  const std::string proxy =
      "/api/v1/namespaces/envoy-gateway-system/services/envoy-aibrix-system-aibrix-eg-903790dc:80/"
      "proxy";
  cluster.script(answers(proxy + "/v1/models", 200, two_models));
  const File config(cluster.kubeconfig());
  const auto run = test({"--via", "api-server", "-o", "json"}, config.path());
  CAPTURE(run.out, run.err);
  CHECK(run.code == 0);
  CHECK(json::parse(run.out)["requests"][0]["result"] == "2 models");
  const auto without = test({}, config.path());
  CHECK(without.code == 1);
  CHECK(without.err.find("--via api-server") != std::string::npos);
}

TEST_CASE("endpoint test --via api-server tells the gateway's answers from the API server's own") {
  FakeApiServer cluster;
  cluster.load(broken);
  const File config(cluster.kubeconfig());
  cluster.script(answers(
      "/proxy/v1/completions", 400,
      R"({"error":{"message":"model lama does not exist","type":"invalid_request_error","code":"model_not_found","param":"model"}})",
      {{"x-error-no-model-backends", "lama"}}, 2));
  const auto gateways = test({"lama", "--via", "api-server", "-o", "json"}, config.path());
  CAPTURE(gateways.out, gateways.err);
  CHECK(gateways.code == 1);
  CHECK(json::parse(gateways.out)["findings"][0]["code"] == "MDL001");
  cluster.script(answers(
      "/proxy/v1/models", 503,
      R"({"kind":"Status","apiVersion":"v1","status":"Failure","message":"no endpoints available for service \"envoy\"","reason":"ServiceUnavailable","code":503})",
      {}, 1));
  const auto no_pod = test({"--via", "api-server", "-o", "json"}, config.path());
  CHECK(json::parse(no_pod.out)["answers"][0]["id"] == "service-without-endpoints");
  cluster.script(answers("/proxy/v1/models", 403, "", {}, 1));
  const auto forbidden = test({"--via", "api-server", "-o", "json"}, config.path());
  CHECK(forbidden.code == 3);
  CHECK(forbidden.err.find("services/proxy") != std::string::npos);
}

namespace {

// The healthy example with its gateway's Service and listener set to where `server` listens.
std::unique_ptr<FakeApiServer> cluster_in_front_of(const FakeApiServer& server,
                                                   const std::string& ip,
                                                   const std::string& listener) {
  auto cluster = std::make_unique<FakeApiServer>();
  cluster->load(healthy);
  const std::string name = "envoy-aibrix-system-aibrix-eg-903790dc";
  json service = json::parse(cluster->object("services", "envoy-gateway-system", name));
  json port = service["spec"]["ports"][0];
  port["port"] = server.port();
  service["spec"]["ports"] = json::array({port});
  service["spec"]["type"] = "LoadBalancer";
  service["status"]["loadBalancer"] = {{"ingress", {{{"ip", ip}}}}};
  service["apiVersion"] = "v1";  // lists of built-in kinds leave both out
  service["kind"] = "Service";
  cluster->add(service.dump());
  json gateway = json::parse(cluster->object("gateways", "aibrix-system", "aibrix-eg"));
  json entry = json::parse(listener);
  entry["port"] = server.port();
  gateway["spec"]["listeners"] = json::array({entry});
  cluster->add(gateway.dump());
  return cluster;
}

}  // namespace

TEST_CASE(
    "endpoint test asks an https listener by its hostname: in TLS, in the certificate, in Host") {
  const auto authority = support::make_authority("gateway-ca");
  support::ServerOptions options;
  options.identity = support::make_certificate(authority, {"gateway", {}, {"DNS:llm.example.com"}});
  FakeApiServer server(options);
  server.script(answers("/v1/models", 200, two_models, {}, 0));
  const auto cluster = cluster_in_front_of(
      server, "127.0.0.1", R"({"name":"tls","protocol":"HTTPS","hostname":"llm.example.com"})");
  const File config(cluster->kubeconfig());
  const File ca(authority.certificate_pem);
  const auto run = test({"--cacert", ca.path(), "--from", "outside", "-o", "json"}, config.path());
  CAPTURE(run.out, run.err);
  CHECK(run.code == 0);
  REQUIRE(server.log().size() == 1);
  const auto seen = server.log().front();
  CHECK(seen.server_name == "llm.example.com");
  CHECK(seen.headers.count("host") == 1);
  CHECK(seen.headers.find("host")->second == "llm.example.com:" + std::to_string(server.port()));

  const auto other =
      test({"--from", "outside", "-o", "json"}, config.path());  // an authority nobody knows
  CAPTURE(other.out, other.err);
  CHECK(other.code == 1);
  CHECK(json::parse(other.out)["answers"][0]["id"] == "tls-certificate");
  CHECK(json::parse(other.out)["answers"][0]["causes"][0]["state"] == "not visible in the cluster");
}

TEST_CASE(
    "endpoint test reaches an IPv6 address, in brackets, and asks a plain listener by its "
    "hostname") {
  FakeApiServer server({.tls = false, .host = "::1"});
  server.script(answers("/v1/models", 200, two_models, {}, 0));
  const auto given = test({"--address", server.url(), "-o", "json"});
  CAPTURE(given.out, given.err);
  CHECK(server.url().starts_with("http://[::1]:"));
  CHECK(given.code == 0);
  const auto cluster = cluster_in_front_of(
      server, "::1", R"({"name":"web","protocol":"HTTP","hostname":"llm.example.com"})");
  const File config(cluster->kubeconfig());
  const auto run = test({"--from", "outside", "-o", "json"}, config.path());
  CAPTURE(run.out, run.err);
  CHECK(run.code == 0);
  REQUIRE(server.log().size() == 2);
  CHECK(server.log().back().headers.count("host") == 1);
  CHECK(server.log().back().headers.find("host")->second ==
        "llm.example.com:" + std::to_string(server.port()));
}

TEST_CASE("the curl that endpoint print prints goes to the address by the listener's name") {
  FakeApiServer server({.tls = false, .host = "::1"});
  server.script(answers("/v1/models", 200, two_models, {}, 0));
  const auto cluster = cluster_in_front_of(
      server, "::1", R"({"name":"web","protocol":"HTTP","hostname":"llm.example.com"})");
  const File config(cluster->kubeconfig());
  const auto printed = support::aibrixctl({"endpoint", "print", "-q", "--from", "outside", "-o",
                                           "curl", "--kubeconfig", config.path()});
  CAPTURE(printed.out, printed.err);
  const std::string port = std::to_string(server.port());
  CHECK(printed.out == "curl -sS --resolve 'llm.example.com:" + port +
                           ":[::1]' http://llm.example.com:" + port + "/v1/models\n");
}

TEST_CASE("endpoint refuses flags that would do nothing, and headers that are none") {
  const File key("k");
  CHECK(test({"--all"}).code == 2);
  CHECK(test({"-o", "curl"}).code == 2);
  CHECK(test({"--via", "api-server", "--api-key-file", key.path()}).code == 2);
  CHECK(support::aibrixctl({"endpoint", "print", "--strategy", "random", "-f", healthy}).code == 2);
  const auto header = test({"--address", "http://127.0.0.1:1", "--header", "very-secret"});
  CHECK(header.code == 2);
  CHECK(header.err.find("very-secret") == std::string::npos);
}
