// The gateway's address: one cluster, changed one thing at a time.
#include "aibrix/endpoint.hpp"

#include "aibrix/cluster.hpp"
#include "base/text.hpp"
#include "catch.hpp"
#include "support/snapshot.hpp"

namespace {

using aibrix::Vantage;

struct Setup {
  std::string type = "NodePort";
  std::string policy = "Local";
  std::string status = "{}";  // of the Service
  std::string service;        // more of its spec, as flow YAML
  std::string ports = "[{name: http-80, port: 80, nodePort: 31599, protocol: TCP}]";
  std::string listeners = "[{name: http, port: 80, protocol: HTTP}]";
  std::string envoy_node = "node-2";
  std::string envoy_ready = "true";
  std::string more;  // documents
};

std::string node(const std::string& name, const std::string& addresses,
                 const std::string& ready = "True", const std::string& spec = "{}") {
  return "---\napiVersion: v1\nkind: Node\nmetadata: {name: " + name + ", uid: " + name +
         "}\nspec: " + spec + "\nstatus: {addresses: [" + addresses +
         "], conditions: [{type: Ready, status: \"" + ready + "\"}]}\n";
}

std::string internal(const std::string& ip) {
  return "{type: InternalIP, address: \"" + ip + "\"}";
}
std::string external(const std::string& ip) {
  return "{type: ExternalIP, address: \"" + ip + "\"}";
}

std::string three_nodes() {
  return node("node-1", internal("10.0.0.1")) + node("node-2", internal("10.0.0.2")) +
         node("node-3", internal("10.0.0.3"));
}

std::string yaml(const Setup& s) {
  const std::string labels =
      "gateway.envoyproxy.io/owning-gateway-name: aibrix-eg, "
      "gateway.envoyproxy.io/owning-gateway-namespace: aibrix-system";
  return "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"
         "metadata: {name: aibrix-eg, namespace: aibrix-system, uid: g}\n"
         "spec: {gatewayClassName: aibrix-eg, listeners: " +
         s.listeners +
         "}\n"
         "---\napiVersion: v1\nkind: Service\n"
         "metadata: {name: envoy, namespace: envoy-gateway-system, uid: s, labels: {" +
         labels +
         "}}\n"
         "spec: {type: " +
         s.type + ", clusterIP: 10.96.0.9, externalTrafficPolicy: " + s.policy +
         ", ports: " + s.ports + (s.service.empty() ? "" : ", " + s.service) +
         "}\nstatus: " + s.status +
         "\n"
         "---\napiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\naddressType: IPv4\n"
         "metadata: {name: envoy-1, namespace: envoy-gateway-system, labels: "
         "{kubernetes.io/service-name: envoy}}\n"
         "endpoints: [{addresses: [10.1.0.1], nodeName: " +
         s.envoy_node + ", conditions: {ready: " + s.envoy_ready + "}}]\n" + s.more;
}

struct Found {
  std::vector<std::string> urls;
  std::string why;
  bool known = false;
  std::string caution;  // of the best
  bool unready = false;
};

Found find(const support::Cluster& world, Vantage from, const std::string& scheme = "") {
  const kube::Snapshot snapshot = world.snapshot();
  const aibrix::Cluster cluster(snapshot);
  const auto facts = aibrix::find_endpoint(cluster, from, scheme);
  Found out;
  for (const aibrix::Address& a : facts.addresses) out.urls.push_back(a.url());
  out.why = base::join(facts.why_not, "; ");
  out.known = facts.known;
  out.unready = facts.unready;
  if (!facts.addresses.empty()) out.caution = facts.addresses.front().caution;
  return out;
}

Found find(const Setup& setup, Vantage from, const std::string& scheme = "") {
  support::Cluster world;
  world.yaml(yaml(setup)).complete();
  return find(world, from, scheme);
}

using Urls = std::vector<std::string>;

}  // namespace

