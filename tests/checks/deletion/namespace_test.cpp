// NS001 to NS006, NS010: namespaces stuck in Terminating.
#include <algorithm>

#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/builders/stuck.hpp"
#include "support/snapshot.hpp"

using stuck::going_namespace;
using support::Cluster;
using support::finding;
using support::outcome;
using support::run;

namespace {

const std::string seconds_ago = "2026-01-01T00:59:50Z";
const std::string two_minutes_ago = "2026-01-01T00:58:00Z";
const std::string hour_ago = "2026-01-01T00:00:00Z";
const std::string adapter_left =
    stuck::remaining("modeladapters.model.aibrix.ai has 1 resource instances") +
    stuck::finalizers("adapter.model.aibrix.ai/finalizer in 1 resource instances");
const std::string widgets_left = stuck::remaining("widgets.example.com has 3 resource instances") +
                                 stuck::finalizers("keep.example.com/x in 3 resource instances");

std::string value_of(const checks::Finding& f, const std::string& key) {
  for (const checks::Evidence& e : f.evidence) {
    if (e.key == key) return e.value;
  }
  return {};
}

bool has_also(const checks::Finding& f, const std::string& code) {
  return std::any_of(f.symptoms.begin(), f.symptoms.end(),
                     [&](const checks::Symptom& symptom) { return symptom.code == code; });
}

}  // namespace

// Field case 229: namespace stuck in Terminating after the uninstall.
TEST_CASE("a namespace stuck after an uninstall leads to the controller that is gone") {
  Cluster cluster;
  cluster.yaml(going_namespace("team-a", hour_ago, adapter_left))
      .yaml(stuck::adapter("team-a", "sql-lora", hour_ago))
      .complete()
      .at(stuck::now);
  const auto out = run({"NS*", "FIN*", "INS005"}, cluster);
  INFO(support::render(out));
  REQUIRE(out.findings.size() == 1);
  const checks::Finding& f = out.findings.front();
  CHECK(f.code == "INS005");
  CHECK(checks::headline(f) ==
        "aibrix-controller-manager is not installed. Namespace team-a is stuck in Terminating (1 "
        "ModelAdapter).");
  CHECK(has_also(f, "NS002"));
  CHECK(has_also(f, "NS003"));
  CHECK(has_also(f, "FIN002"));
  CHECK(value_of(f, "left in team-a") == "");
}

TEST_CASE("a namespace held by what AIBrix knows nothing of still says what holds it") {
  Cluster young;
  young.yaml(going_namespace("shop", seconds_ago, widgets_left)).complete().live();
  const auto calm = run("NS*", young.at(stuck::now));
  CHECK(calm.findings.empty());
  CHECK(outcome(calm, "NS002") == "ok");
  CHECK(outcome(calm, "NS003") == "ok");

  Cluster slow;
  slow.yaml(going_namespace("shop", two_minutes_ago, widgets_left)).complete().at(stuck::now);
  CHECK(finding(run("NS002", slow), "NS002").level == checks::Level::warning);

  Cluster stuck;
  stuck.yaml(going_namespace("shop", hour_ago, widgets_left)).complete().at(stuck::now);
  const auto out = run("NS*", stuck);
  REQUIRE(out.findings.size() == 1);
  const checks::Finding& f = out.findings.front();
  CHECK(f.code == "NS002");
  CHECK(f.level == checks::Level::error);
  CHECK(f.consequence == "Namespace shop is stuck in Terminating (3 widgets.example.com).");
  REQUIRE_FALSE(f.notes.empty());
  CHECK(f.notes.front() ==
        "finalizer keep.example.com/x: the owner of keep.example.com must remove it");
  CHECK(checks::to_shell(f.remedies.back().command) ==
        "kubectl -n shop get widgets.example.com -o yaml");
}

TEST_CASE("an old namespace without any condition means that its controller does not work") {
  Cluster cluster;
  cluster.yaml(going_namespace("shop", hour_ago)).complete().at(stuck::now);
  const auto out = run("NS*", cluster);
  REQUIRE(out.findings.size() == 1);
  CHECK(out.findings.front().code == "NS010");
  CHECK(out.findings.front().level == checks::Level::error);
  Cluster young;
  young.yaml(going_namespace("shop", two_minutes_ago)).complete().at(stuck::now);
  CHECK(outcome(run("NS010", young), "NS010") == "ok");
}

