// fix webhooks: which of AIBrix's webhooks it opens or deletes.
#include "catch.hpp"
#include "fixture.hpp"

using namespace fix_test;
using support::Cluster;

namespace {

const char* configuration = R"(
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: aibrix-validating-webhook-configuration, uid: wh}
webhooks:
  - name: vother.example.com
    failurePolicy: Fail
    clientConfig: {service: {name: other, namespace: default, path: /x}}
    rules: [{apiGroups: [model.aibrix.ai], apiVersions: ["*"], operations: [UPDATE], resources: [modeladapters]}]
  - name: vmodeladapter.kb.io
    failurePolicy: Fail
    clientConfig:
      service: {name: aibrix-webhook-service, namespace: aibrix-system,
                path: /validate-model-aibrix-ai-v1alpha1-modeladapter}
    rules: [{apiGroups: [model.aibrix.ai], apiVersions: [v1alpha1], operations: [CREATE, UPDATE], resources: [modeladapters]}]
)";

}  // namespace

TEST_CASE("fix webhooks sets AIBrix's own fail-closed entries to Ignore, guarded by their names") {
  const fix::Plan p = plan(
      "webhooks", Cluster().complete().live().at(now).yaml(controller_down).yaml(configuration));
  CHECK(steps(p) ==
        "patch validatingwebhookconfiguration/aibrix-validating-webhook-configuration\n");
  const std::string patch = fix::to_json(p.steps[0].patch);
  CHECK(patch.find(R"("path":"/webhooks/1/name","value":"vmodeladapter.kb.io")") !=
        std::string::npos);
  CHECK(patch.find("/webhooks/0/") == std::string::npos);
  CHECK(fix::to_json(p.steps[0].undo)
            .find(R"("op":"replace","path":"/webhooks/1/failurePolicy","value":"Fail")") !=
        std::string::npos);
  CHECK(p.reversibility() == fix::Reversibility::undoable);
  CHECK(says(p.alternatives, "scale deployment/aibrix-controller-manager"));
  const auto waiting =
      verify(p, Cluster().complete().live().yaml(controller_down).yaml(configuration));
  CHECK(waiting[0].state == fix::Watched::State::waiting);
  std::string relaxed = configuration;
  const std::size_t second = relaxed.rfind("failurePolicy: Fail");
  relaxed.replace(second, 19, "failurePolicy: Ignore");
  CHECK(verify(p, Cluster().complete().live().yaml(controller_down).yaml(relaxed))[0].state ==
        fix::Watched::State::done);
}

TEST_CASE("a webhook that is answered, or of which that is not known, is left as it is") {
  const fix::Plan known =
      plan("webhooks",
           Cluster().complete().live().at(now).yaml(controller_up).yaml(configuration).yaml(R"(
apiVersion: v1
kind: Service
metadata: {name: aibrix-webhook-service, namespace: aibrix-system, uid: s}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: s-1, namespace: aibrix-system, labels: {kubernetes.io/service-name: aibrix-webhook-service}}
endpoints: [{addresses: [10.0.0.1], conditions: {ready: true}}]
)"));
  CHECK(known.steps.empty());
  CHECK(says(known.skipped, "has a ready backend"));
  const fix::Plan unknown = plan("webhooks", Cluster()
                                                 .complete()
                                                 .live()
                                                 .at(now)
                                                 .yaml(controller_up)
                                                 .yaml(configuration)
                                                 .forbid(kube::resources::services)
                                                 .forbid(kube::resources::endpointslices));
  CHECK(unknown.steps.empty());
  CHECK(says(unknown.unread, "was not read"));
}

TEST_CASE("configurations are only deleted when they have outlived the controller") {
  fix::Options remove;
  remove.set_words(*fix::find_option(*fix::find("webhooks"), "--delete"), {});
  const fix::Plan orphan =
      plan("webhooks", Cluster().complete().live().at(now).yaml(configuration), remove);
  CHECK(steps(orphan) ==
        "delete validatingwebhookconfiguration/aibrix-validating-webhook-configuration\n");
  CHECK(orphan.reversibility() == fix::Reversibility::permanent);
  CHECK(orphan.phrase() == "aibrix-validating-webhook-configuration");
  const fix::Plan installed =
      plan("webhooks",
           Cluster().complete().live().at(now).yaml(controller_down).yaml(configuration), remove);
  CHECK(installed.steps.empty());
  CHECK(says(installed.blockers, "is installed"));
}
