// A whole cluster read from the fake API server, with all that can go wrong.
#include "kube/read/fetch.hpp"

#include <set>

#include "base/error.hpp"
#include "catch.hpp"
#include "kube/http/curl_transport.hpp"
#include "kube/read/get_objects.hpp"
#include "support/fake_api_server.hpp"
#include "support/nghttpx.hpp"

using kube::FetchOptions;
using kube::FetchStats;
using kube::ListState;
using kube::Need;
using kube::Scope;
using kube::Snapshot;
using support::FakeApiServer;
using support::Script;
namespace resources = kube::resources;
using Names = std::vector<std::string>;

namespace {

constexpr kube::Resource widgets{"example.com", "widgets", "Widget", true, "v1", "v1beta1"};
const Need pods{&resources::pods, Scope::everywhere};
const Need nodes{&resources::nodes, Scope::everywhere};
const Need widget_need{&widgets, Scope::everywhere};

Snapshot read(const kube::Access& access, std::vector<Need> needs, FetchOptions options = {},
              FetchStats* stats = nullptr) {
  kube::CurlTransport transport(access, {});
  options.install_namespaces = {"aibrix-system", "envoy-gateway-system"};
  return kube::fetch(transport, access, needs, options, stats);
}

Snapshot read(const FakeApiServer& server, std::vector<Need> needs,
              const FetchOptions& options = {}, FetchStats* stats = nullptr) {
  return read(server.access(), std::move(needs), options, stats);
}

base::Error error_of(const kube::Access& access, std::vector<Need> needs,
                     FetchOptions options = {}) {
  try {
    read(access, std::move(needs), std::move(options));
  } catch (const base::Error& error) {
    return error;
  }
  FAIL("no error");
  return {base::Fault::internal, {}, {}};
}

std::string widget(const std::string& name, const std::string& version = "v1") {
  return R"({"apiVersion":"example.com/)" + version + R"(","kind":"Widget","metadata":{"name":")" +
         name + R"(","namespace":"team-a"}})";
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

Script always(const std::string& target, int status) {
  return {target, 0, status};
}

}  // namespace

TEST_CASE("fetch: one batch reads version, discovery and every list") {
  FakeApiServer server;
  server.add_pods(3, "team-a");
  server.add(R"({"apiVersion":"v1","kind":"Node","metadata":{"name":"n1"}})");
  FetchStats stats;
  const Snapshot snapshot = read(server, {pods, nodes, pods}, {}, &stats);
  CHECK(snapshot.list(resources::pods).size() == 3);
  CHECK(snapshot.complete(resources::pods));
  CHECK(snapshot.list(resources::nodes).size() == 1);
  CHECK(snapshot.state(resources::services) == ListState::not_asked);
  CHECK(snapshot.live());
  CHECK(snapshot.info().kubernetes == "v1.36.3");
  CHECK(snapshot.info().context == "test");
  CHECK(snapshot.now() == base::parse_time("2026-08-22T15:00:18Z"));
  CHECK(snapshot.served_versions(resources::pods) == Names{"v1"});
  const auto pod = snapshot.find(resources::pods, "team-a", "pod-100001");
  REQUIRE(pod);
  CHECK(pod->kind() == "Pod");
  CHECK(pod->status()["phase"].text() == "Running");
  CHECK(kube::to_json(pod->metadata()).find("managedFields") == std::string::npos);
  CHECK(server.requests() == 5);
  CHECK(stats.requests == 5);
  CHECK(stats.connections >= 1);
  CHECK(stats.bytes > 1000);
  for (const auto& request : server.log()) CHECK(request.method == "GET");
}

TEST_CASE("fetch: pages are followed to the end, each object once") {
  FakeApiServer server;
  server.add_pods(1203, "team-a", 300);
  FetchStats stats;
  const Snapshot snapshot = read(server, {pods}, {}, &stats);
  CHECK(snapshot.list(resources::pods).size() == 1203);
  CHECK(server.requests("/pods?limit=500") == 3);
  CHECK(server.requests("continue=") == 2);
  CHECK(stats.requests == 6);
}

TEST_CASE("fetch: custom resources have their continue token behind the items") {
  FakeApiServer server;
  for (int i = 0; i < 25; ++i) server.add(widget("w" + std::to_string(i)));
  FetchOptions options;
  options.page_size = 10;
  CHECK(read(server, {widget_need}, options).list(widgets).size() == 25);
  CHECK(server.requests("/widgets") == 3);
}

