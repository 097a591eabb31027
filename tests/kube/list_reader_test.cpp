// The order in which a list's pages are asked for and read.
#include "kube/read/list_reader.hpp"

#include <deque>

#include "catch.hpp"
#include "kube/http/curl_transport.hpp"
#include "support/fake_api_server.hpp"
#include "support/protobuf_message.hpp"

using kube::ListReader;
using kube::Request;
using kube::Response;
using State = ListReader::State;

namespace {

std::string page(const std::string& name, const std::string& token) {
  return R"({"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"7","continue":")" +
         token + R"("},"items":[{"metadata":{"name":")" + name + R"(","namespace":"a"}}]})";
}

Response answer(std::string body, int status = 200) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

Response protobuf(std::string body) {
  Response response = answer(std::move(body));
  response.content_type = "application/vnd.kubernetes.protobuf";
  return response;
}

// A network in slow motion: the test says what arrives next.
struct SlowMotion : kube::Transport, kube::Queue {
  std::vector<Request> asked;
  std::deque<std::function<void(kube::Receiver&, kube::Queue&)>> events;

  std::size_t add(Request request) override {
    asked.push_back(std::move(request));
    return asked.size() - 1;
  }
  void run(std::vector<Request> batch, kube::Receiver& receiver) override {
    for (Request& request : batch) add(std::move(request));
    for (const auto& event : events) event(receiver, *this);
  }
  void body(std::size_t number, std::string text) {
    events.emplace_back([number, text = std::move(text)](kube::Receiver& r, kube::Queue& q) {
      r.on_body(number, text, q);
    });
  }
  void done(std::size_t number, Response response) {
    events.emplace_back(
        [number, response = std::move(response)](kube::Receiver& r, kube::Queue& q) {
          r.on_response(number, Response(response), q);
        });
  }
  void expect(std::size_t requests) {
    events.emplace_back(
        [this, requests](kube::Receiver&, kube::Queue&) { CHECK(asked.size() == requests); });
  }
};

void read(kube::Transport& network, ListReader& reader) {
  kube::FetchStats stats;
  kube::RequestBatch router(stats);
  reader.start(router);
  router.run(network);
}

}  // namespace

TEST_CASE("list: the next page is asked for while this one downloads, one ahead") {
  SlowMotion network;
  network.body(0, R"({"kind":"PodList","metadata":{"conti)");
  network.expect(1);
  network.body(0, R"({"kind":"PodList","metadata":{"continue":"two"},"items":[{"meta)");
  network.expect(2);
  network.body(1, R"({"kind":"PodList","metadata":{"continue":"three"},"items":[)");
  network.expect(2);  // two on their way are enough
  network.done(0, answer(page("a", "two")));
  network.expect(3);
  network.done(2, answer(page("c", "")));  // overtakes
  network.done(1, answer(page("b", "three")));
  network.expect(3);
  ListReader reader({&kube::resources::pods, "v1"});
  read(network, reader);
  CHECK(reader.state() == State::loaded);
  CHECK(reader.objects().size() == 3);
  CHECK(network.asked[1].path == "/api/v1/pods?limit=500&continue=two");
}

TEST_CASE("list: without an early token the parsed page leads on") {
  SlowMotion network;
  network.body(0, R"({"apiVersion":"v1","items":[)");
  network.expect(1);
  network.done(0, answer(page("a", "two")));
  network.expect(2);
  network.done(1, answer(page("b", "")));
  ListReader reader({&kube::resources::pods, "v1"});
  read(network, reader);
  CHECK(reader.state() == State::loaded);
  CHECK(reader.objects().size() == 2);
}

TEST_CASE("list: pages that do not follow from each other are read again, once") {
  SlowMotion network;
  // The first page breaks off after its token was seen; read again, it ends elsewhere.
  network.body(0, R"({"kind":"PodList","metadata":{"continue":"old"},"items":[)");
  network.body(0, R"({"kind":"PodList","metadata":{"continue":"new"},"items":[)");
  network.expect(2);
  network.done(0, answer(page("a", "new")));
  network.expect(3);
  network.done(1, answer(page("stray", "")));
  network.done(2, answer(page("a", "two")));
  network.done(3, answer(page("b", "")));
  ListReader reader({&kube::resources::pods, "v1"});
  read(network, reader);
  CHECK(reader.state() == State::loaded);
  REQUIRE(reader.objects().size() == 2);
  CHECK(reader.objects()[1].name() == "b");
}

