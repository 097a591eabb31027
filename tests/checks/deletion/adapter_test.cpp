#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "checks/deletion/fixtures.hpp"
#include "support/snapshot.hpp"

using fixtures::adapter;
using fixtures::controller;
using support::Cluster;
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

TEST_CASE("an adapter whose controller is scaled to 0 is held, however young its deletion is") {
  Cluster cluster;
  cluster.yaml(controller(0, 0)).yaml(adapter("team-a", "sql-lora", seconds_ago)).complete();
  cluster.at(fixtures::now);
  const auto out = run({"FIN002", "INS005"}, cluster);
  REQUIRE(out.findings.size() == 1);
  const checks::Finding& f = out.findings.front();
  CHECK(f.code == "INS005");
  CHECK(f.level == checks::Level::error);
  CHECK(checks::headline(f) ==
        "aibrix-controller-manager is scaled to 0: ModelAdapter team-a/sql-lora cannot finish "
        "deleting");
  REQUIRE(f.symptoms.size() == 1);
  CHECK(f.symptoms.front().code == "FIN002");
  CHECK(f.models == std::vector<std::string>{"sql-lora"});
  REQUIRE(f.remedies.size() == 3);
  CHECK(checks::to_shell(f.remedies[0].command) == "aibrixctl fix finalizers -n team-a");
  CHECK(checks::to_shell(f.remedies[1].command) ==
        "kubectl -n aibrix-system scale deployment/aibrix-controller-manager --replicas=1");
  CHECK(
      checks::to_shell(f.remedies[2].command) ==
      "kubectl -n team-a patch modeladapters.model.aibrix.ai sql-lora --type=json -p "
      R"('[{"op":"test","path":"/metadata/uid","value":"u-sql-lora"},)"
      R"({"op":"test","path":"/metadata/finalizers/0","value":"adapter.model.aibrix.ai/finalizer"},)"
      R"({"op":"remove","path":"/metadata/finalizers/0"}]')");
  CHECK(outcome(out, "FIN002") == "found");
}

TEST_CASE("FIN002 alone offers to bring the controller back first") {
  Cluster cluster;
  cluster.yaml(controller(0, 0)).yaml(adapter("team-a", "sql-lora", hour_ago)).complete();
  const auto f = finding(run("FIN002", cluster.at(fixtures::now)), "FIN002");
  CHECK(f.subject.path == "metadata.finalizers");
  REQUIRE(f.remedies.size() == 3);
  CHECK(checks::to_shell(f.remedies[0].command) == "aibrixctl fix finalizers -n team-a");
  CHECK(f.remedies[0].text ==
        "bring aibrix-controller-manager back and let it finish, or take its "
        "finalizers off, in namespace team-a");
  CHECK(checks::to_shell(f.remedies[1].command).find("--replicas=1") != std::string::npos);
  CHECK(value_of(f, "modeladapter/team-a/sql-lora") ==
        "deleting for 1h, finalizers adapter.model.aibrix.ai/finalizer");
}

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
    return finding(run("FIN002", cluster.at(fixtures::now)), "FIN002").remedies.back().text;
  };
  CHECK(left("chat", "team-a").find("HTTPRoute aibrix-system/chat-router stays behind") !=
        std::string::npos);
  CHECK(left("chat", "team-b").find("HTTPRoute") == std::string::npos);
  CHECK(left("sql-lora", "team-a").find("HTTPRoute") == std::string::npos);
}

TEST_CASE("an adapter that is not being deleted is nobody's business") {
  Cluster cluster;
  cluster.yaml(controller(0, 0)).yaml(adapter("team-a", "sql-lora", "")).complete();
  const auto out = run({"FIN001", "FIN002"}, cluster.at(fixtures::now));
  CHECK(outcome(out, "FIN001") == "ok");
  CHECK(outcome(out, "FIN002") == "ok");
}

TEST_CASE("a controller that is not ready yet gets a minute") {
  Cluster young;
  young.yaml(controller(1, 0)).yaml(adapter("team-a", "sql-lora", seconds_ago)).complete().live();
  CHECK(run("FIN002", young.at(fixtures::now)).findings.empty());
  Cluster old;
  old.yaml(controller(1, 0)).yaml(adapter("team-a", "sql-lora", three_minutes_ago)).complete();
  CHECK(finding(run("FIN002", old.at(fixtures::now)), "FIN002").level == checks::Level::error);
}

