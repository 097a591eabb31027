// Logs and pods asked through the API server, and logs beside dumps.
#include <filesystem>
#include <fstream>

#include "base/temp_folder.hpp"
#include "catch.hpp"
#include "kube/files/log_files.hpp"
#include "kube/http/curl_transport.hpp"
#include "kube/read/pod_logs.hpp"
#include "kube/read/pod_proxy.hpp"
#include "support/fake_api_server.hpp"

using kube::LogTarget;
using support::FakeApiServer;

namespace {

kube::CurlOptions quick() {
  kube::CurlOptions options;
  options.request_timeout = std::chrono::seconds(20);
  return options;
}

kube::LogsRead read(const FakeApiServer& server, std::vector<LogTarget> targets) {
  const kube::Access access = server.access();
  kube::CurlTransport transport(access, quick());
  return kube::read_pod_logs(transport, targets);
}

}  // namespace

TEST_CASE("the run before is read first, and the one that is there where there is none") {
  FakeApiServer server;
  server.add_log("a/x", "c", "now");
  server.add_log("a/x", "c", "before", true);
  server.add_log("a/y", "c", "only now");
  const auto read_ones = read(server, {{{"a", "x", "c"}, true}, {{"a", "y", "c"}, true}});
  REQUIRE(read_ones.logs.size() == 2);
  CHECK(read_ones.logs[0].text == "before\n");
  CHECK(read_ones.logs[0].previous);
  CHECK(read_ones.logs[1].text == "only now\n");
  CHECK_FALSE(read_ones.logs[1].previous);
  CHECK(read_ones.requests == 3);
  for (const auto& request : server.log()) {
    CHECK(request.target.find("tailLines=200") != std::string::npos);
    CHECK(request.target.find("limitBytes") == std::string::npos);
  }
}

TEST_CASE("where logs may not be read, the namespaces are named once and the rest is read") {
  FakeApiServer server;
  server.allow_list("pods/log", "b");
  server.add_log("b/x", "c", "here");
  const auto read_ones =
      read(server, {{{"a", "x", "c"}, false}, {{"a", "y", "c"}, false}, {{"b", "x", "c"}, false}});
  CHECK(read_ones.forbidden == std::vector<std::string>{"a"});
  CHECK(read_ones.failures.empty());
  REQUIRE(read_ones.logs.size() == 1);
  CHECK(read_ones.logs[0].text == "here\n");
}

TEST_CASE("lines too long for the memory are asked for again, fewer of them") {
  FakeApiServer server;
  server.script({.target = "tailLines=200",
                 .times = 0,
                 .status = 200,
                 .body = std::string(5'000'000, 'x'),
                 .content_type = "text/plain"});
  server.add_log("a/x", "c", "the end");
  const auto read_ones = read(server, {{{"a", "x", "c"}, false}});
  REQUIRE(read_ones.logs.size() == 1);
  CHECK(read_ones.logs[0].text == "the end\n");
  CHECK(read_ones.requests == 2);
}

TEST_CASE("a kubelet that fails costs one log, and is said") {
  FakeApiServer server;
  server.script({.target = "/pods/x/log", .times = 0, .status = 500});
  server.add_log("a/y", "c", "well");
  const auto read_ones = read(server, {{{"a", "x", "c"}, false}, {{"a", "y", "c"}, false}});
  CHECK(read_ones.logs.size() == 1);
  REQUIRE(read_ones.failures.size() == 1);
  CHECK(read_ones.failures[0].starts_with("a/x (c): "));
}

TEST_CASE("of a log the last lines are kept, as a person would read them") {
  CHECK(kube::log_end("").empty());
  CHECK(kube::log_end("\n\n").empty());
  CHECK(kube::log_end("\033[31mred\033[0m\r\n") == "red\n");
  CHECK(kube::log_end(" 10%\r 50%\rdone\n") == "done\n");
  CHECK(kube::log_end("2026-09-14T08:30:00.123456789Z stderr F panic: no\n") == "panic: no\n");
  CHECK(kube::log_end("2026-09-14T08:30:00Z ERROR setup no\n") ==
        "2026-09-14T08:30:00Z ERROR setup no\n");
  std::string many;
  for (int i = 0; i < 5000; ++i) many += "line " + std::to_string(i) + "\n";
  const std::string end = kube::log_end(many);
  CHECK(end.size() <= kube::kept_log_bytes);
  CHECK(end.size() > kube::kept_log_bytes - 20);
  CHECK(end.starts_with("line "));
  CHECK(end.ends_with("line 4999\n"));
}

TEST_CASE("no secret is in what is kept of a log, not even the end of one that was cut") {
  const std::string key = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ";
  const std::string end =
      kube::log_end(key + "\n" + key +
                    "\n-----END PRIVATE KEY-----\n"
                    "login with hf_abcdefghijklmnopqrstuvwxyzABCDEFGH\n"
                    "redis://:s3cr3tpass@redis:6379\n"
                    "Authorization: Bearer abc.def.ghijklmnop\n"
                    "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLE\n");
  for (const char* secret : {"MIIEvQ", "hf_abcdef", "s3cr3tpass", "abc.def.ghi", "wJalrXUtn"}) {
    CHECK(end.find(secret) == std::string::npos);
  }
  CHECK(end.find("login with") != std::string::npos);
}

