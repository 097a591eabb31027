// preflight as a program: what it sends, and what it prints.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/temp_folder.hpp"
#include "catch.hpp"
#include "support/fake_api_server.hpp"
#include "support/program.hpp"

using nlohmann::json;

namespace {

struct Bench {
  Bench() {
    server.add(
        R"({"apiVersion":"v1","kind":"Node","metadata":{"name":"n","labels":{"kubernetes.io/arch":"amd64"}},"status":{"conditions":[{"type":"Ready","status":"True"}]}})");
    folder.write("kubeconfig", server.kubeconfig());
  }
  void answer_reviews(const char* allowed) {
    support::Script script;
    script.target = "/selfsubjectaccessreviews";
    script.times = 0;
    script.status = 201;
    script.body =
        std::string(R"({"kind":"SelfSubjectAccessReview","status":{"allowed":)") + allowed + "}}";
    server.script(script);
  }
  base::ProcessResult run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--kubeconfig", folder.file("kubeconfig")});
    return support::aibrixctl(std::move(arguments));
  }
  // Requests that are not GETs, as "METHOD path".
  std::vector<std::string> others() const {
    std::vector<std::string> out;
    for (const auto& request : server.log()) {
      if (request.method != "GET") out.push_back(request.method + ' ' + request.target);
    }
    return out;
  }

  support::FakeApiServer server;
  TempFolder folder;
};

}  // namespace

TEST_CASE("preflight install asks for rights by access reviews, and sends nothing else but GETs") {
  Bench b;
  b.answer_reviews("true");
  const auto run = b.run({"preflight", "install", "--to", "v0.7.0", "-o", "json"});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 0);
  const json document = json::parse(run.out);
  CHECK(document["kind"] == "InstallPreflight");
  CHECK(document["to"] == "v0.7.0");
  CHECK(document["inTheWay"].empty());
  CHECK_FALSE(b.others().empty());
  for (const std::string& request : b.others())
    CHECK(request == "POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews");
  // They are sent at once, and arrive in any order.
  const auto log = b.server.log();
  CHECK(std::any_of(log.begin(), log.end(), [](const support::SeenRequest& request) {
    return request.body.find("\"verb\":\"bind\"") != std::string::npos;
  }));
}

TEST_CASE("rights that are denied are in the way, and with --no-access-reviews nobody asks") {
  Bench b;
  b.answer_reviews("false");
  const auto denied = b.run({"preflight", "install", "--to", "v0.7.0"});
  CAPTURE(denied.out, denied.err);
  CHECK(denied.code == 1);
  CHECK(denied.out.find("you are not permitted to create namespaces") != std::string::npos);
  CHECK(denied.out.find("(-v shows them)") != std::string::npos);
  b.server.clear_log();
  const auto silent = b.run({"preflight", "install", "--no-access-reviews", "--to", "v0.7.0"});
  CHECK(silent.code == 0);
  CHECK(silent.out.find("your rights: --no-access-reviews") != std::string::npos);
  CHECK(b.others().empty());
}

TEST_CASE("an API server that answers no access review makes the answer unsure, not clean") {
  Bench b;
  const auto run = b.run({"preflight", "install", "--to", "v0.7.0"});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 3);
  CHECK(run.out.find("did not answer") != std::string::npos);
}

TEST_CASE("preflight upgrade tells from and to in every format, and --to names what is known") {
  const std::string cluster = std::string(SOURCE_DIR) + "/examples/healthy-cluster";
  const auto run = support::aibrixctl(
      {"preflight", "upgrade", "--to", "0.8.0", "-f", cluster, "--whole-cluster", "-o", "json"});
  CAPTURE(run.out, run.err);
  const json document = json::parse(run.out);
  CHECK(document["kind"] == "UpgradePreflight");
  CHECK(document["from"] == "v0.7.0");
  CHECK(document["to"] == "v0.8.0");
  CHECK(document["exitCode"] == run.code);
  CHECK(run.code == 0);
  const auto plain =
      support::aibrixctl({"preflight", "upgrade", "-f", cluster, "--whole-cluster", "-o", "plain"});
  CHECK(plain.out.find("order\t") != std::string::npos);
  CHECK(plain.out.find("not-checked\t") != std::string::npos);
  const auto unknown =
      support::aibrixctl({"preflight", "upgrade", "--to", "v0.0.9", "-f", cluster});
  CHECK(unknown.code == 2);
  CHECK(unknown.err.find("known releases: v0.2.1") != std::string::npos);
}

TEST_CASE("rbac print has the rights of each preflight") {
  for (const char* way : {"uninstall", "install", "upgrade"}) {
    const auto run = support::aibrixctl({"rbac", "print", "preflight", way});
    CAPTURE(way, run.err);
    CHECK(run.code == 0);
    CHECK(run.out.find("customresourcedefinitions") != std::string::npos);
  }
  CHECK(support::aibrixctl({"rbac", "print", "preflight", "nothing"}).code == 2);
}
