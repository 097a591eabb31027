// Schemas of a cluster's own kinds, read for the manifests that are of them.
#include "kube/read/definitions.hpp"

#include "catch.hpp"
#include "kube/http/curl_transport.hpp"
#include "kube/read/fetch.hpp"
#include "support/fake_api_server.hpp"

namespace {

std::string definition(const std::string& plural, const std::string& kind) {
  return R"({"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":")" +
         plural + R"(.example.com","uid":"u-)" + plural +
         R"("},"spec":{"group":"example.com","scope":"Namespaced","names":{"kind":")" + kind +
         R"(","plural":")" + plural +
         R"("},"versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":)"
         R"({"type":"object","properties":{"spec":{"type":"object"}}}}}]}})";
}

kube::Written written(std::string api_version, std::string kind) {
  kube::Written out;
  out.api_version = std::move(api_version);
  out.kind = std::move(kind);
  return out;
}

bool has_schema(const kube::Snapshot& snapshot, std::string_view name) {
  const kube::Lookup crd = snapshot.find(kube::resources::crds, "", name);
  REQUIRE(crd);
  for (const kube::Value& version : crd->at("spec", "versions").items()) {
    if (!version["schema"].empty()) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("CRDs are read whole for the kinds that manifests are of, and for no other") {
  support::FakeApiServer server;
  server.add(definition("widgets", "Widget"));
  server.add(definition("policies", "Policy"));
  server.add(definition("others", "Other"));
  const kube::Access access = server.access();
  kube::CurlTransport transport(access, {});
  const kube::Need needs[] = {{&kube::resources::crds, kube::Scope::everywhere}};
  const kube::Snapshot live = kube::fetch(transport, access, needs);
  server.clear_log();
  const std::vector<kube::Written> manifests = {written("example.com/v1", "Widget"),
                                                written("example.com/v1", "Policy"),
                                                written("apps/v1", "Deployment")};
  const kube::Snapshot snapshot = kube::with_definitions(transport, live, manifests);
  CHECK(has_schema(snapshot, "widgets.example.com"));
  CHECK(has_schema(snapshot, "policies.example.com"));
  CHECK_FALSE(has_schema(snapshot, "others.example.com"));
  CHECK(server.requests("/customresourcedefinitions/") == 2);

  server.clear_log();
  const std::vector<kube::Written> none = {written("apps/v1", "Deployment")};
  kube::with_definitions(transport, live, none);
  CHECK(server.requests("/customresourcedefinitions/") == 0);
}

TEST_CASE("a CRD that cannot be read stays as it was listed") {
  support::FakeApiServer server;
  server.add(definition("widgets", "Widget"));
  const kube::Access access = server.access();
  kube::CurlTransport transport(access, {});
  const kube::Need needs[] = {{&kube::resources::crds, kube::Scope::everywhere}};
  const kube::Snapshot live = kube::fetch(transport, access, needs);
  server.script({"/customresourcedefinitions/widgets.example.com", 0, 403});
  const std::vector<kube::Written> manifests = {written("example.com/v1", "Widget")};
  const kube::Snapshot snapshot = kube::with_definitions(transport, live, manifests);
  CHECK_FALSE(has_schema(snapshot, "widgets.example.com"));
}
