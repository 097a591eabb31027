// The folder of runs is not believed: what a fix never does is not taken back, what is damaged is
// told, and neither hides nor blocks the runs beside it.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/temp_folder.hpp"
#include "catch.hpp"
#include "support/fake_api_server.hpp"
#include "support/program.hpp"

using nlohmann::json;
using support::FakeApiServer;
namespace fs = std::filesystem;

namespace {

const std::string forged_id = "20260901T073000.000000Z-ev1l";

class Bench {
 public:
  Bench() {
    server.add_namespace("kube-system", "cluster-1");
    server.add_namespace("team-a", "ns");
    server.add_namespace("aibrix-system", "sys");
    server.add(
        R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"aibrix-controller-manager","namespace":"aibrix-system","uid":"cm"},"spec":{"replicas":0},"status":{}})");
    server.add(
        R"({"apiVersion":"model.aibrix.ai/v1alpha1","kind":"ModelAdapter","metadata":{"name":"lora","namespace":"team-a","uid":"u","deletionTimestamp":"2026-08-22T12:00:00Z","finalizers":["adapter.model.aibrix.ai/finalizer"]}})");
    folder.write("kubeconfig", server.kubeconfig());
    fs::create_directories(runs());
    fs::permissions(runs(), fs::perms::owner_all);
  }

  std::string runs() const { return folder.file("state") + "/aibrixctl/runs"; }
  base::ProcessResult run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--kubeconfig", folder.file("kubeconfig")});
    return support::aibrixctl(std::move(arguments), {{"XDG_STATE_HOME", folder.file("state")}});
  }
  // A run that aibrixctl itself has made: the controller is scaled up.
  std::string honest() {
    const auto done = run(
        {"fix", "finalizers", "-A", "--restart-controller", "--apply", "--yes", "--wait", "0s"});
    CAPTURE(done.out, done.err);
    REQUIRE((done.code == 0 || done.code == 7));
    for (const auto& entry : fs::directory_iterator(runs())) {
      if (entry.path().filename() != forged_id) return entry.path().filename();
    }
    return {};
  }
  // A run as somebody might write it who knows the format, without seals.
  std::string forge(const json& steps, const json& before = json::array(),
                    const std::string& id = forged_id, const std::string& uid = "cluster-1",
                    const std::string& fix = "webhooks") const {
    const std::string path = runs() + "/" + id;
    fs::create_directories(path);
    const json plan = {{"apiVersion", "aibrixctl/v1"},
                       {"kind", "FixPlan"},
                       {"fix", fix},
                       {"options", json::object()},
                       {"cluster", {{"context", ""}, {"server", ""}, {"uid", uid}}},
                       {"steps", steps}};
    std::ofstream(path + "/plan.json") << plan.dump();
    std::ofstream(path + "/before.json")
        << json{{"apiVersion", "v1"}, {"kind", "List"}, {"items", before}}.dump();
    std::ofstream journal(path + "/journal.jsonl");
    journal << R"({"time":"2026-09-01T07:30:00Z","event":"begin","fix":"webhooks"})" << '\n';
    for (std::size_t i = 1; i <= steps.size(); ++i)
      journal << json{{"event", "result"}, {"step", i}, {"state", "done"}}.dump() << '\n';
    journal << R"({"event":"end","outcome":"applied"})" << '\n';
    return id;
  }
  std::size_t writes() const {
    const auto log = server.log();
    return static_cast<std::size_t>(std::count_if(log.begin(), log.end(), [](const auto& request) {
      return request.method != "GET" && request.target.find("dryRun=All") == std::string::npos;
    }));
  }
  // Refused with this reason, nothing written, and the list goes on.
  void check_refused(const std::string& id, const std::string& why) {
    const std::size_t before = writes();
    const auto undone = run({"undo", id, "--apply", "--yes"});
    CAPTURE(undone.out, undone.err);
    CHECK(undone.code == 2);
    CHECK(undone.err.find(why) != std::string::npos);
    CHECK(writes() == before);
    const auto list = run({"undo"});
    CAPTURE(list.out);
    CHECK(list.code == 0);
    CHECK(list.out.find(id.substr(0, 4)) != std::string::npos);
  }

  FakeApiServer server;
  TempFolder folder;
};

json object(const std::string& group, const std::string& version, const std::string& kind,
            const std::string& ns, const std::string& name, const std::string& uid) {
  json out = {{"kind", kind}, {"version", version}, {"name", name}, {"uid", uid}};
  if (!group.empty()) out["group"] = group;
  if (!ns.empty()) out["namespace"] = ns;
  return out;
}

json patch_of(const std::string& uid, const std::string& path, const json& value) {
  return {{{"op", "test"}, {"path", "/metadata/uid"}, {"value", uid}},
          {{"op", "replace"}, {"path", path}, {"value", value}}};
}

