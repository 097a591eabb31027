// What is advised on the scheduler's reasons for refusing nodes.
#include "checks/common/scheduler_message.hpp"

#include "catch.hpp"

namespace {

std::string advised(const std::string& reasons) {
  return checks::advice_on("0/3 nodes are available: " + reasons +
                           ". preemption: 0/3 nodes are available: 1 Insufficient cpu, 2 "
                           "Preemption is not helpful for scheduling.");
}

}  // namespace

TEST_CASE("what the scheduler refuses nodes for decides what is advised") {
  CHECK(advised("3 Insufficient memory") ==
        "free or add the resources that the scheduler reports as missing");
  CHECK(advised("3 node(s) didn't match pod topology spread constraints") ==
        "relax topologySpreadConstraints (whenUnsatisfiable: ScheduleAnyway), or add nodes where "
        "they want a pod");
  CHECK(advised("3 node(s) didn't match pod anti-affinity rules") ==
        "add nodes, or relax podAntiAffinity");
  CHECK(advised("3 node(s) didn't satisfy existing pods anti-affinity rules") ==
        "add nodes, or relax podAntiAffinity of the pods on them");
  CHECK(advised("3 node(s) didn't match pod affinity rules") ==
        "start the pods that podAffinity asks for, or correct its labels");
  CHECK(advised("3 node(s) had untolerated taint {dedicated: gpu}") ==
        "tolerate the taint, or take it off a node");
  CHECK(advised("3 node(s) had untolerated taint {node.kubernetes.io/disk-pressure: }") ==
        "repair the nodes whose condition the taint tells of");
}

TEST_CASE("several reasons give alternatives, each once and without those of preemption") {
  CHECK(advised("1 Insufficient memory, 1 Insufficient nvidia.com/gpu, 1 node(s) were "
                "unschedulable") ==
        "free or add the resources that the scheduler reports as missing, or uncordon a node");
  CHECK(advised("3 node(s) were on fire") ==
        "give a node what the scheduler's message says it lacks");
}