TEST_CASE("NodePort with Local: the node that runs Envoy, not the first of the list") {
  Setup s;
  s.more = three_nodes();
  CHECK(find(s, Vantage::outside).urls == Urls{"http://10.0.0.2:31599"});
  s.envoy_node = "node-3";  // Envoy's pod has moved
  CHECK(find(s, Vantage::outside).urls == Urls{"http://10.0.0.3:31599"});
  CHECK(find(s, Vantage::outside).why.find("the FAQ's command") != std::string::npos);
}

TEST_CASE("NodePort with Cluster: the FAQ's first node, unless it is not ready or cordoned") {
  Setup s;
  s.policy = "Cluster";
  s.more = three_nodes();
  CHECK(find(s, Vantage::outside).urls.front() == "http://10.0.0.1:31599");
  s.more = node("node-1", internal("10.0.0.1"), "False") + node("node-2", internal("10.0.0.2"));
  CHECK(find(s, Vantage::outside).urls == Urls{"http://10.0.0.2:31599"});
  s.more = node("node-1", internal("10.0.0.1"), "True", "{unschedulable: true}") +
           node("node-2", internal("10.0.0.2")) + node("node-3", internal("10.0.0.3"));
  CHECK(find(s, Vantage::outside).urls == Urls{"http://10.0.0.2:31599", "http://10.0.0.3:31599"});
}

TEST_CASE("a cordoned node that runs the only Envoy pod is named, with a caution") {
  Setup s;
  s.more = node("node-1", internal("10.0.0.1")) +
           node("node-2", internal("10.0.0.2"), "True", "{unschedulable: true}");
  const Found found = find(s, Vantage::outside);
  CHECK(found.urls == Urls{"http://10.0.0.2:31599"});
  CHECK(found.caution == "the node is cordoned");
}

TEST_CASE(
    "from outside a node's ExternalIP goes before InternalIPs; in the nodes' network the other "
    "way") {
  Setup s;
  s.policy = "Cluster";
  s.more = node("node-1", internal("10.0.0.1")) +
           node("node-2", internal("10.0.0.2") + ", " + external("203.0.113.2"));
  CHECK(find(s, Vantage::outside).urls.front() == "http://203.0.113.2:31599");
  CHECK(find(s, Vantage::node).urls.front() == "http://10.0.0.1:31599");
}

TEST_CASE("a pending load balancer has no address outside; inside and on the nodes there is one") {
  Setup s;
  s.type = "LoadBalancer";
  s.more = three_nodes();
  const Found outside = find(s, Vantage::outside);
  CHECK(outside.urls.empty());
  CHECK(outside.known);
  CHECK(outside.why.find("no external IP yet") != std::string::npos);
  CHECK(find(s, Vantage::inside).urls.front() == "http://10.96.0.9:80");
  CHECK(find(s, Vantage::node).urls.front() == "http://10.0.0.2:31599");
}

TEST_CASE("a load balancer gives its IP or, where it has none, its host name") {
  Setup s;
  s.type = "LoadBalancer";
  s.status = "{loadBalancer: {ingress: [{ip: 198.51.100.7}]}}";
  CHECK(find(s, Vantage::outside).urls == Urls{"http://198.51.100.7:80"});
  s.status = "{loadBalancer: {ingress: [{hostname: x.elb.example.com}]}}";
  CHECK(find(s, Vantage::outside).urls == Urls{"http://x.elb.example.com:80"});
}

TEST_CASE("IPv6 addresses stand in brackets, and only those of the Service's families are used") {
  Setup s;
  s.type = "LoadBalancer";
  s.status = "{loadBalancer: {ingress: [{ip: \"2001:db8::7\"}]}}";
  CHECK(find(s, Vantage::outside).urls == Urls{"http://[2001:db8::7]:80"});
  s.type = "NodePort";
  s.status = "{}";
  s.policy = "Cluster";
  s.service = "ipFamilies: [IPv6]";
  s.more = node("node-1", internal("10.0.0.1") + ", " + internal("fd00::1"));
  CHECK(find(s, Vantage::outside).urls == Urls{"http://[fd00::1]:31599"});
}

