// The program against an API server: the fake one in this process, over TLS.
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "catch.hpp"
#include "support/fake_api_server.hpp"
#include "support/nghttpx.hpp"
#include "support/program.hpp"

using nlohmann::json;
using support::aibrixctl;
using support::FakeApiServer;

namespace {

const std::string broken = std::string(SOURCE_DIR) + "/examples/broken-cluster";

// A kubeconfig file that leads to a server and is gone when the test is over.
class Kubeconfig {
 public:
  explicit Kubeconfig(const std::string& text)
      : path_(
            std::filesystem::temp_directory_path() /
            ("aibrixctl-live-test-" + std::to_string(++count_) + "-" + std::to_string(getpid()))) {
    std::ofstream(path_) << text;
  }
  ~Kubeconfig() { std::filesystem::remove(path_); }
  Kubeconfig(const Kubeconfig&) = delete;
  Kubeconfig& operator=(const Kubeconfig&) = delete;

  base::ProcessResult run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--kubeconfig", path_.string()});
    return aibrixctl(std::move(arguments));
  }
  std::string path() const { return path_.string(); }

 private:
  static inline int count_ = 0;
  std::filesystem::path path_;
};

// Code and object of each finding: what must not depend on where it was read from.
std::multiset<std::string> findings(const base::ProcessResult& run) {
  std::multiset<std::string> out;
  CAPTURE(run.out, run.err);
  const json document = json::parse(run.out);
  for (const auto& f : document["findings"]) {
    out.insert(f["level"].get<std::string>() + " " + f["code"].get<std::string>() + " " +
               f["object"]["kind"].get<std::string>() + "/" +
               f["object"]["name"].get<std::string>());
  }
  return out;
}

std::string outcome(const base::ProcessResult& run, const std::string& code) {
  const json document = json::parse(run.out);
  for (const auto& check : document["checks"]) {
    if (check["code"] == code) return check["outcome"];
  }
  return "not run";
}

}  // namespace

TEST_CASE("doctor says the same of a cluster and of a dump of it, over HTTP/1.1 and HTTP/2") {
  FakeApiServer server({.date = "Mon, 23 Nov 2026 12:00:00 GMT"});
  server.load(broken);
  // The dump holds no ClusterRoles; to the server, that is a cluster without any.
  const auto dump =
      aibrixctl({"doctor", "-f", broken, "--whole-cluster", "-o", "json", "--skip", "INS008"});
  REQUIRE(dump.code == 1);
  const auto direct =
      Kubeconfig(server.kubeconfig()).run({"doctor", "-o", "json", "--skip", "INS008"});
  CHECK(direct.code == 1);
  CHECK(findings(direct) == findings(dump));
  const support::Nghttpx proxy(server);
  const auto http2 =
      Kubeconfig(server.kubeconfig(proxy.url())).run({"doctor", "-o", "json", "--skip", "INS008"});
  CHECK(findings(http2) == findings(dump));
}

TEST_CASE("doctor sends nothing but GET, however many models there are as many requests") {
  const auto requests = [](int models) {
    FakeApiServer server;
    server.load(broken);
    for (int i = 0; i < models; ++i) {
      const std::string name = "model-" + std::to_string(i);
      server.add(
          R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":")" + name +
          R"(","namespace":"many","labels":{"model.aibrix.ai/name":")" + name +
          R"("}},"spec":{"replicas":1,"template":{"metadata":{"labels":{"model.aibrix.ai/name":")" +
          name + R"("}}}}})");
    }
    const auto run =
        Kubeconfig(server.kubeconfig()).run({"doctor", "--only", "INS*,GW*,SVC*", "-o", "json"});
    for (const auto& request : server.log()) CHECK(request.method == "GET");
    CAPTURE(run.err);
    return json::parse(run.out)["run"]["requests"].get<int>();
  };
  CHECK(requests(20) == requests(200));
}

TEST_CASE("a user who may list only pods gets what can be told, and which rights are missing") {
  FakeApiServer server;
  server.load(broken);
  server.allow_list("pods");
  const Kubeconfig config(server.kubeconfig());
  const auto run = config.run({"doctor", "-o", "json"});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 0);
  const auto document = json::parse(run.out);
  CHECK(document["run"]["complete"] == false);
  bool deployments = false;
  for (const auto& check : document["checks"]) {
    CHECK(check["outcome"] != "found");
    if (!check.contains("missingAccess")) continue;
    for (const auto& access : check["missingAccess"])
      deployments |= access["resource"] == "deployments";
  }
  CHECK(deployments);
  CHECK(outcome(run, "INS005") == "skipped");
  CHECK(config.run({"doctor", "--require-complete"}).code == 3);
}

