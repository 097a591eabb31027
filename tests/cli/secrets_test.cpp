// Secrets are asked for only with --with-secrets, and what was not asked for is not unchecked.
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "support/fake_api_server.hpp"
#include "support/program.hpp"

using nlohmann::json;
using support::aibrixctl;
using support::FakeApiServer;

namespace {

const std::string healthy = std::string(SOURCE_DIR) + "/examples/healthy-cluster";

constexpr const char* adapter = R"({"apiVersion": "model.aibrix.ai/v1alpha1",
  "kind": "ModelAdapter", "metadata": {"name": "needs-secret", "namespace": "default",
  "uid": "u-1", "creationTimestamp": "2026-01-01T00:00:00Z"},
  "spec": {"baseModel": "llama-3-1-8b-instruct", "artifactURL": "s3://a/b",
  "podSelector": {"matchLabels": {"model.aibrix.ai/name": "llama-3-1-8b-instruct"}},
  "credentialsSecretRef": {"name": "storage-key"}}})";

struct Cluster {
  FakeApiServer server{{.date = "Mon, 23 Nov 2026 12:00:00 GMT"}};
  std::string kubeconfig;

  Cluster() {
    server.load(healthy);
    kubeconfig = (std::filesystem::temp_directory_path() /
                  ("aibrixctl-secrets-test-" + std::to_string(getpid())))
                     .string();
    std::ofstream(kubeconfig) << server.kubeconfig();
  }
  ~Cluster() { std::filesystem::remove(kubeconfig); }
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  // Only what the roles of `rbac print` give.
  void allow(const std::vector<std::string>& rbac_flags) {
    std::vector<std::string> words = {"rbac", "print", "-o", "json"};
    words.insert(words.end(), rbac_flags.begin(), rbac_flags.end());
    const auto roles = aibrixctl(words);
    REQUIRE(roles.code == 0);
    const json list = json::parse(roles.out);
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
  json check(std::vector<std::string> words, const std::string& code) {
    words.insert(words.begin(), "doctor");
    words.insert(words.end(), {"-o", "json"});
    const auto ran = run(std::move(words));
    CAPTURE(ran.out, ran.err);
    const json document = json::parse(ran.out);
    for (const json& outcome : document["checks"]) {
      if (outcome["code"] == code) return outcome;
    }
    return {};
  }
};

}  // namespace

TEST_CASE("under the roles of rbac print no Secret is asked for, and the run is complete") {
  Cluster cluster;
  cluster.allow({});
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"doctor", "--require-complete"},
        {"trace", "llama-3-1-8b-instruct"},
        {"snapshot"}}) {
    const auto run = cluster.run(words);
    CAPTURE(words.front(), run.out, run.err);
    CHECK(run.code == 0);
  }
  CHECK(cluster.server.requests("/secrets") == 0);
}

TEST_CASE("what needs a Secret says that it was not asked for, and is not applicable") {
  Cluster cluster;
  cluster.server.add(adapter);
  for (const char* code : {"LOR007", "WH004"}) {
    const json outcome = cluster.check({}, code);
    CAPTURE(code, outcome.dump());
    CHECK(outcome["outcome"] == "skipped");
    CHECK(outcome.value("reason", "") == "not-applicable");
    CHECK(outcome.value("detail", "").find("--with-secrets") != std::string::npos);
  }
  CHECK(cluster.server.requests("/secrets") == 0);
  CHECK(cluster.check({"--with-secrets"}, "LOR007")["outcome"] == "found");
  CHECK(cluster.server.requests("/secrets") > 0);
}

TEST_CASE("Secrets that were asked for and are forbidden leave the run incomplete") {
  Cluster cluster;
  cluster.allow({});
  CHECK(cluster.run({"doctor", "--require-complete", "--with-secrets"}).code == 3);
  const json outcome = cluster.check({"--with-secrets"}, "LOR007");
  CAPTURE(outcome.dump());
  CHECK(outcome.value("reason", "") == "no-permission");
}

TEST_CASE("a snapshot without Secrets says so to the doctor who reads it") {
  Cluster cluster;
  cluster.server.add(adapter);
  const std::string file = cluster.kubeconfig + "-snapshot";
  REQUIRE(cluster.run({"snapshot", "--to", file}).code == 0);
  const auto run = aibrixctl({"doctor", "-f", file, "-o", "json"});
  std::filesystem::remove(file);
  bool seen = false;
  const json document = json::parse(run.out);
  for (const json& outcome : document["checks"]) {
    if (outcome["code"] != "LOR007") continue;
    seen = true;
    CHECK(outcome.value("reason", "") == "not-applicable");
  }
  CHECK(seen);
}

TEST_CASE("the right to read Secrets is printed only with --with-secrets, and with a warning") {
  const auto plain = aibrixctl({"rbac", "print"});
  CHECK(plain.out.find("secrets") == std::string::npos);
  CHECK(plain.err.empty());
  const auto with = aibrixctl({"rbac", "print", "--with-secrets"});
  CHECK(with.out.find("secrets") != std::string::npos);
  CHECK(with.err.find("can read all Secrets") != std::string::npos);
  for (const char* fix : {"finalizers", "referencegrants", "service-type", "webhooks"}) {
    CHECK(aibrixctl({"rbac", "print", "fix", fix}).out.find("secrets") == std::string::npos);
  }
}