TEST_CASE("ClusterIP is for pods and nodes; outside there is none, and that is said") {
  Setup s;
  s.type = "ClusterIP";
  s.more = three_nodes();
  CHECK(find(s, Vantage::inside).urls ==
        Urls{"http://10.96.0.9:80", "http://envoy.envoy-gateway-system.svc:80"});
  CHECK(find(s, Vantage::node).urls == Urls{"http://10.96.0.9:80"});
  CHECK(find(s, Vantage::outside).urls.empty());
  CHECK(find(s, Vantage::outside).why.find("type ClusterIP") != std::string::npos);
}

TEST_CASE("the port is that of the Gateway's listener, not the first of the Service") {
  Setup s;
  s.type = "ClusterIP";
  s.ports =
      "[{name: metrics, port: 19001}, {name: https-443, port: 443}, {name: http-8080, port: 8080}]";
  s.listeners =
      "[{name: tls, port: 443, protocol: HTTPS, hostname: llm.example.com}, {name: web, port: "
      "8080, protocol: HTTP}]";
  CHECK(find(s, Vantage::inside).urls.front() == "http://10.96.0.9:8080");
  CHECK(find(s, Vantage::inside, "https").urls.front() == "https://llm.example.com:443");
  CHECK(find(s, Vantage::inside, "http").urls.front() == "http://10.96.0.9:8080");
  s.listeners = "[{name: any, port: 443, protocol: HTTPS, hostname: \"*.example.com\"}]";
  const Found wildcard = find(s, Vantage::inside);
  CHECK(wildcard.urls.front() == "https://10.96.0.9:443");
  CHECK(wildcard.caution.find("*.example.com") != std::string::npos);
}

TEST_CASE("without a ready Envoy pod no address works, whatever the Service says") {
  Setup s;
  s.envoy_ready = "false";
  s.type = "LoadBalancer";
  s.status = "{loadBalancer: {ingress: [{ip: 198.51.100.7}]}}";
  s.more = three_nodes();
  for (const Vantage from : {Vantage::outside, Vantage::node, Vantage::inside}) {
    CHECK(find(s, from).urls.empty());
    CHECK(find(s, from).why.find("no Envoy pod") != std::string::npos);
    CHECK(find(s, from).unready);
  }
}

TEST_CASE("a Service that is not there is told from one that was not read") {
  support::Cluster nothing;
  nothing.yaml(
      "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"
      "metadata: {name: aibrix-eg, namespace: aibrix-system}\n");
  CHECK_FALSE(find(nothing, Vantage::outside).known);
  CHECK(find(nothing.complete(), Vantage::outside).known);
  CHECK(find(nothing, Vantage::outside).why.find("envoy-aibrix-system-aibrix-eg-903790dc") !=
        std::string::npos);
}

TEST_CASE("files that hold only what the address needs are enough for it") {
  Setup s;
  s.more = three_nodes();
  support::Cluster world;
  world.yaml(yaml(s));
  CHECK(find(world, Vantage::outside).urls == Urls{"http://10.0.0.2:31599"});
}

TEST_CASE("the side-car's Service is the plugin's own, on Envoy's port") {
  support::Cluster world;
  world.yaml(R"(
apiVersion: v1
kind: Service
metadata:
  name: x-gateway-plugins
  namespace: aibrix-system
  labels: {app.kubernetes.io/component: aibrix-gateway-plugin}
spec: {type: LoadBalancer, clusterIP: 10.96.0.3, ports: [{name: grpc, port: 50052}, {name: http, port: 10080}]}
status: {loadBalancer: {ingress: [{ip: 198.51.100.8}]}}
)");
  CHECK(find(world, Vantage::outside).urls == Urls{"http://198.51.100.8:10080"});
}
