// Entries of webhook configurations: rules, selectors, owner.
#include "aibrix/webhooks.hpp"

#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/snapshot.hpp"

namespace {

const char* text = R"(
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: v}
webhooks:
- name: vmodeladapter.kb.io
  failurePolicy: Ignore
  clientConfig:
    caBundle: TFMwdA==
    service: {name: s, namespace: sys, path: /validate-model-aibrix-ai-v1alpha1-modeladapter}
  rules:
  - {apiGroups: [model.aibrix.ai], resources: [modeladapters], operations: [CREATE, UPDATE], scope: Namespaced}
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {name: m}
webhooks:
- name: policy.example.com
  clientConfig: {url: "https://example.com/validate-model-aibrix-ai-v1alpha1-modeladapter"}
  namespaceSelector: {matchLabels: {guarded: "yes"}}
  objectSelector: {matchLabels: {tier: gold}}
  rules:
  - {apiGroups: ["*"], resources: ["*"], operations: ["*"]}
---
apiVersion: v1
kind: Namespace
metadata: {name: team-a, labels: {guarded: "yes"}}
---
apiVersion: model.aibrix.ai/v1alpha1
kind: ModelAdapter
metadata: {name: gold, namespace: team-a, labels: {tier: gold}}
---
apiVersion: model.aibrix.ai/v1alpha1
kind: ModelAdapter
metadata: {name: plain, namespace: team-a}
---
apiVersion: model.aibrix.ai/v1alpha1
kind: ModelAdapter
metadata: {name: gold, namespace: unread, labels: {tier: gold}}
)";

}  // namespace

TEST_CASE("webhook entries know what they cover, select and belong to") {
  support::Cluster cluster;
  cluster.yaml(text);
  const auto snapshot = cluster.snapshot();
  const auto webhooks = aibrix::webhooks(snapshot);
  REQUIRE(webhooks.size() == 2);
  const aibrix::Webhook& policy = webhooks[0];  // mutating ones are called first
  const aibrix::Webhook& own = webhooks[1];
  CHECK(policy.name() == "policy.example.com");
  CHECK(policy.fails_closed());  // the default
  CHECK_FALSE(policy.has_ca());
  CHECK(policy.service().name.empty());
  CHECK_FALSE(policy.is_aibrix());
  CHECK(policy.covers(aibrix::resources::model_adapters, "UPDATE"));
  CHECK(policy.covers(kube::resources::namespaces, "DELETE"));
  CHECK_FALSE(own.fails_closed());
  CHECK(own.has_ca());
  CHECK(own.is_aibrix());
  CHECK(own.service().ns == "sys");
  CHECK(own.path("failurePolicy") == "webhooks[0].failurePolicy");
  CHECK(own.timeout_seconds() == 10);
  CHECK(own.covers(aibrix::resources::model_adapters, "UPDATE"));
  CHECK_FALSE(own.covers(aibrix::resources::model_adapters, "DELETE"));
  CHECK_FALSE(own.covers(aibrix::resources::kv_caches, "UPDATE"));

  const auto adapter = [&](const char* ns, const char* name) {
    return *snapshot.find(aibrix::resources::model_adapters, ns, name);
  };
  CHECK(own.selects(snapshot, adapter("team-a", "plain")));
  CHECK(policy.selects(snapshot, adapter("team-a", "gold")));
  CHECK_FALSE(policy.selects(snapshot, adapter("team-a", "plain")));
  CHECK_FALSE(policy.selects(snapshot, adapter("unread", "gold")));
}
