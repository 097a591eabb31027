#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "checks/deletion/fixtures.hpp"
#include "support/snapshot.hpp"

using support::Cluster;
using support::finding;
using support::outcome;
using support::run;

namespace {

std::string claim(const std::string& at) {
  return fixtures::object("model.aibrix.ai/v1alpha1", "ModelClaim", "team-a", "chat", at,
                          "model.aibrix.ai/modelclaim-finalizer", "spec: {modelName: chat-7b}\n");
}

}  // namespace

TEST_CASE("a ModelClaim without a controller is held, and its engines keep their GPU memory") {
  Cluster cluster;
  cluster.yaml(fixtures::controller(0, 0))
      .yaml(claim("2026-01-01T00:59:55Z"))
      .yaml(
          "{apiVersion: v1, kind: Pod, metadata: {name: warm-0, namespace: team-a, "
          "annotations: {modelclaim.aibrix.ai/chat: \"8001\"}}}")
      .complete()
      .at(fixtures::now);
  const auto f = finding(run({"FIN005", "INS005"}, cluster), "INS005");
  CHECK(f.level == checks::Level::error);
  CHECK(f.consequence == "ModelClaim team-a/chat cannot finish deleting");
  CHECK(f.models == std::vector<std::string>{"chat-7b"});
  REQUIRE(f.remedies.size() == 4);
  CHECK(checks::to_shell(f.remedies[0].command) == "aibrixctl fix finalizers -n team-a");
  CHECK(checks::to_shell(f.remedies[2].command).find("modelclaims.model.aibrix.ai chat") !=
        std::string::npos);
  CHECK(checks::to_shell(f.remedies[3].command) == "kubectl -n team-a delete pod warm-0");
}

TEST_CASE("a ModelClaim with a controller, or not being deleted, is fine") {
  Cluster cluster;
  cluster.yaml(fixtures::controller(1, 1)).yaml(claim("2026-01-01T00:59:55Z")).complete().live();
  CHECK(outcome(run("FIN005", cluster.at(fixtures::now)), "FIN005") == "ok");
  Cluster lives;
  lives.yaml(fixtures::controller(0, 0)).yaml(claim("")).complete();
  CHECK(outcome(run("FIN005", lives.at(fixtures::now)), "FIN005") == "ok");
}

TEST_CASE("without ModelClaims or Deployments FIN005 cannot look") {
  Cluster cluster;
  cluster.yaml(claim("2026-01-01T00:00:00Z")).at(fixtures::now);
  CHECK(outcome(run("FIN005", cluster), "FIN005") == "skipped");
  Cluster older;  // before ModelClaims existed
  older.yaml(fixtures::controller(1, 1)).absent(aibrix::resources::model_claims).complete();
  CHECK(outcome(run("FIN005", older.at(fixtures::now)), "FIN005") == "ok");
}
