// Several clusters in one run: doctor --contexts.
#include "many_contexts.hpp"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "base/error.hpp"
#include "base/text.hpp"
#include "catch.hpp"
#include "support/dead_server.hpp"
#include "support/fake_api_server.hpp"
#include "support/program.hpp"

using nlohmann::json;
using support::FakeApiServer;

namespace {

const std::string broken = std::string(SOURCE_DIR) + "/examples/broken-cluster";
const std::string healthy = std::string(SOURCE_DIR) + "/examples/healthy-cluster";

// A kubeconfig with a context for each of these names and servers.
class Contexts {
 public:
  explicit Contexts(const std::vector<std::pair<std::string, std::string>>& servers)
      : path_(std::filesystem::temp_directory_path() /
              ("aibrixctl-contexts-test-" + std::to_string(++count_) + "-" +
               std::to_string(getpid()))) {
    std::ofstream file(path_);
    file << "apiVersion: v1\nkind: Config\nusers:\n- {name: u, user: {token: none}}\nclusters:\n";
    for (const auto& [name, url] : servers) {
      file << "- {name: \"" << name << "\", cluster: {server: \"" << url
           << "\", insecure-skip-tls-verify: true}}\n";
    }
    file << "contexts:\n";
    for (const auto& [name, url] : servers) {
      file << "- {name: \"" << name << "\", context: {cluster: \"" << name << "\", user: u}}\n";
    }
  }
  ~Contexts() { std::filesystem::remove(path_); }
  Contexts(const Contexts&) = delete;
  Contexts& operator=(const Contexts&) = delete;

  base::ProcessResult doctor(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"doctor", "--kubeconfig", path_.string()});
    return support::aibrixctl(std::move(arguments));
  }
  std::string path() const { return path_.string(); }

 private:
  static inline int count_ = 0;
  std::filesystem::path path_;
};

// Where nothing listens.
std::string nowhere() {
  return "https://127.0.0.1:1";
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  for (const std::string_view line : base::split(text, '\n')) out.emplace_back(line);
  return out;
}

}  // namespace

TEST_CASE("three contexts, one of them unreachable: two reports, one failure, 1 for the errors") {
  FakeApiServer bad({.date = "Mon, 23 Nov 2026 12:00:00 GMT"});
  bad.load(broken);
  FakeApiServer good({.date = "Mon, 23 Nov 2026 12:00:00 GMT"});
  good.load(healthy);
  const Contexts config({{"good", good.url()}, {"gone", nowhere()}, {"bad", bad.url()}});

  const auto run = config.doctor({"--contexts", "good,gone,bad", "-o", "json"});
  CAPTURE(run.out.substr(0, 2000), run.err);
  CHECK(run.code == 1);
  const json list = json::parse(run.out);
  CHECK(list["kind"] == "DoctorReportList");
  REQUIRE(list["items"].size() == 2);
  CHECK(list["items"][0]["cluster"]["context"] == "bad");
  CHECK(list["items"][0]["exitCode"] == 1);
  CHECK(list["items"][1]["cluster"]["context"] == "good");
  REQUIRE(list["failures"].size() == 1);
  CHECK(list["failures"][0]["context"] == "gone");
  CHECK(list["failures"][0]["message"].get<std::string>().find("127.0.0.1:1") != std::string::npos);
  CHECK_FALSE(list["failures"][0]["hint"].get<std::string>().empty());
  CHECK(list["summary"]["clusters"] == 3);
  CHECK(list["summary"]["errors"] == 1);
  CHECK(list["summary"]["unread"] == 1);
  CHECK(list["exitCode"] == 1);

  const auto text = config.doctor({"--contexts", "good,gone,bad"});
  CAPTURE(text.out);
  CHECK(text.code == 1);
  const auto lines = lines_of(text.out);
  REQUIRE(lines.size() > 3);
  CHECK(lines[0].find("bad ") != std::string::npos);
  CHECK(lines[1].find("gone ") != std::string::npos);
  CHECK(lines[1].find("could not be read") != std::string::npos);
  CHECK(text.out.find("3 clusters: 1 with errors, 1 could not be read") != std::string::npos);
  CHECK(text.out.find("--context bad") != std::string::npos);
  CHECK(lines.size() < 15);

  // Of each report nothing is lost: it is the one of that context alone.
  const auto alone = config.doctor({"--context", "bad", "-o", "json"});
  const json of_bad = json::parse(alone.out);
  CHECK(of_bad["findings"] == list["items"][0]["findings"]);
}

