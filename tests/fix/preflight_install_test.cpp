// What is in the way of a first install.
#include <algorithm>

#include "catch.hpp"
#include "fix/preflight.hpp"
#include "fixture.hpp"

using namespace fix_test;
using kube::AccessAnswer;
using support::Cluster;

namespace {

fix::Preflight install(const Cluster& cluster, const char* release = "v0.7.0",
                       fix::InstallRights rights = {{}, {}, "nobody was asked"}) {
  const kube::Snapshot snapshot = cluster.snapshot();
  const aibrix::Cluster view(snapshot);
  return fix::preflight_install({snapshot, view, {}}, *aibrix::release_data(release), rights);
}

const char* node = R"(
apiVersion: v1
kind: Node
metadata: {name: gpu-1, labels: {kubernetes.io/arch: amd64}}
spec: {providerID: "aws:///eu-1/i-1"}
status:
  allocatable: {cpu: "8", nvidia.com/gpu: "4"}
  conditions: [{type: Ready, status: "True"}]
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: fast, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
)";

std::string gateway_api(const std::string& version, const std::string& channel) {
  return R"(
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: httproutes.gateway.networking.k8s.io
  annotations: {gateway.networking.k8s.io/bundle-version: )" +
         version + ", gateway.networking.k8s.io/channel: " + channel + "}\n";
}

const char* safe_upgrades = R"(
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: safe-upgrades.gateway.networking.k8s.io
  annotations: {gateway.networking.k8s.io/bundle-version: v1.5.1}
)";

std::string envoy_gateway(const std::string& version,
                          const std::string& ns = "envoy-gateway-system") {
  return R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: envoy-gateway, namespace: )" +
         ns + R"(, uid: eg, labels: {control-plane: envoy-gateway}}
spec:
  replicas: 1
  selector: {matchLabels: {control-plane: envoy-gateway}}
  template: {spec: {containers: [{name: envoy-gateway, image: "envoyproxy/gateway:)" +
         version + R"("}]}}
status: {readyReplicas: 1}
)";
}

Cluster ready() {
  return Cluster().complete().live().at(now).yaml(node);
}

}  // namespace

TEST_CASE("nothing is in the way on an empty cluster with nodes, and the order is the manifests'") {
  const fix::Preflight p = install(ready());
  CHECK(p.in_the_way.empty());
  CHECK(p.exit_code() == 0);
  CHECK(says(p.found, "1 of 1 node Ready, amd64, nvidia.com/gpu on 1"));
  CHECK(says(p.found, "cloud aws"));
  CHECK(says(p.found, "default StorageClass fast"));
  CHECK(says(p.found, "no Envoy Gateway is here"));
  CHECK(says(p.found, "cert-manager is not needed"));
  REQUIRE(p.order.size() == 5);
  CHECK(says({p.order[0]}, "aibrix-dependency-v0.7.0.yaml"));
  CHECK(says({p.order[2]}, "aibrix-core-crds-v0.7.0.yaml"));
  CHECK(says({p.order[3]}, "aibrix-core-v0.7.0.yaml"));
}

TEST_CASE("up to v0.6 there is no manifest of CRDs, and v0.6.0 runs images of v0.5.0") {
  const fix::Preflight p = install(ready(), "v0.6.0");
  CHECK_FALSE(says(p.order, "core-crds"));
  CHECK(says(p.order, "CRDs included"));
  CHECK(says(p.warnings, "run images of v0.5.0"));
  CHECK_FALSE(says(install(ready()).warnings, "run images of"));
}

TEST_CASE("nodes, load balancer and storage that are not there are told") {
  const fix::Preflight none = install(Cluster().complete().live().at(now));
  CHECK(says(none.in_the_way, "there is no node"));
  const fix::Preflight bare = install(Cluster().complete().live().at(now).yaml(R"(
apiVersion: v1
kind: Node
metadata: {name: n, labels: {kubernetes.io/arch: s390x}}
status: {conditions: [{type: Ready, status: "True"}]}
)"));
  CHECK(says(bare.in_the_way, "s390x nodes"));
  CHECK(says(bare.warnings, "no load balancer was seen"));
  CHECK(says(bare.warnings, "no default StorageClass"));
  CHECK(says(bare.warnings, "no node offers a GPU"));
  const char* pending = R"(
apiVersion: v1
kind: Service
metadata: {name: web, namespace: team-a}
spec: {type: LoadBalancer, ports: [{port: 80}]}
)";
  CHECK(says(install(ready().yaml(pending)).warnings, "Service team-a/web of type LoadBalancer"));
}

TEST_CASE("arm64 nodes are right since the images are made for them") {
  const char* arm = R"(
apiVersion: v1
kind: Node
metadata: {name: arm-1, labels: {kubernetes.io/arch: arm64}}
status: {conditions: [{type: Ready, status: "True"}]}
)";
  CHECK_FALSE(says(install(ready().yaml(arm)).warnings, "arm64"));
  CHECK(says(install(ready().yaml(arm), "v0.4.1").warnings, "arm64 nodes"));
}

TEST_CASE("Gateway API CRDs of another version are told by what the dependency manifest does") {
  CHECK(says(install(ready().yaml(gateway_api("v1.1.0", "standard"))).warnings,
             "v1.1.0 (standard): the dependency manifest of v0.7.0 brings v1.2.1"));
  const fix::Preflight newer = install(ready().yaml(gateway_api("v1.4.0", "standard")));
  CHECK(newer.in_the_way.empty());
  CHECK(says(newer.warnings, "newer than v1.2.1"));
  CHECK(says(newer.order, "without the parts named above"));
  CHECK(says(install(ready().yaml(gateway_api("v1.2.1", "experimental"))).found,
             "Gateway API CRDs v1.2.1 (experimental)"));
}

