// MDL002, MDL003: workloads and pod templates without the model's label.
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

TEST_CASE("a selector that asks for another model cannot be changed, so no patch is offered") {
  const auto advised = [](const std::string& selector) {
    ModelYaml m;
    m.template_labels = "app: llama, model.aibrix.ai/name: other";
    std::string made = deployment(m);
    made.replace(made.find("{app: llama}"), 12, selector);
    Cluster cluster;
    cluster.yaml(install() + made).complete();
    return finding(run("MDL002", cluster), "MDL002").remedies.front();
  };
  CHECK_FALSE(advised("{app: llama}").command.empty());
  const checks::Remedy anew = advised("{model.aibrix.ai/name: other}");
  CHECK(anew.command.empty());
  CHECK(anew.text ==
        "create Deployment llama anew with this label in its selector and on its pod template (a "
        "selector cannot be changed)");
}
