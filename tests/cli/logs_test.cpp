// Logs of what fails, and pods that are asked: doctor, snapshot and rbac print against the fake API
// server and files.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/temp_folder.hpp"
#include "catch.hpp"
#include "support/fake_api_server.hpp"
#include "support/program.hpp"

using nlohmann::json;
using support::aibrixctl;
using support::FakeApiServer;

namespace {

const std::string healthy = std::string(SOURCE_DIR) + "/examples/healthy-cluster";

constexpr const char* deployment = R"({"apiVersion": "apps/v1", "kind": "Deployment",
  "metadata": {"name": "chat", "namespace": "team-a", "uid": "d-1",
    "creationTimestamp": "2026-01-01T00:00:00Z", "labels": {"model.aibrix.ai/name": "chat",
    "model.aibrix.ai/port": "8000"}},
  "spec": {"replicas": 3, "selector": {"matchLabels": {"model.aibrix.ai/name": "chat"}},
    "template": {"metadata": {"labels": {"model.aibrix.ai/name": "chat",
      "model.aibrix.ai/port": "8000"}}, "spec": {"containers": [{"name": "engine",
      "image": "vllm/vllm-openai:v0.8.5"}]}}}, "status": {"replicas": 3}})";

std::string pod(const std::string& name) {
  return R"({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": ")" + name +
         R"(", "namespace": "team-a", "uid": "p-)" + name +
         R"(", "creationTimestamp": "2026-01-01T00:00:00Z", "labels": {"model.aibrix.ai/name":
    "chat", "model.aibrix.ai/port": "8000"}, "ownerReferences": [{"apiVersion": "apps/v1",
    "kind": "ReplicaSet", "name": "chat-5d", "uid": "r-1", "controller": true}]},
  "spec": {"containers": [{"name": "engine", "image": "vllm/vllm-openai:v0.8.5"}]},
  "status": {"phase": "Running", "podIP": "10.0.0.9", "conditions": [{"type": "Ready",
    "status": "False", "lastTransitionTime": "2026-01-01T00:00:00Z"}], "containerStatuses": [
    {"name": "engine", "ready": false, "restartCount": 4, "state": {"waiting": {"reason":
    "CrashLoopBackOff"}}, "lastState": {"terminated": {"exitCode": 1, "reason": "Error"}}}]}})";
}

constexpr const char* out_of_memory =
    "INFO 11-28 08:59:58 [api_server.py:1] using hf_abcdefghijklmnopqrstuvwxyzABCDEFGH\n"
    "INFO 11-28 08:59:59 [api_server.py:1] fetched https://me:pa55word@models.example/x\n"
    "ERROR 11-28 09:00:00 [core.py:700] torch.OutOfMemoryError: CUDA out of memory. Tried to "
    "allocate 896.00 MiB. token=sk-proj-canarycanarycanarycanary0123456789\n";

struct Cluster {
  TempFolder folder;
  FakeApiServer server{{.date = "Mon, 23 Nov 2026 12:00:00 GMT"}};
  std::string kubeconfig;

  explicit Cluster(bool failing = true) {
    server.load(healthy);
    if (failing) {
      server.add_namespace("team-a", "ns-team-a");
      server.add(deployment);
      for (const char* name : {"chat-0", "chat-1", "chat-2"}) {
        server.add(pod(name));
        server.add_log(std::string("team-a/") + name, "engine", out_of_memory, true);
      }
    }
    kubeconfig = folder.write("kubeconfig", server.kubeconfig());
  }

  // Only what the roles of `rbac print` give.
  void allow(const std::vector<std::string>& rbac_flags) {
    std::vector<std::string> words = {"rbac", "print", "-o", "json"};
    words.insert(words.end(), rbac_flags.begin(), rbac_flags.end());
    const json list = json::parse(aibrixctl(words).out);
    for (const json& role : list["items"]) {
      for (const json& rule : role["rules"]) {
        for (const json& plural : rule.value("resources", json::array())) {
          server.allow_list(plural.get<std::string>(), role["metadata"].value("namespace", ""));
        }
      }
    }
  }

