// fix and undo as programs, against the fake API server.
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/temp_folder.hpp"
#include "catch.hpp"
#include "fix/fix.hpp"
#include "support/fake_api_server.hpp"
#include "support/program.hpp"
#include "support/unwrap.hpp"

using nlohmann::json;
using support::FakeApiServer;

namespace {

// A cluster with a stuck namespace, a kubeconfig for it, and a state folder of its own.
class Bench {
 public:
  Bench() {
    server.add_namespace("kube-system", "cluster-1");
    server.add_namespace("team-a", "ns");
    server.add_namespace("aibrix-system", "sys");
    server.add(controller(0));
    folder.write("kubeconfig", server.kubeconfig());
  }

  static std::string controller(int replicas) {
    return R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"aibrix-controller-manager","namespace":"aibrix-system","uid":"cm"},"spec":{"replicas":)" +
           std::to_string(replicas) + R"(},"status":{}})";
  }
  void add_adapter(const std::string& name, const std::string& uid,
                   const std::string& finalizers = R"(["adapter.model.aibrix.ai/finalizer"])",
                   const std::string& ns = "team-a") {
    server.add(
        R"({"apiVersion":"model.aibrix.ai/v1alpha1","kind":"ModelAdapter","metadata":{"name":")" +
        name + R"(","namespace":")" + ns + R"(","uid":")" + uid +
        R"(","deletionTimestamp":"2026-08-22T12:00:00Z","finalizers":)" + finalizers + "}}");
  }
  base::ProcessResult run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--kubeconfig", folder.file("kubeconfig")});
    return support::aibrixctl(std::move(arguments), {{"XDG_STATE_HOME", folder.file("state")}});
  }
  bool writes() const {
    for (const auto& request : server.log()) {
      if (request.method != "GET" && request.target.find("dryRun=All") == std::string::npos)
        return true;
    }
    return false;
  }
  bool state_written() const { return std::filesystem::exists(folder.file("state")); }
  bool there(const std::string& name) const {
    return !server.object("modeladapters", "team-a", name).empty();
  }

  FakeApiServer server;
  TempFolder folder;
};

}  // namespace

TEST_CASE("a plan needs no folder of runs: neither a home nor one that can be read") {
  Bench b;
  b.add_adapter("sql-lora", "u");
  const std::vector<std::string> plan = {"fix", "finalizers",   "--force",
                                         "-A",  "--kubeconfig", b.folder.file("kubeconfig")};
  const auto homeless = support::aibrixctl(plan, {{"HOME", ""}, {"XDG_STATE_HOME", ""}});
  CAPTURE(homeless.err);
  CHECK(homeless.code == 0);
  b.folder.write("state/aibrixctl/runs", "a file where the folder of runs should be\n");
  const auto run = b.run({"fix", "finalizers", "--force", "-A"});
  CAPTURE(run.err);
  CHECK(run.code == 0);
  CHECK(run.out.find("sql-lora") != std::string::npos);
}

TEST_CASE("a plan writes nothing, neither to the cluster nor to disk, and says how to apply it") {
  Bench b;
  b.add_adapter("sql-lora", "u");
  for (const char* format : {"text", "json", "yaml", "kubectl"}) {
    CAPTURE(format);
    const auto run = b.run({"fix", "finalizers", "--force", "-n", "team-a", "-o", format});
    CAPTURE(run.out, run.err);
    CHECK(run.code == 0);
    CHECK(run.out.find("sql-lora") != std::string::npos);
  }
  CHECK(b.run({"fix", "finalizers", "--force", "--exit-code"}).code == 4);
  CHECK(b.run({"fix", "finalizers", "--force", "-n", "team-a"})
            .out.find("To apply: aibrixctl fix finalizers -n team-a --force --apply") !=
        std::string::npos);
  for (const auto& request : b.server.log()) CHECK(request.method == "GET");
  CHECK_FALSE(b.state_written());
}

