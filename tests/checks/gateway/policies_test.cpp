// GW012 to GW018: AIBrix's policies for Envoy, and the plugin behind them.
#include "aibrix/policy.hpp"

#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "kube/parse/yaml_reader.hpp"
#include "support/builders/gateway.hpp"

namespace {

const std::string accepted =
    R"({type: Accepted, status: "True", reason: Accepted, observedGeneration: 1})";
const std::string programmed =
    R"({type: Programmed, status: "True", reason: Programmed, observedGeneration: 1})";

std::string bad(const std::string& type, const std::string& reason,
                const std::string& message = "x") {
  return "{type: " + type + R"(, status: "False", reason: )" + reason +
         ", observedGeneration: 1, message: '" + message + "'}";
}

}  // namespace

TEST_CASE("an EnvoyExtensionPolicy on the wrong route, or a wrong port, is told", "[gateway]") {
  Install target;
  target.replace("extension", "name: aibrix-reserved-router}",
                 "name: aibrix-reserved-router-metadata-endpoint}");
  const auto f = support::finding(support::run("GW012", target.cluster()), "GW012");
  CHECK(f.subject.path == "spec.targetRef");
  CHECK(f.evidence[0].want == "HTTPRoute aibrix-reserved-router");
  Install port;
  port.replace("extension", "port: 50052", "port: 50051");
  const auto g = support::finding(support::run("GW012", port.cluster()), "GW012");
  CHECK(g.subject.path == "spec.extProc[0].backendRefs[0].port");
  CHECK(g.consequence == "Every AI request fails.");
}

TEST_CASE("policies without a status follow from what keeps Envoy Gateway", "[gateway]") {
  Install install;
  install.replace("envoy-gateway", "status: {replicas: 1, readyReplicas: 1}",
                  "status: {replicas: 1}");
  for (const char* piece : {"extension", "patch", "reserved"}) {
    install.replace(piece, accepted, "{type: New, status: Unknown}");
  }
  const auto out = support::run("GW001,GW010,GW012,GW013", install.cluster());
  REQUIRE(out.findings.size() == 1);
  CHECK(out.findings[0].code == "GW001");
  CHECK(out.findings[0].level == checks::Level::error);
  CHECK(out.findings[0].symptoms.size() == 3);
}

// Seen on a real cluster with Envoy Gateway 1.9.1.
TEST_CASE("a policy refused for want of a ready plugin follows from the plugin", "[gateway]") {
  Install install;
  install.replace("extension", accepted, bad("Accepted", "Invalid"));
  CHECK(support::run("GW012,INS010", install.cluster()).findings.size() == 1);
  install.replace("plugins", "replicas: 1", "replicas: 0");
  install.replace("plugins", "readyReplicas: 1", "readyReplicas: 0");
  const auto out = support::run("GW012,INS010", install.cluster());
  REQUIRE(out.findings.size() == 1);
  CHECK(out.findings[0].code == "INS010");
  REQUIRE(out.findings[0].symptoms.size() == 1);
  CHECK(out.findings[0].symptoms[0].code == "GW012");
}

TEST_CASE("a missing EnvoyPatchPolicy, or one outside the Gateway's namespace, is told",
          "[gateway]") {
  const auto f =
      support::finding(support::run("GW013", Install().drop("patch").cluster()), "GW013");
  CHECK(f.title == "EnvoyPatchPolicy aibrix-system/aibrix-epp does not exist");
  Install elsewhere;
  elsewhere.replace("patch", "namespace: aibrix-system, uid: p2", "namespace: default, uid: p2");
  elsewhere.replace("patch", accepted, "{type: New, status: Unknown}");
  const auto g = support::finding(support::run("GW013", elsewhere.cluster()), "GW013");
  CHECK(g.title ==
        "EnvoyPatchPolicy default/aibrix-epp targets Gateway aibrix-eg in its own namespace, not "
        "aibrix-system/aibrix-eg");
}

