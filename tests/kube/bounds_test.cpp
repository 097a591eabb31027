// Servers that hang, trickle or never end: what the transport and the readers make of them.
#include "kube/http/bounds.hpp"

#include <sys/resource.h>

#include "base/error.hpp"
#include "base/memory_budget.hpp"
#include "catch.hpp"
#include "kube/http/curl_transport.hpp"
#include "kube/read/fetch.hpp"
#include "support/dead_server.hpp"
#include "support/fake_api_server.hpp"
#include "support/flood_server.hpp"
#include "support/hostile_server.hpp"
#include "support/program.hpp"

using kube::Bounds;
using kube::CurlOptions;
using kube::Failure;
using kube::Need;
using kube::Scope;
using std::chrono::milliseconds;
using support::FloodServer;
using support::HostileServer;
using Clock = std::chrono::steady_clock;
namespace resources = kube::resources;

namespace {

const Need needs[] = {{&resources::pods, Scope::everywhere},
                      {&resources::nodes, Scope::everywhere},
                      {&resources::namespaces, Scope::everywhere},
                      {&resources::services, Scope::everywhere},
                      {&resources::deployments, Scope::everywhere}};

kube::Access access_to(const std::string& url) {
  kube::Access access;
  access.server = url;
  return access;
}

CurlOptions impatient(milliseconds silence) {
  CurlOptions options;
  options.first_answer_timeout = options.stall_timeout = silence;
  return options;
}

struct Outcome {
  base::Error error{base::Fault::internal, "none", "no error"};
  milliseconds took{0};
  kube::Snapshot snapshot = kube::SnapshotBuilder(kube::Source::cluster).build();
};

Outcome read(const std::string& url, CurlOptions options) {
  const kube::Access access = access_to(url);
  kube::FetchOptions fetching;
  fetching.bounds = options.bounds;
  const auto start = Clock::now();
  Outcome out;
  try {
    kube::CurlTransport transport(access, options);
    if (options.bounds) options.bounds->begin();
    out.snapshot = kube::fetch(transport, access, needs, fetching);
  } catch (const base::Error& error) {
    out.error = error;
  }
  out.took = std::chrono::duration_cast<milliseconds>(Clock::now() - start);
  return out;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a memory budget counts what is taken and refuses what is more") {
  base::MemoryBudget budget(100);
  base::MemoryShare share(&budget);
  share.set(60);
  share.add(40);
  CHECK_THROWS_AS(share.add(1), base::Error);
  CHECK(budget.used() == 100);
  share.set(10);
  CHECK(budget.used() == 10);
  { base::MemoryShare(&budget).set(90); }
  CHECK(budget.used() == 10);
}

TEST_CASE("a server that accepts and says nothing ends the reading after one timeout, not many") {
  const HostileServer server("silent");
  const Outcome out = read(server.url(), impatient(milliseconds(400)));
  CAPTURE(out.error.what());
  CHECK(out.error.reason == "Timeout");
  CHECK(out.took < milliseconds(5000));
  CHECK(has(out.error.what(), server.url()));
}

TEST_CASE("a handshake that never ends is waited for once") {
  const support::DeadServer server;
  CurlOptions options;
  options.connect_timeout = milliseconds(300);
  const Outcome out = read("https://" + server.authority(), options);
  CHECK(out.error.reason == "Timeout");
  CHECK(out.took < milliseconds(5000));
}

TEST_CASE("a server that hangs after some answers is told from a list that hangs") {
  const HostileServer whole("silent", 5);
  const Outcome silent = read(whole.url(), impatient(milliseconds(1500)));
  CAPTURE(silent.error.what());
  CHECK(silent.error.reason == "Timeout");
  CHECK(has(silent.error.what(), "no longer responds"));
  const HostileServer one("silent-pods");
  CurlOptions options = impatient(milliseconds(1000));
  const Outcome partial = read(one.url(), options);
  CAPTURE(partial.error.what());
  CHECK(partial.error.reason == "none");
  CHECK(partial.snapshot.state(resources::pods) == kube::ListState::failed);
  CHECK(partial.snapshot.loaded(resources::namespaces));
}

TEST_CASE("whatever a server does, reading ends with the time it has") {
  for (const char* mode : {"silent-lists", "half-a-page", "slow-header", "slow-body", "busy"}) {
    INFO(mode);
    const HostileServer server(mode);
    CurlOptions options;
    options.bounds = std::make_shared<Bounds>(milliseconds(700), std::size_t{1} << 30);
    const Outcome out = read(server.url(), options);
    CAPTURE(out.error.what());
    CHECK(out.error.fault == base::Fault::unavailable);
    CHECK(out.took < milliseconds(5000));
  }
}

TEST_CASE("a login takes no time of the reading") {
  class Slow : public kube::CredentialSource {
   public:
    kube::Login login() override {
      std::this_thread::sleep_for(milliseconds(3200));
      return {};
    }
    bool renew() override { return false; }
    std::string describe() const override { return "somebody who types slowly"; }
  };
  const support::FakeApiServer server;
  kube::Access access = server.access();
  access.credentials = std::make_shared<Slow>();
  CurlOptions options;
  options.bounds = std::make_shared<Bounds>(milliseconds(3000), std::size_t{1} << 30);
  kube::CurlTransport transport(access, options);
  const kube::ReadingTime reading(*options.bounds);
  CHECK(transport.send({{"/version"}}).front().ok());
}

TEST_CASE("outside of a reading no deadline holds") {
  support::FakeApiServer server;
  server.script({"/version", 1, 200, "late", "text/plain", {}, milliseconds(300)});
  CurlOptions options;
  options.bounds = std::make_shared<Bounds>(milliseconds(50), std::size_t{1} << 30);
  kube::CurlTransport transport(server.access(), options);
  CHECK(transport.send({{"/version"}}).front().ok());
}

TEST_CASE("bodies, headers and pages without end are one error that says which") {
  struct Row {
    const char* mode;
    const char* reason;
    const char* text;
  };
  const Row rows[] = {
      {"endless-body", "AnswerTooLarge", "the response"},
      {"endless-version", "AnswerTooLarge", "larger than"},
      {"endless-headers", "", "headers larger than"},
      {"endless-continue", "AnswerTooLarge", "too many interim (1xx) responses"},
      {"empty-pages", "EndlessList", "continue tokens after"},
      {"endless-objects", "MemoryLimit", "the list of pods cannot be read"},
      {"same-token", "ListUnreadable", "the same continue token again"},
      {"empty-lists", "NothingSeen", "without even a Namespace"},
  };
  for (const Row& row : rows) {
    INFO(row.mode);
    const HostileServer server(row.mode);
    CurlOptions options;
    options.bounds = std::make_shared<Bounds>(milliseconds(60'000), std::size_t{64} << 20);
    const Outcome out = read(server.url(), options);
    CAPTURE(out.error.what(), out.error.reason);
    CHECK(out.error.fault == base::Fault::unavailable);
    if (row.reason[0] != 0) CHECK(out.error.reason == row.reason);
    CHECK(has(out.error.what(), row.text));
  }
}

TEST_CASE("a length that no memory holds is only an announcement") {
  const HostileServer server("huge-length");
  const Outcome out = read(server.url(), {});
  CAPTURE(out.error.what());
  CHECK(out.error.fault == base::Fault::unavailable);
}

TEST_CASE("what a snapshot gives back is there for the next one") {
  support::FakeApiServer server;
  server.add_pods(1000, "team-a", 2000);
  server.add(R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"team-a"}})");
  CurlOptions options;
  options.bounds = std::make_shared<Bounds>(milliseconds(0), std::size_t{64} << 20);
  kube::CurlTransport transport(server.access(), options);
  kube::FetchOptions fetching;
  fetching.bounds = options.bounds;
  std::size_t kept = 0;
  {
    const kube::Snapshot snapshot = kube::fetch(transport, server.access(), needs, fetching);
    kept = options.bounds->memory().used();
    CHECK(snapshot.list(resources::pods).size() == 1000);
  }
  CHECK(kept > 250'000);
  CHECK(options.bounds->memory().used() == 0);
}

TEST_CASE("too many open files are told as that") {
  if (support::sanitized) return;  // the sanitizers open files of their own
  const support::FakeApiServer server;
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  kube::CurlTransport warm(access_to("http://127.0.0.1:1"), {});
  warm.send({{"/"}});  // libcurl's own files are open
  rlimit none = before;
  none.rlim_cur = 3;  // nothing new can be opened
  setrlimit(RLIMIT_NOFILE, &none);
  const auto again = warm.send({{"/version"}}).front();
  // The first of a process may find no room for libcurl's own files either.
  bool told = false;
  try {
    kube::CurlTransport cold(server.access(), {});
    told = cold.send({{"/version"}}).front().failure == Failure::no_files;
  } catch (const base::Error& error) {
    told = error.reason == "TooManyOpenFiles";
  }
  setrlimit(RLIMIT_NOFILE, &before);
  CHECK(again.failure == Failure::no_files);
  CHECK(told);
}

TEST_CASE(
    "a flood of HTTP/2 frames, which libcurl reads as long as it lasts, ends with the deadline") {
  for (const std::string& frame : {FloodServer::ping(), FloodServer::priority()}) {
    const FloodServer server(frame);
    kube::Access access = access_to(server.url());
    access.ca_pem = server.authority_pem();
    CurlOptions options;
    options.bounds = std::make_shared<Bounds>(milliseconds(1000), std::size_t{64} << 20);
    kube::CurlTransport transport(access, options);
    const kube::ReadingTime reading(*options.bounds);
    const auto start = Clock::now();
    std::string reason;
    try {
      reason = transport.send({{"/version"}}).front().detail;
    } catch (const base::Error& error) {
      reason = error.reason;
    }
    CHECK(reason == "Timeout");
    CHECK(Clock::now() - start < std::chrono::seconds(10));
  }
}

TEST_CASE("a flood ends when the user wants to stop, where no deadline holds") {
  const FloodServer server(FloodServer::ping());
  kube::Access access = access_to(server.url());
  access.ca_pem = server.authority_pem();
  std::atomic<int> stop = 0;
  CurlOptions options;
  options.stop = &stop;
  kube::CurlTransport transport(access, options);
  std::thread user([&stop] {
    std::this_thread::sleep_for(milliseconds(500));
    stop = 15;
  });
  CHECK_THROWS_AS(transport.send({{"/version"}}), base::Error);
  user.join();
}