TEST_CASE("fetch: what is not a further page takes one round trip, and each page one more") {
  FakeApiServer server;
  server.add_pods(3, "team-a");
  server.add(R"({"apiVersion":"v1","kind":"Node","metadata":{"name":"n1"}})");
  const auto rounds = [&](const FetchOptions& options) {
    const kube::Access access = server.access();
    kube::CurlTransport transport(access, {});
    kube::fetch(transport, access, std::vector<Need>{pods, nodes}, options);
    return transport.rounds();
  };
  CHECK(rounds({}) == 1);
  server.add_pods(25, "team-b");
  FetchOptions options;
  options.page_size = 10;
  CHECK(rounds(options) == 3);
}

TEST_CASE("fetch: HTTP/2 over one connection reads the same as HTTP/1.1") {
  if (!support::Nghttpx::installed()) {
    WARN("skipped: nghttpx is not installed");
    return;
  }
  FakeApiServer server;
  server.add_pods(1100, "team-a", 300);
  support::Nghttpx proxy(server);
  kube::Access access = server.access();
  access.server = proxy.url();
  const Snapshot over_two = read(access, {pods, nodes});
  const Snapshot over_one = read(server, {pods, nodes});
  CHECK(proxy.connections() == 1);
  REQUIRE(over_two.list(resources::pods).size() == 1100);
  for (std::size_t i = 0; i < 1100; ++i) {
    REQUIRE(
        over_two.list(resources::pods)[i].root().same(over_one.list(resources::pods)[i].root()));
  }
}

TEST_CASE("fetch: a kind whose CRD is missing is absent, also to someone who gets a 403") {
  FakeApiServer server;
  CHECK(read(server, {pods, widget_need}).state(widgets) == ListState::absent);
  server.allow_list("pods");
  const Snapshot snapshot = read(server, {pods, nodes, widget_need});
  CHECK(snapshot.state(widgets) == ListState::absent);
  CHECK(snapshot.state(resources::nodes) == ListState::forbidden);
  CHECK(has(snapshot.detail(resources::nodes), "test-user may not list nodes"));
  CHECK(snapshot.loaded(resources::pods));
}

TEST_CASE("fetch: without discovery a 404 means absent and a 403 forbidden") {
  support::ServerOptions options;
  options.discovery = support::ServerOptions::Discovery::none;
  FakeApiServer server(options);
  server.add_pods(1, "team-a");
  CHECK(read(server, {pods, widget_need}).state(widgets) == ListState::absent);
  CHECK_FALSE(read(server, {pods}).served());
  server.allow_list("pods");
  CHECK(read(server, {pods, widget_need}).state(widgets) == ListState::forbidden);
}

TEST_CASE("fetch: older and newer forms of discovery say the same") {
  using Discovery = support::ServerOptions::Discovery;
  for (const auto form : {Discovery::v2, Discovery::v2beta1, Discovery::classic}) {
    support::ServerOptions options;
    options.discovery = form;
    FakeApiServer server(options);
    server.serve("example.com", "v1beta1", "widgets", "Widget");
    server.add(widget("a", "v1beta1"));
    server.allow_list("pods");
    server.allow_list("widgets");
    const Snapshot snapshot = read(server, {pods, nodes, widget_need});
    CHECK(snapshot.list(widgets).size() == 1);
    CHECK(snapshot.served_versions(widgets) == Names{"v1beta1"});
    CHECK(snapshot.state(resources::nodes) == ListState::forbidden);
    // Classic: /api/v1 and the one group that is needed and there.
    const std::size_t discovery = form == Discovery::classic ? 4 : 2;
    // /version; pods; nodes; widgets in v1, then in v1beta1.
    CHECK(server.requests() == discovery + 5);
  }
}

TEST_CASE("fetch: a kind served only in a version we do not know is read and noted") {
  FakeApiServer server;
  server.add(widget("a", "v3"));
  const Snapshot snapshot = read(server, {widget_need});
  CHECK(snapshot.list(widgets).size() == 1);
  REQUIRE(snapshot.notes().size() == 1);
  CHECK(has(snapshot.notes()[0], "widgets.example.com is served only as v3"));
}

TEST_CASE("fetch: an API group whose backend is down fails, it is not absent") {
  FakeApiServer server;
  server.break_group("example.com");
  const Snapshot snapshot = read(server, {pods, widget_need});
  CHECK(snapshot.state(widgets) == ListState::failed);
  CHECK(has(snapshot.detail(widgets), "503"));
}

