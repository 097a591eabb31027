// Plans as text and as kubectl commands.
#include "report/plan_text.hpp"

#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/golden.hpp"
#include "support/unwrap.hpp"

namespace {

fix::Plan sample() {
  fix::Plan plan;
  plan.fix = "finalizers";
  plan.context = "prod";
  plan.summary = "looked at 14 objects of 5 kinds: 2 being deleted, 1 to act on";
  fix::Step step;
  step.resource = &aibrix::resources::model_adapters;
  step.version = "v1alpha1";
  step.object = {"model.aibrix.ai", "ModelAdapter", "team-a", "sql-lora"};
  step.uid = "6f0c21d4";
  step.reversibility = fix::Reversibility::permanent;
  step.what = "remove finalizer adapter.model.aibrix.ai/finalizer, Terminating for 3h12m";
  step.diff_path = "metadata.finalizers";
  step.diff = {{'-', "- adapter.model.aibrix.ai/finalizer", ""},
               {' ', "- example.com/backup", "kept: not AIBrix's"}};
  step.patch = {fix::test("/metadata/uid", "\"6f0c21d4\""),
                fix::test("/metadata/finalizers/0", "\"adapter.model.aibrix.ai/finalizer\""),
                fix::remove("/metadata/finalizers/0")};
  step.cost = {"LoRA sql-lora stays loaded in pod base-0 on node n1, and occupies a slot there"};
  plan.steps = {step};
  plan.why = {"aibrix-controller-manager is scaled to 0"};
  plan.alternatives = {
      {"bring aibrix-controller-manager back: it clears everything by itself within seconds",
       checks::aibrixctl("fix", "finalizers", "-n", "team-a", "--restart-controller", "--apply")}};
  plan.left_alone = {
      "example.com/backup on ModelAdapter team-a/sql-lora: the owner of example.com must act"};
  plan.findings = {
      {fix::FindingChange::State::fixed, "FIN002", step.object, "finalizer waits\x1b[31m"},
      {fix::FindingChange::State::unchanged, "NS001", {}, "x"}};
  return plan;
}

}  // namespace

TEST_CASE("a plan reads the same in every width, and foreign text cannot touch the terminal") {
  report::Style style;
  style.width = 80;
  const std::string text = report::plan_text(sample(), style);
  CHECK(support::golden("plan.txt", text) == "");
  CHECK(text.find('\x1b') == std::string::npos);
}

TEST_CASE("commands can be pasted, paths and addresses stay whole in the narrowest plan") {
  fix::Plan plan = sample();
  const std::string command =
      "kubectl -n team-a exec base-0 -c vllm-openai -- curl -sS -X POST "
      "http://localhost:8001/v1/unload_lora_adapter -d '{\"lora_name\":\"sql-lora\"}'";
  const std::string path =
      "/home/operator/.local/state/aibrixctl/runs/20260822T150018.042317Z-q2c8/before.json";
  plan.manual_steps = {
      {"LoRA sql-lora stays loaded",
       checks::kubectl("team-a", "exec", "base-0", "-c", "vllm-openai", "--", "curl", "-sS", "-X",
                       "POST", "http://localhost:8001/v1/unload_lora_adapter", "-d",
                       R"({"lora_name":"sql-lora"})")}};
  plan.remaining = {"make it again from " + path,
                    "it answers on (http://gateway.example.com:8080/v1/models/and/so/on)"};
  report::Style style;
  style.width = 40;
  const std::string text = support::unwrap(report::plan_text(plan, style));
  CHECK(text.find(' ' + command + '\n') != std::string::npos);
  CHECK(text.find(" aibrixctl fix finalizers -n team-a --restart-controller --apply\n") !=
        std::string::npos);
  CHECK(text.find(' ' + path + '\n') != std::string::npos);
  CHECK(text.find(" (http://gateway.example.com:8080/v1/models/and/so/on)\n") != std::string::npos);
}

TEST_CASE("a plan as kubectl commands keeps its guards") {
  CHECK(
      report::plan_kubectl(sample(), {}) ==
      "# modeladapter/team-a/sql-lora: remove finalizer adapter.model.aibrix.ai/finalizer, "
      "Terminating for 3h12m\n"
      "kubectl -n team-a patch modeladapters.model.aibrix.ai sql-lora --type=json -p "
      R"('[{"op":"test","path":"/metadata/uid","value":"6f0c21d4"},)"
      R"({"op":"test","path":"/metadata/finalizers/0","value":"adapter.model.aibrix.ai/finalizer"},)"
      R"({"op":"remove","path":"/metadata/finalizers/0"}]')"
      "\n");
}

TEST_CASE("of many steps the first are shown, and how many more there are") {
  fix::Plan plan = sample();
  plan.steps.assign(30, plan.steps.front());
  const std::string text = report::plan_text(plan, {});
  CHECK(text.find("… and 18 more; -v shows all") != std::string::npos);
  report::Style all;
  all.verbose = true;
  CHECK(report::plan_text(plan, all).find("more; -v") == std::string::npos);
}
