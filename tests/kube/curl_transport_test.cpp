// The transport against the fake API server, over HTTP/1.1 and HTTP/2.
#include "kube/http/curl_transport.hpp"

#include <set>

#include "base/error.hpp"
#include "catch.hpp"
#include "support/fake_api_server.hpp"
#include "support/nghttpx.hpp"

using kube::CurlOptions;
using kube::CurlTransport;
using kube::Failure;
using kube::Method;
using kube::Request;
using kube::Response;
using std::chrono::milliseconds;
using support::FakeApiServer;
using support::Script;

namespace {

Response get(const kube::Access& access, const std::string& path, CurlOptions options = {}) {
  CurlTransport transport(access, std::move(options));
  auto answers = transport.send({{path}});
  return std::move(answers.at(0));
}

bool skip_without_nghttpx() {
  if (support::Nghttpx::installed()) return false;
  WARN("skipped: nghttpx is not installed");
  return true;
}

std::string header(const FakeApiServer& server, const std::string& name) {
  const auto log = server.log();
  const auto it = log.back().headers.find(name);
  return it == log.back().headers.end() ? "(none)" : it->second;
}

}  // namespace

TEST_CASE("transport: an answer has its status, body and headers") {
  FakeApiServer server;
  CurlOptions options;
  options.user_agent = "aibrixctl/9.9.9";
  const Response response = get(server.access(), "/version", options);
  CHECK(response.ok());
  CHECK(response.status == 200);
  CHECK(response.body.find("v1.36.3") != std::string::npos);
  CHECK(response.body.capacity() >= response.body.size() + kube::body_padding);
  CHECK(response.content_type == "application/json");
  CHECK(response.date == base::parse_http_date("Sat, 22 Aug 2026 15:00:18 GMT"));
  CHECK(response.bytes > response.body.size());
  CHECK(response.timing.connect.count() > 0);
  CHECK(header(server, "user-agent") == "aibrixctl/9.9.9");
  CHECK(header(server, "accept") == "application/json");
  CHECK(header(server, "accept-encoding") == "(none)");
}

