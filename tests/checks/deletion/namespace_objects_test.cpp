#include <algorithm>

#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "checks/deletion/fixtures.hpp"
#include "support/snapshot.hpp"

using fixtures::going_namespace;
using support::Cluster;
using support::finding;
using support::outcome;
using support::run;

namespace {

const std::string hour_ago = "2026-01-01T00:00:00Z";
const std::string pods_left = fixtures::remaining("pods. has 1 resource instances");

std::string pod(const std::string& due, const std::string& rest = "") {
  return "---\napiVersion: v1\nkind: Pod\nmetadata: {name: web-0, namespace: shop, uid: p, "
         "deletionTimestamp: \"" +
         due + "\"" + rest +
         "}\nspec: {nodeName: node-1, volumes: "
         "[{name: d, persistentVolumeClaim: {claimName: data}}]}\n";
}
std::string node(const std::string& ready) {
  return "---\napiVersion: v1\nkind: Node\nmetadata: {name: node-1}\n"
         "status: {conditions: [{type: Ready, status: \"" +
         ready + "\"}]}\n";
}
bool has_also(const checks::Finding& f, const std::string& code) {
  return std::any_of(f.symptoms.begin(), f.symptoms.end(),
                     [&](const checks::Symptom& symptom) { return symptom.code == code; });
}

}  // namespace

TEST_CASE("a pod on a lost node holds its namespace and hides the adapters in it") {
  Cluster cluster;
  cluster.yaml(going_namespace("shop", hour_ago, pods_left))
      .yaml(pod("2026-01-01T00:58:00Z"))
      .yaml(node("Unknown"))
      .yaml(fixtures::adapter("shop", "sql-lora", ""))
      .complete()
      .at(fixtures::now);
  const auto out = run("NS*", cluster);
  REQUIRE(out.findings.size() == 1);
  const checks::Finding& f = out.findings.front();
  CHECK(f.code == "NS007");
  CHECK(f.level == checks::Level::error);
  CHECK(f.title == "pod shop/web-0 does not end: node node-1 is not Ready");
  CHECK(f.consequence == "namespace shop cannot finish deleting (1 Pod)");
  CHECK(has_also(f, "NS003"));
  REQUIRE_FALSE(f.notes.empty());
  CHECK(f.notes.front() ==
        "Kubernetes 1.33 and later deletes pods first: 1 ModelAdapter in shop will only be marked "
        "when they are gone, and then need aibrix-controller-manager to take off their finalizers");
  CHECK(checks::to_shell(f.remedies.back().command) ==
        "kubectl -n shop delete pod web-0 --grace-period=0 --force");
}

TEST_CASE("a slow kubelet is a warning, a pod within its grace period nothing") {
  Cluster slow;
  slow.yaml(going_namespace("shop", "2026-01-01T00:57:00Z", pods_left))
      .yaml(pod("2026-01-01T00:57:30Z"))
      .yaml(node("True"))
      .complete()
      .at(fixtures::now);
  CHECK(finding(run("NS007", slow), "NS007").level == checks::Level::warning);
  Cluster graceful;  // 5 minutes of grace, asked for 2 minutes ago
  graceful.yaml(going_namespace("shop", "2026-01-01T00:58:00Z", pods_left))
      .yaml(pod("2026-01-01T01:03:00Z"))
      .yaml(node("True"))
      .complete()
      .live()
      .at(fixtures::now);
  const auto out = run("NS*", graceful);
  INFO(support::render(out));
  CHECK(out.findings.empty());
  CHECK(outcome(out, "NS007") == "ok");
}

TEST_CASE("without pods NS007 cannot look") {
  Cluster cluster;
  cluster.yaml(going_namespace("shop", hour_ago, pods_left)).forbid(kube::resources::pods);
  CHECK(outcome(run("NS007", cluster.at(fixtures::now)), "NS007") == "skipped");
}

namespace {

std::string service(const std::string& at) {
  return fixtures::object("v1", "Service", "shop", "front", at,
                          "service.kubernetes.io/load-balancer-cleanup",
                          "spec: {type: LoadBalancer}\n");
}

}  // namespace

