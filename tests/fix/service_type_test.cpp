// fix service-type: what it edits to change the gateway's Service.
#include "fix/service_type.hpp"
#include "catch.hpp"
#include "fixture.hpp"

using namespace fix_test;
using support::Cluster;

namespace {

const char* gateway = R"(
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: aibrix-eg, uid: gc}
spec:
  controllerName: gateway.envoyproxy.io/gatewayclass-controller
  PARAMETERS
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: aibrix-eg, namespace: aibrix-system, uid: g}
spec: {gatewayClassName: aibrix-eg, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: v1
kind: Service
metadata:
  name: envoy-aibrix-system-aibrix-eg-903790dc
  namespace: envoy-gateway-system
  uid: svc
  labels: {gateway.envoyproxy.io/owning-gateway-name: aibrix-eg, gateway.envoyproxy.io/owning-gateway-namespace: aibrix-system}
spec: {type: TYPE, clusterIP: 10.96.0.7, ports: [{name: http-80, port: 80, protocol: TCP, nodePort: 30080}]}
status: STATUS
)";

std::string with(const std::string& type, bool parameters = true,
                 const std::string& status = "{}") {
  std::string text = gateway;
  const auto put = [&](const std::string& word, const std::string& value) {
    text.replace(text.find(word), word.size(), value);
  };
  put("PARAMETERS",
      parameters ? "parametersRef: {group: gateway.envoyproxy.io, kind: EnvoyProxy, name: proxy, "
                   "namespace: aibrix-system}"
                 : "");
  put("TYPE", type);
  put("STATUS", status);
  return text;
}

const char* proxy = R"(
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: EnvoyProxy
metadata: {name: proxy, namespace: aibrix-system, uid: ep}
spec: {provider: {type: Kubernetes, kubernetes: {envoyDeployment: {replicas: 1}}}}
)";

fix::Options to(const std::string& type) {
  fix::Options o;
  o.set(fix::option::to, type);
  return o;
}

Cluster cluster() {
  return Cluster().complete().live().at(now);
}

}  // namespace

TEST_CASE("fix service-type edits the EnvoyProxy behind the class, never the Service") {
  const fix::Plan p =
      plan("service-type", cluster().yaml(with("LoadBalancer")).yaml(proxy), to("NodePort"));
  CHECK(steps(p) == "patch envoyproxy/aibrix-system/proxy\n");
  CHECK(fix::to_json(p.steps[0].patch) ==
        R"([{"op":"test","path":"/metadata/uid","value":"ep"},)"
        R"({"op":"test","path":"/spec/provider/kubernetes/envoyService","value":null},)"
        R"({"op":"add","path":"/spec/provider/kubernetes/envoyService","value":{}},)"
        R"({"op":"add","path":"/spec/provider/kubernetes/envoyService/type","value":"NodePort"}])");
  CHECK(fix::to_json(p.steps[0].undo) ==
        R"([{"op":"test","path":"/metadata/uid","value":"ep"},)"
        R"({"op":"test","path":"/spec/provider/kubernetes/envoyService/type","value":"NodePort"},)"
        R"({"op":"remove","path":"/spec/provider/kubernetes/envoyService/type"},)"
        R"({"op":"test","path":"/spec/provider/kubernetes/envoyService","value":{}},)"
        R"({"op":"remove","path":"/spec/provider/kubernetes/envoyService"}])");
  CHECK(p.reversibility() == fix::Reversibility::undoable);
  CHECK(says(p.facts,
             "before: Service envoy-gateway-system/envoy-aibrix-system-aibrix-eg-903790dc is "
             "LoadBalancer"));
}

TEST_CASE("an EnvoyProxy that already asks for the type needs nothing") {
  std::string has = proxy;
  has.replace(has.find("envoyDeployment: {replicas: 1}"), 30, "envoyService: {type: NodePort}");
  CHECK(plan("service-type", cluster().yaml(with("NodePort")).yaml(has), to("NodePort"))
            .steps.empty());
  CHECK(
      fix::to_json(plan("service-type", cluster().yaml(with("NodePort")).yaml(has), to("ClusterIP"))
                       .steps[0]
                       .patch)
          .find(
              R"({"op":"test","path":"/spec/provider/kubernetes/envoyService/type","value":"NodePort"})") !=
      std::string::npos);
}

