// MDL004, MDL005: models without an engine.
#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/builders/model.hpp"
#include "support/snapshot.hpp"

using namespace support;

namespace {

std::string scaled_down() {
  ModelYaml m;
  m.replicas = 0;
  return install() + deployment(m);
}

std::string ray_pod(const std::string& type) {
  return "---\napiVersion: v1\nkind: Pod\nmetadata: {name: ray-" + type +
         ", namespace: default, uid: u" + type +
         ", labels: {model.aibrix.ai/name: llama, "
         "ray.io/node-type: " +
         type +
         "}}\nstatus: {phase: Running, podIP: 10.0.0.1, conditions: "
         "[{type: Ready, status: \"True\"}]}\n";
}

}  // namespace

TEST_CASE("replicas 0 is told, and is a warning for who asks about the model") {
  Cluster cluster;
  cluster.yaml(scaled_down()).complete();
  const auto f = finding(run("MDL004", cluster), "MDL004");
  CHECK(f.level == checks::Level::info);
  CHECK(f.title == "Deployment llama is scaled to 0 replicas");
  CHECK(f.consequence == "Requests for llama get 400 \"model llama does not exist\".");
  cluster.ask_for("llama");
  CHECK(finding(run("MDL004", cluster), "MDL004").level == checks::Level::warning);
}

TEST_CASE("a model that runs is not scaled to 0, and without models there is nothing to tell") {
  Cluster cluster;
  cluster.yaml(healthy()).complete();
  CHECK(outcome(run("MDL004", cluster), "MDL004") == "ok");
  Cluster empty;
  empty.yaml(install()).complete();
  CHECK(outcome(run("MDL004", empty), "MDL004") == "skipped");
  Cluster unread;
  unread.forbid(kube::resources::deployments);
  CHECK(outcome(run("MDL004", unread), "MDL004") == "skipped");
}

TEST_CASE("whether a head exists cannot be told from some of the pods") {
  Cluster cluster;
  cluster.yaml(ray_pod("worker"));
  CHECK(outcome(run("MDL005", cluster), "MDL005") == "undetermined");
  Cluster unread;
  unread.yaml(install()).complete().forbid(kube::resources::pods);
  CHECK(outcome(run("MDL005", unread), "MDL005") == "skipped");
}
