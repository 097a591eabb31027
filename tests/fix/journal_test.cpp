// Journals, copies and saved plans, and the undo made from them.
#include <sys/stat.h>

#include <fstream>

#include "aibrix/resources.hpp"
#include "base/error.hpp"
#include "base/temp_folder.hpp"
#include "catch.hpp"
#include "fix/document.hpp"
#include "fix/finalizers.hpp"
#include "fix/journal.hpp"
#include "fix/plan_reader.hpp"
#include "fix/run_folder.hpp"
#include "fix/undo.hpp"
#include "fix/withheld.hpp"
#include "kube/http/curl_transport.hpp"
#include "support/fake_api_server.hpp"

using fix::StepResult;
using support::FakeApiServer;
using State = StepResult::State;

namespace {

base::Time clock_of_test() {
  return *base::parse_time("2026-08-22T15:00:00Z");
}

fix::Step scale() {
  fix::Step step;
  step.resource = &kube::resources::deployments;
  step.version = "v1";
  step.object = {"apps", "Deployment", "aibrix-system", "cm"};
  step.uid = "u";
  step.what = "scale it up";
  step.patch = {fix::test("/metadata/uid", "\"u\""), fix::test("/spec/replicas", "0"),
                fix::replace("/spec/replicas", "1")};
  step.undo = {fix::test("/metadata/uid", "\"u\""), fix::test("/spec/replicas", "1"),
               fix::replace("/spec/replicas", "0")};
  return step;
}

fix::Step grant() {
  fix::Step step;
  step.verb = fix::Step::Verb::create;
  step.resource = &aibrix::resources::http_routes;
  step.version = "v1";
  step.object = {"gateway.networking.k8s.io", "HTTPRoute", "default", "g"};
  step.body =
      R"({"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute","metadata":{"name":"g","namespace":"default"},"spec":{"to":[1]}})";
  return step;
}

fix::Plan plan_of(std::vector<fix::Step> steps) {
  fix::Plan plan;
  plan.fix = "finalizers";
  plan.steps = std::move(steps);
  return plan;
}

const char* deployment =
    R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"cm","namespace":"aibrix-system","uid":"u"},"spec":{"replicas":0}})";

const std::string run_id = "20260822T150018.042317Z-k3f9";

// Applies a plan and leaves its journal in folder/RUN.
fix::Applied apply(FakeApiServer& server, fix::Plan plan, const std::string& folder) {
  kube::CurlTransport transport(server.access(), {});
  const fix::Backup backup = fix::read_backup(transport, plan);
  fix::FileJournal journal(folder + "/" + run_id, plan, backup, "0.1.0", clock_of_test);
  fix::Hooks hooks;
  hooks.stopped = [] { return false; };
  hooks.pause = [](std::chrono::milliseconds) {};
  const fix::Applied applied = fix::apply(transport, plan, journal, hooks, std::chrono::seconds(1));
  journal.end("done");
  return applied;
}

fix::Plan undo_of(FakeApiServer& server, const std::string& folder) {
  kube::CurlTransport transport(server.access(), {});
  return fix::plan_undo(fix::read_record(folder, run_id), transport);
}

}  // namespace

TEST_CASE(
    "a journal is there before the first request, for its owner alone, and says what was done") {
  const TempFolder folder;
  FakeApiServer server;
  server.add(deployment);
  CHECK(apply(server, plan_of({scale()}), folder.path() + "/a/b").all_good());
  for (const char* file : {"plan.json", "before.json", "journal.jsonl"}) {
    struct stat info {};
    REQUIRE(stat((folder.path() + "/a/b/" + run_id + "/" + file).c_str(), &info) == 0);
    CHECK((info.st_mode & 0777U) == 0600U);
  }
  const fix::Record record = fix::read_record(folder.path() + "/a/b", run_id);
  CHECK(record.steps[0].state == State::done);
  CHECK(record.end == "done");
  CHECK(record.plan.steps[0] == scale());
  CHECK(fix::list_runs(folder.path() + "/a/b") == std::vector<std::string>{run_id});
}

TEST_CASE(
    "a run that was cut off between request and answer reads as unknown, and its undo looks for "
    "itself") {
  const TempFolder folder;
  FakeApiServer server;
  server.add(deployment);
  {
    fix::Backup backup;
    backup.list = R"({"items":[]})";
    fix::FileJournal journal(folder.path() + "/" + run_id, plan_of({scale(), grant()}), backup,
                             "0.1.0", clock_of_test);
    journal.intend({0});
  }
  std::ofstream(folder.path() + "/" + run_id + "/journal.jsonl", std::ios::app)
      << R"({"time":"2026-08-22T15:)";
  const fix::Record record = fix::read_record(folder.path(), run_id);
  CHECK(record.steps[0].state == State::unknown);
  CHECK(record.steps[1].state == State::not_sent);
  CHECK(record.end.empty());
  const fix::Plan undo = undo_of(server, folder.path());
  REQUIRE(undo.steps.size() == 1);
  CHECK(undo.steps[0].patch == scale().undo);
}

