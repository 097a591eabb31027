// What users of AIBrix reported (the numbers are those of its issue tracker): each case is a
// healthy cluster with the one thing broken that it turned out to be. doctor names that, and
// nothing else.
#include "catch.hpp"
#include "support/example.hpp"
#include "support/snapshot.hpp"

using support::errors;
using support::Example;
using Errors = std::vector<std::string>;

namespace {

constexpr auto controller = "Deployment aibrix-system/aibrix-controller-manager";
constexpr auto llama_route = "HTTPRoute aibrix-system/llama-3-1-8b-instruct-router";
constexpr auto qwen_route = "HTTPRoute aibrix-system/qwen2-5-72b-instruct-router";
constexpr auto fleet = "RayClusterFleet batch/qwen2-5-72b-instruct";
constexpr auto grant_in_batch =
    "ReferenceGrant batch/aibrix-system-reserved-referencegrant-in-batch";
constexpr auto envoy_service =
    "Service envoy-gateway-system/envoy-aibrix-system-aibrix-eg-903790dc";
constexpr auto envoy_proxy = "EnvoyProxy aibrix-system/aibrix-custom-proxy-config";
constexpr auto llama_service = "Service chat/llama-3-1-8b-instruct";
constexpr auto controller_pod = "Pod aibrix-system/aibrix-controller-manager-m9pllxqlj-66vvm";
constexpr auto no_replica_ready =
    R"({"status": {"readyReplicas": null, "availableReplicas": null}})";
constexpr auto no_model_label = R"({"metadata": {"labels": {"model.aibrix.ai/name": null}}})";

constexpr auto storm_service = R"({"apiVersion": "orchestration.aibrix.ai/v1alpha1",
  "kind": "StormService", "metadata": {"name": "storm", "namespace": "chat", "uid": "s1",
  "creationTimestamp": "2026-09-10T00:00:00Z"}, "spec": {"replicas": 1, "template": {"spec": {"roles": [
  {"name": "worker", "replicas": 1, "template": {"metadata": {"labels": {
   "model.aibrix.ai/name": "storm-chat"}}}}]}}}, "status": {"replicas": 1, "readyReplicas": 1}})";
constexpr auto storm_pod = R"({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "storm-0",
  "namespace": "chat", "uid": "p1", "creationTimestamp": "2026-09-10T00:00:00Z", "labels": {
  "model.aibrix.ai/name": "storm-chat", "storm-service-name": "storm", "role-name": "worker"}},
  "spec": {"containers": [{"name": "engine", "image": "engine"}], "nodeName": "gpu-1"},
  "status": {"phase": "Running", "podIP": "10.244.0.99",
  "conditions": [{"type": "Ready", "status": "True"}]}})";

std::string crash_loop(const std::string& container) {
  return R"({"status": {"containerStatuses": [{"name": ")" + container +
         R"(", "ready": false, "restartCount": 12, "state": {"waiting": {"reason":
         "CrashLoopBackOff"}}, "lastState": {"terminated": {"exitCode": 1, "reason": "Error"}}}]}})";
}

std::string not_ready(int endpoint) {
  return R"([{"op": "replace", "path": "/endpoints/)" + std::to_string(endpoint) +
         R"(/conditions/ready", "value": false}])";
}

// The headline of the finding of this code; empty where there is none.
std::string headline(const checks::Outcomes& outcomes, std::string_view code) {
  return checks::headline(support::finding(outcomes, code));
}