TEST_CASE("fetch: -n limits what is about workloads, and only that") {
  FakeApiServer server;
  server.add_pods(2, "team-a");
  server.add_pods(2, "team-b");
  server.add_pods(1, "aibrix-system");
  FetchOptions options;
  options.workload_namespaces = {"team-a"};
  const Need needs[] = {{&resources::pods, Scope::workloads},
                        {&resources::nodes, Scope::everywhere},
                        {&resources::deployments, Scope::install}};
  const Snapshot snapshot = read(server, {needs[0], needs[1], needs[2]}, options);
  CHECK(snapshot.list(resources::pods).size() == 3);
  CHECK(snapshot.complete(resources::pods, "team-a"));
  CHECK_FALSE(snapshot.complete(resources::pods, "team-b"));
  CHECK_FALSE(snapshot.complete(resources::pods));
  CHECK(snapshot.complete(resources::nodes));
  CHECK(server.requests("/namespaces/team-a/pods") == 1);
  CHECK(server.requests("/namespaces/envoy-gateway-system/pods") == 1);
  CHECK(server.requests("/deployments") == 2);
  CHECK(server.requests("/namespaces/team-a/deployments") == 0);
}

TEST_CASE("fetch: who may not list all namespaces gets those that are allowed") {
  FakeApiServer server;
  server.add_pods(2, "team-a");
  server.add_pods(1, "aibrix-system");
  server.allow_list("pods", "team-a");
  kube::Access access = server.access();
  access.ns = "team-a";
  const Snapshot snapshot = read(access, {pods, nodes});
  CHECK(snapshot.loaded(resources::pods));
  CHECK(snapshot.list(resources::pods).size() == 2);
  CHECK_FALSE(snapshot.complete(resources::pods));
  CHECK(snapshot.complete(resources::pods, "team-a"));
  CHECK_FALSE(snapshot.complete(resources::pods, "aibrix-system"));
  CHECK(has(snapshot.detail(resources::pods), "may not list pods in all namespaces"));
  CHECK(has(snapshot.detail(resources::pods), "may not list pods in namespace aibrix-system"));
}

TEST_CASE("fetch: Secrets come as metadata only, fields are selected on the server") {
  FakeApiServer server;
  server.add(
      R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","namespace":"a"},"data":{"k":"c2VjcmV0"}})");
  server.add(R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"one","namespace":"a"}})");
  server.add(R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"two","namespace":"a"}})");
  const Snapshot snapshot =
      read(server, {{&resources::secrets, Scope::everywhere},
                    {&resources::configmaps, Scope::everywhere, true, "metadata.name=two"}});
  REQUIRE(snapshot.list(resources::secrets).size() == 1);
  CHECK(snapshot.list(resources::secrets)[0].kind() == "Secret");
  CHECK_FALSE(snapshot.list(resources::secrets)[0]["data"].exists());
  REQUIRE(snapshot.list(resources::configmaps).size() == 1);
  CHECK(snapshot.list(resources::configmaps)[0].name() == "two");
}

TEST_CASE("fetch: a token that expires in mid-list restarts that list once") {
  FakeApiServer server;
  server.add_pods(30, "team-a");
  FetchOptions options;
  options.page_size = 10;
  server.script({"continue=", 1, 410});
  CHECK(read(server, {pods, nodes}, options).list(resources::pods).size() == 30);
  CHECK(server.requests("/nodes") == 1);
  server.script(always("continue=", 410));
  const Snapshot snapshot = read(server, {pods, nodes}, options);
  CHECK(snapshot.state(resources::pods) == ListState::failed);
  CHECK(has(snapshot.detail(resources::pods), "expired twice"));
  CHECK(snapshot.list(resources::pods).empty());
  CHECK(snapshot.loaded(resources::nodes));
}

