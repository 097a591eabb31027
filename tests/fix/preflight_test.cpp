// What stands in the way of an uninstall.
#include "fix/preflight.hpp"

#include "catch.hpp"
#include "fixture.hpp"

using namespace fix_test;
using support::Cluster;

namespace {

fix::Preflight preflight(const Cluster& cluster) {
  const kube::Snapshot snapshot = cluster.snapshot();
  const aibrix::Cluster view(snapshot);
  return fix::preflight_uninstall({snapshot, view, {}});
}

const char* adapter = R"(
apiVersion: model.aibrix.ai/v1alpha1
kind: ModelAdapter
metadata: {name: lora, namespace: team-a, uid: l, finalizers: [adapter.model.aibrix.ai/finalizer]}
)";

}  // namespace

TEST_CASE("with the controller running nothing gets stuck, and custom resources come first") {
  const fix::Preflight p =
      preflight(Cluster().complete().live().at(now).yaml(controller_up).yaml(adapter));
  CHECK(p.in_the_way.empty());
  CHECK(p.clear());
  CHECK(checks::to_shell(p.order.front().command) ==
        "kubectl delete modeladapters.model.aibrix.ai --all --all-namespaces");
  CHECK(says(p.lost, "1 ModelAdapter"));
}

TEST_CASE(
    "without a controller, with foreign finalizers or with objects in the install's namespace it "
    "says so") {
  CHECK(says(
      preflight(Cluster().complete().live().at(now).yaml(controller_down).yaml(adapter)).in_the_way,
      "nothing would remove the finalizers of 1 object"));
  const fix::Preflight stuck =
      preflight(Cluster().complete().live().at(now).yaml(controller_up).yaml(two_adapters));
  CHECK(says(stuck.in_the_way, "example.com/backup"));
  CHECK(says(stuck.in_the_way, "aibrixctl fix finalizers"));
  std::string inside = adapter;
  inside.replace(inside.find("team-a"), 6, "aibrix-system");
  CHECK(says(
      preflight(Cluster().complete().live().at(now).yaml(controller_up).yaml(inside)).in_the_way,
      "are in namespace aibrix-system itself"));
}

TEST_CASE("what may not be listed is not called clear") {
  const fix::Preflight p = preflight(Cluster()
                                         .complete()
                                         .live()
                                         .at(now)
                                         .yaml(controller_up)
                                         .forbid(aibrix::resources::model_adapters));
  CHECK_FALSE(p.clear());
  CHECK(says(p.not_looked_at, "modeladapters.model.aibrix.ai"));
}
