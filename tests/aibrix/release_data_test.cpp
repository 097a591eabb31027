// What the manifests of releases hold, as generated: it can be read, and is what the manifests say.
#include "aibrix/release_data.hpp"

#include <algorithm>

#include "aibrix/gateway_versions.hpp"
#include "aibrix/program_flags.hpp"
#include "aibrix/release_facts.hpp"
#include "base/text.hpp"
#include "catch.hpp"
#include "kube/parse/json_reader.hpp"
#include "support/release.hpp"

TEST_CASE("each release that has generated data can be read, and others have none") {
  for (const std::string_view release : aibrix::releases_with_data()) {
    CAPTURE(release);
    const auto data = aibrix::release_data(release);
    REQUIRE(data);
    CHECK(data->release == release);
    CHECK(data->crds.size() >= 5);
    CHECK_FALSE(data->envoy_gateway.empty());
    CHECK_FALSE(data->gateway_api.empty());
    CHECK(data->knows_objects == !data->objects.empty());
    CHECK(data->knows_containers == !data->containers.empty());
    CHECK(data->knows_webhooks == !data->webhooks.empty());
    CHECK(data->knows_rules == !data->rules.empty());
  }
  CHECK_FALSE(aibrix::release_data("v0.0.9"));
  CHECK_FALSE(aibrix::release_data(""));
}

TEST_CASE("of v0.7.0 the objects, images, flags, rights and webhooks are known") {
  const auto data = aibrix::release_data("v0.7.0");
  REQUIRE(data);
  CHECK(data->makes("Deployment", "aibrix-controller-manager"));
  CHECK_FALSE(data->makes("Deployment", "envoy-gateway"));
  const auto* manager = data->container("aibrix-controller-manager", "aibrix/controller-manager");
  REQUIRE(manager != nullptr);
  CHECK(manager->image == "aibrix/controller-manager:v0.7.0");
  CHECK(std::find(manager->flags.begin(), manager->flags.end(), "--enable-runtime-sidecar") !=
        manager->flags.end());
  CHECK(data->envoy_image == "envoyproxy/envoy:v1.33.2");
  CHECK(data->gateway_api_channel == "experimental");
  const auto may = [&](std::string_view group, std::string_view resource, std::string_view verb) {
    return std::any_of(data->rules.begin(), data->rules.end(), [&](const auto& rule) {
      return rule.role == "aibrix-controller-manager-role" && rule.permits(group, resource, verb);
    });
  };
  CHECK(may("orchestration.aibrix.ai", "podsets", "watch"));
  CHECK(may("scheduling.volcano.sh", "podgroups", "delete"));  // verbs: "*"
  CHECK_FALSE(may("", "nodes", "list"));
}

TEST_CASE("of v0.8.0 only what its parts prove is called known") {
  const auto data = aibrix::release_data("v0.8.0");
  REQUIRE(data);
  CHECK(data->crd("modelwarmups.model.aibrix.ai") != nullptr);
  CHECK_FALSE(data->knows_crds);
  CHECK_FALSE(data->knows_objects);
  CHECK_FALSE(data->knows_rules);
}

TEST_CASE("the generated CRDs are those that the checks call required, but for KubeRay's") {
  for (const std::string_view release : aibrix::releases_with_data()) {
    const auto data = aibrix::release_data(release);
    for (const std::string_view crd :
         aibrix::required_crds(support::release(std::string(release)))) {
      CAPTURE(release, crd);
      CHECK((crd.ends_with(".ray.io") || data->crd(crd) != nullptr));
    }
    const bool in_core =
        aibrix::facts::core_manifest_holds_crds.holds(support::release(std::string(release)))
            .value();
    CHECK(data->crds.front().in_core == in_core);
  }
}

TEST_CASE("the flags that the manifests of a release pass are known to its programs") {
  for (const std::string_view release : aibrix::releases_with_data()) {
    const auto data = aibrix::release_data(release);
    for (const auto& container : data->containers) {
      CAPTURE(release, container.deployment);
      std::string text = R"({"image": ")" + std::string(container.image) + R"(", "command": [)";
      text += container.deployment == "aibrix-metadata-service" ? R"("aibrix_metadata")" : R"("x")";
      for (const std::string_view flag : container.flags) text += ", \"" + std::string(flag) + "\"";
      kube::Document document;
      const kube::Value value = kube::read_json(text + "]}", document);
      CHECK(aibrix::unknown_flags(value).empty());
    }
  }
}

TEST_CASE("the matrix of Envoy Gateway tells floors, vulnerabilities and images") {
  const auto v = [](const char* text) { return base::parse_version(text).value(); };
  CHECK_FALSE(aibrix::gateway_api_floor(v("v1.7.9")));
  CHECK(aibrix::gateway_api_floor(v("v1.8.0")) == v("v1.5.0"));
  CHECK(aibrix::gateway_api_floor(v("v2.0.0")) == v("v1.5.0"));
  CHECK(aibrix::open_vulnerability(v("v1.5.7")).empty());
  CHECK(aibrix::open_vulnerability(v("v1.6.2")).empty());
  CHECK_FALSE(aibrix::open_vulnerability(v("v1.6.1")).empty());
  CHECK_FALSE(aibrix::open_vulnerability(v("v1.2.8")).empty());
  CHECK(aibrix::envoy_version("envoyproxy/envoy:contrib-v1.30.1") == v("v1.30.1"));
  CHECK_FALSE(aibrix::envoy_version("envoyproxy/envoy:dev"));
  CHECK(aibrix::envoy_gateway_line(v("v1.2.8"))->last_kubernetes == "1.31");
  CHECK(aibrix::envoy_gateway_line(v("v3.0.0")) == nullptr);
}
