// HTTPRoutes as the model-route-controller writes them, and others.
#include "aibrix/route.hpp"

#include <memory>
#include <vector>

#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/snapshot.hpp"

namespace {

constexpr std::string_view ours = aibrix::names::envoy_gateway_controller;

// As the model-route-controller writes it.
const std::string generated = R"(
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: llama-router, namespace: aibrix-system, generation: 2}
spec:
  parentRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: aibrix-eg, namespace: aibrix-system}]
  rules:
  - matches:
    - {path: {type: PathPrefix, value: /v1/completions}, headers: [{type: Exact, name: model, value: llama}]}
    - {path: {type: PathPrefix, value: /v1/chat/completions}, headers: [{type: Exact, name: model, value: llama}]}
    backendRefs: [{group: "", kind: Service, name: llama, namespace: team, port: 8000, weight: 1}]
)";

// A Route borrows from its snapshot: these live as long as the tests.
aibrix::Route read(const std::string& yaml, std::string_view controller = ours) {
  static std::vector<std::unique_ptr<kube::Snapshot>> alive;
  alive.push_back(std::make_unique<kube::Snapshot>(support::Cluster().yaml(yaml).snapshot()));
  return aibrix::Route(alive.back()->list(aibrix::resources::http_routes).front(), controller);
}

std::string status(const std::string& conditions, const std::string& controller = std::string(ours),
                   const std::string& parent = "{name: aibrix-eg, namespace: aibrix-system}") {
  return "status: {parents: [{controllerName: " + controller + ", parentRef: " + parent +
         ", conditions: [" + conditions + "]}]}\n";
}

const std::string refused =
    "{type: ResolvedRefs, status: 'False', reason: RefNotPermitted, observedGeneration: 2}";

TEST_CASE("a generated route tells its model, its backend and that it hangs on our gateway") {
  const aibrix::Route r = read(generated);
  CHECK(r.attached());
  CHECK(r.model() == "llama");
  CHECK(r.looks_generated());
  REQUIRE(r.backends().size() == 1);
  CHECK(r.backends()[0].text() == "Service team/llama, port 8000");
  CHECK(r.backends()[0].path == "spec.rules[0].backendRefs[0]");
  CHECK_FALSE(r.has_status());
}

TEST_CASE("a route of another shape is not taken for the controller's") {
  const auto changed = [](std::string from, std::string to) {
    std::string yaml = generated;
    for (std::size_t at = yaml.find(from); at != std::string::npos;
         at = yaml.find(from, at + to.size())) {
      yaml.replace(at, from.size(), to);
    }
    return read(yaml);
  };
  CHECK(changed("name: model", "name: Model").model() == "llama");
  CHECK(changed("type: Exact", "type: RegularExpression").model().empty());
  CHECK_FALSE(changed("llama-router", "mine").looks_generated());
  CHECK_FALSE(changed("type: PathPrefix", "type: Exact").looks_generated());
  CHECK_FALSE(changed("name: aibrix-eg", "name: other").attached());
  CHECK_FALSE(changed("kind: Gateway", "kind: Service").attached());
}

TEST_CASE("a route that matches without a model, or for two, is no model's route") {
  CHECK(read(generated + "  - backendRefs: [{name: x}]\n").model().empty());
  CHECK(
      read(generated +
           "  - {matches: [{headers: [{name: model, value: other}]}], backendRefs: [{name: x}]}\n")
          .model()
          .empty());
}

TEST_CASE("mirrors of a rule and of a backend are backends too") {
  const aibrix::Route r = read(R"(
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: aibrix-system}
spec:
  rules:
  - backendRefs:
    - name: a
      filters: [{type: RequestMirror, requestMirror: {backendRef: {name: b, namespace: x}}}]
    filters:
    - {type: RequestHeaderModifier}
    - {type: RequestMirror, requestMirror: {backendRef: {name: c, kind: Backend, group: gateway.envoyproxy.io}}}
)");
  const auto& all = r.backends();
  REQUIRE(all.size() == 3);
  CHECK(all[0].target == kube::ObjectRef{"", "Service", "aibrix-system", "a"});
  CHECK(all[1].mirror);
  CHECK(all[1].path == "spec.rules[0].backendRefs[0].filters[0].requestMirror.backendRef");
  CHECK(all[1].target.ns == "x");
  CHECK(all[2].path == "spec.rules[0].filters[1].requestMirror.backendRef");
  CHECK_FALSE(all[2].is_service());
}

TEST_CASE("only what our controller wrote for our gateway about this spec counts") {
  CHECK(read(generated + status(refused)).condition("ResolvedRefs").reason() == "RefNotPermitted");
  CHECK_FALSE(read(generated + status(refused, "example.com/other")).has_status());
  CHECK(read(generated + status(refused, "example.com/other"), "example.com/other").has_status());
  CHECK_FALSE(read(generated + status(refused, std::string(ours), "{name: other}")).has_status());
  CHECK_FALSE(read(generated + status("")).has_status());
}

TEST_CASE("a condition of an older generation says nothing") {  // vector 26
  const std::string old =
      "{type: ResolvedRefs, status: 'False', reason: RefNotPermitted, observedGeneration: 1}";
  const aibrix::Route r = read(generated + status(old));
  CHECK_FALSE(r.condition("ResolvedRefs").exists());
  CHECK(r.outdated());
  CHECK_FALSE(read(generated + status(refused)).outdated());
  // Without observedGeneration there is nothing to compare.
  CHECK(read(generated + status("{type: ResolvedRefs, status: 'False', reason: X}"))
            .condition("ResolvedRefs")
            .is_false());
}

TEST_CASE("of several listeners the one that refuses is told") {
  const std::string two =
      "status: {parents: ["
      "{controllerName: " +
      std::string(ours) +
      ", parentRef: {name: aibrix-eg, sectionName: a}, "
      "conditions: [{type: Accepted, status: 'True', reason: Accepted}]},"
      "{controllerName: " +
      std::string(ours) +
      ", parentRef: {name: aibrix-eg, sectionName: b}, "
      "conditions: [{type: Accepted, status: 'False', reason: NotAllowedByListeners}]}]}\n";
  CHECK(read(generated + two).condition("Accepted").reason() == "NotAllowedByListeners");
}

}  // namespace