TEST_CASE("without errors the exit code is 3 when a cluster could not be read, and else 0") {
  FakeApiServer good({.date = "Mon, 23 Nov 2026 12:00:00 GMT"});
  good.load(healthy);
  const Contexts config({{"a", good.url()}, {"b", good.url()}, {"gone", nowhere()}});
  const auto one_gone = config.doctor({"--contexts", "gone,a"});
  CAPTURE(one_gone.out);
  CHECK(one_gone.code == 3);
  CHECK(one_gone.out.find("--context a\n") != std::string::npos);  // the one that can be read
  CHECK(one_gone.out.find("--context gone") == std::string::npos);
  CHECK(config.doctor({"--contexts", "a,b"}).code == 0);
  CHECK(config.doctor({"--all-contexts"}).code == 3);
}

TEST_CASE("a context that is not there, or twice, is one error before anything is read") {
  FakeApiServer server;
  server.load(healthy);
  const Contexts config({{"prod-eu", server.url()}, {"prod-us", server.url()}});
  const auto unknown = config.doctor({"--contexts", "prod-eu,prod-uss"});
  CHECK(unknown.code == 2);
  CHECK(unknown.err.find("\"prod-uss\"") != std::string::npos);
  CHECK(unknown.err.find("did you mean \"prod-us\"?") != std::string::npos);
  const auto twice = config.doctor({"--contexts", "prod-eu,prod-us,prod-eu"});
  CHECK(twice.code == 2);
  CHECK(twice.err.find("context \"prod-eu\" is named twice") != std::string::npos);
  for (const std::vector<std::string>& more : {std::vector<std::string>{"-f", broken},
                                               {"--context", "prod-us"},
                                               {"--server", "https://a"},
                                               {"--token", "t"},
                                               {"--baseline", "b.json"},
                                               {"--wait", "1s"},
                                               {"--all-contexts"},
                                               {"--parallel", "0"},
                                               {"--now", "2026-08-22T15:00:00Z"}}) {
    std::vector<std::string> words = {"--contexts", "prod-eu"};
    words.insert(words.end(), more.begin(), more.end());
    const auto run = config.doctor(words);
    CAPTURE(more.front(), run.err);
    CHECK(run.code == 2);
  }
  CHECK(config.doctor({"--parallel", "2"}).code == 2);
  CHECK(server.log().empty());
}

TEST_CASE("a file of --contexts-file has a name a line, and comments") {
  CHECK(cli::names_in("# all\nprod-eu\n\n  prod-us \t\nlab # soon\na#b\n") ==
        std::vector<std::string>{"prod-eu", "prod-us", "lab", "a#b"});
  FakeApiServer server;
  server.load(healthy);
  const Contexts config({{"a", server.url()}, {"b", server.url()}});
  const std::string file = config.path() + "-names";
  std::ofstream(file) << "# two\na\nb\n";
  const auto run = config.doctor({"--contexts-file", file, "-o", "json"});
  std::filesystem::remove(file);
  CAPTURE(run.err);
  CHECK(json::parse(run.out)["items"].size() == 2);
  const auto piped = support::aibrixctl_reading(
      "b\n", {"doctor", "--kubeconfig", config.path(), "--contexts-file", "-", "-o", "json"});
  CHECK(json::parse(piped.out)["items"][0]["cluster"]["context"] == "b");
}

TEST_CASE("at most as many clusters are in memory as are read at once") {
  std::mutex mutex;
  std::size_t alive = 0;
  std::size_t most = 0;
  // As a snapshot lives: as long as its cluster is looked at.
  struct Snapshot {
    Snapshot(std::mutex& m, std::size_t& n, std::size_t& peak) : lock_of(m), count(n) {
      const std::lock_guard lock(lock_of);
      peak = std::max(peak, ++count);
    }
    ~Snapshot() {
      const std::lock_guard lock(lock_of);
      --count;
    }
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;
    std::mutex& lock_of;
    std::size_t& count;
  };
  std::vector<std::string> contexts;
  for (int i = 0; i < 200; ++i) contexts.push_back("c" + std::to_string(i));
  const auto one = [&](const std::string& context) {
    const Snapshot snapshot(mutex, alive, most);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    report::Report report;
    report.cluster.context = context;
    return report;
  };
  std::size_t told = 0;
  const auto clusters =
      cli::diagnose_each(contexts, 5, one, [&](std::size_t done) { told = done; });
  CHECK(most <= 5);
  CHECK(most >= 2);  // side by side
  CHECK(alive == 0);
  CHECK(told == 200);
  REQUIRE(clusters.size() == 200);
  for (std::size_t i = 0; i < clusters.size(); ++i) {
    CHECK(clusters[i].context == contexts[i]);
    CHECK(clusters[i].report->cluster.context == contexts[i]);
  }
}

