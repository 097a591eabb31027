// NS007, NS008, NS009, NS011: what keeps a namespace that is being deleted.
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

const std::string hour_ago = "2026-01-01T00:00:00Z";
const std::string pods_left = stuck::remaining("pods. has 1 resource instances");

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
}  // namespace

TEST_CASE("a slow kubelet is a warning, a pod within its grace period nothing") {
  Cluster slow;
  slow.yaml(going_namespace("shop", "2026-01-01T00:57:00Z", pods_left))
      .yaml(pod("2026-01-01T00:57:30Z"))
      .yaml(node("True"))
      .complete()
      .at(stuck::now);
  CHECK(finding(run("NS007", slow), "NS007").level == checks::Level::warning);
  Cluster graceful;  // 5 minutes of grace, asked for 2 minutes ago
  graceful.yaml(going_namespace("shop", "2026-01-01T00:58:00Z", pods_left))
      .yaml(pod("2026-01-01T01:03:00Z"))
      .yaml(node("True"))
      .complete()
      .live()
      .at(stuck::now);
  const auto out = run("NS*", graceful);
  INFO(support::render(out));
  CHECK(out.findings.empty());
  CHECK(outcome(out, "NS007") == "ok");
}

namespace {

std::string service(const std::string& at) {
  return stuck::object("v1", "Service", "shop", "front", at,
                       "service.kubernetes.io/load-balancer-cleanup",
                       "spec: {type: LoadBalancer}\n");
}

}  // namespace

TEST_CASE("a load balancer that is just going, or in a namespace that stays, is fine") {
  Cluster young;
  young.yaml(going_namespace("shop", "2026-01-01T00:59:00Z")).yaml(service("2026-01-01T00:59:00Z"));
  CHECK(outcome(run("NS008", young.complete().live().at(stuck::now)), "NS008") == "ok");
  Cluster stays;
  stays.yaml("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}").yaml(service(hour_ago));
  CHECK(outcome(run("NS008", stays.complete().at(stuck::now)), "NS008") == "ok");
  Cluster unread;
  unread.yaml(going_namespace("shop", hour_ago));
  CHECK(outcome(run("NS008", unread), "NS008") == "skipped");
}

TEST_CASE("a volume claim in use names the pod that uses it") {
  Cluster cluster;
  cluster.yaml(going_namespace("shop", hour_ago))
      .yaml(stuck::object("v1", "PersistentVolumeClaim", "shop", "data", "2026-01-01T00:57:00Z",
                          "kubernetes.io/pvc-protection"))
      .yaml(pod("2026-01-01T00:59:59Z"))
      .complete()
      .at(stuck::now);
  const auto f = finding(run("NS009", cluster), "NS009");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.title == "PersistentVolumeClaim shop/data is still used by pod web-0");
  Cluster none;
  none.yaml(going_namespace("shop", hour_ago)).complete();
  CHECK(outcome(run("NS009", none.at(stuck::now)), "NS009") == "ok");
  Cluster unread;
  unread.yaml(going_namespace("shop", hour_ago)).at(stuck::now);
  CHECK(outcome(run("NS009", unread), "NS009") == "skipped");
}

TEST_CASE("AIBrix's namespace may go when nothing of AIBrix's is left elsewhere, or stay") {
  Cluster last;
  last.yaml(going_namespace("aibrix-system", "2026-01-01T00:59:50Z"))
      .yaml(stuck::adapter("aibrix-system", "inside", ""))
      .complete()
      .at(stuck::now);
  CHECK(outcome(run("NS011", last), "NS011") == "ok");
  Cluster stays;
  stays.yaml("{apiVersion: v1, kind: Namespace, metadata: {name: aibrix-system}}")
      .yaml(stuck::adapter("team-a", "sql-lora", ""));
  CHECK(outcome(run("NS011", stays.complete().at(stuck::now)), "NS011") == "ok");
  Cluster unread;
  CHECK(outcome(run("NS011", unread), "NS011") == "skipped");
}