TEST_CASE("what doctor and a plan give to be pasted means the cluster that was looked at") {
  Bench b;
  b.add_adapter("sql-lora", "u");
  const std::string flags = " --kubeconfig " + b.folder.file("kubeconfig");
  const auto doctor = b.run({"doctor", "--only", "FIN*,INS005"});
  CAPTURE(doctor.out, doctor.err);
  CHECK(doctor.out.find("Start with: aibrixctl fix finalizers -n team-a" + flags + '\n') !=
        std::string::npos);
  const auto whole = b.run({"doctor", "--only", "FIN*,INS005", "-v"});
  CHECK(whole.out.find("kubectl" + flags +
                       " -n aibrix-system scale deployment/aibrix-controller-manager") !=
        std::string::npos);
  const auto plan = b.run({"fix", "finalizers", "--force", "-n", "team-a"});
  CAPTURE(plan.out);
  CHECK(support::unwrap(plan.out).find("--restart-controller --apply" + flags) !=
        std::string::npos);
  CHECK(plan.out.find("To apply: aibrixctl fix finalizers -n team-a --force --apply" + flags) !=
        std::string::npos);
}

TEST_CASE(
    "without a terminal, with --yes alone or with the wrong words nothing is changed: exit 5") {
  Bench b;
  b.add_adapter("sql-lora", "u");
  for (const std::vector<std::string>& flags :
       {std::vector<std::string>{}, {"--yes"}, {"--confirm=sql"}, {"--confirm=team-a/1 object"}}) {
    std::vector<std::string> words = {"fix", "finalizers", "--force", "-n", "team-a", "--apply"};
    words.insert(words.end(), flags.begin(), flags.end());
    const auto run = b.run(words);
    CAPTURE(run.err);
    CHECK(run.code == 5);
    CHECK(run.err.find("--confirm=sql-lora") != std::string::npos);
  }
  CHECK_FALSE(b.writes());
  CHECK_FALSE(b.state_written());
  CHECK(b.there("sql-lora"));
}

TEST_CASE("apply needs to be told where") {
  Bench b;
  b.add_adapter("sql-lora", "u");
  CHECK(b.run({"fix", "finalizers", "--force", "--apply", "--confirm=sql-lora"}).code == 2);
  CHECK(b.there("sql-lora"));
}

TEST_CASE("a confirmed strip is applied, seen to work, and written down") {
  Bench b;
  b.add_adapter("sql-lora", "u");
  const auto run =
      b.run({"fix", "finalizers", "--force", "-n", "team-a", "--apply", "--confirm=sql-lora"});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 0);
  CHECK_FALSE(b.there("sql-lora"));
  CHECK(run.out.find("server dry-run    accepted") != std::string::npos);
  CHECK(run.out.find("modeladapter/team-a/sql-lora: gone") != std::string::npos);
  const auto list = b.run({"undo"});
  CHECK(list.out.find("Z-") != std::string::npos);
  CHECK(list.out.find("  finalizers       1 of 1 step   done") != std::string::npos);
  const auto undo = b.run({"undo", "last"});
  CHECK(undo.out.find("a finalizer cannot be added") != std::string::npos);
  CHECK(b.run({"fix", "finalizers", "--force", "-n", "team-a", "--apply"}).code ==
        0);  // nothing left to do
}

TEST_CASE("a foreign finalizer stays, and exit 7 says who must act") {
  Bench b;
  b.add_adapter("sql-lora", "u", R"(["example.com/backup","adapter.model.aibrix.ai/finalizer"])");
  const auto run = b.run({"fix", "finalizers", "--force", "-n", "team-a", "--apply",
                          "--confirm=sql-lora", "-o", "json"});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 7);
  const json document = json::parse(run.out);
  CHECK(document["kind"] == "FixRun");
  CHECK(document["exitCode"] == 7);
  CHECK(document["results"][0]["state"] == "done");
  CHECK(document["verified"][0]["text"].get<std::string>().find("example.com/backup") !=
        std::string::npos);
  CHECK(b.server.object("modeladapters", "team-a", "sql-lora")
            .find(R"("finalizers":["example.com/backup"])") != std::string::npos);
}

