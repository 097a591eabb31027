// FIN006, FIN007: StormServices that do not go, or share a selector.
#include <algorithm>

#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/builders/stuck.hpp"
#include "support/snapshot.hpp"

using support::Cluster;
using support::finding;
using support::outcome;
using support::run;

namespace {

const std::string api = "orchestration.aibrix.ai/v1alpha1";

std::string storm(const std::string& ns, const std::string& name, const std::string& at,
                  const std::string& app = "chat") {
  return stuck::object(api, "StormService", ns, name, at,
                       "orchestration.aibrix.ai/stormservice-finalizer",
                       "spec: {selector: {matchLabels: {app: " + app + "}}}\n");
}

bool shows(const checks::Finding& f, const std::string& key, const std::string& part) {
  return std::any_of(f.evidence.begin(), f.evidence.end(), [&](const checks::Evidence& e) {
    return e.key == key && e.value.find(part) != std::string::npos;
  });
}

}  // namespace

TEST_CASE(
    "FIN006 cannot look without StormServices or Deployments, and says which kinds it missed") {
  Cluster unread;
  unread.yaml(storm("team-a", "chat", "2026-01-01T00:00:00Z")).at(stuck::now);
  CHECK(outcome(run("FIN006", unread), "FIN006") == "skipped");
  Cluster partly;
  partly.yaml(support::controller(1, 1)).yaml(storm("team-a", "chat", "")).complete();
  partly.forbid(aibrix::resources::role_sets).at(stuck::now);
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
  CHECK(error.consequence == "Its deletion also removes the RoleSets of team-a/chat.");
}

TEST_CASE("StormServices with selectors of their own do not meet") {
  Cluster cluster;
  cluster.yaml(storm("team-a", "chat", "")).yaml(storm("team-b", "chat2", "", "other"));
  CHECK(outcome(run("FIN007", cluster), "FIN007") == "ok");
  Cluster unread;
  CHECK(outcome(run("FIN007", unread), "FIN007") == "skipped");
}
