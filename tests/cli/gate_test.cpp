// doctor as a gate: the file of the folder, baselines and ignore rules, as a pipeline meets them.
#include <filesystem>
#include <fstream>

#include "catch.hpp"
#include "settings.hpp"
#include "support/program.hpp"

using cli::Setting;
using support::aibrixctl;

namespace {

// A manifest whose engine serves another name than its label: MDL012, an error.
constexpr const char* wrong_name = R"(apiVersion: apps/v1
kind: Deployment
metadata: {name: chat, namespace: default, labels: {model.aibrix.ai/name: chat}}
spec:
  selector: {matchLabels: {model.aibrix.ai/name: chat}}
  template:
    metadata: {labels: {model.aibrix.ai/name: chat}}
    spec:
      containers:
      - {name: engine, image: vllm, args: ["--port", "8000", "--served-model-name", "other"]}
)";

struct Folder {
  std::filesystem::path path;
  // One for each: tests run side by side.
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "gate-test-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string write(const char* name, const std::string& text) const {
    std::ofstream(path / name, std::ios::binary) << text;
    return (path / name).string();
  }
};

std::string refusal(const std::string& text, cli::Whose whose = cli::Whose::folder) {
  try {
    cli::parse_settings(text, ".aibrixctl.yaml", whose);
  } catch (const base::Error& error) {
    return std::string(error.what()) + " " + error.hint;
  }
  return "";
}

bool says(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a fault in a manifest fails a pipeline with one line") {
  const Folder folder;
  const auto run = aibrixctl({"doctor", "--ci", "-f", folder.write("a.yaml", wrong_name)});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 1);
  CHECK(std::count(run.out.begin(), run.out.end(), '\n') == 1);
  CHECK(run.out.starts_with("error\tMDL012\t"));
}

TEST_CASE("what a cluster stored is held against a CRD beside it, and against nothing else") {
  const Folder folder;
  const std::string stored =
      folder.write("stored.yaml", R"(apiVersion: autoscaling.aibrix.ai/v1alpha1
kind: PodAutoscaler
metadata: {name: chat, namespace: team-a, uid: 5fa60a59-15b5-4b6c-bd93-1d2cb43ef7b2}
spec: {old: 1}
)");
  const auto alone = aibrixctl({"doctor", "--only", "SCH001,SCH004", "-f", stored, "-o", "plain"});
  CAPTURE(alone.out, alone.err);
  CHECK_FALSE(says(alone.out, "SCH0"));
  const std::string crd = folder.write("crd.yaml", R"(apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: podautoscalers.autoscaling.aibrix.ai}
spec:
  group: autoscaling.aibrix.ai
  names: {kind: PodAutoscaler, plural: podautoscalers}
  scope: Namespaced
  versions:
  - name: v1alpha1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec: {type: object, properties: {mine: {type: string}}, required: [mine]}
)");
  const auto both =
      aibrixctl({"doctor", "--only", "SCH001,SCH004", "-f", stored, "-f", crd, "-o", "plain"});
  CAPTURE(both.out, both.err);
  CHECK(says(both.out, "warning\tSCH001\t"));
  CHECK(says(both.out, "the API server drops the field"));
  CHECK(says(both.out, "warning\tSCH004\t"));
  CHECK(says(both.out, "the API server refuses it"));
}

TEST_CASE("against yesterday's report only the new fault fails") {
  const Folder folder;
  const std::string file = folder.write("a.yaml", wrong_name);
  const std::string old = (folder.path / "old.json").string();
  CHECK(aibrixctl({"doctor", "-f", file, "--baseline", old, "--update-baseline"}).code == 0);
  const auto same = aibrixctl({"doctor", "--ci", "-f", file, "--baseline", old});
  CAPTURE(same.out, same.err);
  CHECK(same.code == 0);
  CHECK(same.out.empty());
  std::string second = wrong_name;
  for (std::size_t at = 0; (at = second.find("chat", at)) != std::string::npos; at += 4) {
    second.replace(at, 4, "talk");
  }
  const auto more = aibrixctl(
      {"doctor", "--ci", "-f", file, "-f", folder.write("b.yaml", second), "--baseline", old});
  CAPTURE(more.out);
  CHECK(more.code == 1);
  CHECK(more.out.find("default/talk") != std::string::npos);
  CHECK(more.out.find("default/chat") == std::string::npos);
}

TEST_CASE("an ignored finding does not fail, by flag and by annotation") {
  const Folder folder;
  const std::string file = folder.write("a.yaml", wrong_name);
  const auto run =
      aibrixctl({"doctor", "--ci", "-f", file, "--ignore", "MDL012=deployment/default/chat"});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 0);
  CHECK(run.err.find("1 ignored") != std::string::npos);
  std::string annotated = wrong_name;
  annotated.replace(annotated.find("labels:"), 0, "annotations: {aibrixctl.io/ignore: MDL012}, ");
  CHECK(aibrixctl({"doctor", "-f", folder.write("b.yaml", annotated)}).code == 0);
}

