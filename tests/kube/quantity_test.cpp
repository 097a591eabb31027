// Kubernetes quantities, and the scarce resources of the scheduler's message.
#include "kube/quantity.hpp"

#include "aibrix/scheduling.hpp"
#include "catch.hpp"

TEST_CASE("quantities mean what Kubernetes means by them") {
  CHECK(kube::parse_quantity("16") == 16.0);
  CHECK(kube::parse_quantity("500m") == 0.5);
  CHECK(kube::parse_quantity("256Gi") == 256.0 * 1024 * 1024 * 1024);
  CHECK(kube::parse_quantity("5k") == 5000.0);
  CHECK(kube::parse_quantity("1e3") == 1000.0);
  CHECK(kube::parse_quantity("1E") == 1e18);
  CHECK(kube::parse_quantity(".5") == 0.5);
  for (const char* bad : {"", "-", "Gi", "1 Gi", "1gi", "1e", "nan", "0x10", "1e999"}) {
    INFO(bad);
    CHECK(kube::parse_quantity(bad) == std::nullopt);
  }
}

TEST_CASE("the scheduler's message names what is scarce") {
  CHECK(aibrix::scarce_resources("0/3 nodes are available: 1 Insufficient cpu, 3 Insufficient "
                                 "nvidia.com/gpu. preemption: 0/3 nodes: 3 Insufficient cpu") ==
        std::vector<std::string>{"cpu", "nvidia.com/gpu"});
  CHECK(
      aibrix::scarce_resources("0/3 nodes are available: 3 node(s) had untolerated taint").empty());
}
