// FIN001, FIN002: ModelAdapters that do not go.
#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/builders/stuck.hpp"
#include "support/snapshot.hpp"

using stuck::adapter;
using support::Cluster;
using support::controller;
using support::finding;
using support::outcome;
using support::run;

namespace {

const std::string seconds_ago = "2026-01-01T00:59:50Z";
const std::string three_minutes_ago = "2026-01-01T00:57:00Z";
const std::string hour_ago = "2026-01-01T00:00:00Z";

std::string value_of(const checks::Finding& f, const std::string& key) {
  for (const checks::Evidence& e : f.evidence) {
    if (e.key == key) return e.value;
  }
  return {};
}

std::string lease(const std::string& renewed) {
  return "---\napiVersion: coordination.k8s.io/v1\nkind: Lease\n"
         "metadata: {name: aibrix-controller-manager, namespace: aibrix-system}\n"
         "spec: {holderIdentity: manager-1_abc, leaseDurationSeconds: 15, renewTime: \"" +
         renewed + "\"}\n";
}

std::string router_made(const std::string& model, const std::string& leads_to) {
  return "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: " +
         model +
         "-router, namespace: aibrix-system, uid: r}\nspec:\n  parentRefs: [{name: aibrix-eg, "
         "namespace: "
         "aibrix-system}]\n  rules:\n  - matches: [{path: {type: PathPrefix, value: "
         "/v1/completions}, headers: "
         "[{type: Exact, name: model, value: " +
         model + "}]}]\n    backendRefs: [{name: " + model + ", namespace: " + leads_to +
         ", port: 8000}]\n";
}

}  // namespace

TEST_CASE(
    "the route a stripped adapter leaves behind is found by its label, as the router finds it") {
  const auto left = [](const std::string& model, const std::string& leads_to) {
    Cluster cluster;
    cluster
        .yaml(controller(0, 0) + adapter("team-a", "sql-lora", hour_ago,
                                         "adapter.model.aibrix.ai/finalizer",
                                         "  labels: {model.aibrix.ai/name: chat}\n"))
        .yaml(router_made(model, leads_to))
        .complete();
    return finding(run("FIN002", cluster.at(stuck::now)), "FIN002").remedies.back().text;
  };
  CHECK(left("chat", "team-a").find("leftover HTTPRoute aibrix-system/chat-router") !=
        std::string::npos);
  CHECK(left("chat", "team-b").find("HTTPRoute") == std::string::npos);
  CHECK(left("sql-lora", "team-a").find("HTTPRoute") == std::string::npos);
}

TEST_CASE("a controller that is not ready yet gets a minute") {
  Cluster young;
  young.yaml(controller(1, 0)).yaml(adapter("team-a", "sql-lora", seconds_ago)).complete().live();
  CHECK(run("FIN002", young.at(stuck::now)).findings.empty());
  Cluster old;
  old.yaml(controller(1, 0)).yaml(adapter("team-a", "sql-lora", three_minutes_ago)).complete();
  CHECK(finding(run("FIN002", old.at(stuck::now)), "FIN002").level == checks::Level::error);
}

TEST_CASE("without Deployments FIN002 cannot look") {
  Cluster unread;
  unread.yaml(adapter("team-a", "sql-lora", hour_ago)).at(stuck::now);
  CHECK(outcome(run("FIN002", unread), "FIN002") == "skipped");
  Cluster elsewhere;  // Deployments were recorded, but not whether the controller is among them
  elsewhere.yaml(adapter("team-a", "sql-lora", hour_ago))
      .yaml(support::component("web", "shop", 1, 1, "shop:1"))
      .at(stuck::now);
  CHECK(outcome(run("FIN002", elsewhere), "FIN002") == "undetermined");
  Cluster forbidden;
  forbidden.yaml(adapter("team-a", "sql-lora", hour_ago)).forbid(kube::resources::deployments);
  CHECK(outcome(run("FIN002", forbidden.at(stuck::now)), "FIN002") == "skipped");
}

// Seen on a real cluster: for some seconds a namespace says nothing about what holds it, and the
// missing controller, which nobody can install there, was a finding beside the stuck adapter.
TEST_CASE(
    "a controller that cannot come back is no finding of its own, whatever the namespace says "
    "yet") {
  for (const std::string& conditions :
       {std::string(),
        stuck::finalizers("adapter.model.aibrix.ai/finalizer in 1 resource instances")}) {
    Cluster cluster;
    cluster.yaml(stuck::going_namespace("aibrix-system", hour_ago, conditions))
        .yaml(adapter("aibrix-system", "a-lora", hour_ago))
        .complete()
        .at(stuck::now);
    const auto out = run({"NS001", "NS002", "FIN002", "INS005"}, cluster);
    INFO(support::render(out));
    REQUIRE(out.findings.size() == 1);
    CHECK(out.findings.front().code == "FIN002");
  }
}

