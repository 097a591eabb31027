// Watches, and the snapshot that they keep up to date.
#include "kube/read/watcher.hpp"

#include <algorithm>
#include <set>

#include "catch.hpp"
#include "kube/http/curl_transport.hpp"
#include "kube/read/fetch.hpp"
#include "kube/read/live_snapshot.hpp"
#include "support/fake_api_server.hpp"
#include "support/nghttpx.hpp"

using kube::Need;
using kube::Resource;
using support::FakeApiServer;
using WatchEnd = FakeApiServer::WatchEnd;

namespace {

constexpr Need needs[] = {{&kube::resources::pods, kube::Scope::everywhere},
                          {&kube::resources::services, kube::Scope::everywhere},
                          {&kube::resources::namespaces, kube::Scope::everywhere}};

std::string pod(const std::string& name, const std::string& phase = "Running") {
  return R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":")" + name +
         R"(","namespace":"team-a"},"status":{"phase":")" + phase + "\"}}";
}

// A cluster that is read once and then watched.
class Followed {
 public:
  explicit Followed(FakeApiServer& server, kube::Access access)
      : server_(server), access_(std::move(access)) {
    kube::CurlTransport transport(access_, {});
    kube::FetchOptions options;
    options.lists = &lists;
    live.emplace(kube::fetch(transport, access_, needs, options));
    watcher.emplace([this](const std::atomic<int>& stop) {
      kube::CurlOptions curl;
      curl.max_connections = 0;
      curl.stop = &stop;
      return std::make_unique<kube::CurlTransport>(access_, curl);
    });
    watcher->watch(lists);
    wait_for([this] { return server_.watches() == lists.size(); });
    server_.clear_log();
  }
  explicit Followed(FakeApiServer& server) : Followed(server, server.access()) {}

  // Takes in news until it is so; half a minute at most.
  template <typename Condition>
  bool until(const Condition& condition) {
    return wait_for([&] {
      kube::WatchNews news = watcher->take();
      for (kube::WatchChange& change : news.changes) {
        ++changes;
        live->apply(std::move(change));
      }
      expired.insert(news.expired.begin(), news.expired.end());
      refused.insert(news.refused.begin(), news.refused.end());
      return condition();
    });
  }
  std::string phase(const std::string& name) const {
    const kube::Snapshot now = live->snapshot({}, {});
    const kube::Lookup found = now.find(kube::resources::pods, "team-a", name);
    return found ? std::string(found->at("status", "phase").text()) : "none";
  }
  std::size_t lists_read() const {
    std::size_t count = 0;
    for (const auto& request : server_.log()) {
      if (request.target.find("limit=") != std::string::npos) ++count;
    }
    return count;
  }

  std::vector<kube::WatchedList> lists;
  std::optional<kube::LiveSnapshot> live;
  std::optional<kube::Watcher> watcher;
  std::size_t changes = 0;
  std::set<const Resource*> expired;
  std::map<const Resource*, std::string> refused;

 private:
  template <typename Condition>
  static bool wait_for(const Condition& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (std::chrono::steady_clock::now() < end) {
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }

  FakeApiServer& server_;
  kube::Access access_;
};

void fill(FakeApiServer& server) {
  server.add_namespace("team-a", "ns");
  for (int i = 0; i < 20; ++i) server.add(pod("pod-" + std::to_string(i)));
}

}  // namespace

TEST_CASE("what changes, comes and goes is known from watches, and no list is read again") {
  FakeApiServer server;
  fill(server);
  Followed cluster(server);
  REQUIRE(cluster.lists.size() == 3);
  for (int i = 0; i < 50; ++i) server.add(pod("pod-1", "Round" + std::to_string(i)));
  server.add(pod("new"));
  server.erase("pods", "team-a", "pod-2");
  CHECK(cluster.until([&] {
    return cluster.phase("pod-1") == "Round49" && cluster.phase("new") == "Running" &&
           cluster.phase("pod-2") == "none";
  }));
  CHECK(cluster.phase("pod-3") == "Running");
  CHECK(cluster.live->snapshot({}, {}).list(kube::resources::pods).size() == 20);
  CHECK(cluster.lists_read() == 0);
  CHECK(server.log().empty());
}

TEST_CASE("the same over HTTP/2, where all watches share one connection") {
  FakeApiServer server;
  fill(server);
  const support::Nghttpx proxy(server);
  kube::Access access = server.access();
  access.server = proxy.url();
  Followed cluster(server, access);
  server.add(pod("pod-1", "Failed"));
  CHECK(cluster.until([&] { return cluster.phase("pod-1") == "Failed"; }));
}