TEST_CASE(
    "undo sends the inverse of what was done, newest first, and deletes what the run created") {
  const TempFolder folder;
  FakeApiServer server;
  server.add(deployment);
  CHECK(apply(server, plan_of({scale(), grant()}), folder.path()).all_good());
  fix::Plan undo = undo_of(server, folder.path());
  REQUIRE(undo.steps.size() == 2);
  CHECK(undo.steps[0].verb == fix::Step::Verb::remove);
  CHECK(undo.steps[1].id() == "deployment/aibrix-system/cm");
  const TempFolder other;
  CHECK(apply(server, undo, other.path()).all_good());
  CHECK(server.object("httproutes", "default", "g").empty());
  CHECK(server.object("deployments", "aibrix-system", "cm").find("\"replicas\":0") !=
        std::string::npos);
}

TEST_CASE("undo refuses where others have changed it since") {
  const TempFolder folder;
  FakeApiServer server;
  server.add(deployment);
  CHECK(apply(server, plan_of({scale(), grant()}), folder.path()).all_good());
  std::string changed = deployment;
  changed.replace(changed.find("\"replicas\":0"), 12, "\"replicas\":3");
  server.add(changed);
  server.add(
      R"({"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute","metadata":{"name":"g","namespace":"default","uid":"created-1"},"spec":{"to":[1,2]}})");
  fix::Plan undo = undo_of(server, folder.path());
  CHECK(undo.blockers.size() == 1);
  kube::CurlTransport transport(server.access(), {});
  const auto rehearsed = fix::dry_run(transport, undo, {});
  CHECK(rehearsed[0].state == State::moved);
  CHECK(rehearsed[0].detail == "spec.replicas is 3, expected 1");
}

TEST_CASE("a deleted object comes back from its copy, without the server's own fields") {
  const TempFolder folder;
  FakeApiServer server;
  server.add(
      R"({"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingWebhookConfiguration","metadata":{"name":"w","uid":"u","resourceVersion":"7","managedFields":[{}]},"webhooks":[{"name":"a","clientConfig":{"caBundle":"QUJD"}}]})");
  fix::Step step;
  step.verb = fix::Step::Verb::remove;
  step.resource = &kube::resources::validating_webhooks;
  step.version = "v1";
  step.object = {"admissionregistration.k8s.io", "ValidatingWebhookConfiguration", "", "w"};
  step.uid = "u";
  fix::Plan plan = plan_of({step});
  plan.fix = "webhooks";
  CHECK(apply(server, plan, folder.path()).all_good());
  CHECK(server.object("validatingwebhookconfigurations", "", "w").empty());
  const fix::Plan undo = undo_of(server, folder.path());
  REQUIRE(undo.steps.size() == 1);
  const TempFolder other;
  CHECK(apply(server, undo, other.path()).all_good());
  const std::string back = server.object("validatingwebhookconfigurations", "", "w");
  CHECK(back.find("QUJD") != std::string::npos);
  CHECK(back.find("managedFields") == std::string::npos);
}

TEST_CASE("copies hold no secret, and an object that had one is not said to be restorable") {
  const TempFolder folder;
  FakeApiServer server;
  server.add(
      R"({"apiVersion":"model.aibrix.ai/v1alpha1","kind":"ModelAdapter","metadata":{"name":"x","namespace":"team-a","uid":"u","annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"api-key\":\"hunter2\"}"},"deletionTimestamp":"2026-08-22T12:00:00Z","finalizers":["a.b/f","c/d"]},"spec":{"additionalConfig":{"api-key":"hunter2"}}})");
  fix::Step step;
  step.resource = &aibrix::resources::model_adapters;
  step.version = "v1alpha1";
  step.object = {"model.aibrix.ai", "ModelAdapter", "team-a", "x"};
  step.uid = "u";
  step.patch = {fix::test("/metadata/uid", "\"u\""),
                fix::test("/metadata/finalizers/0", "\"a.b/f\""),
                fix::remove("/metadata/finalizers/0")};
  CHECK(apply(server, plan_of({step}), folder.path()).all_good());
  const fix::Record record = fix::read_record(folder.path(), run_id);
  CHECK(record.before.find("hunter2") == std::string::npos);
  CHECK(record.before.find("a.b/f") == std::string::npos);
  CHECK(record.before.find("c/d") != std::string::npos);
  CHECK(record.before.find("deletionTimestamp") == std::string::npos);
  CHECK(record.redacted == std::vector<std::string>{"modeladapter/team-a/x"});
}

