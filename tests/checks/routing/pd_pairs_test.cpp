// STR004: the prefill and decode pods that routing strategy "pd" needs.
#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/builders/model.hpp"
#include "support/snapshot.hpp"

using namespace support;

namespace {

const std::string pd_by_default = "[{name: ROUTING_ALGORITHM, value: pd}]";

std::string storm() {
  return R"(---
apiVersion: orchestration.aibrix.ai/v1alpha1
kind: StormService
metadata: {name: chat, namespace: default, uid: s}
spec: {template: {spec: {roles: [{name: prefill, template: {metadata: {labels: {model.aibrix.ai/name: chat}}}}, {name: decode, template: {metadata: {labels: {model.aibrix.ai/name: chat}}}}]}}}
)";
}

std::string role_pod(const std::string& role, const std::string& set = "chat-a", bool ready = true,
                     const std::string& created = "2026-03-01T10:00:00Z") {
  return "---\napiVersion: v1\nkind: Pod\nmetadata: {name: " + set + '-' + role +
         ", namespace: default, uid: p" + set + role + ", creationTimestamp: '" + created +
         "', labels: {model.aibrix.ai/name: chat, storm-service-name: chat, roleset-name: " + set +
         ", role-name: " + role +
         "}}\nspec: {containers: [{name: c}]}\nstatus: {phase: Running, podIP: "
         "10.0.0.1, conditions: [{type: Ready, status: '" +
         (ready ? "True" : "False") + "'}]}\n";
}

// Two of a role, of two RoleSets.
std::string two(const std::string& role) {
  return role_pod(role, "chat-a") + role_pod(role, "chat-b");
}

Cluster cluster(const std::string& pods, const std::string& env = pd_by_default,
                const std::string& release = "v0.7.0") {
  Cluster out;
  out.yaml(install(release, env) + storm() + pods).complete().at("2026-03-01T12:00:00Z");
  return out;
}

std::string only(const Cluster& c) {
  return render(run("STR004", c));
}

}  // namespace

TEST_CASE("a prefill and a decode pod of one RoleSet are what strategy pd needs") {
  CHECK(outcome(run("STR004", cluster(role_pod("prefill") + role_pod("decode"))), "STR004") ==
        "ok");
  // A second RoleSet that is not whole is left out by the gateway.
  CHECK(only(cluster(role_pod("prefill") + role_pod("decode") + role_pod("decode", "chat-b")))
            .empty());
}

TEST_CASE("where pd is the default, a missing half fails every request that brings no strategy") {
  CHECK(only(cluster(two("prefill") + role_pod("decode", "chat-a", false))) ==
        "error STR004 stormservice/default/chat no decode pod of chat is routable. Requests for "
        "chat "
        "get 503 \"error on selecting target pod\".\n");
  CHECK(only(cluster(two("decode"))) ==
        "error STR004 stormservice/default/chat no prefill pod of chat is routable. Requests for "
        "chat get 503 \"error on selecting target pod\".\n");
  const auto f = finding(run("STR004", cluster(two("decode"))), "STR004");
  REQUIRE(f.evidence.size() == 2);
  CHECK(f.evidence[0].key == "roleset chat-a");
  CHECK(f.evidence[0].value == "prefill 0 of 0, decode 1 of 1 routable");
}

TEST_CASE("halves in different RoleSets make no pair since v0.4.1, and did before") {
  const std::string apart = role_pod("prefill", "chat-a") + role_pod("decode", "chat-b");
  CHECK(only(cluster(apart)) ==
        "error STR004 stormservice/default/chat no RoleSet of chat has both a routable prefill pod "
        "and "
        "a routable decode pod. Requests for chat get 503 \"error on selecting target pod\".\n");
  CHECK(only(cluster(apart, pd_by_default, "v0.4.0")).empty());
  CHECK(only(cluster(apart, pd_by_default, "some-build")).empty());  // not known: no alarm
}

TEST_CASE("where pd is not the default, a missing half only concerns those who ask for it") {
  CHECK(only(cluster(two("prefill"), "[]")) ==
        "warning STR004 stormservice/default/chat no decode pod of chat is routable. Requests for "
        "chat with strategy pd get 503 \"error on selecting target pod\".\n");
  CHECK(outcome(run("STR004", cluster(role_pod("prefill") + role_pod("decode"), "[]")), "STR004") ==
        "ok");
}

TEST_CASE("a single pod gets every request, whatever its role and the strategy") {
  for (const char* role : {"prefill", "decode"}) CHECK(only(cluster(role_pod(role))).empty());
  CHECK(only(cluster(role_pod("prefill") + role_pod("decode", "chat-a", false))).empty());
}

TEST_CASE("pd as the default of a model without roles fails its requests") {
  Cluster plain;
  plain.yaml(install("v0.7.0", pd_by_default) + deployment() + pod() + pod({}, "llama-2"))
      .complete();
  CHECK(only(plain) ==
        "error STR004 deployment/default/llama the default strategy of llama is pd, but none of "
        "its pods has the role prefill or decode. Requests for llama get 503 \"error on selecting "
        "target "
        "pod\".\n");
  Cluster random;
  random
      .yaml(install("v0.7.0", "[{name: ROUTING_ALGORITHM, value: random}]") + deployment() + pod() +
            pod({}, "llama-2"))
      .complete();
  CHECK(outcome(run("STR004", random), "STR004") == "skipped");
}

TEST_CASE("a missing half that other checks explain folds under what they say") {
  const auto out =
      run("STR004,MDL006,MDL007", cluster(two("prefill") + role_pod("decode", "chat-a", false)));
  REQUIRE(out.findings.size() == 1);
  CHECK(out.findings[0].code == "MDL007");
  CHECK(out.findings[0].level == checks::Level::error);
  CHECK(out.findings[0].level_before_fold() == checks::Level::warning);
  const auto none = run("STR004,MDL006", cluster(role_pod("prefill", "chat-a", false) +
                                                 role_pod("decode", "chat-a", false)));
  REQUIRE(none.findings.size() == 1);  // no pod at all is MDL006's alone
  CHECK(none.findings[0].code == "MDL006");
}

TEST_CASE(
    "a pod that may do both halves alone, one that just starts, unread pods: it cannot be told") {
  const std::string bucketing =
      "[{name: ROUTING_ALGORITHM, value: pd}, {name: AIBRIX_PROMPT_LENGTH_BUCKETING, value: "
      "\"true\"}]";
  const std::string combined = role_pod("prefill") + role_pod("combined");
  CHECK(outcome(run("STR004", cluster(combined, bucketing)), "STR004") == "undetermined");
  CHECK(outcome(run("STR004", cluster(combined)), "STR004") == "found");  // bucketing is off
  Cluster young =
      cluster(two("prefill") + role_pod("decode", "chat-a", false, "2026-03-01T11:59:50Z"));
  young.live();
  CHECK(outcome(run("STR004", young), "STR004") == "undetermined");
  Cluster unread = cluster(two("prefill"));
  unread.forbid(kube::resources::pods);
  CHECK(outcome(run("STR004", unread), "STR004") == "skipped");
}
