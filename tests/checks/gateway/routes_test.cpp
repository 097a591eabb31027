// GW010, GW011, GW019: the install's own routes, and routes of other namespaces.
#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/builders/gateway.hpp"

namespace {

const std::string accepted =
    R"({type: Accepted, status: "True", reason: Accepted, observedGeneration: 1})";
const char* const foreign = R"(
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: llama, namespace: team-a, uid: r9, generation: 1}
spec:
  parentRefs: [{name: aibrix-eg, namespace: aibrix-system}]
  rules:
    - matches: [{headers: [{name: model, type: Exact, value: llama}]}]
      backendRefs: [{name: llama, port: 8000}]
)";

}  // namespace

TEST_CASE("a reserved route without a core path fails requests, one without a newer path warns",
          "[gateway]") {
  // Case 144: 404, route_not_found.
  Install core;
  core.replace("reserved", "        - path: {type: PathPrefix, value: /v1/completions}\n", "");
  const auto f = support::finding(support::run("GW010", core.cluster()), "GW010");
  CHECK(f.level == checks::Level::error);
  CHECK(checks::headline(f) ==
        "HTTPRoute aibrix-system/aibrix-reserved-router has no match for /v1/completions. Requests "
        "to it without a routing strategy get 404.");
  Install newer;
  newer.replace("reserved", "        - path: {type: PathPrefix, value: /v1/rerank}\n", "");
  const auto g = support::finding(support::run("GW010", newer.cluster()), "GW010");
  CHECK(g.level == checks::Level::warning);
  REQUIRE(!g.remedies.empty());
  CHECK(checks::to_shell(g.remedies[0].command).find("aibrix-core-v0.7.0.yaml") !=
        std::string::npos);
  // v0.4 never had that path.
  newer.replace("controller-manager", "v0.7.0", "v0.4.1");
  CHECK(support::outcome(support::run("GW010", newer.cluster()), "GW010") == "ok");
}

TEST_CASE("a path prefix covers whole path elements", "[gateway]") {
  Install install;
  install.replace("reserved", "value: /v1/chat/completions", "value: /v1/chat");
  CHECK(support::outcome(support::run("GW010", install.cluster()), "GW010") == "ok");
  install.replace("reserved", "value: /v1/chat}", "value: /v1/cha}");
  CHECK(support::outcome(support::run("GW010", install.cluster()), "GW010") == "found");
}

TEST_CASE("a reserved route that is refused or hangs elsewhere answers 404", "[gateway]") {
  Install refused;
  refused.replace(
      "reserved", accepted,
      R"({type: Accepted, status: "False", reason: NoMatchingParent, observedGeneration: 1})");
  CHECK(support::finding(support::run("GW010", refused.cluster()), "GW010").title ==
        "HTTPRoute aibrix-system/aibrix-reserved-router is not accepted (NoMatchingParent)");
  Install elsewhere;
  elsewhere.replace("reserved", "parentRefs: [{name: aibrix-eg}]",
                    "parentRefs: [{name: my-aibrix-eg}]");
  const auto f = support::finding(support::run("GW010", elsewhere.cluster()), "GW010");
  CHECK(f.title ==
        "HTTPRoute aibrix-system/aibrix-reserved-router is not attached to Gateway "
        "aibrix-system/aibrix-eg");
  CHECK(f.subject.path == "spec.parentRefs");
}

TEST_CASE("routes that were not read are not missed", "[gateway]") {
  auto forbidden = Install().cluster();
  const auto out =
      support::run("GW010,GW011,GW019", forbidden.forbid(aibrix::resources::http_routes));
  for (const auto& check : out.checks) CHECK(check.reason == checks::Reason::no_permission);
  Install other;
  other.drop("reserved").drop("metadata").set("foreign", foreign);
  const auto open = support::run("GW010,GW011", other.files());
  CHECK(support::outcome(open, "GW010") == "undetermined");
  CHECK(support::outcome(open, "GW011") == "undetermined");
}

TEST_CASE("the route of /v1/models is expected as its release names it", "[gateway]") {
  const auto f =
      support::finding(support::run("GW011", Install().drop("metadata").cluster()), "GW011");
  CHECK(f.level == checks::Level::warning);
  CHECK(f.subject.ref.name == "aibrix-reserved-router-metadata-endpoint");
  CHECK(f.consequence == "Requests to /v1/models get 404.");
  Install older;
  older.drop("metadata").replace("controller-manager", "v0.7.0", "v0.4.1");
  CHECK(support::finding(support::run("GW011", older.cluster()), "GW011").subject.ref.name ==
        "aibrix-reserved-router-models-endpoint");
  Install oldest;
  oldest.drop("metadata").replace("controller-manager", "v0.7.0", "v0.2.1");
  CHECK(support::outcome(support::run("GW011", oldest.cluster()), "GW011") == "skipped");
  Install unknown;
  unknown.drop("metadata").replace("controller-manager", "v0.7.0", "custom");
  unknown.replace("plugins", "v0.7.0", "custom");
  CHECK(support::outcome(support::run("GW011", unknown.cluster()), "GW011") == "undetermined");
}

TEST_CASE("a route in another namespace is refused by the Gateway's default", "[gateway]") {
  Install install;
  install.set("foreign", foreign);
  const auto f = support::finding(support::run("GW019", install.cluster()), "GW019");
  CHECK(f.level == checks::Level::error);
  CHECK(checks::headline(f) ==
        "HTTPRoute team-a/llama is not permitted to attach to Gateway aibrix-system/aibrix-eg. It "
        "receives no requests.");
  CHECK(f.models == std::vector<std::string>{"llama"});
  Install refused;
  refused.set("foreign", std::string(foreign) + R"(status:
  parents:
    - parentRef: {name: aibrix-eg, namespace: aibrix-system}
      controllerName: gateway.envoyproxy.io/gatewayclass-controller
      conditions: [{type: Accepted, status: "False", reason: NotAllowedByListeners, observedGeneration: 1}]
)");
  CHECK(support::finding(support::run("GW019", refused.cluster()), "GW019").title == f.title);
}

TEST_CASE("a selector of namespaces is not guessed at, and neither is a Gateway that was not read",
          "[gateway]") {
  Install install;
  install.set("foreign", foreign);
  install.replace("gateway", "protocol: HTTP}",
                  "protocol: HTTP, allowedRoutes: {namespaces: {from: Selector}}}");
  CHECK(support::outcome(support::run("GW019", install.cluster()), "GW019") == "undetermined");
  CHECK(support::outcome(
            support::run("GW019", Install().drop("gateway").set("foreign", foreign).files()),
            "GW019") == "undetermined");
}
