// MDL008, MDL009: ports of engines, labels, Services and routes.
#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/builders/model.hpp"
#include "support/snapshot.hpp"

using namespace support;

namespace {

ModelYaml on_port(const std::string& port, const std::string& label) {
  ModelYaml m;
  m.template_labels = "app: llama, model.aibrix.ai/name: llama" + label;
  m.command = "[vllm, serve, /m, --served-model-name, llama, --port, \"" + port + "\"]";
  return m;
}

}  // namespace

TEST_CASE("an engine on 8080 without the port label fails requests with a strategy only (1111)") {
  const ModelYaml m = on_port("8080", "");
  Cluster cluster;
  cluster
      .yaml(install() + deployment(m) + pod(m) +
            service("llama", "model.aibrix.ai/name: llama", "{port: 8000, targetPort: 8080}") +
            route("llama", "ResolvedRefs"))
      .complete();
  const auto outcomes = run("MDL0*", cluster);
  REQUIRE(outcomes.findings.size() == 1);
  const auto& f = outcomes.findings.front();
  CHECK(f.code == "MDL008");
  CHECK(f.level == checks::Level::error);
  CHECK(f.title ==
        "label model.aibrix.ai/port is missing on the pods of llama, whose engine listens on port "
        "8080");
  CHECK(f.consequence ==
        "Requests for llama with a routing strategy fail, because they are sent "
        "to port 8000.");
  CHECK(f.subject.path == "spec.template.metadata.labels[model.aibrix.ai/port]");
}

TEST_CASE("ports that match, defaults, and a proxy in front are right") {
  Cluster healthy_cluster;
  healthy_cluster.yaml(healthy()).complete();
  CHECK(outcome(run("MDL008", healthy_cluster), "MDL008") == "ok");
  CHECK(outcome(run("MDL009", healthy_cluster), "MDL009") == "ok");

  const ModelYaml labelled = on_port("30000", ", model.aibrix.ai/port: \"30000\"");
  Cluster other;
  other.yaml(install() + deployment(labelled) + pod(labelled)).complete();
  CHECK(outcome(run("MDL008", other), "MDL008") == "ok");

  Cluster proxy;
  proxy.yaml(R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: x, uid: u, namespace: default}
spec:
  template:
    metadata: {labels: {model.aibrix.ai/name: x}}
    spec:
      containers:
      - {name: engine, command: [vllm, serve, /m, --port, "8080"]}
      - {name: proxy, ports: [{containerPort: 8000}]}
)");
  CHECK(outcome(run("MDL008", proxy), "MDL008") == "ok");
}

TEST_CASE("labels that YAML reads as numbers or booleans are refused by the server") {
  Cluster cluster;
  cluster.yaml(R"(apiVersion: apps/v1
kind: Deployment
metadata:
  name: x
  namespace: default
  labels:
    model.aibrix.ai/name: x
    model.aibrix.ai/port: 8000
spec:
  template:
    metadata:
      labels:
        model.aibrix.ai/name: x
        adapter.model.aibrix.ai/enabled: true
)");
  const auto outcomes = run("MDL008", cluster);
  REQUIRE(outcomes.findings.size() == 2);
  const auto& port = outcomes.findings[0];
  CHECK(port.level == checks::Level::error);
  CHECK(port.title ==
        "model.aibrix.ai/port is a number, not a string, in metadata.labels of "
        "Deployment x");
  CHECK(port.subject.path == "metadata.labels[model.aibrix.ai/port]");
  CHECK(port.subject.line == 8);
  CHECK(port.evidence.front().want == "\"8000\"");
  CHECK(outcomes.findings[1].title ==
        "adapter.model.aibrix.ai/enabled is a boolean, not a string, in "
        "spec.template.metadata.labels of Deployment x");
}

TEST_CASE("a route to a port the Service lacks is named with both ports (1220)") {
  Cluster cluster;
  cluster
      .yaml(install() + deployment() + pod() +
            service("llama", "model.aibrix.ai/name: llama",
                    "{name: a, port: 8080, targetPort: 8000}, {name: b, port: 9090}") +
            route("llama", "PortNotFound"))
      .complete();
  const auto outcomes = run("MDL0*", cluster);
  REQUIRE(outcomes.findings.size() == 1);
  const auto f = finding(outcomes, "MDL009");
  CHECK(f.level == checks::Level::error);
  CHECK(f.title == "Service default/llama has no port 8000");
  CHECK(f.evidence[0].value == "8080, 9090");
  CHECK(f.evidence[1].value == "port 8000");
  CHECK(f.evidence[2].key == "label model.aibrix.ai/port of Deployment llama");
}
