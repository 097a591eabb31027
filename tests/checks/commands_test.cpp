#include "checks/core/commands.hpp"

#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/snapshot.hpp"

TEST_CASE("plain words stay, others are quoted so that a shell takes them as they are") {
  CHECK(checks::shell_word("sql-lora") == "sql-lora");
  CHECK(checks::shell_word("modeladapters.model.aibrix.ai") == "modeladapters.model.aibrix.ai");
  CHECK(checks::shell_word("") == "''");
  CHECK(checks::shell_word("a b") == "'a b'");
  CHECK(checks::shell_word("$(x)`y`") == "'$(x)`y`'");
  CHECK(checks::shell_word("it's") == R"('it'\''s')");
}

TEST_CASE("a strip command tests what it removes, and needs no uid where there is none") {
  support::Cluster cluster;
  cluster.yaml(
      "apiVersion: model.aibrix.ai/v1alpha1\nkind: ModelAdapter\n"
      "metadata: {name: a, namespace: t, finalizers: [x/y, \"q\\\"z\"]}");
  const auto snapshot = cluster.snapshot();
  const kube::Object& adapter = snapshot.list(aibrix::resources::model_adapters).front();
  CHECK(checks::strip_command(adapter, "x/y") ==
        "kubectl -n t patch modeladapters.model.aibrix.ai a --type=json -p "
        R"('[{"op":"test","path":"/metadata/finalizers/0","value":"x/y"},)"
        R"({"op":"remove","path":"/metadata/finalizers/0"}]')");
  CHECK(checks::strip_command(adapter, "q\"z").find(R"("value":"q\"z")") != std::string::npos);
  CHECK(checks::strip_command(adapter, "none").empty());
}