json step(const std::string& verb, const json& about, const json& patch = {},
          const json& undo = {}) {
  json out = {{"verb", verb}, {"object", about}, {"what", "x"}, {"danger", "undoable"}};
  if (!patch.is_null()) out["patch"] = patch;
  if (!undo.is_null()) out["undo"] = undo;
  return out;
}

const std::string admission = "admissionregistration.k8s.io";
const std::string configuration = "MutatingWebhookConfiguration";

}  // namespace

TEST_CASE("an undo writes only kinds, verbs and fields that its fix writes") {
  Bench b;
  const json role = object("rbac.authorization.k8s.io", "v1", "ClusterRole", "", "admin", "u");
  const json rules = patch_of("u", "/rules", json::array());
  b.check_refused(b.forge(json::array({step("patch", role, rules, rules)})), "never writes /rules");
  const json hook = object(admission, "v1", configuration, "", "w", "w");
  const json url = patch_of("w", "/webhooks/0/clientConfig/url", "https://evil.example");
  const json good = patch_of("w", "/webhooks/0/failurePolicy", "Fail");
  b.check_refused(b.forge(json::array({step("patch", hook, good, url)})),
                  "never writes /webhooks/0/client");
  const json unguarded = {
      {{"op", "replace"}, {"path", "/webhooks/0/failurePolicy"}, {"value", "x"}}};
  b.check_refused(b.forge(json::array({step("patch", hook, good, unguarded)})),
                  "does not test the object's uid");
  const json secret = object("", "v1", "Secret", "kube-system", "s", "u");
  b.check_refused(b.forge(json::array({step("delete", secret)})), "never deletes such an object");
  b.check_refused(b.forge(json::array({step("patch", hook, good, good)}), json::array(), forged_id,
                          "cluster-1", "no-such-fix"),
                  "unknown fix no-such-fix");
}

TEST_CASE("an object's version and name cannot lead a request elsewhere") {
  Bench b;
  const json good = patch_of("w", "/webhooks/0/failurePolicy", "Fail");
  for (const char* version : {"v1/namespaces/kube-system/secrets/x?y=", "", "v1?x=", "V1", "1"}) {
    const json about = object(admission, version, configuration, "", "w", "w");
    b.check_refused(b.forge(json::array({step("patch", about, good, good)})),
                    "is not an API version");
  }
  for (const char* name : {"../x", "a/b", "a?b", "a%2fb", ".", "", "a b"}) {
    const json about = object(admission, "v1", configuration, "", name, "w");
    b.check_refused(b.forge(json::array({step("patch", about, good, good)})),
                    "its name is not a valid object name");
  }
}

TEST_CASE("a copy of an object that the run was not about is not created") {
  Bench b;
  const json hook = object(admission, "v1", configuration, "", "w", "w");
  const json binding = {{"apiVersion", "rbac.authorization.k8s.io/v1"},
                        {"kind", "ClusterRoleBinding"},
                        {"metadata", {{"name", "w"}}}};
  b.check_refused(b.forge(json::array({step("delete", hook)}), json::array({binding})),
                  "no step concerns");
}

TEST_CASE("what an undo creates is shown whole before the question") {
  Bench b;
  const json hook = object(admission, "v1", configuration, "", "w", "w");
  const json copy = {
      {"apiVersion", admission + "/v1"},
      {"kind", configuration},
      {"metadata", {{"name", "w"}}},
      {"webhooks", {{{"name", "x"}, {"clientConfig", {{"url", "https://a.example"}}}}}}};
  const auto plan =
      b.run({"undo", b.forge(json::array({step("delete", hook)}), json::array({copy}))});
  CAPTURE(plan.out, plan.err);
  CHECK(plan.code == 0);
  CHECK(plan.out.find("+ ") != std::string::npos);
  CHECK(plan.out.find("https://a.example") != std::string::npos);
}

TEST_CASE("a run that does not name its cluster, or another one, is not taken back") {
  Bench b;
  const json hook = object(admission, "v1", configuration, "", "w", "w");
  const json good = patch_of("w", "/webhooks/0/failurePolicy", "Fail");
  b.check_refused(
      b.forge(json::array({step("patch", hook, good, good)}), json::array(), forged_id, ""),
      "does not say on which cluster it was");
  b.check_refused(
      b.forge(json::array({step("patch", hook, good, good)}), json::array(), forged_id, "other"),
      "was on another cluster");
}