  base::ProcessResult run(std::vector<std::string> words) {
    words.insert(words.end(), {"--kubeconfig", kubeconfig});
    return aibrixctl(std::move(words));
  }
  json doctor(std::vector<std::string> words = {}) {
    words.insert(words.begin(), "doctor");
    words.insert(words.end(), {"-o", "json"});
    const auto result = run(words);
    CAPTURE(result.err);
    return json::parse(result.out);
  }
};

json finding(const json& report, const std::string& code) {
  for (const json& f : report["findings"]) {
    if (f["code"] == code) return f;
  }
  return json::object();
}

bool quotes_log(const json& finding) {
  return std::ranges::any_of(finding.value("evidence", json::array()), [](const json& e) {
    return e["key"].get<std::string>().starts_with("log of ");
  });
}

std::string notes(const json& report) {
  return report.value("notes", json::array()).dump();
}

}  // namespace

TEST_CASE("on a healthy cluster not one log is asked for") {
  Cluster cluster(false);
  CHECK(cluster.run({"doctor"}).code == 0);
  CHECK(cluster.server.requests("/log?") == 0);
  CHECK(cluster.server.requests("/proxy/") == 0);
}

TEST_CASE("under an error one pod of the workload tells why, and the finding names it") {
  Cluster cluster;
  const json report = cluster.doctor();
  const json f = finding(report, "MDL006");
  CAPTURE(f.dump(2));
  CHECK(f["title"].get<std::string>().starts_with(
      "container engine of chat runs out of GPU memory. "));
  CHECK(quotes_log(f));
  CHECK(cluster.server.requests("/log?") == 1);
  CHECK(cluster.server.requests("/log?container=engine&tailLines=200&previous=true") == 1);
}

TEST_CASE("with --no-logs the logs are left out") {
  Cluster cluster;
  const json f = finding(cluster.doctor({"--no-logs"}), "MDL006");
  CHECK_FALSE(quotes_log(f));
  CHECK(cluster.server.requests("/log?") == 0);
}

TEST_CASE("who may not read logs is told so once, and all else is as true") {
  Cluster cluster;
  cluster.allow({});
  const json report = cluster.doctor();
  const json f = finding(report, "MDL006");
  CHECK(f["level"] == "error");
  CHECK_FALSE(quotes_log(f));
  const std::string said = notes(report);
  CHECK(said.find("rbac print --with-logs") != std::string::npos);
  CHECK(said.find("pods/log") == said.rfind("not permitted to get pods/log") + 21);
  CHECK(report["run"]["complete"] == true);
  const auto strict = cluster.run({"doctor", "--require-complete"});
  CHECK(strict.code == 1);
}

TEST_CASE("the rule that rbac print --with-logs prints is enough") {
  Cluster cluster;
  cluster.allow({"--with-logs"});
  const json report = cluster.doctor();
  CHECK(quotes_log(finding(report, "MDL006")));
  CHECK(notes(report).find("pods/log") == std::string::npos);
}

TEST_CASE("no secret of a log leaves: not in a report, not in a snapshot") {
  Cluster cluster;
  const std::string file = cluster.folder.file("snapshot.json");
  std::string all;
  for (const char* format : {"text", "json", "yaml", "plain", "short"}) {
    all += cluster.run({"doctor", "-v", "-o", format}).out;
  }
  REQUIRE(cluster.run({"snapshot", "--to", file}).code == 0);
  std::ifstream in(file);
  all.append((std::istreambuf_iterator<char>(in)), {});
  CHECK(all.find("CUDA out of memory") != std::string::npos);
  for (const char* secret : {"hf_abcdef", "pa55word", "canarycanary"}) {
    CHECK(all.find(secret) == std::string::npos);
  }
}

TEST_CASE("a snapshot keeps the logs, and doctor says the same of it") {
  Cluster cluster;
  const std::string file = cluster.folder.file("snapshot.json");
  const json live = finding(cluster.doctor(), "MDL006");
  REQUIRE(cluster.run({"snapshot", "--to", file}).code == 0);
  const json read = json::parse(aibrixctl({"doctor", "-f", file, "-o", "json"}).out);
  CHECK(finding(read, "MDL006")["title"] == live["title"]);
  CHECK(quotes_log(finding(read, "MDL006")));
  REQUIRE(cluster.run({"snapshot", "--to", file, "--no-logs"}).code == 0);
  const json without = json::parse(aibrixctl({"doctor", "-f", file, "-o", "json"}).out);
  CHECK_FALSE(quotes_log(finding(without, "MDL006")));
}