TEST_CASE("memory does not grow with the number of changes, but with what there is") {
  FakeApiServer server;
  fill(server);
  Followed cluster(server);
  for (int i = 0; i < 300; ++i) {
    server.add(pod("pod-1", "Round" + std::to_string(i)));
    server.add(pod("passing-" + std::to_string(i)));
    server.erase("pods", "team-a", "passing-" + std::to_string(i));
  }
  CHECK(cluster.until([&] { return cluster.phase("pod-1") == "Round299"; }));
  CHECK(cluster.until([&] { return cluster.phase("passing-299") == "none"; }));
  // One object that changed; what came and went has left nothing.
  CHECK(cluster.live->changed() == 1);
}

TEST_CASE("a watch that ends, or is cut off, goes on from where it was, without a list") {
  for (const WatchEnd how : {WatchEnd::over, WatchEnd::cut}) {
    FakeApiServer server;
    fill(server);
    Followed cluster(server);
    server.add(pod("pod-1", "Before"));
    CHECK(cluster.until([&] { return cluster.phase("pod-1") == "Before"; }));
    server.end_watches(how);
    server.add(pod("pod-1", "After"));
    CHECK(cluster.until([&] { return cluster.phase("pod-1") == "After"; }));
    CHECK(cluster.changes == 2);  // the first is not told once more
    CHECK(cluster.lists_read() == 0);
    CHECK(cluster.expired.empty());
    CHECK(cluster.watcher->lost().empty());
  }
}

TEST_CASE("a bookmark moves on where a watch would begin again") {
  FakeApiServer server;
  fill(server);
  Followed cluster(server);
  server.add(pod("pod-1", "Changed"));  // services saw nothing of it
  CHECK(cluster.until([&] { return cluster.phase("pod-1") == "Changed"; }));
  server.end_watches(WatchEnd::bookmark, "services");
  server.end_watches(WatchEnd::over, "services");
  CHECK(cluster.until([&] { return server.requests("/services?watch=true") == 1; }));
  const std::string before = cluster.lists.front().resource_version;
  for (const auto& request : server.log()) {
    CHECK(request.target.find("resourceVersion=" + before + "&") == std::string::npos);
    CHECK(request.target.find("allowWatchBookmarks=true") != std::string::npos);
  }
}

TEST_CASE("what the server has forgotten must be read again: that kind, and no other") {
  FakeApiServer server;
  fill(server);
  Followed cluster(server);
  server.end_watches(WatchEnd::expired, "pods");
  CHECK(cluster.until([&] { return !cluster.expired.empty(); }));
  CHECK(cluster.expired == std::set<const Resource*>{&kube::resources::pods});
  server.add(pod("pod-1", "Meanwhile"));  // nobody watches
  CHECK(cluster.phase("pod-1") == "Running");

  kube::CurlTransport transport(server.access(), {});
  kube::FetchOptions options;
  std::vector<kube::WatchedList> lists;
  options.lists = &lists;
  const kube::Snapshot again = kube::fetch(transport, server.access(), {needs, 1}, options);
  const Resource* pods[] = {&kube::resources::pods};
  cluster.live->replace(again, pods);
  CHECK(cluster.phase("pod-1") == "Meanwhile");
  cluster.watcher->watch(lists);
  server.add(pod("pod-1", "Later"));
  CHECK(cluster.until([&] { return cluster.phase("pod-1") == "Later"; }));
  CHECK(cluster.live->snapshot({}, {}).list(kube::resources::namespaces).size() == 1);
}

TEST_CASE("a kind that may not be watched is told, and the others are watched all the same") {
  FakeApiServer server;
  fill(server);
  server.forbid_watch("services");
  kube::CurlTransport transport(server.access(), {});
  kube::FetchOptions options;
  std::vector<kube::WatchedList> lists;
  options.lists = &lists;
  kube::fetch(transport, server.access(), needs, options);
  kube::Watcher watcher([&](const std::atomic<int>& stop) {
    kube::CurlOptions curl;
    curl.stop = &stop;
    return std::make_unique<kube::CurlTransport>(server.access(), curl);
  });
  watcher.watch(lists);
  const std::atomic<int> never{0};
  CHECK(watcher.wait(std::chrono::steady_clock::now() + std::chrono::seconds(30), never));
  const kube::WatchNews news = watcher.take();
  REQUIRE(news.refused.size() == 1);
  CHECK(news.refused.begin()->first == &kube::resources::services);
  CHECK(news.refused.begin()->second.find("watch services") != std::string::npos);
  CHECK(watcher.watched() == 2);
}

TEST_CASE("a server that is gone is said to be, and found again when it is back") {
  FakeApiServer server;
  fill(server);
  Followed cluster(server);
  support::Script down;
  down.target = "watch=true";
  down.times = 6;  // each of three watches twice
  down.status = 503;
  server.script(down);
  server.end_watches(WatchEnd::cut);
  CHECK(cluster.until([&] { return !cluster.watcher->lost().empty(); }));
  CHECK(cluster.until([&] { return cluster.watcher->lost().empty(); }));
  server.add(pod("pod-1", "Back"));
  CHECK(cluster.until([&] { return cluster.phase("pod-1") == "Back"; }));
  CHECK(cluster.lists_read() == 0);
}
