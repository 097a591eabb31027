// The conditions of namespaces that are being deleted.
#include "kube/namespace_status.hpp"

#include "catch.hpp"
#include "support/snapshot.hpp"

namespace {

std::string going(const std::string& conditions) {
  return "apiVersion: v1\nkind: Namespace\nmetadata: {name: team-a}\nstatus:\n  conditions:\n" +
         conditions;
}
std::string condition(const std::string& type, const std::string& status,
                      const std::string& message) {
  return "  - {type: " + type + ", status: \"" + status + "\", message: '" + message + "'}\n";
}

}  // namespace

TEST_CASE("the namespace controller's messages are taken apart") {
  support::Cluster cluster;
  cluster.yaml(going(
      condition("NamespaceContentRemaining", "True",
                "Some resources are remaining: modeladapters.model.aibrix.ai has 2 resource "
                "instances, pods. has 1 resource instances") +
      condition("NamespaceFinalizersRemaining", "True",
                "Some content in the namespace has finalizers remaining: "
                "adapter.model.aibrix.ai/finalizer in 2 resource instances, keep in 1 resource "
                "instances") +
      condition("NamespaceDeletionDiscoveryFailure", "True",
                "Discovery failed for some groups, 2 failing: unable to retrieve the complete list "
                "of server APIs: metrics.k8s.io/v1beta1: stale GroupVersion discovery: "
                "metrics.k8s.io/v1beta1, custom.example.com/v1: the server is unable") +
      condition("NamespaceDeletionContentFailure", "False", "All content successfully deleted")));
  const auto snapshot = cluster.snapshot();
  const auto status =
      kube::namespace_status(*snapshot.find(kube::resources::namespaces, "", "team-a"));
  CHECK(status.begun);
  REQUIRE(status.kinds.size() == 2);
  CHECK(status.kinds[0].plural == "modeladapters");
  CHECK(status.kinds[0].group == "model.aibrix.ai");
  CHECK(status.kinds[0].count == 2);
  CHECK(status.kinds[1].plural == "pods");
  CHECK(status.kinds[1].group.empty());
  REQUIRE(status.finalizer_counts.size() == 2);
  CHECK(status.finalizer_counts[0].name == "adapter.model.aibrix.ai/finalizer");
  CHECK(status.finalizer_counts[0].count == 2);
  CHECK(status.finalizer_counts[1].name == "keep");
  CHECK(status.failed_groups ==
        std::vector<std::string>{"metrics.k8s.io/v1beta1", "custom.example.com/v1"});
  CHECK(status.discovery.exists());
  CHECK_FALSE(status.content.exists());  // False is no problem
}

TEST_CASE("a message of another shape gives nothing, and harms nothing") {
  for (const char* message : {"", "Some resources are remaining: ", "nonsense", ": , , has , in ",
                              "x:  has 99999999999999999999 resource", "a: b has "}) {
    support::Cluster cluster;
    cluster.yaml(going(condition("NamespaceContentRemaining", "True", message) +
                       condition("NamespaceFinalizersRemaining", "True", message)));
    const auto snapshot = cluster.snapshot();
    const auto status =
        kube::namespace_status(*snapshot.find(kube::resources::namespaces, "", "team-a"));
    CHECK(status.remaining.exists());
    for (const kube::RemainingKind& kind : status.kinds) CHECK(kind.count == 0);
  }
}

TEST_CASE("a namespace without conditions has not been looked at") {
  support::Cluster cluster;
  cluster.yaml("{apiVersion: v1, kind: Namespace, metadata: {name: team-a}}");
  const auto snapshot = cluster.snapshot();
  CHECK_FALSE(
      kube::namespace_status(*snapshot.find(kube::resources::namespaces, "", "team-a")).begun);
}