// `follower` ("INS010 deployment/ns/name") is told under the finding of `code`.
bool follows(const checks::Outcomes& outcomes, std::string_view code, const std::string& follower) {
  const checks::Finding f = support::finding(outcomes, code);
  for (const checks::Symptom& symptom : f.symptoms) {
    if (symptom.code + ' ' + kube::to_string(symptom.subject.ref) == follower) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("the example that the reports are played on has no error") {
  CHECK(errors(Example().doctor()).empty());
}

TEST_CASE(
    "229: a namespace never goes since its adapters wait for a controller that was uninstalled") {
  constexpr auto deleted = R"({"metadata": {"deletionTimestamp": "2026-09-14T08:00:00Z"}})";
  Example example;
  example.drop(controller).drop(controller_pod);
  example.merge("Namespace team-a", deleted).merge_all("ModelAdapter team-a/", deleted);
  example.merge("Namespace team-a", R"({"status": {"phase": "Terminating"}})");
  example.condition("Namespace team-a", "NamespaceContentRemaining", "True", "SomeResourcesRemain",
                    "Some resources are remaining: modeladapters.model.aibrix.ai has 2 resource "
                    "instances");
  example.condition("Namespace team-a", "NamespaceFinalizersRemaining", "True",
                    "SomeFinalizersRemain",
                    "Some content in the namespace has finalizers remaining: "
                    "adapter.model.aibrix.ai/finalizer in 2 resource instances");
  const auto found = example.doctor();
  CHECK(errors(found) == Errors{"INS005 deployment/aibrix-system/aibrix-controller-manager"});
  CHECK(headline(found, "INS005") ==
        "aibrix-controller-manager is not installed. Namespace team-a is stuck in Terminating (2 "
        "ModelAdapters).");
}

TEST_CASE("2062: deleting the core manifest took the definitions, and every object with them") {
  const auto found = Example()
                         .drop("CustomResourceDefinition modeladapters.model.aibrix.ai")
                         .drop("ModelAdapter team-a/sql-lora")
                         .drop("ModelAdapter team-a/support-lora")
                         .doctor();
  CHECK(headline(found, "INS002") ==
        "CRD modeladapters.model.aibrix.ai is missing. Objects of these kinds cannot be created.");
}

TEST_CASE("1489, 1504: the fleet's own metadata lacks the model label, so nobody made the grant") {
  const auto found = Example()
                         .merge(fleet, no_model_label)
                         .drop(grant_in_batch)
                         .condition(qwen_route, "ResolvedRefs", "False", "RefNotPermitted")
                         .doctor();
  CHECK(errors(found) == Errors{"REF001 httproute/aibrix-system/qwen2-5-72b-instruct-router"});
  CHECK(follows(found, "REF001", "REF002 rayclusterfleet/batch/qwen2-5-72b-instruct"));
}

TEST_CASE("827: a fleet whose label is on the template only has no route at all") {
  const auto found =
      Example().merge(fleet, no_model_label).drop(grant_in_batch).drop(qwen_route).doctor();
  CHECK(errors(found).empty());  // a request with a routing strategy is answered
  CHECK(headline(found, "REF002") ==
        "RayClusterFleet batch/qwen2-5-72b-instruct has the model label only on its pod template. "
        "AIBrix's controller ignores it and creates neither an HTTPRoute nor a ReferenceGrant for "
        "it.");
}

TEST_CASE("1845: there is no Service of the model's name") {
  const auto found = Example()
                         .drop(llama_service)
                         .drop("EndpointSlice chat/llama-3-1-8b-instruct-fj65c")
                         .condition(llama_route, "ResolvedRefs", "False", "BackendNotFound")
                         .doctor();
  CHECK(errors(found) == Errors{"MDL010 service/chat/llama-3-1-8b-instruct"});
}

TEST_CASE("1220: the Service does not have the port that the route names") {
  const auto found =
      Example()
          .patch(llama_service,
                 R"([{"op": "replace", "path": "/spec/ports/0/port", "value": 9000}])")
          .condition(llama_route, "ResolvedRefs", "False", "PortNotFound")
          .doctor();
  CHECK(errors(found) == Errors{"MDL009 service/chat/llama-3-1-8b-instruct"});
}

TEST_CASE("1111: the engine listens on 8080 and no port label says so") {
  constexpr auto pod_on_8080 = R"([
    {"op": "remove", "path": "/metadata/labels/model.aibrix.ai~1port"},
    {"op": "replace", "path": "/spec/containers/0/ports/0/containerPort", "value": 8080},
    {"op": "replace", "path": "/spec/containers/0/command/5", "value": "8080"}])";
  constexpr auto template_on_8080 = R"([
    {"op": "remove", "path": "/spec/template/metadata/labels/model.aibrix.ai~1port"},
    {"op": "replace", "path": "/spec/template/spec/containers/0/ports/0/containerPort", "value": 8080},
    {"op": "replace", "path": "/spec/template/spec/containers/0/command/5", "value": "8080"}])";
  const auto found =
      Example()
          .patch("Pod chat/llama-3-1-8b-instruct-j7qvdg5hh-9t8b7", pod_on_8080)
          .patch("Pod chat/llama-3-1-8b-instruct-j7qvdg5hh-lmg24", pod_on_8080)
          .patch("Deployment chat/llama-3-1-8b-instruct", template_on_8080)
          .patch(llama_service,
                 R"([{"op": "replace", "path": "/spec/ports/0/targetPort", "value": 8080}])")
          .doctor();
  CHECK(errors(found) == Errors{"MDL008 deployment/chat/llama-3-1-8b-instruct"});
  CHECK(headline(found, "MDL008")
            .ends_with("with a routing strategy fail, because they are sent "
                       "to port 8000."));
}

