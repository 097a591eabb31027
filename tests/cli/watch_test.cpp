// doctor --watch, and --wait by the same watches.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "base/process.hpp"
#include "catch.hpp"
#include "support/fake_api_server.hpp"
#include "support/program.hpp"
#include "support/terminal.hpp"

using support::FakeApiServer;
using support::Terminal;

namespace {

std::string controller(int ready) {
  return R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"aibrix-controller-manager","namespace":"aibrix-system"},"spec":{"replicas":1},"status":{"readyReplicas":)" +
         std::to_string(ready) + "}}";
}

template <typename Condition>
bool wait_until(const Condition& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (std::chrono::steady_clock::now() < end) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return false;
}

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t found = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

class Files {
 public:
  Files()
      : folder_(
            std::filesystem::temp_directory_path() /
            ("aibrixctl-watch-test-" + std::to_string(++count_) + "-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~Files() { std::filesystem::remove_all(folder_); }
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;

  std::string path(const std::string& name) const { return folder_ / name; }
  std::string text(const std::string& name) const {
    std::ifstream file(path(name));
    std::ostringstream out;
    out << file.rdbuf();
    return out.str();
  }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name)) << text;
    return path(name);
  }

 private:
  static inline int count_ = 0;
  std::filesystem::path folder_;
};

// The program without a terminal, until it gets a SIGINT.
class Watching {
 public:
  explicit Watching(const FakeApiServer& server, const std::string& more = {}) {
    const std::string config = files_.write("config", server.kubeconfig());
    base::Command command;
    command.argv = {"sh", "-c",
                    std::string(AIBRIXCTL) + " doctor --watch --only INS005 --fail-on warning " +
                        "--kubeconfig " + config + ' ' + more + " > " + files_.path("out") +
                        " 2> " + files_.path("err") + " & echo $! > " + files_.path("pid") +
                        "; wait $!"};
    command.env = {{"XDG_CONFIG_HOME", "/nonexistent"}, {"CI", ""}, {"GITHUB_ACTIONS", ""}};
    command.deadline = std::chrono::seconds(120);
    thread_ = std::thread([this, command] { finished_ = base::run(command); });
  }
  ~Watching() {
    if (thread_.joinable()) end();
  }
  Watching(const Watching&) = delete;
  Watching& operator=(const Watching&) = delete;

  bool prints(const std::string& text) const {
    return wait_until([&] { return files_.text("out").find(text) != std::string::npos; });
  }
  std::string out() const { return files_.text("out"); }
  std::string err() const { return files_.text("err"); }
  int end() {
    wait_until([&] { return !files_.text("pid").empty(); });
    kill(std::stoi(files_.text("pid")), SIGINT);
    thread_.join();
    return finished_.code;
  }

 private:
  Files files_;
  base::ProcessResult finished_;
  std::thread thread_;
};

std::size_t lists_of(const FakeApiServer& server) {
  return server.requests("limit=");
}

}  // namespace

TEST_CASE("doctor --watch tells each change, and reads no list for it") {
  FakeApiServer server({.threads = 96});
  server.add_namespace("aibrix-system", "ns");
  server.add(controller(0));
  Watching watching(server);
  REQUIRE(watching.prints("INS005"));
  REQUIRE(wait_until([&] { return server.watches() > 0; }));
  const std::size_t lists = lists_of(server);
  for (int i = 0; i < 5; ++i) {
    server.add(controller(1));
    CHECK(wait_until([&] {
      return count(watching.out(), "No problems found") == static_cast<std::size_t>(i) + 1;
    }));
    server.add(controller(0));
    CHECK(wait_until([&] {
      return count(watching.out(), "error[INS005]") + count(watching.out(), "warning[INS005]") ==
             static_cast<std::size_t>(i) + 2;
    }));
  }
  CHECK(lists_of(server) == lists);
  CHECK(watching.end() == 1);  // of the last report
  CAPTURE(watching.out(), watching.err());
  CHECK(count(watching.out(), "\n--- ") == 10);
}

TEST_CASE("doctor --watch says nothing where nothing of the report changes") {
  FakeApiServer server({.threads = 96});
  server.add_namespace("aibrix-system", "ns");
  server.add(controller(1));
  Watching watching(server);
  REQUIRE(watching.prints("No problems found"));
  REQUIRE(wait_until([&] { return server.watches() > 0; }));
  for (int i = 0; i < 20; ++i) server.add(controller(1));
  server.add(controller(0));
  REQUIRE(watching.prints("INS005"));
  CHECK(count(watching.out(), "\n--- ") == 1);
  server.add(controller(1));
  REQUIRE(wait_until([&] { return count(watching.out(), "No problems found") == 2; }));
  CHECK(watching.end() == 0);
}

TEST_CASE("doctor --watch reads what it may not watch every interval, and says so") {
  FakeApiServer server({.threads = 96});
  server.add_namespace("aibrix-system", "ns");
  server.add(controller(0));
  server.forbid_watch("deployments");
  Watching watching(server, "--interval 1s");
  REQUIRE(watching.prints("INS005"));
  REQUIRE(watching.prints("read again every 1s: deployments.apps"));
  CHECK(watching.out().find("rbac print --with-watch") != std::string::npos);
  const std::size_t others = server.requests("/namespaces?limit=");
  const std::size_t before = server.requests("/deployments?limit=");
  CHECK(wait_until([&] { return server.requests("/deployments?limit=") >= before + 2; }));
  CHECK(server.requests("/namespaces?limit=") == others);
  server.add(controller(1));
  CHECK(watching.prints("No problems found"));
  CHECK(watching.end() == 0);
}