TEST_CASE("logs beside a dump are found in the layouts that tools write") {
  const TempFolder folder;
  const auto write = [&](const std::string& name, const std::string& text) {
    folder.write(name, text);
  };
  write("dump.yaml", "");
  write("a_one_c.log", "beside");
  write("a_one_c_previous.log", "before");
  write("bundle/cluster-resources/pods/logs/a/two/c.log", "bundle");
  write("bundle/cluster-resources/pods/logs/a/two/c-previous.log", "bundle before");
  write("a/three/logs.txt",
        "==== START logs for container b of pod a/three ====\nother\n"
        "==== END logs for container b of pod a/three ====\n"
        "==== START logs for container c of pod a/three ====\nours\n"
        "==== END logs for container c of pod a/three ====\n");
  write("must/namespaces/a/pods/four/c/c/logs/current.log", "gathered");
  const auto find = [&](const std::string& path, const std::string& pod, bool previous) {
    const std::vector<std::string> paths = {path};
    const std::vector<LogTarget> targets = {{{"a", pod, "c"}, previous}};
    const auto found = kube::logs_beside(paths, targets).logs;
    return found.empty() ? std::string("none") : found.front().text;
  };
  const std::string all = folder.path();
  CHECK(find(all + "/dump.yaml", "one", false) == "beside\n");
  CHECK(find(all + "/dump.yaml", "one", true) == "before\n");
  CHECK(find(all, "two", false) == "bundle\n");
  CHECK(find(all, "two", true) == "bundle before\n");
  CHECK(find(all, "three", true) == "ours\n");
  CHECK(find(all, "four", false) == "gathered\n");
  // Only what lies beside a file, not all below its folder.
  CHECK(find(all + "/dump.yaml", "two", false) == "none");
  CHECK(find(all, "ne", false) == "none");
  CHECK(find("-", "one", false) == "none");
}

TEST_CASE("a name that is none leads to no file") {
  const TempFolder folder;
  folder.write("sub/dump.yaml", "");
  folder.write("a_x_c.log", "secret");
  const std::vector<std::string> paths = {folder.file("sub/dump.yaml")};
  for (const char* ns : {"../a", "/a", "", "..", "a/../a"}) {
    const std::vector<LogTarget> targets = {{{ns, "x", "c"}, false}};
    CHECK(kube::logs_beside(paths, targets).logs.empty());
  }
}

TEST_CASE("a log that is there and is too large to be read is told, not passed over") {
  const TempFolder folder;
  folder.write("a/x/logs.txt", "");
  std::filesystem::resize_file(folder.file("a/x/logs.txt"), std::size_t{33} << 20U);
  const std::vector<std::string> paths = {folder.path()};
  const std::vector<LogTarget> targets = {{{"a", "x", "c"}, false}};
  const kube::LogsRead read = kube::logs_beside(paths, targets);
  CHECK(read.logs.empty());
  REQUIRE(read.failures.size() == 1);
  CHECK(read.failures.front().find("logs.txt") != std::string::npos);
}

TEST_CASE("a pod is asked through the API server, and who answered is told apart") {
  FakeApiServer server;
  server.add_answer("a/x", 8000, "/v1/models", 200, "{\"data\":[]}");
  server.add_answer("a/x", 8000, "/health", 401, "{\"error\":\"Unauthorized\"}");
  const kube::Access access = server.access();
  kube::CurlTransport transport(access, quick());
  const std::vector<kube::PodGet> gets = {
      {"a", "x", 8000, "/v1/models"}, {"a", "x", 8000, "/health"}, {"a", "x", 9000, "/metrics"}};
  const auto asked = kube::ask_pods(transport, gets);
  REQUIRE(asked.answers.size() == 3);
  CHECK(asked.answers[0].status == 200);
  CHECK(asked.answers[0].body == "{\"data\":[]}");
  CHECK(asked.answers[1].status == 401);
  CHECK(asked.answers[2].status == 0);
  CHECK(asked.answers[2].failure == "dial tcp 10.0.0.9:9000: connect: connection refused");
  CHECK(server.log()[0].target == "/api/v1/namespaces/a/pods/x:8000/proxy/v1/models");
  for (const auto& request : server.log()) CHECK(request.method == "GET");
}

TEST_CASE("where pods may not be asked, the namespaces are named") {
  FakeApiServer server;
  server.forbid("pods/proxy");
  const kube::Access access = server.access();
  kube::CurlTransport transport(access, quick());
  const std::vector<kube::PodGet> gets = {{"a", "x", 8000, "/v1/models"}};
  const auto asked = kube::ask_pods(transport, gets);
  REQUIRE(asked.answers.size() == 1);
  CHECK(asked.answers[0].failure == kube::not_permitted);
  CHECK(asked.forbidden == std::vector<std::string>{"a"});
}