TEST_CASE("a cluster that did not fit into memory beside others is read again alone") {
  std::atomic<int> running{0};
  std::atomic<int> refused{0};
  const auto one = [&](const std::string& context) {
    struct Count {
      explicit Count(std::atomic<int>& n) : number(n) { ++number; }
      ~Count() { --number; }
      std::atomic<int>& number;
    } const count(running);
    // Both have begun before one of them is refused.
    for (int i = 0; context == "large" && refused == 0 && i < 10'000; ++i) {
      if (running == 2) {
        ++refused;
        throw base::Error(base::Fault::unavailable, "MemoryLimit", "too much");
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    for (int i = 0; context == "small" && refused == 0 && i < 10'000; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return report::Report();
  };
  const auto clusters = cli::diagnose_each({"large", "small"}, 2, one, [](std::size_t) {});
  CHECK(refused == 1);
  CHECK(clusters[0].report);
  CHECK_FALSE(clusters[0].failure);
}

TEST_CASE("each format tells of each cluster by its name, and no fingerprint is that of another") {
  FakeApiServer bad({.date = "Mon, 23 Nov 2026 12:00:00 GMT"});
  bad.load(broken);
  const Contexts config({{"prod/eu", bad.url()}, {"lab", bad.url()}, {"gone", nowhere()}});
  const auto as = [&](const std::string& format) {
    const auto run = config.doctor({"--contexts", "prod/eu,lab,gone", "-o", format});
    CAPTURE(format, run.err);
    CHECK(run.code == 1);
    for (const char* name : {"prod", "lab", "gone"}) {
      CAPTURE(name);
      CHECK(run.out.find(name) != std::string::npos);
    }
    return run.out;
  };
  const json issues = json::parse(as("gitlab"));
  std::set<std::string> prints;
  for (const auto& issue : issues) prints.insert(issue["fingerprint"].get<std::string>());
  CHECK(prints.size() == issues.size());
  CHECK(issues.size() > 2);

  const json sarif = json::parse(as("sarif"));
  REQUIRE(sarif["runs"].size() == 3);
  std::set<std::string> ids;
  for (const auto& run : sarif["runs"])
    ids.insert(run["automationDetails"]["id"].get<std::string>());
  CHECK(ids == std::set<std::string>{"aibrixctl/doctor/prod%2Feu/", "aibrixctl/doctor/lab/",
                                     "aibrixctl/doctor/gone/"});

  CHECK(as("junit").find("<testsuite name=\"prod/eu/gateway\"") != std::string::npos);
  const std::string metrics = as("prometheus");
  CHECK(metrics.find("aibrixctl_run_failed{context=\"gone\"} 1\n") != std::string::npos);
  CHECK(metrics.find("aibrixctl_run_failed{context=\"lab\"} 0\n") != std::string::npos);
  CHECK(metrics.find("# TYPE aibrixctl_findings gauge") ==
        metrics.rfind("# TYPE aibrixctl_findings gauge"));
  const std::string policies = as("policyreport");
  CHECK(policies.find("\n---\n") != std::string::npos);
  CHECK(policies.find("name: \"aibrixctl-prod-eu-") != std::string::npos);
  as("markdown");
  const std::string page = as("html");
  CHECK(page.find("id=\"findings\"") == std::string::npos);
  CHECK(lines_of(as("github")).size() <= 11);
  as("yaml");
  for (const std::string& line : lines_of(as("plain"))) {
    if (line.empty()) continue;
    const std::string context = line.substr(0, line.find('\t'));
    CHECK((context == "prod/eu" || context == "lab" || context == "gone"));
  }
  CHECK(as("short").find("gone unread ") != std::string::npos);
}

TEST_CASE("two hundred clusters are one screen of text") {
  FakeApiServer server({.date = "Mon, 23 Nov 2026 12:00:00 GMT", .threads = 128});
  server.load(healthy);
  std::vector<std::pair<std::string, std::string>> servers;
  for (int i = 0; i < 200; ++i) servers.emplace_back("c" + std::to_string(i), server.url());
  servers.emplace_back("gone", nowhere());
  const Contexts config(servers);
  const auto run = config.doctor({"--all-contexts"});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 3);
  CHECK(run.out.find("201 clusters: ") != std::string::npos);
  CHECK(run.out.find("181 more: ") != std::string::npos);
  CHECK(lines_of(run.out).size() <= 30);
  CHECK(lines_of(run.out)[0].find("gone") != std::string::npos);
}

TEST_CASE("a context that names no cluster is that cluster's failure") {
  FakeApiServer server;
  server.load(healthy);
  const Contexts config({{"a", server.url()}});
  std::ofstream(config.path(), std::ios::app)
      << "- {name: odd, context: {cluster: none, user: u}}\n";
  const auto run = config.doctor({"--all-contexts", "-o", "json"});
  CHECK(run.code == 3);
  const json list = json::parse(run.out);
  CHECK(list["items"].size() == 1);
  CHECK(list["failures"][0]["reason"] == "ClusterNotFound");
}