TEST_CASE("list: a later page that is refused fails the list, whatever comes after") {
  SlowMotion network;
  network.done(0, answer(page("a", "two")));
  network.done(1, answer("{}", 403));
  ListReader reader({&kube::resources::pods, "v1"});
  read(network, reader);
  CHECK(reader.state() == State::failed);
  CHECK(reader.objects().empty());
}

TEST_CASE("list: Kubernetes' own kinds are read as protobuf, the next page asked for as early") {
  const std::string first = support::pod_page("a", "two");
  SlowMotion network;
  network.body(0, first.substr(0, 20));
  network.expect(1);
  network.body(0, first.substr(0, first.find("two") + 3));
  network.expect(2);
  network.done(0, protobuf(first));
  network.done(1, protobuf(support::pod_page("b", "")));
  ListReader reader({&kube::resources::pods, "v1"});
  read(network, reader);
  CHECK(reader.state() == State::loaded);
  REQUIRE(reader.objects().size() == 2);
  CHECK(reader.objects()[1].name() == "b");
  CHECK(network.asked[0].accept == "application/vnd.kubernetes.protobuf, application/json");
}

TEST_CASE("list: what an answer calls itself decides how it is read") {
  SlowMotion network;
  network.done(0, protobuf(support::pod_page("a", "two")));
  network.done(1, answer(page("b", "")));  // a proxy of another mind
  ListReader reader({&kube::resources::pods, "v1"});
  read(network, reader);
  CHECK(reader.state() == State::loaded);
  CHECK(reader.objects().size() == 2);

  SlowMotion liar;
  liar.done(0, protobuf(page("a", "")));
  ListReader lied_to({&kube::resources::pods, "v1"});
  read(liar, lied_to);
  CHECK(lied_to.state() == State::failed);
  CHECK(lied_to.detail() ==
        "the response is not valid protobuf: it does not begin as Kubernetes' do");
  CHECK(lied_to.refusal().body.empty());
}

TEST_CASE("list: a refusal in protobuf is told as one in JSON is") {
  const std::string status = support::message([](auto& w) {
    w.add_string(2, "Failure");
    w.add_string(3, R"(pods is forbidden: User "bob" cannot list resource "pods")");
    w.add_string(4, "Forbidden");
    w.add_int32(6, 403);
  });
  support::FakeApiServer server;
  const std::string type = "application/vnd.kubernetes.protobuf";
  server.script({"/pods", 1, 403, support::packed("v1", "Status", status), type});
  kube::CurlTransport network(server.access(), {});
  ListReader reader({&kube::resources::pods, "v1"});
  read(network, reader);
  CHECK(reader.state() == State::forbidden);
  CHECK(reader.detail() == "bob may not list pods in all namespaces");

  server.script({"/pods", 1, 500, "k8s", type});
  ListReader failed({&kube::resources::pods, "v1"});
  read(network, failed);
  CHECK(failed.state() == State::failed);
  CHECK(failed.detail() == "HTTP 500");
}

TEST_CASE(
    "list: a login that a server repeats in a refusal in protobuf is hidden, the words stay") {
  const std::string status = support::message([](auto& w) {
    w.add_string(2, "Failure");
    w.add_string(3, "no such user: Bearer KCTOKENCANARY");
    w.add_int32(6, 400);
  });
  support::FakeApiServer server;
  server.script({"/pods", 1, 400, support::packed("v1", "Status", status),
                 "application/vnd.kubernetes.protobuf"});
  kube::Access access = server.access();
  kube::Login login;
  login.token = "KCTOKENCANARY";
  access.credentials = std::make_shared<support::FixedLogin>(login);
  kube::CurlTransport network(access, {});
  ListReader reader({&kube::resources::pods, "v1"});
  read(network, reader);
  CHECK(reader.detail() == "HTTP 400: no such user: Bearer <hidden>");
}