TEST_CASE("a missing right is named before any question, a webhook in the way before any change") {
  Bench b;
  b.add_adapter("sql-lora", "u");
  b.server.refuse_by_webhook("modeladapters", "mmodeladapter.kb.io");
  const auto blocked = b.run({"fix", "finalizers", "--force", "-n", "team-a", "--apply"});
  CAPTURE(blocked.err);
  CHECK(blocked.code == 1);
  CHECK(blocked.err.find("aibrixctl fix webhooks") != std::string::npos);
  b.server.forbid_writes("modeladapters");
  const auto forbidden = b.run({"fix", "finalizers", "--force", "-n", "team-a", "--apply"});
  CHECK(forbidden.code == 3);
  CHECK(forbidden.err.find("may not patch modeladapters.model.aibrix.ai in namespace team-a") !=
        std::string::npos);
  CHECK(b.run({"fix", "finalizers", "--force", "-n", "team-a"}).code == 0);
  CHECK_FALSE(b.writes());
}

TEST_CASE("a plan that could not look is no clean bill: exit 3") {
  Bench b;
  b.add_adapter("sql-lora", "u");
  b.server.allow_list("deployments");
  b.server.allow_list("namespaces");
  const auto run = b.run({"fix", "finalizers", "--force", "-n", "team-a"});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 3);
  CHECK(run.out.find("you may not list modeladapters.model.aibrix.ai") != std::string::npos);
}

TEST_CASE("an object made anew between plan and request is refused: nothing was written") {
  Bench b;
  b.add_adapter("sql-lora", "u");
  b.server.before_each([&](const support::SeenRequest& request) {
    if (request.method != "PATCH" || request.target.find("dryRun") != std::string::npos) return;
    b.add_adapter("sql-lora", "another");
  });
  const auto run =
      b.run({"fix", "finalizers", "--force", "-n", "team-a", "--apply", "--confirm=sql-lora"});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 1);
  CHECK(run.err.find("metadata.uid is \"another\"") != std::string::npos);
  CHECK(run.err.find("nothing was written") != std::string::npos);
  CHECK(b.there("sql-lora"));
}

TEST_CASE("a saved plan is applied as it was, and refused when the cluster has moved on") {
  Bench b;
  b.add_adapter("sql-lora", "u");
  const std::string file = b.folder.write(
      "plan.json", b.run({"fix", "finalizers", "--force", "-n", "team-a", "-o", "json"}).out);
  b.add_adapter("later", "v");
  const auto run = b.run({"fix", "--plan", file, "--apply", "--confirm=sql-lora"});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 0);
  CHECK_FALSE(b.there("sql-lora"));
  CHECK(b.there("later"));  // never widened
  b.add_adapter("sql-lora", "made-anew");
  const auto moved = b.run({"fix", "--plan", file, "--apply", "--confirm=sql-lora"});
  CHECK(moved.code == 1);
  CHECK(moved.err.find("ModelAdapter team-a/sql-lora: it was re-created since") !=
        std::string::npos);
  CHECK(b.run({"fix", "--plan", b.folder.write("bad.json", "{}")}).code == 2);
}

TEST_CASE("what is gone for good and held secrets is said to be so, before and after") {
  Bench b;
  b.server.add(
      R"({"apiVersion":"model.aibrix.ai/v1alpha1","kind":"ModelAdapter","metadata":{"name":"x","namespace":"team-a","uid":"u","deletionTimestamp":"2026-08-22T12:00:00Z","finalizers":["adapter.model.aibrix.ai/finalizer"]},"spec":{"artifactURL":"https://u:hunter2x@h/m"}})");
  const auto plan = b.run({"fix", "finalizers", "--force", "-n", "team-a"});
  CAPTURE(plan.out, plan.err);
  CHECK(plan.out.find("cannot restore everything, because it does not contain spec.artifactURL") !=
        std::string::npos);
  const auto run =
      b.run({"fix", "finalizers", "--force", "-n", "team-a", "--apply", "--confirm=x"});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 0);
  CHECK(run.out.find("fill in first ModelAdapter team-a/x: spec.artifactURL") != std::string::npos);
  CHECK((plan.out + run.out + run.err).find("hunter2x") == std::string::npos);
}

TEST_CASE(
    "a saved plan in which something stands in place of a secret is refused, field by field") {
  Bench b;
  b.add_adapter("sql-lora", "u");
  json plan =
      json::parse(b.run({"fix", "finalizers", "--force", "-n", "team-a", "-o", "json"}).out);
  plan["steps"][0]["patch"].push_back(
      {{"op", "add"}, {"path", "/spec/artifactURL"}, {"value", "https://<redacted>@h/m"}});
  const auto run = b.run(
      {"fix", "--plan", b.folder.write("plan.json", plan.dump()), "--apply", "--confirm=sql-lora"});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 2);
  CHECK(run.err.find("patch /spec/artifactURL") != std::string::npos);
  CHECK_FALSE(b.writes());
}