TEST_CASE("a list that fails is not checked, and never ok") {
  struct Case {
    const char* what;
    support::Script script;
  };
  support::Script gone;
  gone.target = "/deployments";
  gone.times = 0;
  gone.status = 500;
  support::Script html = gone;
  html.status = 200;
  html.body = "<html>a proxy speaks</html>";
  html.content_type = "text/html";
  support::Script half = gone;
  half.status = 0;
  half.cut = 0.5;
  for (const Case& c : {Case{"500", gone}, Case{"HTML", html}, Case{"half a page", half}}) {
    CAPTURE(c.what);
    FakeApiServer server;
    server.load(broken);
    server.script(c.script);
    const auto run =
        Kubeconfig(server.kubeconfig()).run({"doctor", "-o", "json", "--only", "INS005"});
    CAPTURE(run.out, run.err);
    CHECK(run.code == 0);
    CHECK(outcome(run, "INS005") == "skipped");
  }
}

TEST_CASE("what keeps it from the server is told apart in words, with exit 3 or 2") {
  FakeApiServer server({.token = "right"});
  const std::string text = server.kubeconfig();
  std::string wrong = text;
  wrong.replace(wrong.find("right"), 5, "wrong");
  const auto unauthorized = Kubeconfig(wrong).run({"doctor", "-o", "json"});
  CHECK(unauthorized.code == 3);
  CHECK(json::parse(unauthorized.out)["reason"] == "Unauthorized");
  CHECK(unauthorized.err.find("wrong") == std::string::npos);
  const auto context = Kubeconfig(text).run({"doctor", "--context", "nowhere"});
  CHECK(context.code == 2);
  const auto refused =
      Kubeconfig(server.kubeconfig("https://127.0.0.1:1")).run({"doctor", "-o", "json"});
  CHECK(refused.code == 3);
  CHECK(json::parse(refused.out)["reason"] == "ConnectionRefused");
  const auto stranger = aibrixctl({"doctor", "--server", server.url(), "-o", "json", "--kubeconfig",
                                   "/dev/null", "--token", "x"});
  CAPTURE(stranger.out, stranger.err);
  CHECK(stranger.code == 3);
  CHECK(json::parse(stranger.out)["reason"] == "TLSFailed");
}

TEST_CASE("a namespace that does not exist is exit 2 with the near miss") {
  FakeApiServer server;
  server.load(broken);
  const auto run = Kubeconfig(server.kubeconfig()).run({"doctor", "-n", "aibrix-sistem"});
  CHECK(run.code == 2);
  CHECK(run.err.find("did you mean aibrix-system?") != std::string::npos);
}

TEST_CASE("Ctrl-C in the middle of a slow answer ends the run with 130") {
  FakeApiServer server;
  server.load(broken);
  support::Script slow;
  slow.target = "/pods";
  slow.times = 0;
  slow.delay = std::chrono::seconds(30);
  server.script(slow);
  const Kubeconfig config(server.kubeconfig());
  base::Command command;
  command.argv = {"timeout",    "--preserve-status",     "-s",     "INT",
                  "0.7",        support::program_path(), "doctor", "--kubeconfig",
                  config.path()};
  const auto started = std::chrono::steady_clock::now();
  const auto run = base::run(command);
  CAPTURE(run.err);
  CHECK(run.code == 130);
  CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(20));
}

TEST_CASE("flag --wait ends as soon as what it waits for is there") {
  const auto controller = [](int ready) {
    return R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"aibrix-controller-manager","namespace":"aibrix-system","resourceVersion":")" +
           std::to_string(100 + ready) + R"("},"spec":{"replicas":1},"status":{"readyReplicas":)" +
           std::to_string(ready) + "}}";
  };
  FakeApiServer server;
  server.add(controller(0));
  const Kubeconfig config(server.kubeconfig());
  std::thread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    server.add(controller(1));
  });
  const auto run =
      config.run({"doctor", "--only", "INS005", "--fail-on", "warning", "--wait", "30s"});
  later.join();
  CAPTURE(run.out, run.err);
  CHECK(run.code == 0);
  CHECK(run.err.find("waiting for: INS005") != std::string::npos);
  CHECK(run.err.find("waiting for", run.err.find("waiting for") + 1) == std::string::npos);
}