TEST_CASE("fetch: a list that fails says why and leaves the others alone") {
  struct Row {
    Script script;
    const char* detail;
  };
  const Row rows[] = {
      {always("/pods", 500), "HTTP 500: scripted by the test"},
      {{"/pods", 0, 200, "<html><title>Sign in</title></html>", "text/html"}, "not valid JSON"},
      {{"/pods", 0, 200, R"({"hello":"world"})"}, "not a Kubernetes list"},
      {{"/pods", 0, 200, R"({"kind":"Pod","items":[]})"}, "not from a Kubernetes API server"},
      {{"/pods", 0, 200, R"({"kind":"PodList","items":[{"spec":{}}]})"}, "has no name"},
      {{"/pods", 0, 200, R"({"kind":"PodList","items":[{"metadata":{"name":"a"}}])"},
       "not valid JSON"},
      {{"/pods", 0, 200, R"({"kind":"PodList","metadata":{"continue":"same"},"items":[]})"},
       "go in a circle"},
      {{"/pods", 0, 0, {}, {}, {}, {}, 0.5}, "cut short"},
      {{"/pods", 0, 502, "<html><title>Bad Gateway</title>", "text/html"},
       "HTML page (\"Bad Gateway\")"},
      {{"/pods", 0, 302, "x", "text/html", {{"Location", "https://sso/"}}},
       "redirect to https://sso/"},
  };
  for (const Row& row : rows) {
    FakeApiServer server;
    server.add_pods(3, "team-a");
    server.script(row.script);
    const Snapshot snapshot = read(server, {pods, nodes});
    INFO(row.detail);
    INFO(snapshot.detail(resources::pods));
    CHECK(snapshot.state(resources::pods) == ListState::failed);
    CHECK(has(snapshot.detail(resources::pods), row.detail));
    CHECK(snapshot.loaded(resources::nodes));
  }
}

TEST_CASE("fetch: a later page that fails makes the whole list fail") {
  FakeApiServer server;
  server.add_pods(30, "team-a");
  server.script(always("continue=", 500));
  FetchOptions options;
  options.page_size = 10;
  CHECK(read(server, {pods, nodes}, options).state(resources::pods) == ListState::failed);
}

TEST_CASE("fetch: when nothing can be read, one error says why") {
  SECTION("401") {
    support::ServerOptions options;
    options.token = "wanted";
    FakeApiServer server(options);
    kube::Access access = server.access();
    access.credentials = std::make_shared<support::FixedLogin>(kube::Login{});
    const auto error = error_of(access, {pods, nodes});
    CHECK(error.reason == "Unauthorized");
    CHECK(has(error.what(), "does not accept the token of the test (user tester)"));
  }
  SECTION("403 for everything") {
    FakeApiServer server;
    server.allow_list("nothing");
    const auto error = error_of(server.access(), {pods, nodes});
    CHECK(error.reason == "Forbidden");
    CHECK(has(error.what(), "does not permit test-user to read any of the required kinds"));
    CHECK(error.hint == "request permission to list these kinds");
    FetchOptions options;
    options.forbidden_hint = "see the manual";
    CHECK(error_of(server.access(), {pods, nodes}, options).hint ==
          "request permission to list these kinds; see the manual");
  }
  SECTION("not logged in") {
    FakeApiServer server;
    server.script(
        {"/pods", 0, 403,
         R"({"kind":"Status","message":"pods is forbidden: User \"system:anonymous\" cannot list"})"});
    CHECK(error_of(server.access(), {pods}).reason == "Unauthorized");
  }
  SECTION("an old server") {
    support::ServerOptions options;
    options.version = "v1.26.15";
    FakeApiServer server(options);
    const auto error = error_of(server.access(), {pods});
    CHECK(error.reason == "ServerTooOld");
    CHECK(has(error.what(), "v1.26.15"));
  }
  SECTION("a web server") {
    FakeApiServer server;
    server.script({"/", 0, 200, "<!DOCTYPE html><title>Welcome</title>", "text/html"});
    const auto error = error_of(server.access(), {pods, widget_need});
    CHECK(error.reason == "NotKubernetes");
    CHECK(has(error.what(), "Welcome"));
  }
  SECTION("404 for everything") {
    FakeApiServer server;
    server.script({"/", 0, 404, "not found", "text/plain"});
    CHECK(error_of(server.access(), {pods, widget_need}).reason == "NotKubernetes");
  }
  SECTION("500 for everything") {
    FakeApiServer server;
    server.script(always("/", 500));
    CHECK(error_of(server.access(), {pods}).reason == "ServerError");
  }
  SECTION("half of everything") {
    FakeApiServer server;
    server.script({"/", 0, 0, {}, {}, {}, {}, 0.5});
    CHECK(error_of(server.access(), {pods}).reason == "ConnectionLost");
  }
  SECTION("nothing listens") {
    kube::Access access;
    access.server = "https://user:pass@127.0.0.1:1";
    const auto error = error_of(access, {pods});
    CHECK(error.reason == "ConnectionRefused");
    CHECK_FALSE(has(error.what(), "pass"));
  }
}