TEST_CASE("the controller is scaled up when that is asked for, undo scales it back") {
  Bench b;
  b.add_adapter("sql-lora", "u");
  b.server.before_each([&](const support::SeenRequest& request) {
    // The real one would now do its work.
    if (request.method == "PATCH" && request.target.find("dryRun") == std::string::npos &&
        request.body.find("\"value\":0},{\"op\":\"replace\"") != std::string::npos) {
      b.server.erase("modeladapters", "team-a", "sql-lora");
    }
  });
  const auto run =
      b.run({"fix", "finalizers", "-n", "team-a", "--restart-controller", "--apply", "--yes"});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 0);
  CHECK(b.server.object("deployments", "aibrix-system", "aibrix-controller-manager")
            .find("\"replicas\":1") != std::string::npos);
  b.server.add(
      R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"aibrix-controller-manager",
    "namespace":"aibrix-system","uid":"cm"},"spec":{"replicas":1},"status":{"readyReplicas":1}})");
  const auto plan = b.run({"undo", "last"});
  CHECK(plan.out.find("revert: scale it up") != std::string::npos);
  const auto undo = b.run({"undo", "last", "--apply", "--yes"});
  CAPTURE(undo.out, undo.err);
  CHECK(undo.code == 0);
  CHECK(b.server.object("deployments", "aibrix-system", "aibrix-controller-manager")
            .find("\"replicas\":0") != std::string::npos);
  CHECK(undo.out.find("the checks say\n") != std::string::npos);
  CHECK(undo.out.find("undo: run the fix again\n") != std::string::npos);
  CHECK(
      undo.out.find("deployment/aibrix-system/aibrix-controller-manager: INS005 is found now: ") !=
      std::string::npos);
  CHECK(b.run({"undo"}).out.find("taken back") != std::string::npos);
}

TEST_CASE(
    "a route deleted with its adapter's finalizer is guarded by uid, and undo makes it again") {
  Bench b;
  b.server.add(
      R"({"apiVersion":"model.aibrix.ai/v1alpha1","kind":"ModelAdapter","metadata":{"name":"chat",
    "namespace":"team-a","uid":"u","labels":{"model.aibrix.ai/name":"chat"},"deletionTimestamp":
    "2026-08-22T12:00:00Z","finalizers":["adapter.model.aibrix.ai/finalizer"]}})");
  b.server.add(
      R"({"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute","metadata":{"name":"chat-router",
    "namespace":"aibrix-system","uid":"r"},"spec":{"parentRefs":[{"name":"aibrix-eg","namespace":"aibrix-system"}],
    "rules":[{"matches":[{"path":{"type":"PathPrefix","value":"/v1/completions"},"headers":[{"type":"Exact",
    "name":"model","value":"chat"}]}],"backendRefs":[{"name":"chat","namespace":"team-a","port":8000}]}]}})");
  const auto run = b.run({"fix", "finalizers", "--force", "-n", "team-a", "--delete-routes",
                          "--apply", "--confirm=2 objects in 2 namespaces"});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 0);
  CHECK_FALSE(b.there("chat"));
  CHECK(b.server.object("httproutes", "aibrix-system", "chat-router").empty());
  const auto& log = b.server.log();
  CHECK(std::any_of(log.begin(), log.end(), [](const support::SeenRequest& request) {
    return request.method == "DELETE" &&
           request.body.find(R"("preconditions":{"uid":"r"})") != std::string::npos;
  }));
  const auto undo = b.run({"undo", "last", "--apply", "--yes"});
  CAPTURE(undo.out, undo.err);
  CHECK(undo.code == 0);
  CHECK(b.server.object("httproutes", "aibrix-system", "chat-router").find("team-a") !=
        std::string::npos);
}

TEST_CASE("undo refuses on another cluster than the run's own") {
  Bench b;
  b.add_adapter("sql-lora", "u");
  REQUIRE(b.run({"fix", "finalizers", "--force", "-n", "team-a", "--apply", "--confirm=sql-lora"})
              .code == 0);
  b.server.add_namespace("kube-system", "cluster-2");
  const auto undo = b.run({"undo", "last"});
  CHECK(undo.code == 2);
  CHECK(undo.err.find("another cluster") != std::string::npos);
}

