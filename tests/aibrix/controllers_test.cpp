// Which controllers the controller-manager's flags switch on.
#include "aibrix/controllers.hpp"

#include "aibrix/cluster.hpp"
#include "catch.hpp"
#include "support/snapshot.hpp"

namespace {

std::string deployment(const std::string& name, const std::string& image, const std::string& args) {
  return "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: " + name +
         ", namespace: aibrix-system}\nspec: {template: {spec: {containers: [{name: proxy, image: "
         "\"envoy:1\"}, {name: manager, image: \"" +
         image + "\", args: [" + args + "]}]}}}\n";
}

}  // namespace

TEST_CASE("a --controllers list is read from left to right") {
  using aibrix::controller_enabled;
  CHECK(controller_enabled("*", "model-adapter-controller"));
  CHECK_FALSE(controller_enabled("*,-model-adapter-controller", "model-adapter-controller"));
  CHECK(controller_enabled("-model-adapter-controller,*", "model-adapter-controller"));
  CHECK(controller_enabled(" stormservice-controller , model-adapter-controller",
                           "model-adapter-controller"));
  CHECK_FALSE(controller_enabled("stormservice-controller", "model-adapter-controller"));
  CHECK_FALSE(controller_enabled("", "model-adapter-controller"));
  CHECK_FALSE(controller_enabled("model-adapter-controller-2", "model-adapter-controller"));
}

TEST_CASE("a controller's flags are read as Go reads them, defaults included") {
  support::Cluster cluster;
  cluster.yaml(deployment("aibrix-controller-manager", "aibrix/controller-manager:v0.7.0",
                          R"("--leader-elect", "-controllers", "model-route-controller", )"
                          R"("--leader-election-id=mine", "--disable-webhook=true")"));
  const auto snapshot = cluster.snapshot();
  const aibrix::Cluster view(snapshot);
  const auto processes = aibrix::controller_processes(view);
  REQUIRE(processes.size() == 1);
  const aibrix::ControllerProcess& p = processes.front();
  CHECK(p.leader_election);
  CHECK(p.controllers == "model-route-controller");
  CHECK(p.runs(aibrix::controller_names::model_route));
  CHECK_FALSE(p.runs(aibrix::controller_names::model_adapter));
  CHECK(p.lease_name == "mine");
  CHECK(p.lease_ns == "aibrix-system");
  CHECK_FALSE(p.webhook);
}

TEST_CASE("standalone controllers count beside the install's own, which comes first") {
  support::Cluster cluster;
  cluster
      .yaml(deployment("aibrix-a-lora", "mirror.local/x/aibrix/controller-manager:v0.7.0",
                       R"("--controllers=model-adapter-controller", "--leader-elect=false")"))
      .yaml(deployment("aibrix-controller-manager", "aibrix/controller-manager:v0.7.0", ""))
      .yaml(deployment("shop", "shop/controller-manager:1", ""));
  const auto snapshot = cluster.snapshot();
  const aibrix::Cluster view(snapshot);
  const auto processes = aibrix::controller_processes(view);
  REQUIRE(processes.size() == 2);
  CHECK(processes[0].deployment->name() == "aibrix-controller-manager");
  CHECK(processes[0].controllers == "*");
  CHECK(processes[0].webhook);
  CHECK(processes[1].deployment->name() == "aibrix-a-lora");
  CHECK_FALSE(processes[1].leader_election);
}