TEST_CASE("what a failed patch breaks depends on the resource its message names", "[gateway]") {
  const auto level = [](const std::string& message) {
    Install install;
    install.replace("patch", programmed, bad("Programmed", "Invalid", message));
    return support::finding(support::run("GW014", install.cluster()), "GW014").level;
  };
  CHECK(level("Unable to find xds resources: "
              "type.googleapis.com/envoy.config.route.v3.RouteConfiguration/aibrix-system/"
              "aibrix-eg/http") == checks::Level::error);
  CHECK(level("unable to apply patch: [{\"path\":\"/virtual_hosts/0/routes/0\"}]") ==
        checks::Level::error);
  CHECK(
      level(
          "unable to find xds resource "
          "type.googleapis.com/envoy.config.listener.v3.Listener: aibrix-system/aibrix-eg/http") ==
      checks::Level::warning);
  CHECK(level("unable to apply patch: "
              "[{\"path\":\"/default_filter_chain/filters/0/typed_config/"
              "preserve_external_request_id\"}]") == checks::Level::warning);
  CHECK(level("something new") == checks::Level::warning);
}

TEST_CASE("a filter name that is not the policy's is found in a cluster and in a chart",
          "[gateway]") {
  // Cases 1920 and 1921: the chart under another release name.
  Install install;
  install.replace("extension", "name: aibrix-gateway-plugins-extension-policy",
                  "name: my-aibrix-gateway-plugins-extension-policy");
  const auto f = support::finding(support::run("GW015", install.cluster()), "GW015");
  CHECK(f.level == checks::Level::error);
  CHECK(f.title ==
        "EnvoyPatchPolicy aibrix-system/aibrix-epp references a filter that is not the gateway "
        "plugin's");
  CHECK(f.consequence == "Requests with a routing strategy bypass the plugin and get 503.");
  REQUIRE(!f.evidence.empty());
  CHECK(f.evidence[0].want ==
        "envoy.filters.http.ext_proc/envoyextensionpolicy/aibrix-system/"
        "my-aibrix-gateway-plugins-extension-policy/extproc/0");
  // As `helm template` writes it, without namespaces.
  install.replace("extension", ", namespace: aibrix-system", "");
  install.replace("patch", ", namespace: aibrix-system", "");
  CHECK(support::outcome(support::run("GW015", install.as_manifest().files()), "GW015") == "found");
}

TEST_CASE("a RouteConfiguration of another Gateway is told unless the patch was applied",
          "[gateway]") {
  Install install;
  install.replace("patch", "name: aibrix-system/aibrix-eg/http",
                  "name: aibrix-system/aibrix-eg/web");
  CHECK(support::outcome(support::run("GW015", install.cluster()), "GW015") == "ok");
  install.replace(
      "patch", programmed,
      bad("Programmed", "ResourceNotFound", "Unable to find xds resources: RouteConfiguration"));
  const auto out = support::run("GW014,GW015", install.cluster());
  REQUIRE(out.findings.size() == 1);
  CHECK(out.findings[0].code == "GW015");
  CHECK(out.findings[0].subject.path == "spec.jsonPatches[0].name");
  CHECK(out.findings[0].evidence[0].want == "aibrix-system/aibrix-eg/http");
}

TEST_CASE("the plugin is given less time than AIBrix gives it", "[gateway]") {
  Install install;
  install.replace("extension", "messageTimeout: 60s", "messageTimeout: 5s");
  const auto f = support::finding(support::run("GW017", install.cluster()), "GW017");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.title == "ext_proc messageTimeout of the gateway plugin is only 5s");
  CHECK(
      checks::to_shell(f.remedies[0].command) ==
      "kubectl -n aibrix-system patch envoyextensionpolicy aibrix-gateway-plugins-extension-policy "
      "--type=json -p "
      "'[{\"op\":\"add\",\"path\":\"/spec/extProc/0/messageTimeout\",\"value\":\"60s\"}]'");
  install.replace("extension", "failOpen: false", "failOpen: true");
  CHECK(support::run("GW017", install.cluster()).findings.size() == 2);
}

