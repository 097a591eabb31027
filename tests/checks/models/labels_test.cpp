// MDL003: workloads without the model's label.
#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/builders/model.hpp"
#include "support/snapshot.hpp"

using namespace support;

namespace {

ModelYaml workload_unlabelled() {
  ModelYaml m;
  m.metadata_labels = "app: llama";
  return m;
}

}  // namespace

TEST_CASE("a route written by hand, or a default strategy, makes the workload's label needless") {
  const ModelYaml m = workload_unlabelled();
  Cluster by_hand;
  by_hand.yaml(install() + deployment(m) + pod(m) + service() + route()).complete();
  CHECK(outcome(run("MDL003", by_hand), "MDL003") == "ok");
  Cluster strategy;
  strategy
      .yaml(install("v0.7.0", "[{name: ROUTING_ALGORITHM, value: random}]") + deployment(m) +
            pod(m))
      .complete();
  CHECK(outcome(run("MDL003", strategy), "MDL003") == "ok");
}