TEST_CASE("a load balancer the cloud does not remove holds its namespace") {
  Cluster cluster;
  cluster
      .yaml(going_namespace("shop", hour_ago,
                            fixtures::remaining("services. has 1 resource instances")))
      .yaml(service(hour_ago))
      .yaml(
          "{apiVersion: v1, kind: Event, metadata: {name: e, namespace: shop}, type: Warning, "
          "reason: SyncLoadBalancerFailed, message: no rights, "
          "involvedObject: {kind: Service, name: front}}")
      .complete()
      .at(fixtures::now);
  const auto out = run("NS*", cluster);
  REQUIRE(out.findings.size() == 1);
  const checks::Finding& f = out.findings.front();
  CHECK(f.code == "NS008");
  CHECK(f.level == checks::Level::error);
  CHECK(has_also(f, "NS003"));
  CHECK(std::any_of(f.evidence.begin(), f.evidence.end(), [](const checks::Evidence& e) {
    return e.key == "event SyncLoadBalancerFailed" && e.value == "no rights";
  }));
  CHECK(f.remedies.front().text.find("costs money") != std::string::npos);
}

TEST_CASE("a load balancer that is just going, or in a namespace that stays, is fine") {
  Cluster young;
  young.yaml(going_namespace("shop", "2026-01-01T00:59:00Z")).yaml(service("2026-01-01T00:59:00Z"));
  CHECK(outcome(run("NS008", young.complete().live().at(fixtures::now)), "NS008") == "ok");
  Cluster stays;
  stays.yaml("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}").yaml(service(hour_ago));
  CHECK(outcome(run("NS008", stays.complete().at(fixtures::now)), "NS008") == "ok");
  Cluster unread;
  unread.yaml(going_namespace("shop", hour_ago));
  CHECK(outcome(run("NS008", unread), "NS008") == "skipped");
}

TEST_CASE("a volume claim in use names the pod that uses it") {
  Cluster cluster;
  cluster.yaml(going_namespace("shop", hour_ago))
      .yaml(fixtures::object("v1", "PersistentVolumeClaim", "shop", "data", "2026-01-01T00:57:00Z",
                             "kubernetes.io/pvc-protection"))
      .yaml(pod("2026-01-01T00:59:59Z"))
      .complete()
      .at(fixtures::now);
  const auto f = finding(run("NS009", cluster), "NS009");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.title == "PersistentVolumeClaim shop/data is still used by pod web-0");
  Cluster none;
  none.yaml(going_namespace("shop", hour_ago)).complete();
  CHECK(outcome(run("NS009", none.at(fixtures::now)), "NS009") == "ok");
  Cluster unread;
  unread.yaml(going_namespace("shop", hour_ago)).at(fixtures::now);
  CHECK(outcome(run("NS009", unread), "NS009") == "skipped");
}

TEST_CASE("AIBrix's namespace going under its objects is a warning with what would be orphaned") {
  Cluster cluster;
  cluster.yaml(going_namespace("aibrix-system", "2026-01-01T00:59:50Z"))
      .yaml(fixtures::adapter("team-a", "sql-lora", ""))
      .yaml(fixtures::adapter("team-b", "chat-lora", ""))
      .yaml(fixtures::adapter("aibrix-system", "inside", ""))
      .complete()
      .at(fixtures::now);
  const auto f = finding(run("NS011", cluster), "NS011");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.title ==
        "namespace aibrix-system is being deleted while 2 ModelAdapters remain in other "
        "namespaces");
  CHECK(f.related.size() == 2);
}

TEST_CASE("AIBrix's namespace may go when nothing of AIBrix's is left elsewhere, or stay") {
  Cluster last;
  last.yaml(going_namespace("aibrix-system", "2026-01-01T00:59:50Z"))
      .yaml(fixtures::adapter("aibrix-system", "inside", ""))
      .complete()
      .at(fixtures::now);
  CHECK(outcome(run("NS011", last), "NS011") == "ok");
  Cluster stays;
  stays.yaml("{apiVersion: v1, kind: Namespace, metadata: {name: aibrix-system}}")
      .yaml(fixtures::adapter("team-a", "sql-lora", ""));
  CHECK(outcome(run("NS011", stays.complete().at(fixtures::now)), "NS011") == "ok");
  Cluster unread;
  CHECK(outcome(run("NS011", unread), "NS011") == "skipped");
}