TEST_CASE(
    "a controller that runs without model-adapter-controller removes no adapter's finalizer") {
  Cluster cluster;
  cluster.yaml(controller(1, 1, "--controllers=*,-model-adapter-controller"))
      .yaml(adapter("team-a", "sql-lora", seconds_ago))
      .complete()
      .at(stuck::now);
  const auto f = finding(run("FIN002", cluster), "FIN002");
  REQUIRE(f.causes.size() == 1);
  CHECK(f.causes.front().code == "INS007");
  CHECK(f.causes.front().object.name == "aibrix-controller-manager");
  cluster.yaml(support::component("aibrix-system", "aibrix-lora-controller-manager", 1, 1,
                                  "aibrix/controller-manager:v0.7.0",
                                  "--controllers=model-adapter-controller"));
  CHECK(outcome(run("FIN002", cluster), "FIN002") == "ok");  // the standalone one does it
}

TEST_CASE("a ready controller whose Lease nobody renews is not leader") {
  Cluster stale;
  stale.yaml(controller(1, 1)).yaml(adapter("team-a", "sql-lora", seconds_ago));
  stale.yaml(lease("2026-01-01T00:50:00.000000Z")).complete().at(stuck::now);
  const auto f = finding(run("FIN002", stale), "FIN002");
  REQUIRE(f.causes.size() == 1);
  CHECK(f.causes.front().code == "INS006");
  CHECK(value_of(f, "lease/aibrix-system/aibrix-controller-manager") ==
        "renewed 10m ago by pod manager-1, which no longer exists");
  Cluster fresh;
  fresh.yaml(controller(1, 1)).yaml(adapter("team-a", "sql-lora", seconds_ago));
  fresh.yaml(lease("2026-01-01T00:59:55.000000Z")).complete().live().at(stuck::now);
  CHECK(run("FIN002", fresh).findings.empty());
}

TEST_CASE("FIN001 waits 2 minutes, warns, and after 5 calls it stuck") {
  const auto level_at = [](const std::string& at) {
    Cluster cluster;
    cluster.yaml(controller(1, 1)).yaml(adapter("team-a", "sql-lora", at)).complete().live();
    return run("FIN001", cluster.at(stuck::now)).findings;
  };
  CHECK(level_at(seconds_ago).empty());
  REQUIRE(level_at(three_minutes_ago).size() == 1);
  CHECK(level_at(three_minutes_ago).front().level == checks::Level::warning);
  REQUIRE(level_at(hour_ago).size() == 1);
  CHECK(level_at(hour_ago).front().level == checks::Level::error);
  CHECK(level_at(hour_ago).front().title ==
        "ModelAdapter team-a/sql-lora has been Terminating for 1h although "
        "aibrix-controller-manager is running");
}

TEST_CASE("FIN001 of a file that was recorded too early, or without a clock, cannot tell") {
  Cluster early;
  early.yaml(controller(1, 1)).yaml(adapter("team-a", "sql-lora", seconds_ago)).complete();
  CHECK(outcome(run("FIN001", early.at(stuck::now)), "FIN001") == "undetermined");
  Cluster timeless;
  timeless.yaml(controller(1, 1)).yaml(adapter("team-a", "sql-lora", hour_ago)).complete();
  CHECK(outcome(run("FIN001", timeless), "FIN001") == "undetermined");
  Cluster nothing;
  CHECK(outcome(run("FIN001", nothing), "FIN001") == "skipped");
}

TEST_CASE("names that a shell would read are quoted in commands") {
  Cluster cluster;
  cluster.yaml(controller(0, 0)).complete().at(stuck::now);
  cluster.yaml(
      "apiVersion: model.aibrix.ai/v1alpha1\nkind: ModelAdapter\nmetadata:\n"
      "  name: \"a; rm -rf ~'\"\n  namespace: team-a\n  uid: \"u'$(x)\"\n"
      "  deletionTimestamp: \"2026-01-01T00:00:00Z\"\n"
      "  finalizers: [adapter.model.aibrix.ai/finalizer]\n");
  const auto f = finding(run("FIN002", cluster), "FIN002");
  const std::string command = checks::to_shell(f.remedies.back().command);
  CHECK(command.find(R"( 'a; rm -rf ~'\''' )") != std::string::npos);
  CHECK(command.find(R"~("value":"u'\''$(x)")~") != std::string::npos);
}