TEST_CASE("undo names the fields that a copy lacks, and writes back nothing that lacks one") {
  const TempFolder folder;
  FakeApiServer server;
  server.add(
      R"({"apiVersion":"model.aibrix.ai/v1alpha1","kind":"ModelAdapter","metadata":{"name":"x","namespace":"team-a","uid":"u","finalizers":["a.b/f"]},"spec":{"artifactURL":"https://u:hunter2@h/m","additionalConfig":{"api-key":"hunter2"}}})");
  fix::Step strip;
  strip.resource = &aibrix::resources::model_adapters;
  strip.version = "v1alpha1";
  strip.object = {"model.aibrix.ai", "ModelAdapter", "team-a", "x"};
  strip.uid = "u";
  strip.diff_path = "metadata.finalizers";
  strip.patch = {fix::test("/metadata/uid", "\"u\""),
                 fix::test("/metadata/finalizers/0", "\"a.b/f\""),
                 fix::remove("/metadata/finalizers/0")};
  CHECK(apply(server, plan_of({strip}), folder.path()).all_good());
  const fix::Plan undo = undo_of(server, folder.path());
  CHECK(undo.steps.empty());
  REQUIRE(undo.remaining.size() == 1);
  CHECK(undo.remaining[0].find("spec.artifactURL, spec.additionalConfig.api-key") !=
        std::string::npos);

  fix::Step placeholder = scale();
  placeholder.patch.push_back(fix::replace("/spec/url", "\"redis://<redacted>@h\""));
  CHECK(fix::unfilled_fields(placeholder) == std::vector<std::string>{"patch /spec/url"});
  CHECK(fix::unfilled_fields(scale()).empty());
}

TEST_CASE("a plan is written without its secrets, and says where they belong") {
  fix::Step step = grant();
  step.body =
      R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"g","namespace":"default"},"spec":{"password":"hunter2x"}})";
  fix::Step patch = scale();
  patch.patch.push_back(fix::replace("/spec/password", "\"hunter2x\""));
  patch.what = "set --api-key hunter2x";
  const std::string text = fix::to_json(plan_of({step, patch, scale()}), "0.1.0", 0);
  CHECK(text.find("hunter2x") == std::string::npos);
  CHECK(text.find("\"password\": \"<redacted>\"") == std::string::npos);
  const fix::Plan back = fix::read_plan(text, "plan.json");
  CHECK(fix::unfilled_fields(back.steps[0]) == std::vector<std::string>{"body spec.password"});
  CHECK(fix::unfilled_fields(back.steps[1]) == std::vector<std::string>{"patch /spec/password"});
  CHECK(fix::unfilled_fields(back.steps[2]).empty());
  CHECK(back.steps[2] == scale());
}

TEST_CASE("a plan survives being written and read, and a broken one is refused with its file") {
  fix::Plan plan = plan_of({scale(), grant()});
  plan.options.namespaces = {"team-a"};
  plan.options.set(fix::option::min_age, std::chrono::minutes(5));
  const fix::Plan back = fix::read_plan(fix::to_json(plan, "0.1.0", 0), "plan.json");
  CHECK(back.steps == plan.steps);
  CHECK(back.steps[0].undo == plan.steps[0].undo);
  CHECK(back.options[fix::option::min_age] == std::chrono::minutes(5));
  for (
      const char* text :
      {"", "[]", "{}", R"({"kind":"FixPlan","apiVersion":"aibrixctl/v2"})",
       R"({"kind":"FixPlan","apiVersion":"aibrixctl/v1"})",
       R"({"kind":"FixPlan","apiVersion":"aibrixctl/v1","fix":"x","options":{},"cluster":{},"steps":[{"verb":"patch","what":"","object":{"kind":"Nonsense","name":"n"}}]})"}) {
    CAPTURE(text);
    try {
      fix::read_plan(text, "plan.json");
      FAIL("it was taken for a plan");
    } catch (const base::Error& error) {
      CHECK(error.fault == base::Fault::usage);
      CHECK(std::string(error.what()).find("plan.json") == 0);
    }
  }
}

TEST_CASE("a run that is not there is refused, with a near miss") {
  const TempFolder folder;
  FakeApiServer server;
  server.add(deployment);
  apply(server, plan_of({scale()}), folder.path());
  CHECK_THROWS_AS(fix::read_record(folder.path(), run_id + "n"), base::Error);
  CHECK(fix::list_runs(folder.path() + "/nowhere").empty());
}
