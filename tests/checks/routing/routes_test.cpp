// MDL013 to MDL018.
#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/builders/routed.hpp"

namespace {

using namespace routed;
using checks::Finding;
using checks::Level;
using support::Cluster;
using support::finding;
using support::outcome;

const std::string good = accepted + ", " + resolved;

Cluster cluster(const std::string& yaml, const std::string& base = install()) {
  return Cluster().yaml(base + yaml).complete().at(now);
}

const std::string healthy = model() + service() + controller_grant() + route(good);

TEST_CASE("a model with its route is fine") {
  const auto out = support::run("MDL01*", cluster(healthy));
  CHECK(support::render(out).empty());
  for (const char* code : {"MDL013", "MDL014", "MDL015", "MDL016", "MDL017", "MDL018"}) {
    CHECK(outcome(out, code) == "ok");
  }
}

TEST_CASE("a route gets a minute to appear") {
  const std::string young = model("llama", "team", "2026-03-01T11:59:30Z") + service();
  CHECK(outcome(support::run("MDL013", cluster(young)), "MDL013") == "undetermined");
  Cluster timeless = Cluster().yaml(install() + model() + service()).complete();
  CHECK(outcome(support::run("MDL013", timeless), "MDL013") == "undetermined");
}

TEST_CASE("a name no route can have is the cause before main") {
  const std::string capital = model("Llama_3") + service();
  const auto causes = [&](const std::string& release) {
    return finding(support::run("MDL013", cluster(capital, install(release))), "MDL013").causes;
  };
  REQUIRE(causes("v0.7.0").size() == 1);
  CHECK(causes("v0.7.0")[0].code == "MDL021");
  CHECK(causes("nightly").empty());
}

TEST_CASE("routes that were not read are not missing") {
  Cluster c = cluster(model() + service());
  c.forbid(aibrix::resources::http_routes);
  CHECK(outcome(support::run("MDL013", c), "MDL013") == "undetermined");
  CHECK(outcome(support::run("MDL013", Cluster().yaml(model())), "MDL013") == "undetermined");
  Cluster none = cluster(model() + service());
  none.absent(aibrix::resources::http_routes);
  CHECK(outcome(support::run("MDL013", none), "MDL013") == "skipped");
}

TEST_CASE("a manifest's route is for the controller to make once it is applied") {
  const std::string manifest =
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: llama, namespace: team, labels: "
      "{model.aibrix.ai/name: llama}}\nspec: {template: {metadata: {labels: {model.aibrix.ai/name: "
      "llama}}}}\n";
  CHECK(outcome(support::run("MDL013", Cluster().yaml(manifest).complete()), "MDL013") != "found");
}

// Reports 858, 778: the wrong port. Newer Envoy Gateways have a reason of their own for it.
TEST_CASE("a port the Service does not have is blamed whatever the reason is called") {
  for (const char* reason : {"BackendNotFound", "PortNotFound", "SomethingNew"}) {
    const auto out = support::run(
        "MDL0*", cluster(model() + controller_grant() +
                         service("llama", "team", "model.aibrix.ai/name: llama", 9000) +
                         route(accepted + ", " + condition("ResolvedRefs", "False", reason))));
    INFO(support::render(out));
    REQUIRE(out.findings.size() == 1);
    CHECK(out.findings[0].code == "MDL009");
    bool told = false;
    for (const auto& also : out.findings[0].symptoms) told = told || also.code == "MDL014";
    CHECK(told);
  }
}

// Seen on a real cluster: Envoy Gateway misses the Service of an adapter from the start, the
// controller makes it last.
TEST_CASE("a route is not called broken while the adapter it leads to may still load") {
  const auto outcome_at = [](const std::string& failed_at) {
    const std::string missing = condition("ResolvedRefs", "False", "BackendNotFound");
    const std::string adapter =
        "---\napiVersion: model.aibrix.ai/v1alpha1\nkind: ModelAdapter\nmetadata: " +
        meta("sql", "team", ", labels: {model.aibrix.ai/name: sql}") +
        "\nstatus: {phase: Failed, conditions: [{type: Ready, status: 'False', reason: "
        "ModelAdapterLoadingError, lastTransitionTime: '" +
        failed_at + "'}]}\n";
    Cluster c =
        cluster(adapter + controller_grant() + route(accepted + ", " + missing, "team", "sql"));
    c.live();
    return outcome(support::run("MDL014", c), "MDL014");
  };
  CHECK(outcome_at("2026-03-01T11:59:55Z") == "undetermined");
  CHECK(outcome_at("2026-03-01T11:59:30Z") == "found");
}

TEST_CASE("a status of an older spec, or none, leaves a route open") {
  const std::string old = condition("Accepted", "False", "X", "", long_ago, 0);
  CHECK(outcome(
            support::run("MDL014", cluster(model() + service() + controller_grant() + route(old))),
            "MDL014") == "undetermined");
  CHECK(
      outcome(support::run("MDL014", cluster(model() + service() + controller_grant() + route(""))),
              "MDL014") == "undetermined");
  CHECK(outcome(support::run("MDL014", Cluster().yaml(model())), "MDL014") == "skipped");
}

TEST_CASE("mixed address types are a warning though the condition is False") {
  const std::string mixed =
      condition("ResolvedRefs", "False", "ResolvedRefs", "Mixed endpointslice address type");
  const auto out = run_all({"MDL014", "MDL015"}, cluster(model() + service() + controller_grant() +
                                                         route(accepted + ", " + mixed)));
  REQUIRE(out.findings.size() == 1);
  CHECK(out.findings[0].code == "MDL015");
  CHECK(out.findings[0].level == Level::warning);
  CHECK(outcome(support::run("MDL015", Cluster().yaml(model())), "MDL015") == "skipped");
}

TEST_CASE("a route nobody has written a status on is an error once there was time") {
  const Finding f =
      finding(support::run("MDL016", cluster(model() + service() + controller_grant() + route(""))),
              "MDL016");
  CHECK(f.level == Level::error);
  CHECK(f.title == "Envoy Gateway has written no status to HTTPRoute aibrix-system/llama-router");
  const std::string young = route("", "team", "llama", "2026-03-01T11:59:30Z");
  CHECK(outcome(support::run("MDL016", cluster(model() + service() + young)), "MDL016") ==
        "undetermined");
}

TEST_CASE("a manifest has no status and is not blamed for it") {
  const std::string manifest =
      "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
      "metadata: {name: llama-router, namespace: aibrix-system}\nspec: {parentRefs: [{name: "
      "aibrix-eg}], rules: [{backendRefs: [{name: llama}]}]}\n";
  CHECK(outcome(support::run("MDL016", Cluster().yaml(manifest).complete()), "MDL016") ==
        "undetermined");
}

TEST_CASE("a route that differs and works is somebody's intention") {
  std::string own = route(good);
  const std::string backend = "backendRefs: [{name: llama,";
  own.replace(own.find(backend), backend.size(), "backendRefs: [{name: mine,");
  const std::string slice =
      "---\napiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: " +
      meta("mine-1", "team", ", labels: {kubernetes.io/service-name: mine}") +
      "\naddressType: IPv4\nendpoints: [{addresses: [10.0.0.1], conditions: {ready: true}}]\n";
  const std::string base = model() + service("mine") + controller_grant() + own;
  CHECK(outcome(support::run("MDL017", cluster(base + slice)), "MDL017") == "ok");
  CHECK(outcome(support::run("MDL017", cluster(base)), "MDL017") == "found");
  Cluster blind = cluster(base + slice);
  blind.forbid(kube::resources::services);
  CHECK(outcome(support::run("MDL017", blind), "MDL017") == "undetermined");
}

TEST_CASE("a route left over from a model that is gone is a warning, where all kinds were read") {
  const Finding f = finding(support::run("MDL018", cluster(service() + route(good))), "MDL018");
  CHECK(f.level == Level::warning);
  CHECK(f.title == "HTTPRoute aibrix-system/llama-router is left over: nothing serves model llama");
  Cluster blind = cluster(service() + route(good));
  blind.not_recorded(aibrix::resources::ray_fleets).not_recorded(kube::resources::crds);
  CHECK(outcome(support::run("MDL018", blind), "MDL018") == "undetermined");
  Cluster older = cluster(service() + route(good));
  older.absent(aibrix::resources::leader_worker_sets);
  CHECK(outcome(support::run("MDL018", older), "MDL018") == "found");
}

}  // namespace
