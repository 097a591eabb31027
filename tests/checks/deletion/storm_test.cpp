#include <algorithm>

#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "checks/deletion/fixtures.hpp"
#include "support/snapshot.hpp"

using support::Cluster;
using support::finding;
using support::outcome;
using support::run;

namespace {

const std::string api = "orchestration.aibrix.ai/v1alpha1";

std::string storm(const std::string& ns, const std::string& name, const std::string& at,
                  const std::string& app = "chat") {
  return fixtures::object(api, "StormService", ns, name, at,
                          "orchestration.aibrix.ai/stormservice-finalizer",
                          "spec: {selector: {matchLabels: {app: " + app + "}}}\n");
}

std::string role_set(const std::string& at, const std::string& owner) {
  std::string text = "---\napiVersion: " + api +
                     "\nkind: RoleSet\nmetadata:\n  name: chat-rs\n  namespace: team-a\n"
                     "  uid: u-chat-rs\n";
  if (!at.empty()) text += "  deletionTimestamp: \"" + at + "\"\n";
  return text +
         "  finalizers: [orchestration.aibrix.ai/roleset-finalizer]\n"
         "  ownerReferences: [{kind: StormService, name: " +
         owner + ", uid: u-" + owner + ", controller: true}]\n";
}

bool shows(const checks::Finding& f, const std::string& key, const std::string& part) {
  return std::any_of(f.evidence.begin(), f.evidence.end(), [&](const checks::Evidence& e) {
    return e.key == key && e.value.find(part) != std::string::npos;
  });
}

}  // namespace

TEST_CASE("a StormService is stripped from the parent down") {
  Cluster cluster;
  cluster.yaml(fixtures::controller(0, 0))
      .yaml(storm("team-a", "chat", "2026-01-01T00:59:50Z"))
      .yaml(role_set("", "chat"))
      .complete()
      .at(fixtures::now);
  const auto out = run({"FIN006", "INS005"}, cluster);
  REQUIRE(out.findings.size() == 1);
  const checks::Finding& f = out.findings.front();
  CHECK(f.code == "INS005");
  CHECK(f.level == checks::Level::error);
  CHECK(shows(f, "roleset/team-a/chat-rs", "not marked for deletion yet"));
  REQUIRE(f.remedies.size() == 4);
  CHECK(
      checks::to_shell(f.remedies[2].command).find("stormservices.orchestration.aibrix.ai chat") !=
      std::string::npos);
  CHECK(checks::to_shell(f.remedies[3].command).find("rolesets.orchestration.aibrix.ai chat-rs") !=
        std::string::npos);
  CHECK(f.remedies[3].text.find("once RoleSet team-a/chat-rs is marked") != std::string::npos);
}

TEST_CASE("a RoleSet that follows its StormService folds under it") {
  Cluster cluster;
  cluster.yaml(fixtures::controller(1, 1))
      .yaml(storm("team-a", "chat", "2026-01-01T00:00:00Z"))
      .yaml(role_set("2026-01-01T00:00:01Z", "chat"))
      .complete()
      .at(fixtures::now);
  const auto out = run("FIN006", cluster);
  REQUIRE(out.findings.size() == 1);
  CHECK(out.findings.front().subject.ref.kind == "StormService");
  CHECK(out.findings.front().level == checks::Level::error);
  REQUIRE(out.findings.front().symptoms.size() == 1);
  CHECK(out.findings.front().symptoms.front().subject.ref.kind == "RoleSet");
}

TEST_CASE("pods on a lost node are named as what a StormService waits for") {
  Cluster cluster;
  cluster.yaml(fixtures::controller(1, 1))
      .yaml(storm("team-a", "chat", "2026-01-01T00:00:00Z"))
      .yaml(
          "{apiVersion: v1, kind: Pod, metadata: {name: chat-0, namespace: team-a, "
          "labels: {storm-service-name: chat}, deletionTimestamp: \"2026-01-01T00:10:00Z\"}, "
          "spec: {nodeName: node-1}}")
      .yaml(
          "{apiVersion: v1, kind: Node, metadata: {name: node-1}, "
          "status: {conditions: [{type: Ready, status: Unknown}]}}")
      .complete()
      .at(fixtures::now);
  const auto f = finding(run("FIN006", cluster), "FIN006");
  CHECK(shows(f, "pod/team-a/chat-0", "node node-1 is not Ready"));
}

TEST_CASE("a StormService with a working controller gets its time") {
  Cluster cluster;
  cluster.yaml(fixtures::controller(1, 1)).yaml(storm("team-a", "chat", "2026-01-01T00:59:00Z"));
  CHECK(outcome(run("FIN006", cluster.complete().live().at(fixtures::now)), "FIN006") == "ok");
}

TEST_CASE(
    "FIN006 cannot look without StormServices or Deployments, and says which kinds it missed") {
  Cluster unread;
  unread.yaml(storm("team-a", "chat", "2026-01-01T00:00:00Z")).at(fixtures::now);
  CHECK(outcome(run("FIN006", unread), "FIN006") == "skipped");
  Cluster partly;
  partly.yaml(fixtures::controller(1, 1)).yaml(storm("team-a", "chat", "")).complete();
  partly.forbid(aibrix::resources::role_sets).at(fixtures::now);
  CHECK(outcome(run("FIN006", partly), "FIN006") == "undetermined");
}

TEST_CASE("two StormServices with one selector are a warning, an error once one is deleted") {
  Cluster cluster;
  cluster.yaml(storm("team-a", "chat", "")).yaml(storm("team-b", "chat2", ""));
  const auto warning = finding(run("FIN007", cluster), "FIN007");
  CHECK(warning.level == checks::Level::warning);
  CHECK(warning.title == "StormService team-a/chat has the same selector as team-b/chat2");
  CHECK(shows(warning, "spec.selector", "app=chat"));

  Cluster deleted;
  deleted.yaml(storm("team-a", "chat", "")).yaml(storm("team-b", "chat2", "2026-01-01T00:59:59Z"));
  const auto error = finding(run("FIN007", deleted), "FIN007");
  CHECK(error.level == checks::Level::error);
  CHECK(error.subject.ref.ns == "team-b");
  CHECK(error.consequence == "its deletion takes the RoleSets of team-a/chat too");
}

TEST_CASE("StormServices with selectors of their own do not meet") {
  Cluster cluster;
  cluster.yaml(storm("team-a", "chat", "")).yaml(storm("team-b", "chat2", "", "other"));
  CHECK(outcome(run("FIN007", cluster), "FIN007") == "ok");
  Cluster unread;
  CHECK(outcome(run("FIN007", unread), "FIN007") == "skipped");
}