TEST_CASE("without Deployments FIN002 cannot look") {
  Cluster unread;
  unread.yaml(adapter("team-a", "sql-lora", hour_ago)).at(fixtures::now);
  CHECK(outcome(run("FIN002", unread), "FIN002") == "skipped");
  Cluster elsewhere;  // Deployments were recorded, but not whether the controller is among them
  elsewhere.yaml(adapter("team-a", "sql-lora", hour_ago))
      .yaml(fixtures::deployment("web", "shop", 1, 1, "shop:1"))
      .at(fixtures::now);
  CHECK(outcome(run("FIN002", elsewhere), "FIN002") == "undetermined");
  Cluster forbidden;
  forbidden.yaml(adapter("team-a", "sql-lora", hour_ago)).forbid(kube::resources::deployments);
  CHECK(outcome(run("FIN002", forbidden.at(fixtures::now)), "FIN002") == "skipped");
}

TEST_CASE("where the controller cannot come back the adapter is the root, and stripping the way") {
  Cluster cluster;
  cluster.yaml(fixtures::going_namespace("aibrix-system", hour_ago))
      .yaml(adapter("aibrix-system", "a-lora", hour_ago))
      .yaml(adapter("aibrix-system", "b-lora", hour_ago))
      .complete()
      .at(fixtures::now);
  const auto out = run({"FIN002", "INS005"}, cluster);
  REQUIRE(out.findings.size() == 2);  // INS005 follows from NS002, which does not run here
  const auto f = finding(out, "FIN002");
  CHECK(f.subject.ref.name == "a-lora");
  CHECK(f.title.ends_with("which cannot come back"));
  REQUIRE(f.symptoms.size() == 1);
  CHECK(f.symptoms.front().subject.ref.name == "b-lora");
  REQUIRE(f.remedies.size() == 3);
  CHECK(checks::to_shell(f.remedies[0].command) == "aibrixctl fix finalizers -n aibrix-system");
  CHECK(f.remedies[0].text.starts_with("take adapter.model.aibrix.ai/finalizer off"));
  CHECK(f.remedies[1].text.starts_with("strip adapter.model.aibrix.ai/finalizer"));
  CHECK(f.remedies[2].text.starts_with("strip adapter.model.aibrix.ai/finalizer"));
}

// Seen on a real cluster: for some seconds a namespace says nothing about what holds it, and the
// missing controller, which nobody can install there, was a finding beside the stuck adapter.
TEST_CASE(
    "a controller that cannot come back is no finding of its own, whatever the namespace says "
    "yet") {
  for (const std::string& conditions :
       {std::string(),
        fixtures::finalizers("adapter.model.aibrix.ai/finalizer in 1 resource instances")}) {
    Cluster cluster;
    cluster.yaml(fixtures::going_namespace("aibrix-system", hour_ago, conditions))
        .yaml(adapter("aibrix-system", "a-lora", hour_ago))
        .complete()
        .at(fixtures::now);
    const auto out = run({"NS001", "NS002", "FIN002", "INS005"}, cluster);
    INFO(support::render(out));
    REQUIRE(out.findings.size() == 1);
    CHECK(out.findings.front().code == "FIN002");
  }
}

TEST_CASE("a Deployment that is still there while its namespace goes brings no controller back") {
  Cluster cluster;
  cluster.yaml(fixtures::going_namespace("aibrix-system", hour_ago))
      .yaml(adapter("aibrix-system", "a-lora", hour_ago))
      .yaml(controller(0, 0))
      .complete()
      .at(fixtures::now);
  const auto out = run({"NS001", "FIN002", "INS005"}, cluster);
  INFO(support::render(out));
  REQUIRE(out.findings.size() == 1);
  CHECK(out.findings.front().code == "FIN002");
  CHECK(out.findings.front().title.ends_with("which cannot come back"));
}

TEST_CASE(
    "a controller that runs without model-adapter-controller removes no adapter's finalizer") {
  Cluster cluster;
  cluster.yaml(controller(1, 1, "--controllers=*,-model-adapter-controller"))
      .yaml(adapter("team-a", "sql-lora", seconds_ago))
      .complete()
      .at(fixtures::now);
  const auto f = finding(run("FIN002", cluster), "FIN002");
  REQUIRE(f.causes.size() == 1);
  CHECK(f.causes.front().code == "INS007");
  CHECK(f.causes.front().object.name == "aibrix-controller-manager");
  cluster.yaml(fixtures::deployment("aibrix-system", "aibrix-lora-controller-manager", 1, 1,
                                    "aibrix/controller-manager:v0.7.0",
                                    "--controllers=model-adapter-controller"));
  CHECK(outcome(run("FIN002", cluster), "FIN002") == "ok");  // the standalone one does it
}

