// MDL001, MDL019, MDL021: names of models that mislead.
#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/builders/model.hpp"
#include "support/snapshot.hpp"

using namespace support;

namespace {

ModelYaml named(const std::string& label, const std::string& ns = "default") {
  ModelYaml m;
  m.ns = ns;
  m.metadata_labels = "model.aibrix.ai/name: " + label;
  m.template_labels = "app: llama, model.aibrix.ai/name: " + label;
  return m;
}

}  // namespace

TEST_CASE("capitals and the engine's path are recognized in a model's name") {
  for (const char* asked : {"LLAMA", "meta/Llama"}) {
    Cluster cluster;
    cluster.yaml(healthy()).complete().ask_for(asked);
    CHECK(finding(run("MDL001", cluster), "MDL001").remedies.front().text == "use the name llama");
  }
}

TEST_CASE("a model that is not in some of the pods may be elsewhere") {
  Cluster cluster;
  cluster.yaml(healthy()).ask_for("other");
  CHECK(outcome(run("MDL001", cluster), "MDL001") == "undetermined");
  Cluster nobody;
  nobody.yaml(healthy()).complete();
  CHECK(outcome(run("MDL001", nobody), "MDL001") == "skipped");
}

TEST_CASE("one namespace is right, and part of the namespaces tells nothing") {
  Cluster cluster;
  cluster.yaml(healthy()).complete();
  CHECK(outcome(run("MDL019", cluster), "MDL019") == "ok");
  Cluster part;
  part.yaml(healthy());
  CHECK(outcome(run("MDL019", part), "MDL019") == "undetermined");
}

TEST_CASE("a name with capitals has no route before the main branch") {
  const ModelYaml m = named("Qwen3-8B");
  Cluster cluster;
  cluster.yaml(install("v0.7.0") + deployment(m) + pod(m)).complete();
  const auto f = finding(run("MDL021", cluster), "MDL021");
  CHECK(f.level == checks::Level::error);
  CHECK(f.title == "\"Qwen3-8B-router-router\" is not a valid name for an HTTPRoute");

  Cluster nightly;
  nightly.yaml(install("nightly") + deployment(m) + pod(m)).complete();
  CHECK(outcome(run("MDL021", nightly), "MDL021") == "ok");
  Cluster unknown;
  unknown.yaml(deployment(m) + pod(m)).complete();
  CHECK(outcome(run("MDL021", unknown), "MDL021") == "undetermined");
}
