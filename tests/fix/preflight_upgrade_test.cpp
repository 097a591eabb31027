// What an upgrade to another release runs into.
#include "catch.hpp"
#include "fix/preflight.hpp"
#include "fixture.hpp"

using namespace fix_test;
using support::Cluster;

namespace {

fix::Preflight upgrade(const Cluster& cluster, const char* to = "v0.7.0") {
  const kube::Snapshot snapshot = cluster.snapshot();
  const aibrix::Cluster view(snapshot);
  return fix::preflight_upgrade({snapshot, view, {}}, *aibrix::release_data(to));
}

std::string component(const std::string& name, const std::string& image,
                      const std::string& env = "[]") {
  return R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: )" +
         name + R"(, namespace: aibrix-system, uid: u-)" + name + R"(}
spec:
  replicas: 1
  selector: {matchLabels: {app: x}}
  template: {spec: {containers: [{name: main, image: ")" +
         image + R"(", env: )" + env + R"(}]}}
status: {readyReplicas: 1}
)";
}

std::string crds(const std::string& release, const std::string& metadata = "") {
  std::string out;
  const auto data = aibrix::release_data(release);
  for (const auto& crd : data->crds) {
    out +=
        "---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: " +
        std::string(crd.name) + metadata + "}\n";
  }
  return out;
}

Cluster installed(const std::string& tag) {
  return Cluster()
      .complete()
      .live()
      .at(now)
      .yaml(component("aibrix-controller-manager", "aibrix/controller-manager:" + tag))
      .yaml(component("aibrix-gateway-plugins", "aibrix/gateway-plugins:" + tag))
      .yaml(crds(tag == "nightly" ? "v0.7.0" : tag));
}

const char* adapter = R"(
apiVersion: model.aibrix.ai/v1alpha1
kind: ModelAdapter
metadata: {name: lora, namespace: team-a, uid: l}
)";

}  // namespace

