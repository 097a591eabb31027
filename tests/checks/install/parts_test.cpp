#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "checks/install/install_yaml.hpp"
#include "support/snapshot.hpp"

using namespace support;

namespace {

std::string fleet() {
  return "---\napiVersion: orchestration.aibrix.ai/v1alpha1\nkind: RayClusterFleet\nmetadata: "
         "{name: "
         "big, namespace: default, uid: f, labels: {model.aibrix.ai/name: big}}\nstatus: {}\n";
}

PartYaml kuberay(const std::string& tag, const std::string& args) {
  PartYaml p;
  p.name = "kuberay-operator";
  p.ns = "ray";
  p.image = "quay.io/kuberay/operator:" + tag;
  p.args = args;
  return p;
}

const char* const adapter = R"(---
apiVersion: model.aibrix.ai/v1alpha1
kind: ModelAdapter
metadata: {name: sql, namespace: default, labels: {model.aibrix.ai/name: sql}}
)";

std::string rights(const std::string& resources) {
  return R"(---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: aibrix-role}
rules:
- {apiGroups: ["", apps, discovery.k8s.io, gateway.networking.k8s.io], resources: ["*"], verbs: ["*"]}
- {apiGroups: [autoscaling.aibrix.ai, orchestration.aibrix.ai], resources: ["*"], verbs: [list, watch]}
- {apiGroups: [model.aibrix.ai], resources: [)" +
         resources + R"(], verbs: [get, list, watch]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: aibrix}
roleRef: {kind: ClusterRole, name: aibrix-role}
subjects:
- {kind: ServiceAccount, name: aibrix-controller-manager, namespace: aibrix-system}
- {kind: ServiceAccount, name: aibrix-gateway-plugins, namespace: aibrix-system}
)";
}

}  // namespace

TEST_CASE("a controller that is switched off while its objects are in use is named") {
  PartYaml p;
  p.args = "[--controllers=model-route-controller]";
  Cluster cluster;
  cluster.yaml(part(p) + adapter).complete();
  const auto f = finding(run("INS007", cluster), "INS007");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.title == "model-adapter-controller is switched off");
  CHECK(f.consequence == "LoRAs are not loaded");
  CHECK(f.evidence[0].value == "model-route-controller");
  CHECK(f.evidence[1].value == "modeladapter/default/sql");
}

TEST_CASE("without the route controller new models get no route") {
  PartYaml p;
  p.args = "[--controllers=*, --controllers, \"*,-model-route-controller\"]";
  const std::string gateway =
      "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: aibrix-eg, "
      "namespace: aibrix-system}\n";
  Cluster cluster;
  cluster.yaml(part(p) + adapter + gateway).complete();
  CHECK(finding(run("INS007", cluster), "INS007").title ==
        "model-route-controller is switched off");
}

TEST_CASE("controllers nobody needs may be off, and another Deployment may run them") {
  PartYaml p;
  p.args = "[--controllers=pod-autoscaler-controller]";
  Cluster unused;
  unused.yaml(part(p)).complete();
  CHECK(outcome(run("INS007", unused), "INS007") == "ok");
  PartYaml standalone;
  standalone.name = "aibrix-lora";
  standalone.args = "[--controllers=model-adapter-controller]";
  Cluster split;
  split.yaml(part(p) + part(standalone) + adapter).complete();
  CHECK(outcome(run("INS007", split), "INS007") == "ok");
  Cluster unread;
  unread.complete().forbid(kube::resources::deployments);
  CHECK(outcome(run("INS007", unread), "INS007") == "skipped");
}

TEST_CASE("a role without ModelClaims is what the controller's log complains of (1094)") {
  PartYaml nightly;
  nightly.image = "aibrix/controller-manager:nightly";
  Cluster cluster;
  cluster
      .yaml(part(nightly) + crds() + crd("modelclaims.model.aibrix.ai") + rights("modeladapters"))
      .complete();
  const auto f = finding(run("INS008", cluster), "INS008");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.title == "aibrix-controller-manager may not list modelclaims.model.aibrix.ai");
  CHECK(f.subject.ref.name == "aibrix-role");
  CHECK(f.evidence[0].value == "aibrix-system/aibrix-controller-manager");
}

