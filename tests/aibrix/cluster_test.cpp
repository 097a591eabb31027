// Components, release and namespace of an install, as its Deployments tell them.
#include "aibrix/cluster.hpp"
#include "aibrix/gateway.hpp"

#include "catch.hpp"
#include "support/snapshot.hpp"

using aibrix::Component;
using aibrix::ComponentRole;

namespace {

constexpr const char* controller = R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: aibrix-controller-manager, namespace: aibrix-system}
spec:
  replicas: 1
  selector: {matchLabels: {control-plane: controller-manager}}
  template: {spec: {containers: [{name: manager, image: "mirror.example.com:5000/aibrix/controller-manager:v0.7.0"}]}}
status: {readyReplicas: 1}
)";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

Component::State controller_of(const std::string& yaml, bool complete) {
  support::Cluster c;
  if (!yaml.empty()) c.yaml(yaml);
  if (complete) c.complete();
  const kube::Snapshot snapshot = c.snapshot();
  return aibrix::Cluster(snapshot).component(ComponentRole::controller_manager).state;
}

}  // namespace

TEST_CASE("a Deployment is ready, degraded, not ready, scaled to 0 or unknown by its own status") {
  const std::string text = controller;
  CHECK(controller_of(text, false) == Component::State::ready);
  CHECK(controller_of(replaced(text, "replicas: 1", "replicas: 2"), false) ==
        Component::State::degraded);
  CHECK(controller_of(replaced(text, "readyReplicas: 1", "replicas: 1"), false) ==
        Component::State::not_ready);
  CHECK(controller_of(replaced(text, "replicas: 1", "replicas: 0"), false) ==
        Component::State::scaled_to_zero);
  CHECK(controller_of(replaced(text, "status: {readyReplicas: 1}", ""), false) ==
        Component::State::unknown);
}

TEST_CASE("a Deployment that is not there is missing only where all Deployments were read") {
  CHECK(controller_of("", true) == Component::State::missing);
  CHECK(controller_of("", false) == Component::State::unknown);
}

TEST_CASE("the install's namespace and release are found from its Deployments") {
  support::Cluster c;
  c.yaml(replaced(controller, "namespace: aibrix-system", "namespace: ml-platform"));
  const kube::Snapshot snapshot = c.snapshot();
  const aibrix::Cluster cluster(snapshot);
  CHECK(cluster.ns() == "ml-platform");
  CHECK(cluster.release().text() == "v0.7.0");
  CHECK(aibrix::since(aibrix::v0_7).holds(cluster.release()) == true);
  CHECK(aibrix::after(aibrix::v0_7).holds(cluster.release()) == false);
  CHECK(cluster.installed());
}

TEST_CASE("the release comes from the image's tag, then from labels, and nightly is the newest") {
  const auto release = [](const std::string& image, const std::string& label) {
    support::Cluster c;
    c.yaml(
        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: aibrix-controller-manager, "
        "namespace: aibrix-system, labels: {app.kubernetes.io/version: " +
        label +
        "}}, "
        "spec: {template: {spec: {containers: [{image: \"" +
        image + "\"}]}}}}");
    const kube::Snapshot snapshot = c.snapshot();
    return aibrix::Cluster(snapshot).release();
  };
  CHECK(release("aibrix/controller-manager:v0.3.0", "nightly").text() == "v0.3.0");
  CHECK(release("aibrix/controller-manager:nightly", "0.7.0").text() == "v0.7.0");
  CHECK(release("aibrix/controller-manager:nightly", "nightly").state() ==
        aibrix::Release::State::main_branch);
  CHECK_FALSE(release("aibrix/controller-manager@sha256:0123", "x").known());
}

TEST_CASE("Envoy Gateway's names for its Services are computed as it does") {
  CHECK(aibrix::hashed_envoy_name("aibrix-system/aibrix-eg") ==
        "envoy-aibrix-system-aibrix-eg-903790dc");
  CHECK(aibrix::hashed_envoy_name("aibrix-eg") == "envoy-aibrix-eg-4d6ff1ba");
}

TEST_CASE("image names and tags are read with registry ports, digests and mirrors") {
  CHECK(aibrix::image_tag("registry:5000/a/b:v1@sha256:00") == "v1");
  CHECK(aibrix::image_tag("registry:5000/a/b").empty());
  CHECK(aibrix::image_name("registry:5000/x/y/aibrix/runtime:v1") == "aibrix/runtime");
  CHECK(aibrix::image_name("redis") == "redis");
  CHECK(aibrix::image_name("redis:7.4") == "redis");
}

TEST_CASE("ready endpoints count a missing ready as ready, and are unknown when not read") {
  support::Cluster c;
  c.yaml(R"(
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: s-1, namespace: a, labels: {kubernetes.io/service-name: s}}
endpoints:
- addresses: [10.0.0.1]
- addresses: [10.0.0.2]
  conditions: {ready: false}
)");
  const kube::Snapshot open = c.snapshot();
  CHECK(aibrix::Cluster(open).ready_endpoints("a", "s") == std::optional<std::size_t>(1));
  CHECK_FALSE(aibrix::Cluster(open).ready_endpoints("a", "other").has_value());
  const kube::Snapshot closed = c.complete().snapshot();
  CHECK(aibrix::Cluster(closed).ready_endpoints("a", "other") == std::optional<std::size_t>(0));
}

TEST_CASE("a workload is found with every model that it serves, and only by its whole name") {
  support::Cluster c;
  const auto deployment = [](const std::string& ns, const std::string& name,
                             const std::string& model) {
    return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: " + name +
           ", namespace: " + ns + ", labels: {model.aibrix.ai/name: " + model +
           "}}\nspec:\n  selector: {matchLabels: {app: x}}\n  template:\n    metadata: {labels: "
           "{app: x, model.aibrix.ai/name: " +
           model + "}}\n    spec: {containers: [{name: engine, image: x}]}\n";
  };
  for (const std::string ns : {"team-a", "team-b"}) {
    for (const std::string name : {"chat", "embed", "chat-large"}) {
      c.yaml(deployment(ns, name, name == "embed" ? "embed" : "chat"));
    }
  }
  const kube::Snapshot snapshot = c.snapshot();
  const aibrix::Cluster cluster(snapshot);
  std::size_t workloads = 0;
  for (const aibrix::Model& model : cluster.models()) {
    for (const aibrix::Workload& workload : model.workloads) {
      const auto found = cluster.served_by(workload.object->ref());
      REQUIRE(found.size() == 1);
      CHECK(found[0].model == &model);
      CHECK(found[0].workload == &workload);
      ++workloads;
    }
  }
  CHECK(workloads == 6);
  CHECK(cluster.served_by({"apps", "Deployment", "team-c", "chat"}).empty());
  CHECK(cluster.served_by({"apps", "StatefulSet", "team-a", "chat"}).empty());
}