TEST_CASE("doctor --watch reads a kind again whose past the server has forgotten") {
  FakeApiServer server({.threads = 96});
  server.add_namespace("aibrix-system", "ns");
  server.add(controller(0));
  Watching watching(server);
  REQUIRE(watching.prints("INS005"));
  REQUIRE(wait_until([&] { return server.watches() > 0; }));
  const std::size_t deployments = server.requests("/deployments?limit=");
  const std::size_t others = server.requests("/namespaces?limit=");
  server.end_watches(FakeApiServer::WatchEnd::expired, "deployments");
  CHECK(wait_until([&] { return server.requests("/deployments?limit=") == deployments + 1; }));
  server.add(controller(1));
  CHECK(watching.prints("No problems found"));
  CHECK(server.requests("/deployments?limit=") == deployments + 1);
  CHECK(server.requests("/namespaces?limit=") == others);
  CHECK(watching.end() == 0);
}

TEST_CASE("at a terminal doctor --watch redraws, and Ctrl-C leaves the last report there") {
  FakeApiServer server({.threads = 96});
  server.add_namespace("aibrix-system", "ns");
  server.add(controller(1));
  const Files files;
  const std::string config = files.write("config", server.kubeconfig());
  Terminal terminal(
      {"doctor", "--watch", "--only", "INS005", "--fail-on", "warning", "--kubeconfig", config});
  REQUIRE(terminal.shows("No problems found"));
  REQUIRE(terminal.shows("Ctrl-C ends"));
  REQUIRE(wait_until([&] { return server.watches() > 0; }));
  server.add(controller(0));
  REQUIRE(terminal.shows("INS005"));
  REQUIRE(terminal.shows("Ctrl-C ends"));
  terminal.type("\x03");
  CHECK(terminal.code() == 1);
  const std::string last = terminal.shown().substr(terminal.shown().rfind("\033[2J"));
  CHECK(last.find("INS005") != std::string::npos);
  CHECK(last.find("Ctrl-C ends") == std::string::npos);
}

TEST_CASE("doctor --watch writes report files anew at each change") {
  FakeApiServer server({.threads = 96});
  server.add_namespace("aibrix-system", "ns");
  server.add(controller(0));
  const Files files;
  Watching watching(server, "-o json=" + files.path("report.json"));
  const auto findings = [&]() -> std::size_t {
    const auto document = nlohmann::json::parse(files.text("report.json"), nullptr, false);
    if (document.is_discarded() || !document.contains("findings")) return 99;
    return document["findings"].size();
  };
  CHECK(wait_until([&] { return findings() == 1; }));
  REQUIRE(wait_until([&] { return server.watches() > 0; }));
  server.add(controller(1));
  CHECK(wait_until([&] { return findings() == 0; }));
  CHECK(watching.end() == 0);
}

TEST_CASE("doctor --wait reads each list once where it may watch") {
  FakeApiServer server({.threads = 96});
  server.add_namespace("aibrix-system", "ns");
  server.add(controller(0));
  const Files files;
  const std::string config = files.write("config", server.kubeconfig());
  std::thread later([&] {
    // Two times of what used to be the pause between readings.
    wait_until([&] { return server.watches() > 0; });
    std::this_thread::sleep_for(std::chrono::milliseconds(4500));
    server.add(controller(1));
  });
  const auto run = support::aibrixctl({"doctor", "--only", "INS005", "--fail-on", "warning",
                                       "--wait", "60s", "--kubeconfig", config});
  later.join();
  CAPTURE(run.out, run.err);
  CHECK(run.code == 0);
  CHECK(server.requests("/deployments?limit=") == 1);
}

TEST_CASE("doctor --wait reads again every few seconds where it may not watch") {
  FakeApiServer server({.threads = 96});
  server.add_namespace("aibrix-system", "ns");
  server.add(controller(0));
  server.forbid_watch("deployments");
  const Files files;
  const std::string config = files.write("config", server.kubeconfig());
  std::thread later([&] {
    wait_until([&] { return server.requests("/deployments?limit=") >= 2; });
    server.add(controller(1));
  });
  const auto run = support::aibrixctl({"doctor", "--only", "INS005", "--fail-on", "warning",
                                       "--wait", "60s", "--kubeconfig", config});
  later.join();
  CAPTURE(run.out, run.err);
  CHECK(run.code == 0);
}

TEST_CASE("doctor --watch refuses what does not go with it") {
  for (const std::vector<std::string>& more : {std::vector<std::string>{"-f", "a.yaml"},
                                               {"--wait", "5s"},
                                               {"--probe"},
                                               {"--interval", "0"},
                                               {"--interval", "soon"},
                                               {"-o", "junit"},
                                               {"--contexts", "a"}}) {
    std::vector<std::string> words = {"doctor", "--watch"};
    words.insert(words.end(), more.begin(), more.end());
    const auto run = support::aibrixctl(words);
    CAPTURE(more.front(), run.err);
    CHECK(run.code == 2);
  }
}
