// Needs made into queries, namespaces and paths.
#include "kube/read/list_query.hpp"

#include "aibrix/resources.hpp"
#include "catch.hpp"

using kube::Need;
using kube::Scope;
using Names = std::vector<std::string>;
namespace resources = kube::resources;

TEST_CASE("plan: needs of one resource become one query with the widest scope") {
  const Need needs[] = {{&resources::pods, Scope::install},
                        {&resources::nodes, Scope::everywhere},
                        {&resources::pods, Scope::workloads, false},
                        {&resources::pods, Scope::install}};
  const auto queries = kube::merge_needs(needs);
  REQUIRE(queries.size() == 2);
  CHECK(queries[0].resource == &resources::pods);
  CHECK(queries[0].scope == Scope::workloads);
  CHECK(queries[1].resource == &resources::nodes);
}

TEST_CASE("plan: a field selector stays only when every need has it") {
  const Need same[] = {{&resources::configmaps, Scope::install, true, "metadata.name=a"},
                       {&resources::configmaps, Scope::install, true, "metadata.name=a"}};
  CHECK(kube::merge_needs(same)[0].field_selector == "metadata.name=a");
  const Need other[] = {same[0], {&resources::configmaps, Scope::install, true, "metadata.name=b"}};
  CHECK(kube::merge_needs(other)[0].field_selector.empty());
  const Need unfiltered[] = {same[0], {&resources::configmaps, Scope::install}, same[1]};
  CHECK(kube::merge_needs(unfiltered)[0].field_selector.empty());
}

TEST_CASE("plan: which namespaces a query lists") {
  kube::Namespaces names;
  names.install = {"aibrix-system", "envoy-gateway-system"};
  const kube::Query workloads{&resources::pods, Scope::workloads};
  CHECK(kube::namespaces_for(workloads, names).empty());
  CHECK(kube::namespaces_for({&resources::pods, Scope::install}, names) == names.install);
  names.workload = {"team-a", "aibrix-system"};
  CHECK(kube::namespaces_for(workloads, names) ==
        Names{"team-a", "aibrix-system", "envoy-gateway-system"});
  CHECK(kube::namespaces_for({&resources::pods, Scope::everywhere}, names).empty());
  CHECK(kube::namespaces_for({&resources::nodes, Scope::workloads}, names).empty());
}

TEST_CASE("plan: where to look when all namespaces are forbidden") {
  kube::Namespaces names;
  names.install = {"aibrix-system"};
  CHECK(kube::fallback_namespaces(names) == Names{"default", "aibrix-system"});
  names.context = "dev";
  CHECK(kube::fallback_namespaces(names) == Names{"dev", "aibrix-system"});
  names.workload = {"team-a"};
  CHECK(kube::fallback_namespaces(names) == Names{"team-a", "aibrix-system"});
}

TEST_CASE("plan: a page's path escapes what a URL cannot hold") {
  CHECK(
      kube::page_path({resources::deployments, "v1", "team-a", "metadata.name=a b", "x/+=", 500}) ==
      "/apis/apps/v1/namespaces/team-a/deployments?limit=500"
      "&fieldSelector=metadata.name%3Da%20b&continue=x%2F%2B%3D");
}

TEST_CASE("plan: Secrets are asked for as metadata only") {
  CHECK(kube::list_accept(resources::secrets, "v1") ==
        "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1");
  CHECK(kube::object_accept(resources::secrets) ==
        "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1");
  CHECK(kube::json_list_accept(resources::pods) == "application/json");
}

TEST_CASE("plan: Kubernetes' own kinds are asked for as protobuf, in the versions that are known") {
  const std::string protobuf = "application/vnd.kubernetes.protobuf, application/json";
  CHECK(kube::list_accept(resources::pods, "v1") == protobuf);
  CHECK(kube::list_accept(resources::horizontal_pod_autoscalers, "v2") == protobuf);
  CHECK(kube::list_accept(resources::horizontal_pod_autoscalers, "v1") == "application/json");
  CHECK(kube::list_accept(aibrix::resources::model_adapters, "v1alpha1") == "application/json");
}