TEST_CASE("144: Envoy answers 404 (route_not_found) since the reserved route is gone") {
  const auto found = Example().drop("HTTPRoute aibrix-system/aibrix-reserved-router").doctor();
  CHECK(errors(found) == Errors{"GW010 httproute/aibrix-system/aibrix-reserved-router"});
  CHECK(headline(found, "GW010") ==
        "HTTPRoute aibrix-system/aibrix-reserved-router does not exist. AI requests without a "
        "routing strategy get 404.");
}

TEST_CASE("750: without the model's route requests stay on the reserved one, a gRPC backend") {
  CHECK(errors(Example().drop(llama_route).doctor()) ==
        Errors{"MDL013 httproute/aibrix-system/llama-3-1-8b-instruct-router"});
}

TEST_CASE("1244: no Envoy Service, since the GatewayClass refers to an EnvoyProxy that is gone") {
  const std::string envoy = "envoy-gateway-system/envoy-aibrix-system-aibrix-eg-903790dc";
  const auto found =
      Example()
          .drop("EnvoyProxy aibrix-system/aibrix-custom-proxy-config")
          .condition("GatewayClass aibrix-eg", "Accepted", "False", "InvalidParameters")
          .condition("Gateway aibrix-system/aibrix-eg", "Programmed", "False", "NoResources")
          .drop("Service " + envoy)
          .drop("Deployment " + envoy)
          .drop("EndpointSlice " + envoy + "-pq57f")
          .drop("Pod " + envoy + "-k5545lzwg-bjnsj")
          .doctor();
  CHECK(errors(found) == Errors{"GW004 envoyproxy/aibrix-system/aibrix-custom-proxy-config"});
  CHECK(follows(found, "GW004", "SVC001 service/" + envoy));
}

TEST_CASE("1920, 1921: another release name, and the patch names a filter that nobody made") {
  const auto found = Example()
                         .patch("EnvoyPatchPolicy aibrix-system/aibrix-epp", R"([{"op": "replace",
    "path": "/spec/jsonPatches/0/operation/value/typed_per_filter_config", "value": {
    "envoy.filters.http.ext_proc/envoyextensionpolicy/aibrix-system/my-gateway-plugins-extension-policy/extproc/0":
    {"config": {}}}}])")
                         .doctor();
  CHECK(errors(found) == Errors{"GW015 envoypatchpolicy/aibrix-system/aibrix-epp"});
}

TEST_CASE("998: a load balancer that nobody provides is pending, and that is all there is to say") {
  const auto found =
      Example()
          .patch(envoy_proxy, R"([{"op": "remove", "path": "/spec/provider"}])")
          .merge(envoy_service, R"({"spec": {"type": "LoadBalancer"}})")
          .condition("Gateway aibrix-system/aibrix-eg", "Programmed", "False", "AddressNotAssigned")
          .doctor();
  CHECK(errors(found).empty());
  CHECK(headline(found, "SVC002")
            .ends_with("Clients outside the cluster have no address for the gateway."));
}

TEST_CASE("1281: the type was changed on the Service, where Envoy Gateway takes it back") {
  const auto found =
      Example().patch(envoy_proxy, R"([{"op": "remove", "path": "/spec/provider"}])").doctor();
  CHECK(errors(found).empty());
  CHECK(headline(found, "SVC003")
            .ends_with("Envoy Gateway will revert the type at its next "
                       "change."));
}

TEST_CASE("1460: before v0.5 the controller crashes where rayclusters.ray.io is missing") {
  constexpr auto old_image = R"({"op": "replace", "path": "PATH", "value": "aibrix/PART:v0.4.1"})";
  const auto on_v041 = [&](std::string part, const std::string& path) {
    std::string patch = old_image;
    patch.replace(patch.find("PATH"), 4, path);
    return "[" + patch.replace(patch.find("PART"), 4, part) + "]";
  };
  const std::string image = "/spec/template/spec/containers/0/image";
  const auto found = Example()
                         .drop("CustomResourceDefinition rayclusters.ray.io")
                         .drop("RayCluster batch/qwen2-5-72b-instruct-6f9c7d5b4-x7k2p")
                         .patch("Deployment aibrix-system/aibrix-gateway-plugins",
                                on_v041("gateway-plugins", image))
                         .patch(controller, on_v041("controller-manager", image))
                         .merge(controller, no_replica_ready)
                         .merge(controller_pod, crash_loop("manager"))
                         .condition(controller_pod, "Ready", "False", "ContainersNotReady")
                         .doctor();
  CHECK(headline(found, "INS002").starts_with("CRD rayclusters.ray.io is missing. "));
  CHECK(follows(found, "INS002", "INS005 deployment/aibrix-system/aibrix-controller-manager"));
  CHECK(follows(found, "INS002", "INS015 customresourcedefinition/rayclusters.ray.io"));
}