TEST_CASE("the last of several runs within one second is the last one") {
  Bench b;
  std::string newest;
  for (int i = 0; i < 6; ++i) {
    const std::string name = "lora-" + std::to_string(i);
    b.add_adapter(name, "u" + std::to_string(i));
    REQUIRE(b.run({"fix", "finalizers", "--force", "-n", "team-a", "--apply", "--confirm=" + name})
                .code == 0);
    std::vector<std::string> runs;
    for (const auto& entry :
         std::filesystem::directory_iterator(b.folder.file("state") + "/aibrixctl/runs")) {
      runs.push_back(entry.path().filename());
    }
    const std::string last = *std::max_element(runs.begin(), runs.end());
    CHECK(last > newest);
    newest = last;
    CHECK(b.run({"undo", "last"}).out.find(newest) != std::string::npos);
  }
}

TEST_CASE("five hundred objects are one plan, one phrase, and as many requests as it takes") {
  Bench b;
  for (int i = 0; i < 500; ++i) {
    const std::string number = std::to_string(i);
    b.add_adapter("lora-" + number, "u" + number, R"(["adapter.model.aibrix.ai/finalizer"])",
                  "team-" + std::to_string(i % 20));
  }
  const auto run = b.run({"fix", "finalizers", "--force", "--all-namespaces", "--apply",
                          "--confirm=500 objects in 20 namespaces"});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 0);
  CHECK(run.out.find("500 of 500 steps applied") != std::string::npos);
  std::size_t patches = 0;
  for (const auto& request : b.server.log()) patches += request.method == "PATCH" ? 1 : 0;
  CHECK(patches == 1000);  // each once as a dry run
}

TEST_CASE("flags of one fix are refused for another, with the right one named") {
  Bench b;
  const auto run = b.run({"fix", "webhooks", "--to", "NodePort"});
  CHECK(run.code == 2);
  CHECK(run.err ==
        "error: --to is a flag of fix service-type, not of fix webhooks\n"
        "  see: aibrixctl fix webhooks --help\n");
  const auto near = b.run({"fix", "finalizers", "--delete-rout"});
  CHECK(near.code == 2);
  CHECK(near.err == "error: unknown flag --delete-rout\n  did you mean --delete-routes?\n");
  const auto bare = b.run({"fix", "service-type"});
  CHECK(bare.code == 2);
  CHECK(bare.err ==
        "error: fix service-type requires --to\n"
        "  --to NodePort, --to LoadBalancer or --to ClusterIP\n");
  CHECK(b.run({"fix"}).err.starts_with(
      "error: fix: a command is missing\n  commands of fix (or --plan FILE):\n  finalizers  "));
  CHECK(b.run({"fix"}).code == 2);
  for (const std::vector<std::string>& flags :
       {std::vector<std::string>{"--node-port", "31000"}, {"--external-traffic-policy", "Local"}}) {
    std::vector<std::string> words = {"fix", "service-type", "--to", "ClusterIP"};
    words.insert(words.end(), flags.begin(), flags.end());
    const auto refused = b.run(words);
    CAPTURE(refused.err);
    CHECK(refused.code == 2);
    CHECK(refused.err.find(flags.front() + ": a ClusterIP Service has n") != std::string::npos);
  }
  CHECK(b.run({"doctor", "-o", "kubectl"}).code == 2);
  CHECK(b.run({"undo", "nonsense"}).code == 2);
  CHECK(b.run({"fix", "finalizers", "--min-age", "soon"}).code == 2);
}

