// The fleets AIBrix ships, as manifests: their defects show without a cluster.
#include "base/file.hpp"
#include "catch.hpp"
#include "support/builders/routed.hpp"

namespace {

const std::string folder = SOURCE_DIR "/../shared/testdata/aibrix/main/samples/distributed/";

std::optional<std::string> sample(const std::string& name) {
  auto text = base::read_file_if_there(folder + name, std::size_t{1} << 20U);
  if (!text) WARN("skipped: " << folder << " is not there");
  return text;
}

TEST_CASE("the shipped two-node fleet lacks its label, and its Service selects the worker too") {
  const auto text = sample("fleet-two-node.yaml");
  if (!text) return;
  support::Cluster files;
  files.yaml(*text);
  const auto out = routed::run_all(
      {"REF*", "RAY*", "MDL013", "MDL014", "MDL015", "MDL016", "MDL017", "MDL018"}, files);
  INFO(support::render(out));
  REQUIRE(out.findings.size() == 2);
  CHECK(support::finding(out, "REF002").level == checks::Level::warning);
  CHECK(support::finding(out, "RAY002").level == checks::Level::warning);
}

TEST_CASE("the shipped one-node fleet lacks its label and has no worker to select") {
  const auto text = sample("fleet.yaml");
  if (!text) return;
  support::Cluster files;
  files.yaml(*text);
  const auto out = routed::run_all({"REF*", "RAY*"}, files);
  INFO(support::render(out));
  REQUIRE(out.findings.size() == 1);
  CHECK(out.findings[0].code == "REF002");
}

}  // namespace