TEST_CASE("a run whose name no run has is refused and shown escaped") {
  Bench b;
  const json hook = object(admission, "v1", configuration, "", "w", "w");
  const json good = patch_of("w", "/webhooks/0/failurePolicy", "Fail");
  b.check_refused(b.forge(json::array({step("patch", hook, good, good)}), json::array(), "9evil1"),
                  "its name is not the name of a run");
  b.forge(json::array({step("patch", hook, good, good)}), json::array(), "\x1b]0;title\a");
  const auto list = b.run({"undo"});
  CHECK(list.out.find('\x1b') == std::string::npos);
  CHECK(list.out.find("title") != std::string::npos);
}

TEST_CASE("folders and files that others can write, or that are links, are not read") {
  for (const char* part : {"", "/ID", "/ID/plan.json", "/ID/journal.jsonl", "/ID/before.json"}) {
    Bench b;
    const std::string id = b.honest();
    std::string path = b.runs() + part;
    if (path.find("/ID") != std::string::npos) path.replace(path.find("/ID"), 3, "/" + id);
    CAPTURE(path);
    fs::permissions(path, fs::perms::others_write, fs::perm_options::add);
    b.check_refused(id, "others can write to it");
    fs::permissions(path, fs::perms::others_write, fs::perm_options::remove);
    CHECK(b.run({"undo", id}).code == 0);
    const std::string elsewhere = b.folder.file("elsewhere");
    fs::rename(path, elsewhere);
    fs::create_symlink(elsewhere, path);
    b.check_refused(id, "it is a symbolic link");
  }
}

TEST_CASE("a run that was changed or damaged is told, and those beside it are good") {
  const auto damage = [](const std::string& file, const auto& change) {
    Bench b;
    const std::string id = b.honest();
    const std::string path = b.runs() + "/" + id + "/" + file;
    std::string text;
    {
      std::ifstream in(path);
      text.assign(std::istreambuf_iterator<char>(in), {});
    }
    change(text);
    std::ofstream(path, std::ios::trunc) << text;
    b.check_refused(id, b.runs() + "/" + id);
  };
  const auto replace = [](const std::string& from, const std::string& to) {
    return [from, to](std::string& text) {
      REQUIRE(text.find(from) != std::string::npos);
      text.replace(text.find(from), from.size(), to);
    };
  };
  damage("journal.jsonl", replace("\"state\":\"done\"", "\"state\":\"failed\""));
  damage("journal.jsonl", replace("\"event\":\"begin\"", "\"event\":5"));
  damage("journal.jsonl", [](std::string& text) { text.erase(0, text.find('\n') + 1); });
  damage("journal.jsonl", [](std::string& text) { text.insert(0, "{}\n"); });
  damage("plan.json", replace("\"fix\"", "\"fux\""));
  damage("plan.json", replace("/spec/replicas", "/spec/paused"));
  damage("plan.json", [](std::string& text) { text.resize(text.size() / 2); });
  damage("plan.json", [](std::string& text) { text.clear(); });
  damage("before.json", [](std::string& text) { text = "{\"items\":[{}]}"; });
  damage("before.json", [](std::string& text) { text.clear(); });

  // Without seals, as 0.1.0 wrote them: wrong types.
  Bench b;
  const std::string good = b.honest();
  const json hook = object(admission, "v1", configuration, "", "w", "w");
  const json patch = patch_of("w", "/webhooks/0/failurePolicy", "Fail");
  b.forge(json::array({step("patch", hook, patch, patch)}));
  for (const char* line : {R"({"event":5})", R"({"event":"begin","redacted":5})", "[]", "x",
                           R"({"event":"result","step":"one"})"}) {
    CAPTURE(line);
    std::ofstream(b.runs() + "/" + forged_id + "/journal.jsonl", std::ios::trunc) << line << '\n';
    b.check_refused(forged_id, forged_id);
    const auto undone = b.run({"undo", good});
    CHECK(undone.code == 0);
    CHECK(b.run({"undo"}).out.find(good) != std::string::npos);
  }
}

TEST_CASE("a folder of runs that cannot be read is not called empty") {
  Bench b;
  fs::remove(b.runs());
  std::ofstream(b.runs()) << "a file\n";
  const auto list = b.run({"undo"});
  CHECK(list.code == 2);
  CHECK(list.err.find("cannot read " + b.runs()) != std::string::npos);
}

TEST_CASE("an undo is no fix to be taken back; the last run is the last fix") {
  Bench b;
  const std::string id = b.honest();
  CHECK(b.run({"undo", "last", "--apply", "--yes"}).code == 0);
  std::string undone;
  for (const auto& entry : fs::directory_iterator(b.runs())) {
    if (entry.path().filename() != id) undone = entry.path().filename();
  }
  REQUIRE_FALSE(undone.empty());
  const auto again = b.run({"undo", undone});
  CHECK(again.code == 2);
  CHECK(again.err.find("took another one back") != std::string::npos);
  CHECK(b.run({"undo", "last"}).out.find(id) != std::string::npos);
}