TEST_CASE("1094: the controller's role lacks what the release needs") {
  const auto found = Example()
                         .patch("ClusterRole aibrix-controller-manager-role",
                                R"([{"op": "replace", "path": "/rules", "value": [{"apiGroups":
    ["model.aibrix.ai"], "resources": ["modeladapters"], "verbs": ["get", "list", "watch"]}]}])")
                         .doctor();
  CHECK(
      headline(found, "INS008").starts_with("aibrix-controller-manager is not permitted to list "));
}

TEST_CASE("668: gateway-plugins crashes since no Redis answers") {
  const std::string plugins = "Pod aibrix-system/aibrix-gateway-plugins-kfpxk4cmh-n4rtx";
  const auto found =
      Example()
          .merge("Deployment aibrix-system/aibrix-redis-master", R"({"spec": {"replicas": 0}})")
          .merge("Deployment aibrix-system/aibrix-redis-master", no_replica_ready)
          .drop("Pod aibrix-system/aibrix-redis-master-vk992ps95-t4kmt")
          .merge("EndpointSlice aibrix-system/aibrix-redis-master-fmxvb", R"({"endpoints": []})")
          .merge("Deployment aibrix-system/aibrix-gateway-plugins", no_replica_ready)
          .patch("EndpointSlice aibrix-system/aibrix-gateway-plugins-98lkc", not_ready(0))
          .merge(plugins, crash_loop("gateway-plugin"))
          .condition(plugins, "Ready", "False", "ContainersNotReady")
          .doctor();
  CHECK(errors(found) == Errors{"RED001 deployment/aibrix-system/aibrix-redis-master"});
  CHECK(follows(found, "RED001", "INS010 deployment/aibrix-system/aibrix-gateway-plugins"));
}

TEST_CASE("801, 1885: the base model's pods are not labelled for adapters") {
  constexpr auto pending =
      R"({"status": {"phase": "Pending", "candidates": 0, "instances": null}})";
  const auto found =
      Example()
          .merge_all("Pod team-a/mistral",
                     R"({"metadata": {"labels": {"adapter.model.aibrix.ai/enabled": null}}})")
          .merge("ModelAdapter team-a/sql-lora", pending)
          .merge("ModelAdapter team-a/support-lora", pending)
          .condition("ModelAdapter team-a/sql-lora", "Ready", "False", "PodNotReady")
          .condition("ModelAdapter team-a/support-lora", "Ready", "False", "PodNotReady")
          .doctor();
  CHECK(errors(found) ==
        Errors{"LOR001 modeladapter/team-a/sql-lora", "LOR001 modeladapter/team-a/support-lora"});
}

TEST_CASE("1321: a StormService never gets a HTTPRoute: a strategy is needed") {
  const auto found = Example().add(storm_service).add(storm_pod).doctor();
  CHECK(errors(found).empty());
  CHECK(headline(found, "MDL020") ==
        "StormService storm gets no HTTPRoute from AIBrix. Requests for storm-chat without the "
        "routing-strategy header get 503.");
}

TEST_CASE("1690: the image cannot be pulled") {
  constexpr auto waiting = R"({"status": {"phase": "Pending", "containerStatuses": [
    {"name": "vllm-openai", "ready": false, "restartCount": 0, "state": {"waiting": {
     "reason": "ImagePullBackOff", "message": "Back-off pulling image"}}}]}})";
  const auto found =
      Example()
          .merge_all("Pod chat/llama", waiting)
          .condition("Pod chat/llama-3-1-8b-instruct-j7qvdg5hh-9t8b7", "Ready", "False", "x")
          .condition("Pod chat/llama-3-1-8b-instruct-j7qvdg5hh-lmg24", "Ready", "False", "x")
          .patch("EndpointSlice chat/llama-3-1-8b-instruct-fj65c", not_ready(0))
          .patch("EndpointSlice chat/llama-3-1-8b-instruct-fj65c", not_ready(1))
          .merge("Deployment chat/llama-3-1-8b-instruct", no_replica_ready)
          .doctor();
  CHECK(errors(found) == Errors{"MDL006 deployment/chat/llama-3-1-8b-instruct"});
  CHECK(headline(found, "MDL006").find("(ImagePullBackOff: image ") != std::string::npos);
}