TEST_CASE("an anonymized snapshot has of a log the telling line alone, without names") {
  Cluster cluster;
  cluster.server.add_log("team-a/chat-0", "engine",
                         "INFO 11-28 08:59:58 [a.py:1] user of acme-secret-project asked\n"
                         "ERROR 11-28 09:00:00 [b.py:1] team-a: CUDA out of memory.\n",
                         true);
  const std::string file = cluster.folder.file("snapshot.json");
  REQUIRE(cluster.run({"snapshot", "--anonymize", "--to", file}).code == 0);
  std::ifstream in(file);
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  CHECK(text.find("acme-secret-project") == std::string::npos);
  const json read = json::parse(aibrixctl({"doctor", "-f", file, "-o", "json"}).out);
  const json f = finding(read, "MDL006");
  CHECK(f["title"].get<std::string>().find("runs out of GPU memory. ") != std::string::npos);
}

TEST_CASE("a log that lies beside a dump is read as that of a cluster") {
  const TempFolder folder;
  const std::string dump =
      folder.write("dump.json", std::string(R"({"apiVersion": "v1", "kind": "List", "items": [)") +
                                    deployment + "," + pod("chat-0") + "]}");
  folder.write("team-a_chat-0_engine_previous.log", out_of_memory);
  const auto told = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"doctor", "--whole-cluster", "-o", "json"});
    return finding(json::parse(aibrixctl(more).out), "MDL006");
  };
  CHECK(quotes_log(told({"-f", dump})));
  CHECK(quotes_log(told({"-f", folder.path()})));
  CHECK_FALSE(quotes_log(told({"-f", dump, "--no-logs"})));
}

TEST_CASE("a log full of escapes and huge lines comes out as text") {
  Cluster cluster;
  cluster.server.add_log("team-a/chat-0", "engine",
                         std::string(100'000, 'x') + "\n\033[2J\033]0;title\007error: \xff\xfe" +
                             std::string(5000, 'y') + "\n",
                         true);
  const auto run = cluster.run({"doctor", "-v"});
  CHECK(run.out.find('\033') == std::string::npos);
  CHECK(run.out.find('\xff') == std::string::npos);
  CHECK(run.out.find(std::string(400, 'y')) == std::string::npos);
}

TEST_CASE("pods are asked only with --probe, a few GETs each") {
  Cluster cluster(false);
  const json without = cluster.doctor();
  CHECK(cluster.server.requests("/proxy/") == 0);
  CHECK(without["run"]["complete"] == true);
  const json report = cluster.doctor({"--probe"});
  const std::size_t asked = cluster.server.requests("/proxy/");
  CHECK(asked > 0);
  CHECK(asked <= 64);
  // The pods of the fake server listen nowhere.
  CHECK(finding(report, "PRB002")["level"] == "error");
  for (const auto& request : cluster.server.log()) CHECK(request.method == "GET");
}

TEST_CASE("who may not ask pods is told so, and nothing is unchecked for it") {
  Cluster cluster(false);
  cluster.allow({});
  const json report = cluster.doctor({"--probe"});
  CHECK(notes(report).find("rbac print --with-probe") != std::string::npos);
  CHECK(report["run"]["complete"] == true);
  CHECK(report["exitCode"] == 0);
  Cluster permitted(false);
  permitted.allow({"--with-probe"});
  CHECK(notes(permitted.doctor({"--probe"})).find("--with-probe") == std::string::npos);
}

TEST_CASE("doctor --probe is not for files, and says what its right reaches") {
  const auto run = aibrixctl({"doctor", "--probe", "-f", healthy});
  CHECK(run.code == 2);
  CHECK(run.err.find("--probe needs a cluster") != std::string::npos);
  CHECK(aibrixctl({"doctor", "--help"}).out.find("get pods/proxy") != std::string::npos);
  const auto rbac = aibrixctl({"rbac", "print", "--with-probe"});
  CHECK(rbac.out.find("pods/proxy") != std::string::npos);
  CHECK(rbac.err.find("every port of every pod") != std::string::npos);
  CHECK(aibrixctl({"rbac", "print"}).out.find("pods/") == std::string::npos);
}