TEST_CASE("the file of the folder sets what judges") {
  const auto file = cli::parse_settings(
      "fail-on: warning\nwhole-cluster: true\nexclude: [old/*, tmp]\nrelease: v0.5.0\n"
      "formats: markdown\nignore:\n- code: MDL012\n"
      "  object: deployment/*/chat\n  reason: known\n  expires: 2026-12-31\n",
      ".aibrixctl.yaml", cli::Whose::folder);
  REQUIRE(file.settings.size() == 5);
  CHECK(file.settings.front().key == "fail-on");
  CHECK(file.settings.front().from == ".aibrixctl.yaml:1");
  CHECK(file.settings[2].values == std::vector<std::string>{"old/*", "tmp"});
  REQUIRE(file.ignore.size() == 1);
  CHECK(file.ignore.front().object == "deployment/*/chat");
  CHECK(file.ignore.front().end == base::parse_time("2026-12-31T00:00:00Z"));
}

TEST_CASE("the file of the folder says nothing of cluster, identity, output and what is run") {
  for (const char* key : {"server", "token", "kubeconfig", "context", "as", "probe", "kustomize",
                          "helm", "skip", "baseline", "with-secrets"}) {
    CAPTURE(key);
    const std::string said = refusal(std::string(key) + ": x\n");
    CHECK(says(said, std::string("\"") + key + "\" is not for a file of the folder"));
    CHECK(says(said, ".aibrixctl.yaml:1"));
  }
  for (const char* output : {"formats: [junit=a.xml]", "output: sarif=b"}) {
    CHECK(says(refusal(output), "not for a file of the folder"));
  }
}

TEST_CASE("what writes to a cluster is for the command line alone") {
  for (const char* key : {"apply", "yes", "\"yes\"", "confirm", "force", "update-baseline"}) {
    for (const cli::Whose whose : {cli::Whose::folder, cli::Whose::user}) {
      CAPTURE(key);
      CHECK(says(refusal(std::string(key) + ": true\n", whose), "for the command line alone"));
    }
  }
  for (const char* name : {"AIBRIXCTL_APPLY", "AIBRIXCTL_YES", "AIBRIXCTL_CONFIRM"}) {
    const auto run = aibrixctl({"doctor", "-f", "/dev/null"}, {{name, "true"}});
    CHECK(run.code == 2);
    CHECK(says(run.err, name));
  }
}

TEST_CASE("the user's own file may choose the cluster and files for reports") {
  CHECK(refusal("server: https://x\ntoken: t\nformats: [junit=a.xml]\nprobe: true\n",
                cli::Whose::user)
            .empty());
}

TEST_CASE("an unknown key is an error with the near name") {
  CHECK(refusal("fail-onn: error\n").find("did you mean fail-on?") != std::string::npos);
  CHECK(refusal("ignore: [{code: MDL012, object: x, reson: y}]\n").find("did you mean reason?") !=
        std::string::npos);
  CHECK(refusal("ignore: [{code: MDL012}]\n").find("has no reason") != std::string::npos);
  CHECK(refusal("fail-on: sometimes\n").find("invalid value") != std::string::npos);
}

TEST_CASE("a variable counts as the flag, and a flag goes before it") {
  const Folder folder;
  const std::string file = folder.write("a.yaml", wrong_name);
  const base::ProcessResult never =
      aibrixctl({"doctor", "-f", file}, {{"AIBRIXCTL_FAIL_ON", "never"}});
  CHECK(never.code == 0);
  CHECK(aibrixctl({"doctor", "-f", file, "--fail-on", "error"}, {{"AIBRIXCTL_FAIL_ON", "never"}})
            .code == 1);
  CHECK(aibrixctl({"doctor", "-f", file}, {{"AIBRIXCTL_FAIL_ON", "sometimes"}}).code == 2);
}

namespace {

// The program in this folder, with this home.
base::ProcessResult run_in(const Folder& folder, std::vector<std::string> args) {
  std::filesystem::create_directories(folder.path / "home/aibrixctl");
  return support::aibrixctl_in(folder.path.string(), std::move(args),
                               {{"XDG_CONFIG_HOME", (folder.path / "home").string()}});
}

void write_user_file(const Folder& folder, const std::string& text) {
  std::filesystem::create_directories(folder.path / "home/aibrixctl");
  folder.write("home/aibrixctl/config.yaml", text);
}

}  // namespace

TEST_CASE("what a folder takes away is named in the totals line") {
  const Folder folder;
  folder.write("a.yaml", wrong_name);
  folder.write(".aibrixctl.yaml", "fail-on: never\nexclude: [old]\nrelease: v0.7.0\n");
  const auto run = run_in(folder, {"doctor", "--ci", "-f", "a.yaml"});
  CHECK(run.code == 0);
  for (const char* what : {"fail-on never (.aibrixctl.yaml)", "exclude old (.aibrixctl.yaml)",
                           "release v0.7.0 (.aibrixctl.yaml)"}) {
    CHECK(says(run.err, what));
  }
}

