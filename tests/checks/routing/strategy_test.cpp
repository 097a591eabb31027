// STR001, STR002, STR003: default routing strategies.
#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/builders/model.hpp"
#include "support/snapshot.hpp"

using namespace support;

namespace {

std::string with_env(const std::string& value, const std::string& tag = "v0.7.0") {
  return install(tag, "[{name: ROUTING_ALGORITHM, value: \"" + value + "\"}]");
}

std::string annotated(const std::string& json) {
  return "---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: llama-1\n  namespace: default\n  uid: "
         "u\n  labels: {model.aibrix.ai/name: llama}\n  annotations:\n    model.aibrix.ai/config: "
         "'" +
         json +
         "'\nstatus: {phase: Running, podIP: 10.0.0.1, conditions: [{type: Ready, status: "
         "\"True\"}]}\n";
}

checks::Finding found(const std::string& code, const std::string& yaml) {
  Cluster cluster;
  cluster.yaml(yaml).complete();
  return finding(run(code, cluster), code);
}

std::string outcome_of(const std::string& code, const std::string& yaml) {
  Cluster cluster;
  cluster.yaml(yaml).complete();
  return outcome(run(code, cluster), code);
}

}  // namespace

TEST_CASE("a strategy of a later release, or an empty one, is refused as well") {
  CHECK(found("STR001", with_env("session-affinity", "v0.5.0")).title ==
        "ROUTING_ALGORITHM: \"session-affinity\" is supported only from v0.6 on");
  CHECK(found("STR001", with_env("")).level == checks::Level::error);
  CHECK(outcome_of("STR001", with_env("session-affinity", "v0.6.0")) == "ok");
}

TEST_CASE("known strategies, lists, and no strategy at all are right") {
  CHECK(outcome_of("STR001", with_env("least-request")) == "ok");
  CHECK(outcome_of("STR001", with_env("prefix-cache:2,least-request")) == "ok");
  CHECK(outcome_of("STR001", install()) == "ok");
}

TEST_CASE("an unknown release refuses only what no release knows") {
  CHECK(outcome_of("STR001", with_env("session-affinity", "sha-1")) == "ok");
  CHECK(outcome_of("STR001", with_env("nonsense", "sha-1")) == "found");
}

TEST_CASE("the default strategy cannot be told without the plugin or from a ConfigMap") {
  Cluster unread;
  unread.complete().forbid(kube::resources::deployments);
  CHECK(outcome(run("STR001", unread), "STR001") == "skipped");
  CHECK(outcome_of("STR001", install("v0.7.0",
                                     "[{name: ROUTING_ALGORITHM, valueFrom: "
                                     "{configMapKeyRef: {name: c, key: k}}}]")) == "undetermined");
}

TEST_CASE("an annotation that cannot be read is ignored without a word, and told") {
  const auto f = found("STR002", install() + annotated("{\"profiles\":"));
  CHECK(f.level == checks::Level::warning);
  CHECK(f.title.starts_with("model.aibrix.ai/config of llama is not valid"));
  CHECK(f.models == std::vector<std::string>{"llama"});
  CHECK(found("STR002", install() + annotated("{}")).title ==
        "model.aibrix.ai/config of llama has no profiles");
}

TEST_CASE("an unknown strategy is an error in the default profile only") {
  const auto bad = found(
      "STR002", install() + annotated(R"({"profiles":{"default":{"routingStrategy":"foo"}}})"));
  CHECK(bad.level == checks::Level::error);
  CHECK(bad.title == "profile \"default\" of llama: \"foo\" is not a routing strategy");
  CHECK(bad.subject.path == "metadata.annotations[model.aibrix.ai/config]");
  const auto other = found(
      "STR002",
      install() +
          annotated(
              R"({"defaultProfile":"a","profiles":{"a":{"routingStrategy":"pd"},"b":{"routingStrategy":"foo"}}})"));
  CHECK(other.level == checks::Level::warning);
  CHECK(other.consequence.find("that ask for it") != std::string::npos);
}

TEST_CASE("a locked strategy decides from v0.8 on") {
  const std::string json =
      R"({"lockedRoutingStrategy":"foo","profiles":{"default":{"routingStrategy":"pd"}}})";
  CHECK(found("STR002", install("v0.8.0") + annotated(json)).level == checks::Level::error);
  // A build of main may have strategies that this program does not know.
  CHECK(found("STR002", install("nightly") + annotated(json)).level == checks::Level::info);
  CHECK(outcome_of("STR002", install("v0.7.0") + annotated(json)) == "ok");
}

TEST_CASE("good annotations are right, and releases before v0.6 do not read them") {
  const std::string good = annotated(R"({"profiles":{"default":{"routingStrategy":"pd"}}})");
  CHECK(outcome_of("STR002", install() + good) == "ok");
  CHECK(outcome_of("STR002", install("v0.5.0") + annotated("{")) == "skipped");
  Cluster unread;
  unread.yaml(install() + good).complete().forbid(kube::resources::pods);
  CHECK(outcome(run("STR002", unread), "STR002") == "undetermined");
}

TEST_CASE("lists are judged by their members, weights and release") {
  CHECK(found("STR003", with_env("prefix-cache,random")).level == checks::Level::error);
  CHECK(found("STR003", with_env("prefix-cache:0.5,least-request")).level == checks::Level::error);
  CHECK(found("STR003", with_env("prefix-cache,least-request", "v0.6.0")).title ==
        "ROUTING_ALGORITHM: lists of strategies are supported only from v0.7 on");
  const auto alone = found("STR003", with_env("pd,least-request"));
  CHECK(alone.level == checks::Level::warning);
  CHECK(alone.consequence.empty());
  const auto profile = found(
      "STR003",
      install() + annotated(R"({"profiles":{"default":{"routingStrategy":"least-request:0"}}})"));
  CHECK(profile.title.find("every weight is 0") != std::string::npos);
}

TEST_CASE("a good list is right, and lists cannot be told without the plugin") {
  CHECK(outcome_of("STR003", with_env("prefix-cache:2,least-request:1") + deployment()) == "ok");
  Cluster unread;
  unread.complete().forbid(kube::resources::deployments);
  CHECK(outcome(run("STR003", unread), "STR003") == "undetermined");
}
