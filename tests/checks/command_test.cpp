// Commands in remedies, quoted for a shell.
#include "checks/core/command.hpp"

#include "aibrix/resources.hpp"
#include "base/shell.hpp"
#include "catch.hpp"
#include "support/snapshot.hpp"

TEST_CASE("plain words stay, others are quoted so that a shell takes them as they are") {
  CHECK(base::shell_word("sql-lora") == "sql-lora");
  CHECK(base::shell_word("modeladapters.model.aibrix.ai") == "modeladapters.model.aibrix.ai");
  CHECK(base::shell_word("") == "''");
  CHECK(base::shell_word("a b") == "'a b'");
  CHECK(base::shell_word("$(x)`y`") == "'$(x)`y`'");
  CHECK(base::shell_word("it's") == R"('it'\''s')");
}

TEST_CASE("a strip command tests what it removes, and needs no uid where there is none") {
  support::Cluster cluster;
  cluster.yaml(
      "apiVersion: model.aibrix.ai/v1alpha1\nkind: ModelAdapter\n"
      "metadata: {name: a, namespace: t, finalizers: [x/y, \"q\\\"z\"]}");
  const auto snapshot = cluster.snapshot();
  const kube::Object& adapter = snapshot.list(aibrix::resources::model_adapters).front();
  CHECK(checks::to_shell(checks::strip_command(adapter, "x/y")) ==
        "kubectl -n t patch modeladapters.model.aibrix.ai a --type=json -p "
        R"('[{"op":"test","path":"/metadata/finalizers/0","value":"x/y"},)"
        R"({"op":"remove","path":"/metadata/finalizers/0"}]')");
  CHECK(checks::to_shell(checks::strip_command(adapter, "q\"z")).find(R"("value":"q\"z")") !=
        std::string::npos);
  CHECK(checks::strip_command(adapter, "none").empty());
}