TEST_CASE(
    "fetch: a vendor's version string is no pre-release, and a development build is not old") {
  for (const char* version : {"v1.27.0-eks-1234", "v0.0.0-master+$Format:%H$", "v1.27.3+k3s1"}) {
    support::ServerOptions options;
    options.version = version;
    FakeApiServer server(options);
    CHECK(read(server, {pods}).info().kubernetes == version);
  }
}

TEST_CASE("fetch: kinds that are all absent are an answer, not an error") {
  FakeApiServer server;
  CHECK(read(server, {widget_need}).state(widgets) == ListState::absent);
}

TEST_CASE("fetch: objects are read again, found or gone") {
  FakeApiServer server;
  server.add_pods(2, "team-a");
  server.add(widget("a", "v1beta1"));
  const kube::Access access = server.access();
  kube::CurlTransport transport(access, {});
  const Need needs[] = {pods, widget_need};
  const Snapshot snapshot = kube::fetch(transport, access, needs);
  server.script(always("/pods/pod-100001", 500));
  server.clear_log();
  const kube::ObjectKey keys[] = {{&resources::pods, "team-a", "pod-100000"},
                                  {&resources::pods, "team-a", "pod-9"},
                                  {&widgets, "team-a", "a"},
                                  {&resources::pods, "team-a", "pod-100001"}};
  const auto result = kube::get_objects(transport, snapshot, keys);
  REQUIRE(result.objects.size() == 4);
  CHECK(result.objects[0].state == kube::GetOutcome::State::found);
  CHECK(result.objects[0].object->name() == "pod-100000");
  CHECK(result.objects[1].state == kube::GetOutcome::State::gone);
  CHECK(result.objects[2].object->kind() == "Widget");
  CHECK(result.objects[3].state == kube::GetOutcome::State::failed);
  CHECK(has(result.objects[3].detail, "HTTP 500"));
  CHECK(result.now);
  CHECK(server.requests("/apis/example.com/v1beta1/") == 1);
}

TEST_CASE("an object read again is believed only if it is the one asked for") {
  struct Row {
    const char* body;
    bool found;
  };
  const Row rows[] = {
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","namespace":"team-a"}})", true},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"b","namespace":"team-a"}})", false},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","namespace":"team-b"}})", false},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}})", false},
      {R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"a","namespace":"team-a"}})",
       false},
      {R"({"apiVersion":"x/v1","kind":"Pod","metadata":{"name":"a","namespace":"team-a"}})", false},
      {R"({"metadata":{"name":"a","namespace":"team-a"}})", false},
  };
  for (const Row& row : rows) {
    INFO(row.body);
    FakeApiServer server;
    server.add_pods(1, "team-a");
    const Snapshot snapshot = read(server, {pods});
    server.script({"/pods/a", 0, 200, row.body});
    kube::CurlTransport transport(server.access(), {});
    const std::vector<kube::ObjectKey> keys = {{&resources::pods, "team-a", "a"}};
    const kube::GetOutcome out = kube::get_objects(transport, snapshot, keys).objects.front();
    CHECK((out.state == kube::GetOutcome::State::found) == row.found);
    if (!row.found) CHECK(has(out.detail, "pods a is about another object"));
  }
}

TEST_CASE("discovery that names thousands of versions is not asked for each of them") {
  support::ServerOptions options;
  options.discovery = support::ServerOptions::Discovery::classic;
  FakeApiServer server(options);
  server.serve(widgets);
  server.add(widget("a"));
  for (int i = 0; i < 300; ++i) {
    server.serve("example.com", "v" + std::to_string(i + 2), "widgets", "Widget");
  }
  FetchStats stats;
  const Snapshot snapshot = read(server, {pods, widget_need}, {}, &stats);
  CHECK(stats.requests < 20);
  CHECK(snapshot.loaded(widgets));
}

TEST_CASE("fetch: progress is told after each answer") {
  FakeApiServer server;
  std::vector<std::size_t> seen;
  FetchOptions options;
  options.progress = [&](std::size_t answered, std::size_t asked) {
    seen.push_back(answered);
    CHECK(asked == 4);
  };
  read(server, {pods}, options);
  CHECK(seen == std::vector<std::size_t>{1, 2, 3, 4});
}