TEST_CASE("both sides take requests of the same size", "[gateway]") {
  Install install;
  install.replace("traffic", "bufferLimit: 4194304", "bufferLimit: 8Mi");
  const auto f = support::finding(support::run("GW016", install.cluster()), "GW016");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.title == "Envoy accepts larger requests than the gateway plugin");
  CHECK(f.evidence[0].value == "8388608");
  install.replace("plugins", "{name: REDIS_HOST, value: aibrix-redis-master}",
                  "{name: AIBRIX_GRPC_MAX_MESSAGE_SIZE_BYTES, value: \"8388608\"}");
  CHECK(support::outcome(support::run("GW016", install.cluster()), "GW016") == "ok");
  install.replace("traffic", "bufferLimit: 8Mi", "bufferLimit: 4194304.0");
  CHECK(support::finding(support::run("GW016", install.cluster()), "GW016").level ==
        checks::Level::info);
}

TEST_CASE("without a ClientTrafficPolicy Envoy buffers 32 KiB", "[gateway]") {
  Install install;
  const auto f =
      support::finding(support::run("GW016", install.drop("traffic").cluster()), "GW016");
  CHECK(f.title == "no ClientTrafficPolicy sets Envoy's buffer limit");
  Install refused;
  refused.replace("traffic", accepted, bad("Accepted", "Conflicted"));
  CHECK(support::finding(support::run("GW016", refused.cluster()), "GW016").title ==
        "ClientTrafficPolicy aibrix-system/aibrix-client-connection-buffersize is not accepted "
        "(Conflicted)");
}

TEST_CASE("a plugin without ready endpoints fails every AI request", "[gateway]") {
  Install install;
  install.replace("plugins-endpoints", "ready: true", "ready: false");
  const auto f = support::finding(support::run("GW018", install.cluster()), "GW018");
  CHECK(f.level == checks::Level::error);
  CHECK(
      checks::headline(f) ==
      "Service aibrix-system/aibrix-gateway-plugins has no ready endpoint. Every AI request fails, "
      "because Envoy cannot call the gateway plugin.");
  CHECK(f.subject.path == "spec.selector");
  install.replace("plugins", "readyReplicas: 1", "unavailableReplicas: 1");
  const auto g = support::finding(support::run("GW018", install.cluster()), "GW018");
  REQUIRE(g.causes.size() == 1);
  CHECK(g.causes[0].code == "INS010");
  CHECK(g.causes[0].object.name == "aibrix-gateway-plugins");
}

TEST_CASE("policies and endpoints that were not read are not judged", "[gateway]") {
  namespace r = aibrix::resources;
  auto cluster = Install().cluster();
  cluster.forbid(r::envoy_extension_policies).forbid(r::envoy_patch_policies);
  cluster.forbid(r::client_traffic_policies).forbid(kube::resources::endpointslices);
  const auto out = support::run("GW012,GW013,GW014,GW015,GW016,GW017", cluster);
  for (const auto& check : out.checks) CHECK(check.reason == checks::Reason::no_permission);
  CHECK(support::outcome(support::run("GW018", cluster), "GW018") == "undetermined");
  Install other;
  other.replace("extension", "aibrix-gateway-plugins-extension-policy", "another");
  other.replace("extension", "name: aibrix-gateway-plugins, port", "name: other-service, port");
  const auto open = support::run("GW012,GW015,GW017", other.files());
  CHECK(support::outcome(open, "GW012") == "undetermined");
  CHECK(support::outcome(open, "GW015") == "undetermined");
  CHECK(support::outcome(open, "GW017") == "undetermined");
}

TEST_CASE("quantities are read as Kubernetes writes them", "[gateway]") {
  kube::Document document;
  const auto roots =
      kube::read_yaml("[4194304, 4194304.0, 4Mi, '32k', 1.5Ki, '', 4X]", "t", document);
  const kube::Value v = roots.at(0);
  CHECK(aibrix::quantity(v[0]) == 4194304);
  CHECK(aibrix::quantity(v[1]) == 4194304);
  CHECK(aibrix::quantity(v[2]) == 4194304);
  CHECK(aibrix::quantity(v[3]) == 32000);
  CHECK(aibrix::quantity(v[4]) == 1536);
  CHECK_FALSE(aibrix::quantity(v[5]).has_value());
  CHECK_FALSE(aibrix::quantity(v[6]).has_value());
}