TEST_CASE("without namespaces, or a clock, nothing is said of their deletion") {
  Cluster unread;
  for (const char* code : {"NS001", "NS002", "NS003", "NS005", "NS006", "NS010", "NS011"}) {
    CHECK(outcome(run(code, unread), code) == "skipped");
  }
  Cluster timeless;
  timeless.yaml(going_namespace("shop", hour_ago, widgets_left)).complete();
  for (const char* code : {"NS001", "NS002", "NS003", "NS005", "NS006", "NS010"}) {
    INFO(code);
    CHECK(outcome(run(code, timeless), code) == "undetermined");
  }
  Cluster early;  // a file recorded 10 s after the deletion
  early.yaml(going_namespace("shop", seconds_ago, widgets_left)).complete().at(stuck::now);
  CHECK(outcome(run("NS002", early), "NS002") == "undetermined");
}

TEST_CASE("a namespace that is not being deleted is not looked at") {
  Cluster cluster;
  cluster.yaml(
      "{apiVersion: v1, kind: Namespace, metadata: {name: shop}, status: {phase: Active}}");
  cluster.complete().at(stuck::now);
  const auto out = run("NS*", cluster);
  CHECK(out.findings.empty());
  CHECK(outcome(out, "NS001") == "ok");
  CHECK(outcome(out, "NS004") == "skipped");
}

namespace {

const std::string discovery_failed = stuck::condition(
    "NamespaceDeletionDiscoveryFailure", "DiscoveryFailed",
    "Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server "
    "APIs: metrics.k8s.io/v1beta1: stale GroupVersion discovery: metrics.k8s.io/v1beta1");

std::string api_service(const std::string& status, const std::string& reason,
                        const std::string& since) {
  return "---\napiVersion: apiregistration.k8s.io/v1\nkind: APIService\n"
         "metadata: {name: v1beta1.metrics.k8s.io}\n"
         "spec: {group: metrics.k8s.io, version: v1beta1, service: {namespace: kube-system, name: "
         "ms}}\n"
         "status: {conditions: [{type: Available, status: \"" +
         status + "\", reason: " + reason + ", message: gone, lastTransitionTime: \"" + since +
         "\"}]}\n";
}

}  // namespace

// Seen on a real cluster: a foreign finalizer, too young to be judged, became an error beside the
// API.
TEST_CASE("a young namespace is stuck for the dead API alone, whatever else is still in it") {
  const std::string left = discovery_failed +
                           stuck::remaining("widgets.example.com has 1 resource instances") +
                           stuck::finalizers("keep.example.com/x in 1 resource instances");
  Cluster young;
  young.yaml(going_namespace("old", seconds_ago, left))
      .yaml(api_service("False", "ServiceNotFound", seconds_ago))
      .complete()
      .at(stuck::now);
  const auto out = run("NS*", young);
  INFO(support::render(out));
  REQUIRE(out.findings.size() == 1);
  CHECK(out.findings.front().code == "NS004");
  Cluster old;
  old.yaml(going_namespace("old", hour_ago, left))
      .yaml(api_service("False", "ServiceNotFound", seconds_ago))
      .complete()
      .at(stuck::now);
  CHECK(run("NS*", old).findings.size() == 2);  // the finalizer has had its time
}

TEST_CASE("an API that has only just stopped answering is a warning") {
  Cluster cluster;
  cluster.yaml(going_namespace("old", seconds_ago, discovery_failed))
      .yaml(api_service("False", "FailedDiscoveryCheck", seconds_ago))
      .complete()
      .live()
      .at(stuck::now);
  CHECK(finding(run("NS004", cluster), "NS004").level == checks::Level::warning);
  CHECK(outcome(run("NS005", cluster), "NS005") == "ok");
}

TEST_CASE("APIs that answer hold nothing; those that were not read are not judged") {
  Cluster fine;
  fine.yaml(going_namespace("old", hour_ago, widgets_left))
      .yaml(api_service("True", "Passed", hour_ago))
      .complete()
      .at(stuck::now);
  CHECK(outcome(run("NS004", fine), "NS004") == "ok");
  Cluster unread;
  unread.yaml(going_namespace("old", hour_ago, discovery_failed)).at(stuck::now);
  CHECK(outcome(run("NS004", unread), "NS004") == "skipped");
  CHECK(finding(run("NS005", unread), "NS005").level == checks::Level::error);  // says itself
}
