// REF004, REF005, REF006.
#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "checks/routing/fixture.hpp"

namespace {

using namespace fixture;
using checks::Finding;
using checks::Level;
using support::Cluster;
using support::finding;
using support::outcome;

Cluster cluster(const std::string& yaml) {
  return Cluster().yaml(install() + service() + model() + yaml).complete().at(now);
}

const std::string wrong_group_first = grant("a", "aibrix-system", "", long_ago, "example.com");

TEST_CASE("the one field in which a grant does not fit is told under the missing grant") {
  const auto out = run_all({"REF001", "REF004"}, cluster(grant("team-grant", "aibrix") +
                                                         route(accepted + ", " + refused())));
  REQUIRE(out.findings.size() == 1);
  const Finding& f = out.findings[0];
  CHECK(f.code == "REF001");
  CHECK(evidence(f, "grants in team") == "1, none permits it");
  CHECK(evidence(f, "grant team/team-grant") ==
        "from.namespace is \"aibrix\", needed \"aibrix-system\"");
  REQUIRE(f.symptoms.size() == 1);
  CHECK(f.symptoms[0].code == "REF004");
  CHECK(f.symptoms[0].subject.path == "spec.from[0].namespace");
}

TEST_CASE("a grant that fits, or is far from fitting, is no near miss") {
  CHECK(outcome(support::run("REF004", cluster(controller_grant() + grant("other", "aibrix") +
                                               route(accepted + ", " + resolved))),
                "REF004") == "ok");
  const std::string far =
      "---\napiVersion: gateway.networking.k8s.io/v1beta1\nkind: ReferenceGrant\nmetadata: " +
      meta("certs", "team") +
      "\nspec: {from: [{group: gateway.networking.k8s.io, kind: Gateway, "
      "namespace: infra}], to: [{group: '', kind: Secret}]}\n";
  CHECK(outcome(support::run("REF004", cluster(far + route(accepted + ", " + refused()))),
                "REF004") == "ok");
}

TEST_CASE("near misses cannot be told without the list of grants") {
  Cluster c = cluster(route(accepted + ", " + refused()));
  c.forbid(aibrix::resources::reference_grants);
  const auto out = support::run("REF00*", c);
  CHECK(outcome(out, "REF004") == "skipped");
  CHECK(outcome(out, "REF006") == "skipped");
}

TEST_CASE("only unused grants of AIBrix or aibrixctl are mentioned, as information") {
  const std::string unused =
      controller_grant("empty") +
      grant("someones", "aibrix-system", "", long_ago, "gateway.networking.k8s.io", "empty");
  const auto out = support::run(
      "REF005", cluster(controller_grant() + unused + route(accepted + ", " + resolved)));
  REQUIRE(out.findings.size() == 1);
  CHECK(out.findings[0].level == Level::info);
  CHECK(out.findings[0].title ==
        "no HTTPRoute uses ReferenceGrant "
        "empty/aibrix-system-reserved-referencegrant-in-empty");
}

TEST_CASE("a grant whose route is yet to come is not called unused") {
  CHECK(outcome(support::run("REF005", cluster(controller_grant())), "REF005") == "ok");
}

TEST_CASE("whether a grant is used cannot be told without all routes") {
  Cluster c;
  c.yaml(controller_grant("empty") + route("")).at(now);
  CHECK(outcome(support::run("REF005", c), "REF005") == "undetermined");
}

TEST_CASE("a grant with a wrong group in front of the right one is named as what refuses") {  // 16
  const auto out =
      run_all({"REF006", "MDL014", "REF001"},
              cluster(wrong_group_first + grant("b") + route(accepted + ", " + refused())));
  REQUIRE(out.findings.size() == 1);
  const Finding& f = out.findings[0];
  CHECK(f.code == "REF006");
  CHECK(f.level == Level::error);
  CHECK(f.title ==
        "HTTPRoute aibrix-system/llama-router is allowed by the API and refused by this "
        "Envoy Gateway because of ReferenceGrant team/a");
  CHECK(evidence(f, "grant team/a") ==
        "from.group is \"example.com\", needed \"gateway.networking.k8s.io\"");
  CHECK(f.symptoms.at(0).code == "MDL014");
}

TEST_CASE(
    "such a grant that the gateway gets past is not mentioned, and a warning without a status") {
  CHECK(outcome(support::run("REF006", cluster(wrong_group_first + grant("b") +
                                               route(accepted + ", " + resolved))),
                "REF006") == "ok");
  const Finding f = finding(
      support::run("REF006", cluster(wrong_group_first + grant("b") + route(""))), "REF006");
  CHECK(f.level == Level::warning);
}

TEST_CASE(
    "a condition older than the grant is lag, and after a minute a gateway that looks no more") {
  const auto after = [](const std::string& made, int envoy_gateways = 1) {
    return run_all({"REF006", "GW001"}, Cluster()
                                            .yaml(install("v0.7.0", 1, envoy_gateways) + service() +
                                                  model() + grant("g", "aibrix-system", "", made) +
                                                  route(accepted + ", " + refused()))
                                            .complete()
                                            .at(now));
  };
  CHECK(outcome(after("2026-03-01T11:59:30Z"), "REF006") == "undetermined");  // vector 25
  const Finding f = finding(after("2026-03-01T11:50:00Z"), "REF006");
  CHECK(f.level == Level::error);
  CHECK(f.title ==
        "Envoy Gateway has not looked at HTTPRoute aibrix-system/llama-router since "
        "ReferenceGrant team/g permits it");
  const auto down = after("2026-03-01T11:59:30Z", 0);
  REQUIRE(down.findings.size() == 1);  // nothing moves: no need to wait
  CHECK(down.findings[0].code == "GW001");
}

TEST_CASE("a refusal that nothing explains is reported as such") {
  const std::string later = "2026-03-01T11:00:00Z";
  const Finding f =
      finding(support::run("REF006", cluster(grant("g") + route(accepted + ", " + refused(later)))),
              "REF006");
  CHECK(f.level == Level::error);
  CHECK(f.title ==
        "the gateway refuses HTTPRoute aibrix-system/llama-router a reference that "
        "ReferenceGrant team/g permits");
}

TEST_CASE("a status of an older spec contradicts nothing") {  // 26
  const std::string old = condition("ResolvedRefs", "False", "RefNotPermitted", "", long_ago, 0);
  const auto out = run_all({"REF006", "REF001"}, cluster(grant("g") + route(old)));
  CHECK(support::render(out).empty());
}

}  // namespace
