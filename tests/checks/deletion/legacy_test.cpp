#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "checks/deletion/fixtures.hpp"
#include "support/snapshot.hpp"

using support::Cluster;
using support::finding;
using support::outcome;
using support::run;

namespace {
const std::string legacy = "modeladapter.aibrix.ai/finalizer";
}

TEST_CASE("the finalizer of v0.1.0-rc.1 holds a deletion for ever, controller or not") {
  Cluster cluster;
  cluster.yaml(fixtures::controller(1, 1))
      .yaml(fixtures::adapter("team-a", "old-lora", "2026-01-01T00:59:59Z", legacy))
      .complete()
      .at(fixtures::now);
  const auto out = run({"FIN001", "FIN002", "FIN003", "FIN004"}, cluster);
  REQUIRE(out.findings.size() == 1);
  const checks::Finding& f = out.findings.front();
  CHECK(f.code == "FIN003");
  CHECK(f.level == checks::Level::error);
  CHECK(f.title.find(legacy) != std::string::npos);
  REQUIRE(f.remedies.size() == 2);
  CHECK(checks::to_shell(f.remedies[0].command) == "aibrixctl fix finalizers -n team-a");
  CHECK(checks::to_shell(f.remedies[1].command)
            .find(R"("value":"modeladapter.aibrix.ai/finalizer")") != std::string::npos);
}

TEST_CASE("beside today's finalizer the strip command names the right place in the list") {
  Cluster cluster;
  cluster.yaml(fixtures::adapter("team-a", "old-lora", "2026-01-01T00:00:00Z",
                                 "adapter.model.aibrix.ai/finalizer, " + legacy));
  const auto f = finding(run("FIN003", cluster), "FIN003");
  CHECK(checks::to_shell(f.remedies[1].command)
            .find(R"("op":"remove","path":"/metadata/finalizers/1")") != std::string::npos);
}

TEST_CASE("on an adapter in use the old finalizer is a warning") {
  Cluster cluster;
  cluster.yaml(fixtures::adapter("team-a", "old-lora", "", legacy));
  const auto out = run({"FIN003", "FIN004"}, cluster);
  CHECK(outcome(out, "FIN003") == "ok");
  const auto f = finding(out, "FIN004");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.consequence == "it could not be deleted");
}

TEST_CASE("adapters with today's finalizer have no legacy") {
  Cluster cluster;
  cluster.yaml(fixtures::adapter("team-a", "sql-lora", "2026-01-01T00:00:00Z"))
      .yaml(fixtures::adapter("team-a", "chat-lora", ""));
  const auto out = run({"FIN003", "FIN004"}, cluster);
  CHECK(outcome(out, "FIN003") == "ok");
  CHECK(outcome(out, "FIN004") == "ok");
}

TEST_CASE("without ModelAdapters nothing can be said of legacy finalizers") {
  Cluster cluster;
  cluster.forbid(aibrix::resources::model_adapters);
  const auto out = run({"FIN003", "FIN004"}, cluster);
  CHECK(outcome(out, "FIN003") == "skipped");
  CHECK(outcome(out, "FIN004") == "skipped");
}
