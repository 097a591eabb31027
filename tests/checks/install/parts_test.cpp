// INS007, INS008, INS012, INS015: controllers, rights, releases and KubeRay.
#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/builders/install.hpp"
#include "support/snapshot.hpp"

using namespace support;

namespace {

std::string fleet() {
  return "---\napiVersion: orchestration.aibrix.ai/v1alpha1\nkind: RayClusterFleet\nmetadata: "
         "{name: "
         "big, namespace: default, uid: f, labels: {model.aibrix.ai/name: big}}\nstatus: {}\n";
}

Component kuberay(const std::string& tag, const std::string& args) {
  Component p;
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

}  // namespace

TEST_CASE("controllers nobody needs may be off, and another Deployment may run them") {
  Component p;
  p.args = "[--controllers=pod-autoscaler-controller]";
  Cluster unused;
  unused.yaml(component(p)).complete();
  CHECK(outcome(run("INS007", unused), "INS007") == "ok");
  Component standalone;
  standalone.name = "aibrix-lora";
  standalone.args = "[--controllers=model-adapter-controller]";
  Cluster split;
  split.yaml(component(p) + component(standalone) + adapter).complete();
  CHECK(outcome(run("INS007", split), "INS007") == "ok");
  Cluster unread;
  unread.complete().forbid(kube::resources::deployments);
  CHECK(outcome(run("INS007", unread), "INS007") == "skipped");
}

TEST_CASE("rights cannot be told without roles, or where none is seen and all works") {
  Cluster unread;
  unread.yaml(component({})).complete().not_recorded(kube::resources::clusterroles);
  CHECK(outcome(run("INS008", unread), "INS008") == "skipped");
  Cluster unseen;
  unseen.yaml(component({}) + crds()).complete();
  CHECK(outcome(run("INS008", unseen), "INS008") == "undetermined");
}

TEST_CASE("one tag everywhere is right, nightly or not, and a digest tells nothing") {
  Cluster same;
  same.yaml(component({}) + component(plugins())).complete();
  CHECK(outcome(run("INS012", same), "INS012") == "ok");
  Component digest = plugins();
  digest.image = "aibrix/gateway-plugins@sha256:00";
  Cluster unknown;
  unknown.yaml(component({}) + component(digest)).complete();
  CHECK(outcome(run("INS012", unknown), "INS012") == "undetermined");
}

TEST_CASE("fleets without KubeRay get no pods") {
  Cluster no_crd;
  no_crd.yaml(component({}) + fleet()).complete();
  const auto missing = finding(run("INS015", no_crd), "INS015");
  CHECK(missing.level == checks::Level::warning);
  CHECK(missing.subject.ref.name == "rayclusters.ray.io");
  Cluster no_operator;
  no_operator.yaml(component({}) + fleet() + crd("rayclusters.ray.io")).complete();
  CHECK(finding(run("INS015", no_operator), "INS015").title ==
        "the KubeRay operator is not installed");
}

TEST_CASE("KubeRay before 1.3 needs its feature gate") {
  Cluster without;
  without
      .yaml(component({}) + fleet() + crd("rayclusters.ray.io") +
            component(kuberay("v1.2.1", "[]")))
      .complete();
  CHECK(finding(run("INS015", without), "INS015").title ==
        "KubeRay runs without the feature gate RayClusterStatusConditions");
  Cluster with;
  with.yaml(component({}) + fleet() + crd("rayclusters.ray.io") +
            component(kuberay("v1.2.1", "[--feature-gates=RayClusterStatusConditions=true]")))
      .complete();
  CHECK(outcome(run("INS015", with), "INS015") == "ok");
  Cluster recent;
  recent
      .yaml(component({}) + fleet() + crd("rayclusters.ray.io") +
            component(kuberay("v1.3.0", "[]")))
      .complete();
  CHECK(outcome(run("INS015", recent), "INS015") == "ok");
}

TEST_CASE("KubeRay is nobody's business without fleets, and unknown in a folder of manifests") {
  Cluster none;
  none.yaml(component({})).complete();
  CHECK(outcome(run("INS015", none), "INS015") == "skipped");
  Cluster manifests;
  manifests.yaml(fleet());
  CHECK(outcome(run("INS015", manifests), "INS015") == "undetermined");
}