TEST_CASE("fields that the new schemas drop, and objects that they refuse, are told") {
  const fix::Preflight p = upgrade(installed("v0.4.1").yaml(R"(
apiVersion: model.aibrix.ai/v1alpha1
kind: ModelAdapter
metadata: {name: lora, namespace: team-a, uid: l}
spec: {artifactURL: huggingface://a/b, podSelector: {}, replicas: 2, additional: {}}
)"));
  CHECK(
      says(p.lost, "modeladapter/team-a/lora: spec.additional, a field that the schema of v0.7.0"));
  CHECK(says(p.warnings, "refuses changes of modeladapter/team-a/lora: spec.replicas"));
}

TEST_CASE("from v0.4.1 new CRDs, and what goes with the old manifest, are told with the order") {
  const fix::Preflight p = upgrade(installed("v0.4.1").yaml(adapter));
  CHECK(p.from == "v0.4.1");
  CHECK(p.to == "v0.7.0");
  CHECK(p.in_the_way.empty());
  CHECK(says(p.warnings, "needs CRDs that are not here: podsets.orchestration.aibrix.ai"));
  CHECK(says(p.lost, "1 ModelAdapter, since up to v0.6 it holds the CRDs"));
  REQUIRE(p.order.size() >= 5);
  CHECK(says(p.order, "kubectl get modeladapters.model.aibrix.ai --all-namespaces -o yaml"));
  std::size_t crds_at = 0;
  std::size_t core_at = 0;
  for (std::size_t i = 0; i < p.order.size(); ++i) {
    if (says({p.order[i]}, "aibrix-core-crds-v0.7.0.yaml")) crds_at = i;
    if (says({p.order[i]}, "aibrix-core-v0.7.0.yaml")) core_at = i;
  }
  CHECK(crds_at != 0);
  CHECK(crds_at < core_at);
}

TEST_CASE("who prunes by the old core manifest would delete every object: that is in the way") {
  const Cluster argo =
      Cluster()
          .complete()
          .live()
          .at(now)
          .yaml(component("aibrix-controller-manager", "aibrix/controller-manager:v0.5.0"))
          .yaml(crds("v0.5.0", ", labels: {argocd.argoproj.io/instance: aibrix}"));
  CHECK(says(upgrade(argo).in_the_way, "Argo CD keeps the CRDs by the core manifest"));
  CHECK(upgrade(argo, "v0.6.0").in_the_way.empty());
}

TEST_CASE("a downgrade is refused, with what it costs") {
  const fix::Preflight p = upgrade(installed("v0.7.0"), "v0.5.0");
  CHECK(says(p.in_the_way, "v0.7.0 is newer than v0.5.0"));
  CHECK(p.order.empty());
  CHECK(p.exit_code() == 1);
}

TEST_CASE("without an install, or with an unknown release, that is what is said") {
  const fix::Preflight none = upgrade(Cluster().complete().live().at(now));
  CHECK(says(none.in_the_way, "AIBrix is not installed here"));
  const fix::Preflight unknown = upgrade(
      installed("v0.7.0")
          .yaml(component("aibrix-controller-manager", "aibrix/controller-manager@sha256:00"))
          .yaml(component("aibrix-gateway-plugins", "aibrix/gateway-plugins@sha256:00")));
  CHECK(says(unknown.not_looked_at, "the installed release"));
  CHECK(unknown.exit_code() == 3);
  CHECK(says(upgrade(installed("nightly")).warnings, "a build (nightly) is installed"));
  CHECK(upgrade(Cluster()).exit_code() == 3);
}

TEST_CASE("stored versions that the new CRDs do not have are in the way") {
  const fix::Preflight p = upgrade(installed("v0.5.0").yaml(R"(
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: modeladapters.model.aibrix.ai}
status: {storedVersions: [v1alpha0, v1alpha1]}
)"));
  CHECK(says(p.in_the_way, "stored as v1alpha0"));
}

TEST_CASE("webhooks that fail closed, and routes that the new manifest lacks, are told") {
  const fix::Preflight p = upgrade(installed("v0.4.1").yaml(R"(
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: aibrix-validating-webhook-configuration, uid: w}
webhooks:
- name: vmodeladapter.kb.io
  failurePolicy: Fail
  clientConfig: {service: {name: aibrix-webhook-service, namespace: aibrix-system, path: /validate-model-aibrix-ai-v1alpha1-modeladapter}}
  rules: [{apiGroups: [model.aibrix.ai], apiVersions: [v1alpha1], operations: [CREATE], resources: [modeladapters]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: aibrix-reserved-router-models-endpoint, namespace: aibrix-system, uid: r}
)"));
  CHECK(says(p.warnings, "fails closed (1 webhook)"));
  CHECK(says(p.warnings, "v0.7.0 sets Ignore"));
  CHECK(
      says(p.warnings,
           "HTTPRoute aibrix-system/aibrix-reserved-router-models-endpoint is not part of v0.7.0"));
  CHECK(says(p.order,
             "delete httproutes.gateway.networking.k8s.io "
             "aibrix-reserved-router-models-endpoint"));
}

TEST_CASE("an Envoy Gateway that was upgraded by hand is not put back") {
  const Cluster cluster = installed("v0.6.0").yaml(R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: envoy-gateway, namespace: envoy-gateway-system, uid: eg, labels: {control-plane: envoy-gateway}}
spec:
  replicas: 1
  selector: {matchLabels: {control-plane: envoy-gateway}}
  template: {spec: {containers: [{name: envoy-gateway, image: "envoyproxy/gateway:v1.8.4"}]}}
status: {readyReplicas: 1}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: httproutes.gateway.networking.k8s.io
  annotations: {gateway.networking.k8s.io/bundle-version: v1.2.1, gateway.networking.k8s.io/channel: experimental}
)");
  const fix::Preflight p = upgrade(cluster);
  CHECK(says(p.warnings, "is newer than v1.2.8"));
  CHECK(says(p.warnings, "pins Envoy v1.33.2"));
  CHECK(says(p.in_the_way, "needs Gateway API CRDs of v1.5.0 or later"));
  CHECK_FALSE(says(p.order, "aibrix-dependency-v0.7.0.yaml"));
}

TEST_CASE("v0.8's traps are told of the objects that are in them, and only on the way to it") {
  const auto cluster = [](const std::string& tag) {
    return installed(tag)
        .yaml(component("aibrix-metadata-service", "aibrix/metadata-service:" + tag))
        .yaml(component(
            "aibrix-gateway-plugins", "aibrix/gateway-plugins:" + tag,
            "[{name: AIBRIX_PREFIX_CACHE_POD_RUNNING_REQUEST_IMBALANCE_ABS_COUNT, value: \"9\"}]"))
        .yaml(R"(
apiVersion: autoscaling.aibrix.ai/v1alpha1
kind: PodAutoscaler
metadata: {name: a, namespace: team-a, uid: a}
spec: {scalingStrategy: APA, minReplicas: 1, maxReplicas: 4, metricsSources: [{targetValue: "fifty"}]}
---
apiVersion: autoscaling.aibrix.ai/v1alpha1
kind: PodAutoscaler
metadata: {name: right, namespace: team-a, uid: b}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: big}
  scalingStrategy: APA
  minReplicas: 1
  maxReplicas: 4
  metricsSources:
  - {metricSourceType: pod, protocolType: http, path: metrics, port: "8000", targetMetric: m, targetValue: "0.5"}
---
apiVersion: model.aibrix.ai/v1alpha1
kind: ModelClaim
metadata: {name: claim, namespace: team-a, uid: c}
spec: {modelName: m}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: big, namespace: team-a, uid: d, labels: {model.aibrix.ai/name: Big.Model_1}}
spec:
  replicas: 1
  selector: {matchLabels: {app: big}}
  template: {metadata: {labels: {app: big, model.aibrix.ai/name: Big.Model_1}}, spec: {containers: [{name: e, image: e}]}}
)");
  };
  const fix::Preflight p = upgrade(cluster("v0.7.0"), "v0.8.0");
  CHECK(p.in_the_way.empty());
  CHECK(says(p.warnings, "team-a/a (targetValue is no number above 0)"));
  CHECK_FALSE(says(p.warnings, "team-a/right"));
  CHECK(says(p.warnings, "ModelClaims without spec.perGPU"));
  CHECK(says(p.warnings, "rewrites the batch data"));
  CHECK(says(p.warnings, "AIBRIX_LOAD_BALANCE_IMBALANCE_MIN_GAP"));
  CHECK(says(p.warnings, "gateway_request_success_total"));
  CHECK(says(p.warnings, "Big.Model_1"));
  CHECK(says(p.warnings, "modelwarmups.model.aibrix.ai"));
  CHECK(says(p.not_checked, "only parts of its manifests are known"));
  const fix::Preflight before = upgrade(cluster("v0.6.0"), "v0.7.0");
  CHECK_FALSE(says(before.warnings, "perGPU"));
  CHECK_FALSE(says(before.warnings, "rewrites"));
}

TEST_CASE("parts of different releases are told") {
  CHECK(says(upgrade(installed("v0.6.0").yaml(
                         component("aibrix-gateway-plugins", "aibrix/gateway-plugins:v0.5.0")))
                 .warnings,
             "run different releases (v0.6.0 and v0.5.0)"));
}

TEST_CASE("of a chart the CRDs are applied by hand, since helm upgrade does not") {
  std::string controller =
      component("aibrix-controller-manager", "aibrix/controller-manager:v0.7.0");
  controller.replace(controller.find("uid:"), 4,
                     "labels: {app.kubernetes.io/managed-by: Helm}, uid:");
  const fix::Preflight p =
      upgrade(Cluster().complete().live().at(now).yaml(controller).yaml(crds("v0.7.0")), "v0.8.0");
  CHECK(says(p.order, "apply the CRDs by hand"));
  CHECK(says(p.order, "helm upgrade"));
}
