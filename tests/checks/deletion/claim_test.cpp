// FIN005: ModelClaims that do not go.
#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/builders/stuck.hpp"
#include "support/snapshot.hpp"

using support::Cluster;
using support::finding;
using support::outcome;
using support::run;

namespace {

std::string claim(const std::string& at) {
  return stuck::object("model.aibrix.ai/v1alpha1", "ModelClaim", "team-a", "chat", at,
                       "model.aibrix.ai/modelclaim-finalizer", "spec: {modelName: chat-7b}\n");
}

}  // namespace

TEST_CASE("a ModelClaim with a controller, or not being deleted, is fine") {
  Cluster cluster;
  cluster.yaml(support::controller(1, 1)).yaml(claim("2026-01-01T00:59:55Z")).complete().live();
  CHECK(outcome(run("FIN005", cluster.at(stuck::now)), "FIN005") == "ok");
  Cluster lives;
  lives.yaml(support::controller(0, 0)).yaml(claim("")).complete();
  CHECK(outcome(run("FIN005", lives.at(stuck::now)), "FIN005") == "ok");
}

TEST_CASE("without ModelClaims or Deployments FIN005 cannot look") {
  Cluster cluster;
  cluster.yaml(claim("2026-01-01T00:00:00Z")).at(stuck::now);
  CHECK(outcome(run("FIN005", cluster), "FIN005") == "skipped");
  Cluster older;  // before ModelClaims existed
  older.yaml(support::controller(1, 1)).absent(aibrix::resources::model_claims).complete();
  CHECK(outcome(run("FIN005", older.at(stuck::now)), "FIN005") == "ok");
}