TEST_CASE("rights are enough where the release and its CRDs ask for no more") {
  Cluster cluster;
  cluster.yaml(part({}) + part(plugins()) + crds() + rights("modeladapters")).complete();
  CHECK(outcome(run("INS008", cluster), "INS008") == "ok");
}

TEST_CASE("rights cannot be told without roles, or where none is seen and all works") {
  Cluster unread;
  unread.yaml(part({})).complete().not_recorded(kube::resources::clusterroles);
  CHECK(outcome(run("INS008", unread), "INS008") == "skipped");
  Cluster unseen;
  unseen.yaml(part({}) + crds()).complete();
  CHECK(outcome(run("INS008", unseen), "INS008") == "undetermined");
}

TEST_CASE("images of two releases are a warning on the odd one") {
  PartYaml p = plugins();
  p.image = "registry:5000/mirror/aibrix/gateway-plugins:v0.6.0";
  Cluster cluster;
  cluster.yaml(part({}) + part(p)).complete();
  const auto f = finding(run("INS012", cluster), "INS012");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.title == "aibrix-gateway-plugins runs v0.6.0 beside aibrix-controller-manager v0.7.0");
}

TEST_CASE("one tag everywhere is right, nightly or not, and a digest tells nothing") {
  Cluster same;
  same.yaml(part({}) + part(plugins())).complete();
  CHECK(outcome(run("INS012", same), "INS012") == "ok");
  PartYaml digest = plugins();
  digest.image = "aibrix/gateway-plugins@sha256:00";
  Cluster unknown;
  unknown.yaml(part({}) + part(digest)).complete();
  CHECK(outcome(run("INS012", unknown), "INS012") == "undetermined");
}

TEST_CASE("fleets without KubeRay get no pods") {
  Cluster no_crd;
  no_crd.yaml(part({}) + fleet()).complete();
  const auto missing = finding(run("INS015", no_crd), "INS015");
  CHECK(missing.level == checks::Level::warning);
  CHECK(missing.subject.ref.name == "rayclusters.ray.io");
  Cluster no_operator;
  no_operator.yaml(part({}) + fleet() + crd("rayclusters.ray.io")).complete();
  CHECK(finding(run("INS015", no_operator), "INS015").title ==
        "KubeRay's operator is not installed");
}

TEST_CASE("KubeRay before 1.3 needs its feature gate") {
  Cluster without;
  without.yaml(part({}) + fleet() + crd("rayclusters.ray.io") + part(kuberay("v1.2.1", "[]")))
      .complete();
  CHECK(finding(run("INS015", without), "INS015").title ==
        "KubeRay runs without the feature gate RayClusterStatusConditions");
  Cluster with;
  with.yaml(part({}) + fleet() + crd("rayclusters.ray.io") +
            part(kuberay("v1.2.1", "[--feature-gates=RayClusterStatusConditions=true]")))
      .complete();
  CHECK(outcome(run("INS015", with), "INS015") == "ok");
  Cluster recent;
  recent.yaml(part({}) + fleet() + crd("rayclusters.ray.io") + part(kuberay("v1.3.0", "[]")))
      .complete();
  CHECK(outcome(run("INS015", recent), "INS015") == "ok");
}

TEST_CASE("KubeRay is nobody's business without fleets, and unknown in a folder of manifests") {
  Cluster none;
  none.yaml(part({})).complete();
  CHECK(outcome(run("INS015", none), "INS015") == "skipped");
  Cluster manifests;
  manifests.yaml(fleet());
  CHECK(outcome(run("INS015", manifests), "INS015") == "undetermined");
}
