// ReferenceGrants against references across namespaces.
#include "aibrix/grants.hpp"

#include "aibrix/grant_manifest.hpp"
#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "aibrix/route.hpp"
#include "catch.hpp"
#include "support/snapshot.hpp"

// The vectors are numbered as in the project's notes on ReferenceGrants; 1 to 19, 21 and 22 were
// confirmed on a real Envoy Gateway 1.9.1 by the route's ResolvedRefs condition.
namespace {

using aibrix::GrantVerdict;
using aibrix::Permission;

const std::string right_from =
    "{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: aibrix-system}";
const std::string right_to = "{group: '', kind: Service}";

std::string grant(const std::string& name, const std::string& from, const std::string& to,
                  const std::string& ns = "default", const std::string& more = "") {
  return "---\napiVersion: gateway.networking.k8s.io/v1beta1\nkind: ReferenceGrant\n"
         "metadata: {name: " +
         name + ", namespace: " + ns + more +
         "}\n"
         "spec: {from: [" +
         from + "], to: [" + to + "]}\n";
}

// HTTPRoute aibrix-system/m-router with this rule.
std::string route(const std::string& rule, const std::string& kind = "HTTPRoute") {
  return "---\napiVersion: gateway.networking.k8s.io/v1\nkind: " + kind +
         "\n"
         "metadata: {name: m-router, namespace: aibrix-system}\n"
         "spec: {parentRefs: [{name: aibrix-eg}], rules: [" +
         rule + "]}\n";
}

const std::string svc_rule = "{backendRefs: [{name: svc, namespace: default, port: 8000}]}";

struct Vector {
  std::string number;
  std::string what;
  std::string grants;
  std::string rule;
  Permission expect;
  std::string remark;  // part of what the engine says
};

// What a person would read: of each grant, and the remarks.
std::string said(const GrantVerdict& verdict) {
  std::string out = verdict.why;
  for (const aibrix::GrantFit& f : verdict.fits) {
    out += std::string(f.grant->name()) + ": " + f.text() + '\n';
  }
  for (const std::string& remark : verdict.remarks) out += remark + '\n';
  return out;
}

const std::vector<Vector>& vectors() {
  const std::string& F = right_from;
  const std::string& T = right_to;
  const std::string prefix = "{group: gateway.networking.k8s.io, kind: ";
  static const std::vector<Vector> table = {
      {"1", "backend without a namespace", "", "{backendRefs: [{name: svc, port: 8000}]}",
       Permission::not_needed, ""},
      {"2", "backend in the route's namespace, written out", "",
       "{backendRefs: [{name: svc, namespace: aibrix-system, port: 8000}]}", Permission::not_needed,
       ""},
      {"3", "no grant", "", svc_rule, Permission::denied, ""},
      {"4", "the right grant", grant("g", F, T), svc_rule, Permission::allowed, "g: permits it"},
      {"5", "grant in the route's namespace", grant("g", F, T, "aibrix-system"), svc_rule,
       Permission::denied,
       "g: metadata.namespace is \"aibrix-system\", expected \"default\" (a ReferenceGrant has to "
       "be in "
       "the namespace of the target)"},
      {"6", "from.namespace is the target's",
       grant("g", prefix + "HTTPRoute, namespace: default}", T), svc_rule, Permission::denied,
       "g: from.namespace is \"default\", expected \"aibrix-system\" (this is the namespace of "
       "the target: from and to are swapped)"},
      {"7", "from.kind Gateway", grant("g", prefix + "Gateway, namespace: aibrix-system}", T),
       svc_rule, Permission::denied, "g: from.kind is \"Gateway\", expected \"HTTPRoute\""},
      {"8", "from.group empty",
       grant("g", "{group: '', kind: HTTPRoute, namespace: aibrix-system}", T), svc_rule,
       Permission::denied,
       "from.group is \"\", expected \"gateway.networking.k8s.io\" (the empty string is the core "
       "group)"},
      {"9", "from.group with its words swapped",
       grant("g", "{group: networking.gateway.k8s.io, kind: HTTPRoute, namespace: aibrix-system}",
             T),
       svc_rule, Permission::denied,
       "from.group is \"networking.gateway.k8s.io\", expected \"gateway.networking.k8s.io\" (the "
       "words "
       "are swapped)"},
      {"10", "to.group core", grant("g", F, "{group: core, kind: Service}"), svc_rule,
       Permission::denied,
       "to.group is \"core\", expected \"\" (the core group is written as the empty string)"},
      {"10b", "to.group v1", grant("g", F, "{group: v1, kind: Service}"), svc_rule,
       Permission::denied, "to.group is \"v1\", expected \"\" (the core group is written"},
      {"11", "to.name fits", grant("g", F, "{group: '', kind: Service, name: svc}"), svc_rule,
       Permission::allowed, ""},
      {"12", "to.name of another", grant("g", F, "{group: '', kind: Service, name: other}"),
       svc_rule, Permission::denied, "to.name is \"other\", expected \"svc\""},
      {"13", "to lists a Secret first", grant("g", F, "{group: '', kind: Secret}, " + T), svc_rule,
       Permission::allowed, ""},
      {"14", "from in one grant, to in another",
       grant("a", F, "{group: '', kind: Secret}") +
           grant("b", prefix + "Gateway, namespace: aibrix-system}", T),
       svc_rule, Permission::denied,
       "the matching from is in ReferenceGrant a and the matching to in b, but both must be in one "
       "grant"},
      {"15", "a wrong name beside the right grant",
       grant("a", F, "{group: '', kind: Service, name: other}") + grant("b", F, T), svc_rule,
       Permission::allowed, "a: to.name is \"other\""},
      {"16", "a wrong group beside the right grant",
       grant("a", "{group: wrong.example.com, kind: HTTPRoute, namespace: aibrix-system}", T) +
           grant("b", F, T),
       svc_rule, Permission::allowed,
       "permitted by the Gateway API's rules, but Envoy Gateway may consider default/a, whose "
       "group is wrong"},
      {"18", "RequestMirror in another namespace", "",
       "{backendRefs: [{name: here, port: 80}], filters: [{type: RequestMirror, requestMirror: "
       "{backendRef: {name: svc, namespace: default, port: 8000}}}]}",
       Permission::denied, ""},
      {"19", "weight 0", "",
       "{backendRefs: [{name: svc, namespace: default, port: 8000, weight: 0}]}",
       Permission::denied, ""},
      {"20", "backend kind InferencePool", grant("g", F, T),
       "{backendRefs: [{group: inference.networking.k8s.io, kind: InferencePool, name: svc, "
       "namespace: default}]}",
       Permission::denied,
       "to.group is \"\", expected \"inference.networking.k8s.io\", and 1 more field"},
      {"22", "the grant is being deleted",
       grant("g", F, T, "default", ", deletionTimestamp: 2026-01-01T00:00:00Z, finalizers: [x/y]"),
       svc_rule, Permission::allowed,
       "ReferenceGrant default/g is being deleted, and the permission ends with it"},
      {"29", "group and kind left out", grant("g", F, T),
       "{backendRefs: [{name: svc, namespace: default}]}", Permission::allowed, ""},
      {"case", "from.kind in lower case",
       grant("g", prefix + "httproute, namespace: aibrix-system}", T), svc_rule, Permission::denied,
       "(kinds are case-sensitive)"},
      {"v1", "a grant of version v1",
       "---\napiVersion: gateway.networking.k8s.io/v1\nkind: ReferenceGrant\n"
       "metadata: {name: g, namespace: default}\nspec: {from: [" +
           F + "], to: [" + T + "]}\n",
       svc_rule, Permission::allowed, ""},
      {"empty", "empty lists", grant("g", "", T), svc_rule, Permission::denied,
       "from is empty, expected at least one entry"},
  };
  return table;
}

kube::Snapshot closed(const std::string& yaml) {
  return support::Cluster().yaml(yaml).complete().snapshot();
}

const kube::Object& the_route(const kube::Snapshot& snapshot) {
  return *snapshot.find(aibrix::resources::http_routes, "aibrix-system", "m-router");
}

// The verdict on the last reference of the route that the snapshot holds.
GrantVerdict judged(const kube::Snapshot& snapshot) {
  const aibrix::Route r(the_route(snapshot), aibrix::names::envoy_gateway_controller);
  return aibrix::judge(snapshot, r.reference(r.backends().back()));
}

TEST_CASE("the grant engine gives every known vector its verdict") {
  for (const Vector& v : vectors()) {
    INFO("vector " << v.number << ": " << v.what);
    const kube::Snapshot snapshot = closed(route(v.rule) + v.grants);
    const GrantVerdict verdict = judged(snapshot);
    INFO(said(verdict));
    CHECK(aibrix::to_string(verdict.permission) == aibrix::to_string(v.expect));
    CHECK(said(verdict).find(v.remark) != std::string::npos);
  }
}

TEST_CASE("a grant for HTTPRoutes does not cover another kind of route") {  // 17
  const kube::Snapshot snapshot = closed(grant("g", right_from, right_to));
  const aibrix::Reference ref{
      "gateway.networking.k8s.io", "GRPCRoute", "aibrix-system", {"", "Service", "default", "svc"}};
  const GrantVerdict verdict = aibrix::judge(snapshot, ref);
  CHECK(verdict.permission == Permission::denied);
  CHECK(said(verdict) == "g: from.kind is \"HTTPRoute\", expected \"GRPCRoute\"\n");
}

TEST_CASE("whether the Service exists does not change the verdict") {  // 21
  const std::string service =
      "---\napiVersion: v1\nkind: Service\nmetadata: {name: svc, namespace: default}\n";
  CHECK(judged(closed(route(svc_rule))).permission == Permission::denied);
  CHECK(judged(closed(route(svc_rule) + service)).permission == Permission::denied);
}

TEST_CASE("without the CRD nothing is granted, and the verdict says why") {  // 23
  const kube::Snapshot snapshot = support::Cluster()
                                      .yaml(route(svc_rule))
                                      .complete()
                                      .absent(aibrix::resources::reference_grants)
                                      .snapshot();
  const GrantVerdict verdict = judged(snapshot);
  CHECK(verdict.permission == Permission::denied);
  CHECK(said(verdict) == "the CRD referencegrants.gateway.networking.k8s.io is not installed\n");
}

TEST_CASE("grants that could not be listed leave it open, with the reason") {  // 24
  support::Cluster cluster;
  cluster.yaml(route(svc_rule)).complete().forbid(aibrix::resources::reference_grants);
  CHECK(said(judged(cluster.snapshot())) ==
        "may not list referencegrants.gateway.networking.k8s.io");
  CHECK(judged(cluster.snapshot()).permission == Permission::undetermined);
}

TEST_CASE("in files an absent grant proves nothing, one that is there does") {
  const auto open = [](const std::string& yaml) {
    return judged(support::Cluster().yaml(yaml).snapshot()).permission;
  };
  CHECK(open(route(svc_rule)) == Permission::undetermined);
  CHECK(open(route(svc_rule) + grant("g", right_from, "{group: core, kind: Service}")) ==
        Permission::undetermined);
  CHECK(open(route(svc_rule) + grant("g", right_from, right_to)) == Permission::allowed);
}

TEST_CASE("a listener's certificate in another namespace needs a grant from the Gateway") {  // 28
  const aibrix::Reference ref{
      "gateway.networking.k8s.io", "Gateway", "aibrix-system", {"", "Secret", "certs", "tls"}};
  const std::string from =
      "{group: gateway.networking.k8s.io, kind: Gateway, namespace: aibrix-system}";
  const auto verdict = [&](const std::string& yaml) {
    return aibrix::judge(closed(yaml), ref).permission;
  };
  CHECK(verdict("") == Permission::denied);
  CHECK(verdict(grant("g", from, "{group: '', kind: Secret}", "certs")) == Permission::allowed);
  CHECK(verdict(grant("g", right_from, "{group: '', kind: Secret}", "certs")) ==
        Permission::denied);
}

TEST_CASE("a parentRef to a Gateway elsewhere needs no grant") {  // 27
  const kube::Snapshot snapshot = closed(
      "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
      "metadata: {name: m-router, namespace: team}\n"
      "spec: {parentRefs: [{name: aibrix-eg, namespace: aibrix-system}], rules: "
      "[{backendRefs: [{name: svc, port: 80}]}]}\n");
  const kube::Lookup found = snapshot.find(aibrix::resources::http_routes, "team", "m-router");
  const aibrix::Route r(*found, aibrix::names::envoy_gateway_controller);
  CHECK(r.attached());
  REQUIRE(r.backends().size() == 1);  // references that need permission are those of backends
  CHECK(aibrix::judge(snapshot, r.reference(r.backends().front())).permission ==
        Permission::not_needed);
}

TEST_CASE("seventeen namespaces need two grants") {  // 30
  std::vector<std::string> from;
  for (int i = 0; i < 17; ++i) from.push_back("team-" + std::to_string(i));
  const std::vector<std::string> services = {"svc"};
  const auto grants = aibrix::plan_grants("default", from, services, "v1");
  REQUIRE(grants.size() == 2);
  CHECK(grants[0].from.size() == 16);
  CHECK(grants[1].from == std::vector<std::string>{"team-16"});
  CHECK(grants[1].name == "aibrixctl-allow-httproutes-2");
}

TEST_CASE("the manifest of a grant permits what it is made for") {
  const std::vector<std::string> from = {"aibrix-system"};
  const std::vector<std::string> services = {"svc", "null", "8b: \"x\""};
  const auto grants = aibrix::plan_grants("default", from, services, "v1");
  const std::string yaml = aibrix::manifest(grants);
  CHECK(yaml.find("  name: aibrixctl-allow-httproutes-from-aibrix-system\n") != std::string::npos);
  for (const std::string& service : services) {
    const kube::Snapshot snapshot = closed(yaml);
    const aibrix::Reference ref{"gateway.networking.k8s.io",
                                "HTTPRoute",
                                "aibrix-system",
                                {"", "Service", "default", service}};
    const GrantVerdict verdict = aibrix::judge(snapshot, ref);
    CHECK(verdict.permission == Permission::allowed);
    REQUIRE(verdict.allowed_by != nullptr);
    CHECK(aibrix::is_own_grant(*verdict.allowed_by));
    CHECK_FALSE(aibrix::is_controller_grant(*verdict.allowed_by));
  }
}

}  // namespace