TEST_CASE("a folder that ignores everything is counted where every reader sees it") {
  const Folder folder;
  folder.write("a.yaml", wrong_name);
  folder.write(".aibrixctl.yaml", "ignore: [{code: '*', object: '*', reason: x}]\n");
  for (const char* format : {"text", "plain", "json", "junit", "sarif", "markdown", "html",
                             "gitlab", "github", "prometheus", "policyreport"}) {
    CAPTURE(format);
    const auto run = run_in(folder, {"doctor", "-f", "a.yaml", "-o", format});
    CHECK(run.code == 0);
    std::string out = run.out;
    if (const auto wrapped = out.find("1\n  ignored"); wrapped != std::string::npos) {
      out.replace(wrapped, 4, "1 ");
    }
    const bool counted = out.find("1 ignored") != std::string::npos ||
                         run.out.find("findings_ignored 1") != std::string::npos ||
                         run.out.find("\"suppressed\": 1") != std::string::npos ||
                         (std::string_view(format) == "plain" && says(run.err, "1 ignored"));
    CHECK(counted);
  }
}

TEST_CASE("a flag goes before a variable, that before the folder, that before the user's file") {
  const Folder folder;
  folder.write("a.yaml", wrong_name);
  write_user_file(folder, "fail-on: never\n");
  CHECK(run_in(folder, {"doctor", "-f", "a.yaml"}).code == 0);
  folder.write(".aibrixctl.yaml", "fail-on: error\n");
  CHECK(run_in(folder, {"doctor", "-f", "a.yaml"}).code == 1);
  CHECK(run_in(folder, {"doctor", "-f", "a.yaml", "--fail-on", "never"}).code == 0);
}

TEST_CASE("a run that fails writes that into reports that settings chose, too") {
  const Folder folder;
  folder.write("a.yaml", wrong_name);
  write_user_file(folder, "formats: [junit=out.xml]\n");
  CHECK(run_in(folder, {"doctor", "-f", "a.yaml"}).code == 1);
  folder.write(".aibrixctl.yaml", "server: https://elsewhere\n");
  const auto run = run_in(folder, {"doctor", "-f", "a.yaml"});
  CHECK(run.code == 2);
  CHECK(says(run.err, "\"server\" is not for a file of the folder"));
  std::ifstream file(folder.path / "out.xml");
  const std::string report((std::istreambuf_iterator<char>(file)), {});
  CHECK(says(report, "BadSettings"));
}

TEST_CASE("the folder takes no report away from a file of the user's") {
  const Folder folder;
  folder.write("a.yaml", wrong_name);
  write_user_file(folder, "formats: [text, junit=out.xml]\n");
  folder.write(".aibrixctl.yaml", "formats: markdown\n");
  const auto run = run_in(folder, {"doctor", "-f", "a.yaml"});
  CHECK(run.code == 1);
  CHECK(run.out.starts_with("#"));
  CHECK(std::filesystem::exists(folder.path / "out.xml"));
}

TEST_CASE("config view says what holds and where from, and no token") {
  const Folder folder;
  folder.write(".aibrixctl.yaml", "fail-on: warning\nignore: [{code: MDL012, reason: renamed}]\n");
  write_user_file(folder, "context: lab\ntoken: s3cret-token\nfail-on: never\n");
  const auto run = run_in(folder, {"config", "view"});
  CHECK(run.code == 0);
  for (const char* what : {"warning", ".aibrixctl.yaml:1", "lab", "config.yaml:1", "(hidden)",
                           "renamed", ".aibrixctl.yaml:2"}) {
    CHECK(says(run.out, what));
  }
  CHECK(run.out.find("s3cret") == std::string::npos);
  CHECK(run.out.find("never") == std::string::npos);
}

TEST_CASE("an expired rule is a warning, one without use is told with -v") {
  const Folder folder;
  folder.write("a.yaml", wrong_name);
  folder.write(".aibrixctl.yaml",
               "ignore:\n- {code: MDL012, reason: x, expires: 2020-01-01}\n"
               "- {code: MDL008, reason: y}\n");
  const auto run = run_in(folder, {"doctor", "-f", "a.yaml", "-o", "plain"});
  CHECK(run.code == 1);
  CHECK(says(run.out, "warning\tFIL002\tignorerule/MDL012\t.aibrixctl.yaml:2"));
  CHECK(says(run.out, "info\tFIL003\tignorerule/MDL008\t.aibrixctl.yaml:3"));
}

TEST_CASE("a report never goes into the file of the baseline") {
  const Folder folder;
  folder.write("a.yaml", wrong_name);
  run_in(folder, {"doctor", "-f", "a.yaml", "--baseline", "old.json", "--update-baseline"});
  const auto run =
      run_in(folder, {"doctor", "-f", "a.yaml", "--baseline", "old.json", "-o", "json=old.json"});
  CHECK(run.code == 2);
  CHECK(says(run.err, "old.json is read, and -o would overwrite it"));
  CHECK(run_in(folder, {"doctor", "-f", "a.yaml", "--baseline", "old.json"}).code == 0);
}