TEST_CASE("transport: with compression an answer is the same and fewer bytes come") {
  FakeApiServer server;
  const std::string text(200'000, 'x');
  server.script({"/long", 0, 200, text});
  CurlOptions options;
  const Response plain = get(server.access(), "/long", options);
  options.compression = kube::Compression::on;
  const Response small = get(server.access(), "/long", options);
  CHECK(header(server, "accept-encoding") == "gzip");
  CHECK(small.encoding == "gzip");
  CHECK(plain.body == text);
  CHECK(small.body == text);
  CHECK(plain.bytes > 200'000);
  CHECK(small.bytes < 20'000);
}

TEST_CASE("transport: what a small answer unpacks to is bounded as any other") {
  FakeApiServer server;
  server.script({"/bomb", 0, 200, std::string(std::size_t{64} << 20, ' ')});
  CurlOptions options;
  options.compression = kube::Compression::on;
  options.bounds = std::make_shared<kube::Bounds>(milliseconds(0), std::size_t{64} << 20);
  const Response bomb = get(server.access(), "/bomb", options);
  CHECK(bomb.failure == Failure::too_large);
  CHECK(bomb.body.size() <= options.bounds->max_answer());
}

TEST_CASE("transport: an encoding that was not asked for is refused, a broken one a lost answer") {
  FakeApiServer server;
  const auto encoded_as = [&](const std::string& encoding) {
    Script script{"/encoded", 1, 200, "what no reader knows", "application/octet-stream"};
    script.headers = {{"Content-Encoding", encoding}};
    return script;
  };
  CurlOptions options;
  options.compression = kube::Compression::on;
  for (const std::string encoding : {"gzip, gzip", "br", "deflate"}) {
    server.script(encoded_as(encoding));
    const Response answer = get(server.access(), "/encoded", options);
    CHECK(answer.failure == Failure::too_large);
    CHECK(answer.detail == "is encoded as " + encoding + ", which was not asked for");
  }
  server.script(encoded_as("gzip"));
  Request once{"/encoded"};
  once.once = true;
  CurlTransport transport(server.access(), options);
  CHECK(transport.send({once}).at(0).failure == Failure::cut_short);
}

TEST_CASE("transport: the first request alone opens the connection that tells of the line") {
  FakeApiServer server;
  server.script({"/first", 1, 200, "first", "text/plain", {}, milliseconds(60)});
  CurlOptions options;
  options.learn_line = true;
  CurlTransport transport(server.access(), options);
  CHECK_FALSE(transport.round_trip());
  const auto answers = transport.send({{"/first"}, {"/version"}, {"/api"}});
  CHECK(answers.at(0).body == "first");
  CHECK(answers.at(2).ok());
  REQUIRE(transport.round_trip());
  CHECK(transport.rounds() == 1);
  CHECK(transport.send({{"/version"}}).at(0).ok());
  CHECK(transport.rounds() == 2);
}

TEST_CASE("transport: answers come back in the order asked") {
  FakeApiServer server;
  server.script({"/first", 1, 200, "first", "text/plain", {}, milliseconds(60)});
  server.script({"/second", 1, 200, "second", "text/plain"});
  CurlTransport transport(server.access(), {});
  const auto answers = transport.send({{"/first"}, {"/second"}});
  CHECK(answers.at(0).body == "first");
  CHECK(answers.at(1).body == "second");
}

TEST_CASE("transport: HTTP/1.1 keeps to a few connections, and keeps them for the next run") {
  FakeApiServer server;
  CurlOptions options;
  options.max_connections = 4;
  CurlTransport transport(server.access(), options);
  for (int run = 0; run < 2; ++run) {
    const auto answers = transport.send(std::vector<Request>(30, Request{"/version"}));
    for (const Response& answer : answers) CHECK(answer.ok());
  }
  CHECK(server.requests() == 60);
  CHECK(server.connections() <= 4);
}

TEST_CASE("transport: many requests share one HTTP/2 connection") {
  if (skip_without_nghttpx()) return;
  FakeApiServer server;
  support::Nghttpx proxy(server);
  kube::Access access = server.access();
  access.server = proxy.url();
  CurlTransport transport(access, {});
  for (int run = 0; run < 2; ++run) {
    const auto answers = transport.send(std::vector<Request>(40, Request{"/version"}));
    for (const Response& answer : answers) CHECK(answer.ok());
  }
  CHECK(proxy.connections() == 1);
  std::set<std::string> protocols;
  for (const auto& line : proxy.log()) protocols.insert(line.protocol);
  CHECK(protocols == std::set<std::string>{"h2"});
  CHECK(proxy.log().size() == 80);
}

TEST_CASE("transport: bodies that come mixed over one connection all arrive whole") {
  if (skip_without_nghttpx()) return;
  FakeApiServer server;
  for (std::size_t i = 0; i < 10; ++i) {
    server.script(
        {"/size-" + std::to_string(i), 0, 200, std::string(9973 * (i + 1), 'x'), "text/plain"});
  }
  support::Nghttpx proxy(server);
  kube::Access access = server.access();
  access.server = proxy.url();
  CurlOptions options;
  options.request_timeout = milliseconds(4000);
  CurlTransport transport(access, options);
  for (int run = 0; run < 20; ++run) {
    std::vector<Request> batch;
    for (std::size_t i = 0; i < 40; ++i) batch.push_back({"/size-" + std::to_string(i % 10)});
    const auto answers = transport.send(batch);
    for (std::size_t i = 0; i < 40; ++i) {
      REQUIRE(answers[i].ok());
      REQUIRE(answers[i].body.size() == 9973 * (i % 10 + 1));
    }
  }
}

TEST_CASE("transport: methods, bodies and content types arrive as asked") {
  FakeApiServer server;
  CurlTransport transport(server.access(), {});
  Request patch{"/x", Method::patch};
  patch.body = R"([{"op":"test"}])";
  patch.content_type = "application/json-patch+json";
  transport.send({patch});
  CHECK(server.log().back().method == "PATCH");
  CHECK(server.log().back().body == patch.body);
  CHECK(header(server, "content-type") == "application/json-patch+json");
  transport.send({{"/x", Method::remove}});
  CHECK(server.log().back().method == "DELETE");
  Request post{"/x", Method::post};
  post.body = std::string(2'000'000, 'b');
  transport.send({post});
  CHECK(server.log().back().method == "POST");
  CHECK(server.log().back().body.size() == post.body.size());
  CHECK(header(server, "expect") == "(none)");
}

TEST_CASE("transport: who we are goes into headers") {
  FakeApiServer server;
  kube::Access access = server.access();
  kube::Login login;
  login.token = "s3cret";
  access.credentials = std::make_shared<support::FixedLogin>(login);
  access.as_user = "jane";
  access.as_uid = "42";
  access.as_groups = {"dev", "ops"};
  access.as_extra["example.com/reason"] = {"on call"};
  get(access, "/version");
  CHECK(header(server, "authorization") == "Bearer s3cret");
  CHECK(header(server, "impersonate-user") == "jane");
  CHECK(header(server, "impersonate-uid") == "42");
  CHECK(server.log().back().headers.count("impersonate-group") == 2);
  CHECK(header(server, "impersonate-extra-example.com%2freason") == "on call");
  login = {};
  login.username = "admin";
  login.password = "pw";
  access.credentials = std::make_shared<support::FixedLogin>(login);
  get(access, "/version");
  CHECK(header(server, "authorization") == "Basic YWRtaW46cHc=");
}

TEST_CASE("transport: a token with a line break adds no header") {
  FakeApiServer server;
  kube::Access access = server.access();
  kube::Login login;
  login.token = "a\r\nImpersonate-User: root";
  access.credentials = std::make_shared<support::FixedLogin>(login);
  try {
    get(access, "/version");
    FAIL("sent");
  } catch (const base::Error& error) {
    CHECK(error.fault == base::Fault::usage);
    CHECK(std::string(error.what()).find("root") == std::string::npos);
  }
  CHECK(server.requests() == 0);
}

TEST_CASE("transport: tls-server-name is verified and sent, the Host stays the server's") {
  const auto authority = support::make_authority("named-ca");
  support::ServerOptions named;
  named.identity = support::make_certificate(authority, {"api", {}, {"DNS:api.internal"}});
  FakeApiServer other(named);
  kube::Access access = other.access();
  access.ca_pem = authority.certificate_pem;
  CHECK(get(access, "/version").failure == Failure::tls);
  access.tls_server_name = "api.internal";
  CHECK(get(access, "/version").ok());
  CHECK(header(other, "host") == "127.0.0.1:" + std::to_string(other.port()));
  access.tls_server_name = "api.elsewhere";
  CHECK(get(access, "/version").detail.find("not for api.elsewhere") != std::string::npos);
}

TEST_CASE("transport: tls-server-name works over one HTTP/2 connection too") {
  if (skip_without_nghttpx()) return;
  FakeApiServer server;
  support::Nghttpx proxy(server);
  kube::Access access = server.access();
  access.server = proxy.url();
  access.tls_server_name = "localhost";  // the certificate has it beside 127.0.0.1
  CurlTransport transport(access, {});
  for (const Response& answer : transport.send(std::vector<Request>(10, Request{"/version"}))) {
    CHECK(answer.ok());
  }
  CHECK(proxy.connections() == 1);
  CHECK(header(server, "host") == proxy.url().substr(8));
}

TEST_CASE("transport: a path in the server's URL stays in front") {
  FakeApiServer server;
  kube::Access access = server.access();
  access.server += "/k8s/clusters/c-1";
  get(access, "/version");
  CHECK(server.log().back().target == "/k8s/clusters/c-1/version");
}

TEST_CASE("transport: 429 and 503 are tried again when the server says when") {
  FakeApiServer server;
  server.script({"/busy", 1, 429, {}, "application/json", {{"Retry-After", "0"}}});
  server.script({"/starting", 1, 503, {}, "application/json", {{"Retry-After", "0"}}});
  server.script({"/broken", 0, 503});
  server.script({"/forbidden", 0, 403});
  CurlTransport transport(server.access(), {});
  const auto answers = transport.send({{"/busy"}, {"/starting"}, {"/broken"}, {"/forbidden"}});
  CHECK(server.requests("/busy") == 2);
  CHECK(answers[0].attempts == 2);
  CHECK(answers[0].status == 404);  // the real answer
  CHECK(server.requests("/starting") == 2);
  CHECK(server.requests("/broken") == 1);
  CHECK(server.requests("/forbidden") == 1);
}

TEST_CASE("transport: half an answer is read again, a write is not") {
  FakeApiServer server;
  server.script({"/cut", 1, 200, std::string(5000, 'x'), "text/plain", {}, {}, 0.5});
  server.script({"/always", 0, 200, std::string(5000, 'x'), "text/plain", {}, {}, 0.5});
  CurlTransport transport(server.access(), {});
  CHECK(transport.send({{"/cut"}}).at(0).status == 404);
  CHECK(server.requests("/cut") == 2);
  const Response cut = transport.send({{"/always"}}).at(0);
  CHECK(cut.failure == Failure::cut_short);
  CHECK(cut.attempts == 4);
  CHECK(server.requests("/always") == 4);
  Request post{"/always-post", Method::post};
  CHECK(transport.send({post}).at(0).failure == Failure::cut_short);
  CHECK(server.requests("/always-post") == 1);
}

TEST_CASE("transport: requests of a broken HTTP/2 connection are failures, not hangs") {
  if (skip_without_nghttpx()) return;
  FakeApiServer server;
  auto proxy = std::make_unique<support::Nghttpx>(server);
  kube::Access access = server.access();
  access.server = proxy->url();
  CurlTransport transport(access, {});
  REQUIRE(transport.send({{"/version"}}).at(0).ok());
  proxy->kill();
  const Response lost = transport.send({{"/version"}}).at(0);
  CHECK(lost.failure == Failure::refused);
}

TEST_CASE("transport: a redirect is not followed") {
  FakeApiServer server;
  server.script(
      {"/version", 0, 302, "x", "text/html", {{"Location", "https://login.example.com/"}}});
  const Response response = get(server.access(), "/version");
  CHECK(response.status == 302);
  CHECK(response.location == "https://login.example.com/");
}

namespace {

// A login that is good only after it was renewed.
class Renewable : public kube::CredentialSource {
 public:
  kube::Login login() override {
    kube::Login login;
    login.token = renewed == 0 ? "old" : "new";
    return login;
  }
  bool renew() override {
    ++renewed;
    return can_renew;
  }
  std::string describe() const override { return "exec plugin test"; }
  int renewed = 0;
  bool can_renew = true;
};

}  // namespace

TEST_CASE("transport: a 401 renews the login once for all requests, which then go out again") {
  support::ServerOptions options;
  options.token = "new";
  FakeApiServer server(options);
  kube::Access access = server.access();
  const auto source = std::make_shared<Renewable>();
  access.credentials = source;
  CurlTransport transport(access, {});
  for (const Response& answer : transport.send(std::vector<Request>(5, Request{"/version"}))) {
    CHECK(answer.ok());
  }
  CHECK(source->renewed == 1);
  CHECK(server.requests() == 10);
}

TEST_CASE("transport: a 401 that renewing does not help is the answer") {
  support::ServerOptions options;
  options.token = "yet another";
  FakeApiServer server(options);
  kube::Access access = server.access();
  const auto source = std::make_shared<Renewable>();
  access.credentials = source;
  CHECK(get(access, "/version").status == 401);
  CHECK(source->renewed == 1);
  CHECK(server.requests() == 2);
  source->can_renew = false;
  CHECK(get(access, "/version").status == 401);
  CHECK(server.requests() == 3);
}

TEST_CASE("transport: a body larger than the limit is given up") {
  FakeApiServer server;
  server.script({"/huge", 0, 200, std::string(kube::max_body_bytes + 1, 'x'), "text/plain"});
  const Response huge = get(server.access(), "/huge");
  CHECK(huge.failure == Failure::too_large);
  CHECK(huge.attempts == 1);
}