TEST_CASE("each fix has its own flags and help, and flags may stand before its name") {
  const auto group = support::aibrixctl({"fix", "--help"});
  CHECK(group.code == 0);
  for (const fix::Fix* fix : fix::all()) {
    CHECK(group.out.find("  " + std::string(fix->name) + "  ") != std::string::npos);
    const auto help = support::aibrixctl({"fix", std::string(fix->name), "--help"});
    CAPTURE(help.out);
    CHECK(help.code == 0);
    CHECK(help.out.find("--apply") != std::string::npos);
    for (const fix::Fix* other : fix::all()) {
      for (const fix::OptionSpec* option : other->options) {
        const std::string label = "  " + std::string(option->name);
        const bool own = fix::find_option(*fix, option->name) != nullptr;
        CHECK((help.out.find(label + ' ') != std::string::npos ||
               help.out.find(label + '\n') != std::string::npos) == own);
        CHECK(group.out.find(label + ' ') == std::string::npos);
      }
    }
  }
  Bench b;
  b.add_adapter("sql-lora", "u");
  const auto usual = b.run({"fix", "finalizers", "-n", "team-a", "--min-age", "10m", "--include",
                            "ray", "--include-healthy", "--select", "*lora"});
  CHECK(usual.code == 0);
  CHECK(usual.out.find("To apply: aibrixctl fix finalizers -n team-a --select '*lora' --min-age "
                       "10m --include ray --include-healthy --apply") != std::string::npos);
  CHECK(b.run({"-n", "team-a", "fix", "--select", "*lora", "--min-age", "10m", "--include=ray",
               "--include-healthy", "finalizers"})
            .out == usual.out);
  CHECK(b.run({"fix", "--help", "finalizers"}).out ==
        support::aibrixctl({"fix", "finalizers", "--help"}).out);
}

TEST_CASE("what is in a plan is not given again") {
  Bench b;
  b.add_adapter("sql-lora", "u");
  const std::string file = b.folder.write(
      "plan.json",
      b.run({"fix", "finalizers", "--force", "-n", "team-a", "--min-age", "10m", "-o", "json"})
          .out);
  const auto own = b.run({"fix", "finalizers", "--plan", file, "--min-age", "1m"});
  CHECK(own.code == 2);
  CHECK(own.err.find("--min-age is in the plan already") != std::string::npos);
  const auto other = b.run({"fix", "webhooks", "--plan", file});
  CHECK(other.code == 2);
  CHECK(other.err.find("is a plan of fix finalizers, not of fix webhooks") != std::string::npos);
  const auto named = b.run({"fix", "--plan", file, "finalizers"});
  CHECK(named.code == 0);
  CHECK(named.out.find("To apply: aibrixctl fix --plan " + file + " --apply") != std::string::npos);
}

TEST_CASE("with -o json a fix that somebody else did meanwhile is a document too") {
  const auto configuration = [](const char* policy) {
    return std::string(
               R"({"apiVersion":"admissionregistration.k8s.io/v1","kind":"MutatingWebhookConfiguration",
      "metadata":{"name":"aibrix-mutating-webhook-configuration","uid":"wh"},"webhooks":[{"name":"mmodeladapter.kb.io",
      "failurePolicy":")") +
           policy +
           R"(","clientConfig":{"service":{"name":"aibrix-webhook-service","namespace":"aibrix-system",
      "path":"/mutate-model-aibrix-ai-v1alpha1-modeladapter","port":443}},"rules":[{"apiGroups":["model.aibrix.ai"],
      "apiVersions":["v1alpha1"],"operations":["CREATE","UPDATE"],"resources":["modeladapters"]}]}]})";
  };
  for (const char* format : {"json", "yaml", "text"}) {
    CAPTURE(format);
    Bench b;
    b.server.add(
        R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"aibrix-webhook-service","namespace":"aibrix-system",
      "uid":"s"},"spec":{"ports":[{"port":443}]}})");
    b.server.add(configuration("Fail"));
    b.server.before_each([&](const support::SeenRequest& request) {
      if (request.method == "PATCH") b.server.add(configuration("Ignore"));
    });
    const auto run = b.run({"fix", "webhooks", "--apply", "--yes", "-o", format});
    CAPTURE(run.out, run.err);
    CHECK(run.code == 0);
    CHECK(run.err.find("somebody else made the change in the meantime") != std::string::npos);
    CHECK_FALSE(b.writes());
    CHECK_FALSE(b.state_written());
    if (format == std::string("text")) continue;
    CHECK(run.out.find("passedOver") != std::string::npos);
    if (format == std::string("yaml")) continue;
    const json document = json::parse(run.out);
    CHECK(document["kind"] == "FixPlan");
    CHECK(document["exitCode"] == 0);
    CHECK(document["steps"].empty());
  }
}