TEST_CASE("the safe-upgrades policy is in the way, since it refuses the manifest's older CRDs") {
  const fix::Preflight p =
      install(ready().yaml(gateway_api("v1.5.1", "standard")).yaml(safe_upgrades));
  CHECK(says(p.in_the_way, "safe-upgrades.gateway.networking.k8s.io refuses"));
  CHECK(p.exit_code() == 1);
}

TEST_CASE("another Envoy Gateway is judged by where it is and how old") {
  CHECK(says(install(ready().yaml(envoy_gateway("v1.2.8"))).found, "is the version of v0.7.0"));
  CHECK(says(install(ready().yaml(envoy_gateway("v1.9.1"))).in_the_way, "newer than v1.2.8"));
  CHECK(says(install(ready().yaml(envoy_gateway("v1.1.0"))).warnings, "older than v1.2.8"));
  CHECK(says(install(ready().yaml(envoy_gateway("v1.2.8", "edge"))).in_the_way,
             "answers for the same controller name"));
}

TEST_CASE("a GatewayClass of the same name that is another controller's is in the way") {
  const fix::Preflight p = install(ready().yaml(R"(
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: aibrix-eg, uid: g}
spec: {controllerName: example.com/other}
)"));
  CHECK(says(p.in_the_way, "belongs to another controller (example.com/other)"));
}

TEST_CASE("leftovers of an earlier install are told, those that refuse objects first") {
  const fix::Preflight p = install(ready().yaml(R"(
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: modeladapters.model.aibrix.ai}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: old.model.aibrix.ai}
---
apiVersion: model.aibrix.ai/v1alpha1
kind: ModelAdapter
metadata: {name: lora, namespace: team-a, uid: l}
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {name: aibrix-mutating-webhook-configuration, uid: w}
webhooks:
- name: mmodeladapter.kb.io
  failurePolicy: Fail
  clientConfig: {service: {name: aibrix-webhook-service, namespace: aibrix-system, path: /mutate-model-aibrix-ai-v1alpha1-modeladapter}}
  rules: [{apiGroups: [model.aibrix.ai], apiVersions: [v1alpha1], operations: [CREATE], resources: [modeladapters]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: aibrix-gateway-plugins-role}
---
apiVersion: v1
kind: Namespace
metadata: {name: aibrix-system, uid: n, deletionTimestamp: "2026-08-22T12:00:00Z"}
)"));
  CHECK(says(p.in_the_way, "fails closed"));
  CHECK(says(p.in_the_way, "namespace aibrix-system is being deleted"));
  CHECK(says(p.warnings, "2 CRDs of an earlier AIBrix are still here, with 1 ModelAdapter"));
  CHECK(says(p.warnings, "CRD old.model.aibrix.ai is not part of v0.7.0"));
  CHECK(says(p.warnings, "1 ClusterRole of an earlier AIBrix is still here"));
}

TEST_CASE("where AIBrix runs already the way is an upgrade") {
  const fix::Preflight p = install(ready().yaml(controller_up));
  CHECK(says(p.in_the_way, "is installed already in namespace aibrix-system"));
  CHECK(says(p.in_the_way, "aibrixctl preflight upgrade --to v0.7.0"));
}

TEST_CASE("the questions are those of the manifests, and each answer counts") {
  const auto questions = fix::install_questions(*aibrix::release_data("v0.7.0"));
  const auto asks = [&](const char* verb, const char* resource, const char* ns) {
    return std::any_of(questions.begin(), questions.end(), [&](const kube::AccessQuestion& q) {
      return q.verb == verb && q.resource == resource && q.ns == ns;
    });
  };
  CHECK(asks("create", "namespaces", ""));
  CHECK(asks("patch", "customresourcedefinitions", ""));
  CHECK(asks("create", "envoyproxies", "aibrix-system"));
  CHECK(asks("create", "envoypatchpolicies", "aibrix-system"));
  CHECK(asks("create", "gatewayclasses", ""));
  CHECK(asks("create", "poddisruptionbudgets", "aibrix-system"));
  CHECK(asks("create", "mutatingwebhookconfigurations", ""));
  CHECK(asks("escalate", "clusterroles", ""));
  std::vector<AccessAnswer> answers(questions.size(), AccessAnswer::allowed);
  CHECK(install(ready(), "v0.7.0", {questions, answers, ""}).exit_code() == 0);
  answers[0] = AccessAnswer::denied;
  const fix::Preflight denied = install(ready(), "v0.7.0", {questions, answers, ""});
  CHECK(says(denied.in_the_way, "you are not permitted to create namespaces"));
  answers[0] = AccessAnswer::unknown;
  CHECK(install(ready(), "v0.7.0", {questions, answers, ""}).exit_code() == 3);
  answers[0] = AccessAnswer::allowed;
  answers.back() = AccessAnswer::denied;
  const fix::Preflight bound = install(ready(), "v0.7.0", {questions, answers, ""});
  CHECK(bound.in_the_way.empty());
  CHECK(says(bound.warnings, "only with rights you have yourself"));
  CHECK(says(install(ready()).not_checked, "your rights: nobody was asked"));
}

TEST_CASE("what may not be listed is told, and no clean answer") {
  const fix::Preflight p = install(ready().forbid(kube::resources::crds));
  CHECK(p.exit_code() == 3);
  CHECK(says(p.not_looked_at, "customresourcedefinitions"));
}