TEST_CASE("a ready controller whose Lease nobody renews is not leader") {
  Cluster stale;
  stale.yaml(controller(1, 1)).yaml(adapter("team-a", "sql-lora", seconds_ago));
  stale.yaml(lease("2026-01-01T00:50:00.000000Z")).complete().at(fixtures::now);
  const auto f = finding(run("FIN002", stale), "FIN002");
  REQUIRE(f.causes.size() == 1);
  CHECK(f.causes.front().code == "INS006");
  CHECK(value_of(f, "lease/aibrix-system/aibrix-controller-manager") ==
        "renewed 10m ago by pod manager-1, which is gone");
  Cluster fresh;
  fresh.yaml(controller(1, 1)).yaml(adapter("team-a", "sql-lora", seconds_ago));
  fresh.yaml(lease("2026-01-01T00:59:55.000000Z")).complete().live().at(fixtures::now);
  CHECK(run("FIN002", fresh).findings.empty());
}

TEST_CASE("FIN001 waits 2 minutes, warns, and after 5 calls it stuck") {
  const auto level_at = [](const std::string& at) {
    Cluster cluster;
    cluster.yaml(controller(1, 1)).yaml(adapter("team-a", "sql-lora", at)).complete().live();
    return run("FIN001", cluster.at(fixtures::now)).findings;
  };
  CHECK(level_at(seconds_ago).empty());
  REQUIRE(level_at(three_minutes_ago).size() == 1);
  CHECK(level_at(three_minutes_ago).front().level == checks::Level::warning);
  REQUIRE(level_at(hour_ago).size() == 1);
  CHECK(level_at(hour_ago).front().level == checks::Level::error);
  CHECK(level_at(hour_ago).front().title ==
        "ModelAdapter team-a/sql-lora has been deleting for 1h although aibrix-controller-manager "
        "runs");
}

TEST_CASE("FIN001 of a file that was recorded too early, or without a clock, cannot tell") {
  Cluster early;
  early.yaml(controller(1, 1)).yaml(adapter("team-a", "sql-lora", seconds_ago)).complete();
  CHECK(outcome(run("FIN001", early.at(fixtures::now)), "FIN001") == "undetermined");
  Cluster timeless;
  timeless.yaml(controller(1, 1)).yaml(adapter("team-a", "sql-lora", hour_ago)).complete();
  CHECK(outcome(run("FIN001", timeless), "FIN001") == "undetermined");
  Cluster nothing;
  CHECK(outcome(run("FIN001", nothing), "FIN001") == "skipped");
}

TEST_CASE("FIN001 speaks when it is not known whether the controller runs") {
  Cluster cluster;
  cluster.yaml(adapter("team-a", "sql-lora", hour_ago)).at(fixtures::now);
  const auto f = finding(run("FIN001", cluster), "FIN001");
  CHECK(f.level == checks::Level::error);
  CHECK(f.title == "ModelAdapter team-a/sql-lora has been deleting for 1h");
  REQUIRE_FALSE(f.notes.empty());
  CHECK(f.notes.front() == "whether aibrix-controller-manager runs was not read");
}

TEST_CASE("FIN001 names the engine on a lost node, and that old releases wait for it without end") {
  Cluster cluster;
  cluster
      .yaml(fixtures::deployment("aibrix-system", "aibrix-controller-manager", 1, 1,
                                 "aibrix/controller-manager:v0.5.0"))
      .yaml(adapter("team-a", "sql-lora", hour_ago, "adapter.model.aibrix.ai/finalizer",
                    "status: {instances: [engine-0, engine-1]}\n"))
      .yaml(
          "{apiVersion: v1, kind: Pod, metadata: {name: engine-0, namespace: team-a}, "
          "spec: {nodeName: node-1}}")
      .yaml(
          "{apiVersion: v1, kind: Node, metadata: {name: node-1}, "
          "status: {conditions: [{type: Ready, status: Unknown}]}}")
      .complete()
      .at(fixtures::now);
  const auto f = finding(run("FIN001", cluster), "FIN001");
  CHECK(value_of(f, "asked to unload") == "pod engine-0 on node node-1, which is not Ready");
  REQUIRE_FALSE(f.notes.empty());
  CHECK(f.notes.front().find("without a time limit") != std::string::npos);
}

TEST_CASE("names that a shell would read are quoted in commands") {
  Cluster cluster;
  cluster.yaml(controller(0, 0)).complete().at(fixtures::now);
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