TEST_CASE("without an EnvoyProxy one is made, and then referenced by the class") {
  const fix::Plan p =
      plan("service-type", cluster().yaml(with("LoadBalancer", false)), to("ClusterIP"));
  CHECK(steps(p) ==
        "create envoyproxy/aibrix-system/aibrixctl-envoy-proxy\npatch gatewayclass/aibrix-eg\n");
  CHECK(p.steps[0].wave < p.steps[1].wave);
  CHECK(p.steps[0].body.find(R"("envoyService":{"type":"ClusterIP"})") != std::string::npos);
}

TEST_CASE("giving up a load balancer's address is confirmed by name") {
  const fix::Plan p =
      plan("service-type",
           cluster()
               .yaml(with("LoadBalancer", true, "{loadBalancer: {ingress: [{ip: 192.0.2.7}]}}"))
               .yaml(proxy),
           to("NodePort"));
  CHECK(p.reversibility() == fix::Reversibility::permanent);
  CHECK(p.phrase() == "proxy");
  CHECK(says(p.steps[0].cost, "192.0.2.7"));
}

TEST_CASE("a gateway that asks for no token is not opened without --expose") {
  const Cluster closed = cluster().yaml(with("ClusterIP")).yaml(proxy);
  const fix::Plan refused = plan("service-type", closed, to("LoadBalancer"));
  CHECK(says(refused.blockers, "is unauthenticated"));
  CHECK(says(refused.blockers, "--expose"));
  fix::Options open = to("LoadBalancer");
  open.set(fix::option::expose, true);
  CHECK(plan("service-type", closed, open).blockers.empty());
  CHECK(plan("service-type", closed, to("NodePort")).blockers.empty());
  const Cluster outside = cluster().yaml(with("ClusterIP")).yaml(proxy).yaml(R"(
apiVersion: v1
kind: Node
metadata: {name: n1, uid: n1}
status: {addresses: [{type: ExternalIP, address: 192.0.2.9}]}
)");
  CHECK(says(plan("service-type", outside, to("NodePort")).blockers, "external addresses"));
}

TEST_CASE("a node port goes through the patch of the EnvoyProxy, merged by port") {
  fix::Options o = to("NodePort");
  o.set(fix::option::node_port, "31000");
  const fix::Plan p = plan("service-type", cluster().yaml(with("LoadBalancer")).yaml(proxy), o);
  const std::string patch = fix::to_json(p.steps[0].patch);
  CHECK(patch.find(R"("nodePort":31000)") != std::string::npos);
  CHECK(patch.find(R"("value":"StrategicMerge")") != std::string::npos);
}

TEST_CASE("what belongs to Helm is said, and a side-car install has nothing to change here") {
  std::string helm = proxy;
  helm.replace(helm.find("uid: ep"), 7,
               "uid: ep, annotations: {meta.helm.sh/release-name: aibrix}");
  CHECK(says(plan("service-type", cluster().yaml(with("LoadBalancer")).yaml(helm), to("NodePort"))
                 .remaining,
             "gateway.envoyProxy.service.type: NodePort"));
  CHECK(says(plan("service-type",
                  cluster().forbid(aibrix::resources::envoy_proxies).yaml(with("LoadBalancer")),
                  to("NodePort"))
                 .blockers,
             "you may not list envoyproxies"));
}

TEST_CASE("the type is verified on the Service and on the Gateway") {
  const fix::Plan p =
      plan("service-type", cluster().yaml(with("LoadBalancer")).yaml(proxy), to("ClusterIP"));
  const auto before = verify(p, cluster().yaml(with("LoadBalancer")).yaml(proxy));
  CHECK(before[0].state == fix::Watched::State::waiting);
  const auto after = verify(p, cluster().yaml(with("ClusterIP")).yaml(proxy));
  CHECK(after[0].state == fix::Watched::State::done);
  CHECK(after[0].text == "ClusterIP, http://10.96.0.7:80");
  CHECK(after[1].state == fix::Watched::State::waiting);
}