TEST_CASE("undo waits as long as --wait says, and refuses what is no duration") {
  Bench b;
  const auto bad = b.run({"undo", "--wait", "banana"});
  CHECK(bad.code == 2);
  CHECK(bad.err == b.run({"fix", "webhooks", "--wait", "banana"}).err);
  const std::string file = b.folder.write("route.yaml", R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: envoy-gateway, namespace: envoy-gateway-system, uid: eg}
spec: {replicas: 1}
status: {readyReplicas: 1}
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: aibrix-eg, uid: gc}
spec: {controllerName: gateway.envoyproxy.io/gatewayclass-controller}
status: {conditions: [{type: Accepted, status: "True", reason: Accepted}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: aibrix-eg, namespace: aibrix-system, uid: g}
spec: {gatewayClassName: aibrix-eg}
status: {conditions: [{type: Accepted, status: "True", reason: Accepted}]}
---
apiVersion: v1
kind: Service
metadata: {name: llama, namespace: team-a, uid: s}
spec: {ports: [{port: 8000}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: m1-router, namespace: aibrix-system, uid: r1, creationTimestamp: "2026-08-01T00:00:00Z", generation: 1}
spec:
  parentRefs: [{name: aibrix-eg, namespace: aibrix-system}]
  rules:
  - matches: [{headers: [{name: model, value: m1}]}]
    backendRefs: [{name: llama, namespace: team-a, port: 8000}]
status:
  parents:
  - controllerName: gateway.envoyproxy.io/gatewayclass-controller
    parentRef: {name: aibrix-eg, namespace: aibrix-system}
    conditions:
    - {type: ResolvedRefs, status: "False", reason: RefNotPermitted, observedGeneration: 1,
       lastTransitionTime: "2026-08-01T00:00:00Z", message: x}
---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: other, namespace: kube-system, uid: rg}
spec: {from: [], to: []}
)");
  b.server.load(file);
  const auto fixed = b.run({"fix", "referencegrants", "-n", "team-a,aibrix-system", "--apply",
                            "--yes", "--wait", "0s", "-o", "json"});
  CAPTURE(fixed.out, fixed.err);
  REQUIRE(fixed.code == 7);
  REQUIRE(json::parse(fixed.out)["findings"].size() > 0);
  // The route goes with the grant: what the fix cleared is never found again.
  b.server.before_each([&](const support::SeenRequest& request) {
    const bool dry = request.body.find("dryRun") != std::string::npos;
    if (request.method == "DELETE" && !dry) {
      b.server.erase("httproutes", "aibrix-system", "m1-router");
    }
  });
  const auto start = std::chrono::steady_clock::now();
  const auto undo = b.run({"undo", "last", "--apply", "--yes", "--wait", "1s"});
  CAPTURE(undo.out, undo.err);
  CHECK(undo.code == 0);
  CHECK(undo.out.find("is not found yet") != std::string::npos);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(10));  // else 15 s
}

TEST_CASE("files laid over the live cluster tell what they would fix, and change nothing") {
  Bench b;
  const std::string file = b.folder.write("new.yaml", R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: aibrix-controller-manager, namespace: aibrix-system, uid: cm}
spec: {replicas: 1}
status: {readyReplicas: 1}
)");
  REQUIRE(b.run({"doctor", "--only", "INS005", "--fail-on", "warning"}).code == 1);
  const auto run = b.run({"doctor", "--only", "INS005", "-f", file, "--with-cluster", "-o", "json",
                          "--fail-on", "warning"});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 0);
  const json document = json::parse(run.out);
  REQUIRE(document["changes"].size() == 1);
  CHECK(document["changes"][0]["state"] == "fixed");
  CHECK(document["changes"][0]["code"] == "INS005");
  CHECK(b.run({"doctor", "--only", "INS005", "-f", file, "--with-cluster"})
            .out.find("fixed  INS005") != std::string::npos);
  CHECK_FALSE(b.writes());
  CHECK(b.run({"doctor", "--with-cluster"}).code == 2);
}

TEST_CASE("preflight uninstall says what would get stuck, with an exit code for scripts") {
  Bench b;
  b.add_adapter("sql-lora", "u");
  const auto run = b.run({"preflight", "uninstall", "-o", "json"});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 1);
  CHECK(json::parse(run.out)["kind"] == "UninstallPreflight");
  CHECK_FALSE(b.writes());
}
